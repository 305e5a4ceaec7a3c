"""How many counsellors should go on tours: by what one more van adds, net of what it costs.

A mobile counsellor is one fewer at a fixed site.  With *m* of them,

    (1)  served(m) = persons with a fixed site within the isolation threshold, when the m
                     new sites that matter least are not opened
                   + ω · persons of the 17·m isolated communes where most live

and *m* grows while served(m) does, the last van has at least 8 communes of its own and, like
a new fixed site, serves at least the scenario's ``min_load_ratio`` of the persons per position.
Once no new site is left to give way, a van takes the place of a reinforcement.
17 communes a van is the median, and 8 the smallest number, of the 22 mobile services that
state one (France Services list of August 2024, Licence Ouverte 2.0).  *ω* is what half a day
every other week is worth beside a site that opens all week: an assumption.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coverage.arrays import FloatArray, IntArray
from coverage.travel import TravelTimes

COMMUNES_PER_VAN: Final = 17
FEWEST_COMMUNES_PER_VAN: Final = 8
TOUR_WORTH: Final = 0.5
"""ω: what a person on a tour counts beside one near a fixed site (an assumption)."""


@dataclass(frozen=True)
class MobileStep:
    """What ``mobile`` counsellors on tours would serve, in persons in need."""

    mobile: int
    near_fixed: float
    on_tours: float

    @property
    def served(self) -> float:
        """Persons in need near a fixed site, and ω times those on a tour: equation (1)."""
        return self.near_fixed + TOUR_WORTH * self.on_tours


def mobile_steps(
    times: TravelTimes,
    weights: FloatArray,
    places: tuple[IntArray, IntArray],
    isolated_min: float,
    most: int,
    fewest_persons: float = 0.0,
) -> list[MobileStep]:
    """Return what 0, 1, … mobile counsellors would serve, at most one past the best.

    Parameters
    ----------
    times
        Minutes from demand points to places, shape (n_point, n_place).
    weights
        Persons in need, shape (n_point,).
    places
        Positions among the places of those that stay in any case, and of the new sites that
        could give way to tours.
    isolated_min
        Minutes beyond which a commune is isolated.
    most
        Largest number of mobile counsellors to consider.
    fewest_persons
        Persons in need that the last van must reach.
    """
    staying, yielding = places
    in_reach = times.up_to(isolated_min).minutes
    covers = np.zeros((len(weights), yielding.size), dtype=bool)
    row = np.repeat(np.arange(len(weights)), np.diff(in_reach.indptr))
    place = np.full(len(times.destinations), -1, dtype=np.intp)
    place[yielding] = np.arange(yielding.size)
    near = place[in_reach.indices]
    covers[row[near >= 0], near[near >= 0]] = True
    stays = np.zeros(len(times.destinations), dtype=bool)
    stays[staying] = True
    by_staying = np.zeros(len(weights), dtype=bool)
    by_staying[row[stays[in_reach.indices]]] = True

    open_ = np.ones(yielding.size, dtype=bool)
    steps: list[MobileStep] = []
    for mobile in range(most + 1):
        if mobile and open_.any():
            open_[_least_useful(covers, open_, by_staying, weights)] = False
        covered = by_staying | covers[:, open_].any(axis=1)
        far = np.sort(weights[~covered & (weights > 0)])[::-1]
        if mobile and far.size < COMMUNES_PER_VAN * (mobile - 1) + FEWEST_COMMUNES_PER_VAN:
            break
        step = MobileStep(
            mobile,
            near_fixed=float(weights[covered].sum()),
            on_tours=float(far[: COMMUNES_PER_VAN * mobile].sum()),
        )
        if mobile and step.on_tours - steps[-1].on_tours < fewest_persons:
            break
        steps.append(step)
        if mobile and step.served <= steps[-2].served:
            break
    return steps


def best_step(steps: list[MobileStep]) -> MobileStep:
    """Return the step that serves most, the one with fewer tours on a tie."""
    return max(steps, key=lambda step: (step.served, -step.mobile))


def _least_useful(
    covers: np.ndarray, open_: np.ndarray, by_staying: np.ndarray, weights: FloatArray
) -> int:
    """Return the open site whose closing leaves the fewest persons without one near."""
    alone = (covers[:, open_].sum(axis=1) == 1) & ~by_staying
    loss = weights[alone] @ covers[alone]
    loss[~open_] = np.inf
    return int(loss.argmin())
