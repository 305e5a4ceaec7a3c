"""What tours change: who has a counsellor near, and how often."""

from dataclasses import dataclass

import numpy as np

from coverage.arrays import FloatArray
from planning.situation import Situation, national_network
from planning.tours.plan import TourPlan
from planning.tours.problem import INTERVALS

LIMIT_MIN = 45.0
"""Beyond this nobody is said to have a counsellor near, in minutes."""


@dataclass(frozen=True)
class TourEffect:
    """Minutes to help, fixed and on tours, for the people of a territory.

    Parameters
    ----------
    weights
        Persons in need (or inhabitants, see ``weight``), shape (n_point,).
    weight
        ``"persons_in_need"`` or ``"population"``.
    fixed_min
        Minutes to the nearest fixed place of help known, shape (n_point,); ``None`` where
        no layer says what exists.
    stop_min
        Weeks → minutes to the nearest stop visited at least so often, shape (n_point,),
        infinite beyond :data:`LIMIT_MIN`.
    """

    weights: FloatArray
    weight: str
    fixed_min: FloatArray | None
    stop_min: dict[int, FloatArray]

    def before(self, minutes: float) -> float | None:
        """Return the share (0–1) of people with a fixed place near; ``None`` when unknown."""
        if self.fixed_min is None:
            return None
        return self._share(self.fixed_min <= minutes)

    def after(self, minutes: float, every_weeks: int) -> float:
        """Return the share (0–1) of people with a counsellor near, at least so often.

        A fixed place counts as every week; where none is known, tours count alone.
        """
        near = self.stop_min[every_weeks] <= minutes
        if self.fixed_min is not None:
            near = near | (self.fixed_min <= minutes)
        return self._share(near)

    def _share(self, near: np.ndarray) -> float:
        total = float(self.weights.sum())
        return float(self.weights[near].sum()) / total if total else 0.0


def tour_effect(situation: Situation, plan: TourPlan) -> TourEffect:
    """Return what a plan of tours changes for the people of its territory."""
    network = national_network()
    rows = network.points.index.get_indexer(situation.points.index)
    left_out = {item.stop for item in plan.unserved}
    served = [stop for s, stop in enumerate(plan.problem.stops) if s not in left_out]
    found: dict[int, FloatArray] = {}
    for weeks in INTERVALS:
        codes = [stop.commune_code for stop in served if stop.every_weeks <= weeks]
        if not codes:
            found[weeks] = np.full(len(rows), np.inf)
            continue
        sites = network.points.loc[codes, ["lon", "lat"]].assign(commune_code=codes)
        found[weeks] = network.minutes(rows, sites, LIMIT_MIN).nearest()[1]
    return TourEffect(situation.weights, situation.weight, situation.minutes_before, found)
