"""The map of a siting plan: sites, minutes, and which wave opens which site."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from planning.siting.outcome import sites_frame
from planning.siting.plan import SitingPlan
from planning.siting.posing import Posed
from planning.siting.waves import Wave
from views.parts import assets, legend, territory_view, wording
from views.parts import map as maps
from views.parts.plan import view as plan_view

Drawn = tuple[list[maps.Layer], list[str], list[legend.Mark]]

SITE_MARK: Final = legend.Mark("site du plan", "circle", "#b3001b", 8.0)
KEPT_MARK: Final = legend.Mark("lieu existant gardé", "square", "#3a3a3a", 6.0)
SMALL_MARK: Final = legend.Mark("site du plan", "circle", "#b3001b", 2.5)
WAVE_MARKS: Final = (
    legend.Mark("1 : ouvre à la première vague", "circle", "#b3001b", 9.0),
    legend.Mark("2 : ouvre à la deuxième vague", "square", "#000091", 8.0),
    legend.Mark("3 : ouvre à la troisième vague", "diamond", "#6b4300", 9.0),
)
MANY_SITES: Final = 600
METROPOLE: Final = ((51.2, -5.2), (41.3, 9.7))
MANY_DEPARTMENTS: Final = 13


def layers(posed: Posed, plan: SitingPlan) -> Drawn:
    """Return the layers of a plan's map, their legends and marks."""
    drawn, legends = _areas(posed, plan)
    sites = sites_frame(posed, plan)
    kept = sites["status"] == "kept"
    marks = []
    if kept.any():
        drawn.append(maps.points(_points(sites[kept]), KEPT_MARK))
        marks.append(KEPT_MARK)
    mark = SITE_MARK if len(sites) < MANY_SITES else SMALL_MARK
    drawn.append(maps.points(_points(sites[~kept]), mark))
    marks.append(mark)
    if posed.territory.kind == "department":
        drawn.append(territory_view.town_labels(posed.territory.code))
    return drawn, legends, marks


def wave_layers(posed: Posed, waves: tuple[Wave, ...]) -> Drawn:
    """Return the layers of growing waves: each site tells by its number which one opens it."""
    plan = waves[-1].nested
    drawn, legends = _areas(posed, plan)
    opening = opens_at(waves)
    sites = sites_frame(posed, plan)
    kept = sites["status"] == "kept"
    if kept.any():
        drawn.append(maps.points(_points(sites[kept]), KEPT_MARK))
    marks = [KEPT_MARK] if kept.any() else []
    many = len(sites) >= MANY_SITES
    for rank, large in enumerate(WAVE_MARKS[: len(waves)]):
        mark = replace(large, size=SMALL_MARK.size) if many else large
        number = "" if many else str(rank + 1)
        ours = sites[~kept & (opening.reindex(sites.index) == rank)]
        rows = [(lat, lon, number, *rest) for lat, lon, _, *rest in _points(ours)]
        drawn.append(maps.points(rows, mark))
        marks.append(mark)
    return drawn, legends, marks


def opens_at(waves: tuple[Wave, ...]) -> pd.Series:
    """Return the rank of the first wave that has each site, by code."""
    opening: dict[str, int] = {}
    for rank, wave in enumerate(waves):
        for code in wave.nested.codes:
            opening.setdefault(code, rank)
    return pd.Series(opening, dtype=int)


def bounds(posed: Posed) -> list[tuple[float, float]]:
    """Return the corners of the map's frame, (lat, lon)."""
    if posed.territory.kind == "country":
        return list(METROPOLE)
    lat, lon = posed.demand["lat"], posed.demand["lon"]
    return [(float(lat.min()), float(lon.min())), (float(lat.max()), float(lon.max()))]


def _points(sites: pd.DataFrame) -> list[tuple]:
    return [
        (
            row.lat,
            row.lon,
            str(row.positions) if row.positions > 1 else "",
            f"{row.commune} ({row.department})",
            str(row.name),
            f"{wording.number(row.persons)} personnes servies",
        )
        for row in sites.itertuples(index=False)
    ]


def _areas(posed: Posed, plan: SitingPlan) -> tuple[list[maps.Layer], list[str]]:
    departments = sorted(posed.demand["department"].unique())
    by_commune = posed.study.grain == "commune"
    if len(departments) > MANY_DEPARTMENTS or not by_commune:
        return [maps.lines("departments")], []
    values = pd.Series(plan.minutes, index=posed.demand.index).replace(np.inf, np.nan)
    scale = plan_view.minutes_scale("Minutes vers le site du plan")
    drawn = []
    for department in departments:
        name = territory_view.outline(department)
        ours = values[posed.demand["department"] == department]
        if name in assets.outlines():
            parts = pd.DataFrame({"minutes": [wording.minutes(value) for value in ours]})
            texts = ("{0} vers le site du plan", parts)
            drawn.append(maps.areas(name, ours, scale, texts, "hors d'atteinte"))
    missing = "hors d'atteinte" if values.isna().any() else ""
    return drawn, [legend.scale_html(scale, missing=missing)]
