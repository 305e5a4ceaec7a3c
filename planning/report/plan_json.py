"""``plan.json``: the plan as plain JSON, in a fixed order."""

from typing import Any

import numpy as np

from coverage import accuracy
from geodata.schema import STATUS_FR, Provenance
from planning.deployment import Deployment, Site
from planning.report.method import notices
from planning.scorecard import Scorecard
from planning.tours.plan import DayRoute, TourPlan


def clock(minutes: float) -> str:
    """Write minutes since midnight as ``HH:MM``."""
    whole = round(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def plan_dict(deployment: Deployment) -> dict[str, Any]:
    """Return the plan as JSON types; shares are 0–1, minutes and kilometres are rounded.

    Keys other than ``solver.seconds`` depend on the scenario and the data alone.
    """
    situation = deployment.situation
    need = situation.need
    known = situation.weight == "persons_in_need"
    persons_15p = float(np.nansum(need.persons_15p))
    persons = float(np.nansum(need.persons))
    card = deployment.scorecard
    return {
        "territory": {
            "code": deployment.territory.code,
            "kind": deployment.territory.kind,
            "name": deployment.territory.name,
        },
        "positions": deployment.scenario.positions,
        "mobile": deployment.mobile.mobile,
        "mobile_why": deployment.mobile_why,
        "seed": deployment.scenario.seed,
        "scenario": deployment.scenario.to_dict(),
        "need": {
            "persons": _rounded(persons, 1) if known else None,
            "rate": _rounded(persons / persons_15p, 4) if known and persons_15p else None,
            "weight": situation.weight,
            "population": int(situation.points["population"].sum()),
            "estimate": True,
        },
        "coverage_before": _side(card, before=True),
        "coverage_after": _side(card, before=False),
        "sites": [_site(site) for site in deployment.sites],
        "tours": [
            _day(department, plan, route)
            for department, plan in deployment.touring.plans.items()
            for route in plan.days
        ],
        "tours_note": deployment.touring.note,
        "isolated_communes": list(deployment.touring.isolated),
        "minutes_note": accuracy.NOTE,
        "without_road": list(deployment.touring.without_road),
        "solver": _solver(deployment),
        "provenance": [_provenance(p, offer) for p, offer in situation.provenance],
        "notices": notices(deployment),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, digits)


def _side(card: Scorecard, *, before: bool) -> dict[str, Any] | None:
    side = card.side(card.before if before else card.after)
    if side is None:
        return None
    side = {key: _rounded(value, 4) for key, value in side.items()}
    if before:
        side["partial"] = card.before_partial
    else:
        side["share_with_tours"] = _rounded(card.share_with_tours, 4)
    return side


def _site(site: Site) -> dict[str, Any]:
    return {
        "commune_code": site.commune_code,
        "commune_name": site.commune_name,
        "name": site.name,
        "host_kind": site.host_kind,
        "positions": site.positions,
        "persons_assigned": round(site.persons_assigned, 1),
        "reinforces": site.reinforces,
        "lon": round(site.lon, 6),
        "lat": round(site.lat, 6),
        "why": site.why,
    }


def _day(department: str, plan: TourPlan, route: DayRoute) -> dict[str, Any]:
    stops = plan.problem.stops
    return {
        "department": department,
        "day": route.day + 1,
        "week": route.week + 1,
        "weekday": route.weekday + 1,
        "base": route.base_code,
        "van": route.van + 1,
        "leave": clock(route.leave_min),
        "return": clock(route.return_min),
        "stops": [
            {
                "commune_code": visit.commune_code,
                "commune_name": stops[visit.stop].name,
                "communes": list(stops[visit.stop].served_communes),
                "arrive": clock(visit.arrive_min),
                "depart": clock(visit.depart_min),
            }
            for visit in route.visits
        ],
        "drive_min": round(route.drive_min, 1),
        "km": round(route.km, 1),
    }


def _solver(deployment: Deployment) -> dict[str, Any]:
    siting = deployment.fixed.siting
    stop = deployment.scenario.tour_stop()
    return {
        "model": deployment.scenario.model,
        "objective": None if siting is None else _rounded(siting.objective, 3),
        "bound": None if siting is None else _rounded(siting.bound, 3),
        "gap": None if siting is None else _rounded(siting.gap, 6),
        "optimal": None if siting is None else siting.optimal,
        "tours_cost_eur": _rounded(sum(plan.cost for plan in deployment.touring.plans.values()), 1),
        "seconds": round(deployment.seconds, 2),
        "stop": {"kind": stop.kind, "value": stop.value},
    }


def _provenance(provenance: Provenance, offer: bool) -> dict[str, Any]:
    return {
        "layer": provenance.layer,
        "title": provenance.title,
        "producer": provenance.producer,
        "vintage": provenance.vintage,
        "licence": provenance.licence,
        "address": provenance.address,
        "status": provenance.status,
        "status_fr": STATUS_FR[provenance.status],
        "rows": provenance.rows,
        "set_aside": provenance.set_aside,
        "sha256": provenance.sha256,
        "counted_as_offer": offer,
    }
