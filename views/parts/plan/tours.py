"""The tours of a plan as rows and map layers: one van at a time, or all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planning.deployment import Deployment
from planning.tours.plan import DayRoute, TourPlan
from views.parts import legend, wording
from views.parts import map as maps
from views.parts.tables import Column

STOP_MARK = legend.Mark("arrêt d'une tournée", "circle", "#3a3a3a", 4.5)


@dataclass(frozen=True)
class Van:
    """A mobile counsellor's van: its département, its base and its days."""

    key: str
    title: str
    plan: TourPlan
    days: tuple[DayRoute, ...]


def vans(plan: Deployment) -> list[Van]:
    """Return the vans of a plan, in the order of départements, bases and numbers."""
    found: list[Van] = []
    for department, tours in sorted(plan.touring.plans.items()):
        groups: dict[tuple[int, int], list[DayRoute]] = {}
        for route in tours.days:
            groups.setdefault((route.base, route.van), []).append(route)
        for (base, van), days in sorted(groups.items()):
            name = tours.problem.bases[base].name
            rank = f" ({van + 1})" if sum(key[0] == base for key in groups) > 1 else ""
            title = f"Tournée de {name}{rank}"
            ordered = tuple(sorted(days, key=lambda route: route.day))
            found.append(Van(f"{department}-{base}-{van}", title, tours, ordered))
    return found


TOUR_COLUMNS = (
    Column("Jour"),
    Column("Arrêts"),
    Column("Conduite", number=True),
    Column("Distance", number=True),
)


def tour_rows(van: Van) -> list[tuple[str, ...]]:
    """Return the days of a van: stops with their opening times, driving."""
    rows = []
    for route in van.days:
        stops = " · ".join(
            f"{van.plan.problem.stops[visit.stop].name} "
            f"({wording.clock(visit.arrive_min)} – {wording.clock(visit.depart_min)})"
            for visit in route.visits
        )
        day = f"Semaine {route.week + 1}, {wording.DAYS[route.weekday]}"
        rows.append(
            (
                day,
                stops,
                wording.minutes(route.drive_min),
                f"{wording.number(route.km)}{wording.FIXED}km",
            )
        )
    return rows


def tour_layers(plan: Deployment, chosen: str = "") -> Iterator[maps.Layer]:
    """Return the lines of all vans, or the days of one of them, then the stops."""
    found = vans(plan)
    one = next((van for van in found if van.key == chosen), None)
    shown = [one] if one else found
    lines, stops = [], {}
    for rank, van in enumerate(shown):
        for day_rank, route in enumerate(van.days):
            at = day_rank if one else rank
            day = f"Semaine {route.week + 1}, {wording.DAYS[route.weekday]}"
            names = [van.plan.problem.stops[visit.stop].name for visit in route.visits]
            lines.append((_path(van.plan, route), at, [van.title, day, " · ".join(names)]))
            for visit in route.visits:
                stop = van.plan.problem.stops[visit.stop]
                stops.setdefault(
                    stop.commune_code, [stop.lat, stop.lon, "", f"Arrêt à {stop.name}"]
                ).append(f"{day}, {wording.clock(visit.arrive_min)}")
    yield maps.routes(lines)
    yield maps.points((row for row in stops.values() if np.isfinite(row[0])), STOP_MARK)


def _path(plan: TourPlan, route: DayRoute) -> list[tuple[float, float]]:
    base = plan.problem.bases[route.base]
    stops = [plan.problem.stops[visit.stop] for visit in route.visits]
    points = [base, *stops, base]
    return [(point.lat, point.lon) for point in points if np.isfinite(point.lat)]


def tour_legend(plan: Deployment, chosen: str = "") -> str:
    """Return the legend of the tours: colour and dashes of each."""
    found = vans(plan)
    one = next((van for van in found if van.key == chosen), None)
    if one:
        names = [f"semaine {route.week + 1}, {wording.DAYS[route.weekday]}" for route in one.days]
    else:
        names = [van.title for van in found]
    return legend.lines_html(
        [(maps.tour_colour(k), maps.tour_dash(k), name) for k, name in enumerate(names)]
    )
