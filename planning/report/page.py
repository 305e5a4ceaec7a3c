"""``plan.html``: one self-contained page that opens and prints with no internet."""

import itertools
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from coverage.access import THRESHOLDS_MIN
from planning.deployment import Deployment
from planning.explain import WEIGHT_FR, number
from planning.report import svg_map
from planning.report.plan_json import plan_dict
from planning.tours.problem import WEEKDAYS_FR

HOST_KIND_FR: Final = {
    "town_hall": "mairie",
    "library": "bibliothèque",
    "social_centre": "centre social",
    "france_services": "France services",
    "postal_point": "point de contact La Poste",
    "mediation_place": "lieu de médiation numérique",
    "ehpad": "EHPAD",
    "ccas": "CCAS",
    "association": "association",
    "third_place": "tiers-lieu",
    "permanence": "permanence de conseiller",
    "other": "autre lieu",
}

MODEL_FR: Final = {
    "p-median": "p-médiane (temps moyen le plus court)",
    "max-cover": "couverture maximale (le plus de personnes sous le seuil)",
}


def percent(share: float | None) -> str:
    """Write a share (0–1) as a French percentage, ``inconnu`` where there is none."""
    return "inconnu" if share is None else f"{100 * share:.1f}\u202f%".replace(".", ",")


def minutes(value: float | None) -> str:
    """Write minutes with one decimal, ``inconnu`` where there are none."""
    return "inconnu" if value is None else f"{value:.1f} min".replace(".", ",")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("planning.report", "."),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, percent=percent, minutes=minutes)
    return environment


def plan_page(deployment: Deployment) -> str:
    """Return the page of a plan: summary, map, sites, tours, method and sources."""
    plan = plan_dict(deployment)
    return (
        _environment()
        .get_template("plan.html")
        .render(
            plan=plan,
            people=WEIGHT_FR[plan["need"]["weight"]],
            map=Markup(svg_map.plan_map(deployment)),
            legend=_legend(),
            hosts=HOST_KIND_FR,
            models=MODEL_FR,
            weekdays=("", *WEEKDAYS_FR),
            threshold=deployment.scenario.threshold_min,
            thresholds=sorted({*THRESHOLDS_MIN, deployment.scenario.threshold_min}),
            names=deployment.situation.points["name"],
            days_by_van=_days_by_van(plan),
        )
    )


def _legend() -> list[tuple[str, str]]:
    bounds = [f"{b:.0f}" for b in svg_map.CLASS_BOUNDS_MIN]
    labels = [
        f"jusqu'à {bounds[0]} min",
        *(f"{a} à {b} min" for a, b in itertools.pairwise(bounds)),
        f"plus de {bounds[-1]} min",
    ]
    return list(zip(svg_map.CLASS_COLOURS, labels, strict=True))


def _days_by_van(plan: dict[str, Any]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    vans: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for day in plan["tours"]:
        vans.setdefault((day["base"], day["van"]), []).append(day)
    for days in vans.values():
        days.sort(key=lambda day: day["day"])
    return dict(sorted(vans.items()))
