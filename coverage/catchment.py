"""Enhanced two-step floating catchment area: the time that sites have for each person.

Step one shares the hours of each site among the people who can come to it, step two sums up
for each person what the sites around have for them:

    (1)  R_j = S_j / Σ_i w(t_ij) P_i
    (2)  A_i = Σ_j w(t_ij) R_j

with *S* hours a week, *P* people, *t* minutes and *w* a decay, 0 beyond its limit.  Whatever
the decay, Σ_i A_i P_i is the sum of the hours of the sites that reach someone.

Flat decay: Luo and Wang (2003), https://doi.org/10.1068/b29120.  Stepped: Luo and Qi (2009),
https://doi.org/10.1016/j.healthplace.2009.06.002.  Gaussian: Dai (2010),
https://doi.org/10.1016/j.healthplace.2010.06.012.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from coverage.arrays import FloatArray
from coverage.travel import TravelTimes

STEP_WEIGHTS: Final = (1.0, 0.68, 0.22)
"""Weights of the first, second and last third of the limit: Luo and Qi (2009), slow decay."""

DECAYS: Final = ("flat", "stepped", "gaussian")


@dataclass(frozen=True)
class Decay:
    """How much a site counts by its distance.

    Parameters
    ----------
    kind
        ``"flat"``: 1 up to the limit.  ``"stepped"``: :data:`STEP_WEIGHTS` by thirds of it.
        ``"gaussian"``: falls smoothly from 1 to 0 at the limit.
    limit_min
        Minutes beyond which a site does not count.
    """

    kind: Literal["flat", "stepped", "gaussian"] = "gaussian"
    limit_min: float = 30.0

    def __post_init__(self) -> None:
        if self.kind not in DECAYS:
            raise ValueError(f"unknown decay: {self.kind!r}")
        if not self.limit_min > 0:
            raise ValueError("limit_min must be positive")

    def weights(self, minutes: FloatArray) -> FloatArray:
        """Return the weight (0–1) of each trip, same shape; Dai's equation for ``gaussian``."""
        share = np.asarray(minutes, dtype=float) / self.limit_min
        if self.kind == "flat":
            weight = np.ones_like(share)
        elif self.kind == "stepped":
            thirds = np.array([1 / 3, 2 / 3])
            weight = np.array(STEP_WEIGHTS)[np.searchsorted(thirds, share - 1e-12)]
        else:
            floor = np.exp(-0.5)
            weight = (np.exp(-0.5 * share**2) - floor) / (1.0 - floor)
        inside: FloatArray = np.where(share <= 1.0, np.maximum(weight, 0.0), 0.0)
        return inside


@dataclass(frozen=True)
class Catchment:
    """What sites have for people.

    Parameters
    ----------
    weekly_min
        Minutes a week for one person, shape (n_origin,): equation (2) × 60.
    hours_per_person
        R_j, shape (n_site,); 0 where a site reaches nobody.
    idle
        Which sites reach nobody, shape (n_site,): their hours go to no one.
    """

    weekly_min: FloatArray
    hours_per_person: FloatArray
    idle: NDArray[np.bool_]


def catchment(
    times: TravelTimes, people: FloatArray, supply_h: FloatArray, decay: Decay
) -> Catchment:
    """Share the hours of sites among the people who can reach them.

    Parameters
    ----------
    times
        Minutes from people to sites, up to at least the decay's limit.
    people
        People at each origin, shape (n_origin,); NaN counts as nobody.
    supply_h
        Hours a week of each site, shape (n_site,); NaN counts as none.
    decay
        How much a site counts by its distance.

    Raises
    ------
    ValueError
        If shapes disagree, something is negative, or ``times`` stops short of the limit.
    """
    if decay.limit_min > times.limit_min + 1e-9:
        raise ValueError(f"times stop at {times.limit_min} min, before {decay.limit_min} min")
    n_origin, n_site = times.minutes.shape
    demand, offered = np.nan_to_num(people), np.nan_to_num(supply_h)
    if demand.shape != (n_origin,) or offered.shape != (n_site,):
        raise ValueError(
            f"people {demand.shape} and supply {offered.shape} for {(n_origin, n_site)}"
        )
    if (demand < 0).any() or (offered < 0).any():
        raise ValueError("people and hours cannot be negative")
    weight = decay.weights(times.minutes.data)
    column = times.minutes.indices
    row = np.repeat(np.arange(n_origin), np.diff(times.minutes.indptr))
    called = np.bincount(column, weight * demand[row], minlength=n_site)
    idle = called <= 0
    each = np.divide(offered, called, out=np.zeros(n_site), where=~idle)
    score = np.bincount(row, weight * each[column], minlength=n_origin).astype(np.float64)
    return Catchment(60.0 * score, each, idle)
