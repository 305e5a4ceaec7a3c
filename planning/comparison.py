"""Two plans side by side: figures, sites that differ, communes that gain or lose minutes."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from coverage.access import quantile
from coverage.arrays import FloatArray
from coverage.equity import equity
from planning.deployment import Deployment
from planning.programme import programme, yearly_cost
from planning.situation import LIMIT_MIN

NOTICEABLE_MIN: Final = 1.0
"""Minutes under which two modelled times count as alike."""

Measure = Literal["count", "share", "minutes", "euros", "km", "index"]


@dataclass(frozen=True)
class Gap:
    """One figure of both plans; ``None`` is unknown.

    ``better`` is 1 when more is better, −1 when less is, 0 when neither.
    """

    title: str
    a: float | None
    b: float | None
    kind: Measure
    better: int = 0

    @property
    def difference(self) -> float | None:
        """What B has more than A."""
        return None if self.a is None or self.b is None else self.b - self.a


def same_ground(a: Deployment, b: Deployment) -> bool:
    """Tell whether both plans are about the same communes."""
    return a.situation.points.index.equals(b.situation.points.index)


def gaps(a: Deployment, b: Deployment) -> list[Gap]:
    """Return the figures of both plans, in the order in which they are read."""
    ours, theirs = _figures(a), _figures(b)
    return [
        Gap(title, value, theirs[title][0], kind, better)
        for title, (value, kind, better) in ours.items()
        if title in theirs
    ]


def _figures(plan: Deployment) -> dict[str, tuple[float | None, Measure, int]]:
    after = plan.scorecard.after
    weights = plan.situation.weights
    minutes = np.minimum(plan.minutes_after, LIMIT_MIN)
    held = plan.fixed.positions > 0
    load = plan.fixed.load[held] / plan.fixed.positions[held]
    cost = _cost(plan.scenario.positions)
    limits = {} if after is None else after.share_within
    shares: dict[str, tuple[float | None, Measure, int]] = {
        f"À {limit} min ou moins d'un lieu": (share, "share", 1)
        for limit, share in sorted(limits.items())
    }
    return {
        "Postes": (plan.scenario.positions, "count", 0),
        "Lieux avec un poste fixe": (len(plan.sites), "count", 0),
        "Postes en tournée": (plan.mobile.mobile, "count", 0),
        **shares,
        "Les mêmes, communes en tournée comprises": (plan.scorecard.share_with_tours, "share", 1),
        "Trajet moyen": (after.mean_min if after else None, "minutes", -1),
        "Trajet des 10 % les plus éloignés, au moins": (
            float(quantile(minutes, weights, 0.9)) if weights.sum() else None,
            "minutes",
            -1,
        ),
        "Inégalité des trajets (Gini, 0 à 1)": (_gini(minutes, weights), "index", -1),
        "Communes isolées": (len(plan.touring.isolated), "count", -1),
        "Communes isolées que nulle tournée ne dessert": (
            len(set(plan.touring.isolated) - plan.touring.communes),
            "count",
            -1,
        ),
        "Personnes par poste fixe, lieu le plus chargé": (
            float(load.max()) if load.size else None,
            "count",
            -1,
        ),
        "Kilomètres de tournée par semaine": (_km_a_week(plan), "km", -1),
        "Aide de l'État sur trois ans (barème V2)": (cost[0], "euros", 0),
        "Reste à la charge des structures sur trois ans": (cost[1], "euros", 0),
    }


def _gini(minutes: FloatArray, weights: FloatArray) -> float | None:
    found = equity(minutes, weights, np.zeros(len(minutes), dtype=np.intp), 0.0).gini
    return None if np.isnan(found) else found


def _km_a_week(plan: Deployment) -> float:
    return float(sum(tours.km / tours.problem.weeks for tours in plan.touring.plans.values()))


def _cost(positions: int) -> tuple[float, float]:
    """Return what the State and the hosts pay over the years of the agreements, in euros."""
    table = yearly_cost(positions, "V2", programme().values())
    aided = table[table["aided"]]
    return float(aided["state_eur"].sum()), float(aided["host_eur"].sum())


@dataclass(frozen=True)
class SiteGap:
    """A place that at least one of the plans gives positions to."""

    commune_code: str
    commune_name: str
    name: str
    lon: float
    lat: float
    a: int
    b: int

    @property
    def side(self) -> Literal["a", "b", "both", "differ"]:
        """Which plan has it: only A, only B, both alike, both with other numbers."""
        if not self.b:
            return "a"
        if not self.a:
            return "b"
        return "both" if self.a == self.b else "differ"


def site_gaps(a: Deployment, b: Deployment) -> list[SiteGap]:
    """Return the places of both plans: those that differ first, then by commune."""
    counts = [Counter[tuple[str, str]](), Counter[tuple[str, str]]()]
    known = {}
    for count, plan in zip(counts, (a, b), strict=True):
        for site in plan.sites:
            key = (site.commune_code, site.name)
            count[key] += site.positions
            known[key] = site
    found = [
        SiteGap(
            code, s.commune_name, name, s.lon, s.lat, counts[0][code, name], counts[1][code, name]
        )
        for (code, name), s in known.items()
    ]
    return sorted(found, key=lambda gap: (gap.side == "both", gap.commune_name, gap.name))


def minute_gaps(a: Deployment, b: Deployment) -> pd.DataFrame:
    """Return the communes whose minutes differ noticeably, those most people feel first.

    Returns
    -------
    DataFrame
        Index code; name, lon, lat, people (weighed by the plans), a, b and gap (minutes of B
        less those of A).  Minutes beyond the limit of the travel times are infinite, and the
        gap is then the least that it can be.  Empty when the plans are not about the same
        communes.
    """
    if not same_ground(a, b):
        return pd.DataFrame(columns=["name", "lon", "lat", "people", "a", "b", "gap"])
    table = a.situation.points[["name", "lon", "lat"]].copy()
    table["people"] = a.situation.weights
    table["a"], table["b"] = a.minutes_after, b.minutes_after
    table["gap"] = table["b"].clip(upper=LIMIT_MIN) - table["a"].clip(upper=LIMIT_MIN)
    table = table[table["gap"].abs() >= NOTICEABLE_MIN]
    order = (table["gap"].abs() * table["people"]).sort_values(ascending=False, kind="stable")
    return table.loc[order.index]
