"""One reading of the published figures, turned into a rate for each commune.

    (1)  r_i = Σ_a s_ia Σ_d q_iad · logistic(α_a + β_d + x_i)
    (2)  q_iad ∝ q_ad · exp(t_i · [d is low])        with Σ_a s_ia q_ia,low = L_i
    (3)  x_i = γ · h_i + κ · m_i + φ · z_i + c_zone(i)

*s_ia* are the ages of commune *i*, *q_ad* the national diplomas of each age, tilted so that
the commune has its own share of low diplomas *L* (brought to the national level by one
odds ratio for all).  *h* is the share of persons who live alone and *m* the logarithm of the
living standard, each less what ages already explain of it; *z* the kind of territory, used
where no diploma is known.  The constants *c* give the overseas départements and the whole
country their published rates.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ages import BANDS, age_shares, national_split
from coverage.arrays import FloatArray
from coverage.effects import share_of, solve_effects
from coverage.local import LocalData, broad_age_shares, residual
from coverage.published import (
    METROPOLE_2019,
    METROPOLE_2021,
    URBAN_HIERARCHY_2019,
    logit,
)
from coverage.reading import Reading
from coverage.structure import national_structure

OVERSEAS = ("971", "972", "973", "974")
"""Overseas départements with ages in the snapshot; Mayotte is not in the survey either."""

LOW_LEVELS = 2
"""Of the four diplomas, those that the census's rate of low diplomas counts."""

_ITERATIONS = 60
_URBAN_CENTRE = 30
_RURAL = 13


@dataclass(frozen=True)
class Population:
    """Communes as the estimate sees them; computed once for all readings.

    Parameters
    ----------
    points
        All communes of France.
    local
        Local figures.
    alone, income
        *h* and *m* of equation (3), shape (n_commune,), 0 where unknown.
    """

    points: pd.DataFrame
    local: LocalData
    alone: FloatArray
    income: FloatArray

    @classmethod
    def of(cls, points: pd.DataFrame, local: LocalData) -> "Population":
        """Prepare communes and their local figures."""
        weights = np.nan_to_num(points["population"].to_numpy(dtype=float))
        under_20, over_65 = broad_age_shares(points)
        # The effects of ages hold what goes with age; the ends of γ and κ hold the rest.
        known = [under_20, over_65]
        return cls(
            points=points,
            local=local,
            alone=residual(local.living_alone_share, known, weights),
            income=residual(local.log_income, known, weights),
        )


@dataclass(frozen=True)
class Synthetic:
    """Rates of one reading, NaN where unknown: all of shape (n_commune,).

    ``tilt`` is *t* of equation (2): it gives the next reading a start.
    """

    rate: FloatArray
    persons_15p: FloatArray
    tilt: FloatArray


def synthetic_rates(
    population: Population, reading: Reading, near: Synthetic | None = None
) -> Synthetic:
    """Return the rates of one reading: equations (1) to (3).

    ``near`` are the rates of a reading close to this one, for a quicker start.
    """
    points, local = population.points, population.local
    split = national_split(points, reading.share_75_over, reading.share_60_to_74)
    national_age = points[list(BANDS)].sum().to_numpy(dtype=float) @ split.matrix
    structure = national_structure(national_age, reading.unknowns)
    effects = solve_effects(structure, reading.marginals, reading.low_effect)
    shares, share_15p = age_shares(points, split)
    finer = np.isfinite(local.share_15p)
    shares = np.where(finer[:, None], local.age_shares, shares)
    share_15p = np.where(finer, local.share_15p, share_15p)
    persons_15p = points["population"].to_numpy(dtype=float) * share_15p
    persons = np.nan_to_num(persons_15p)
    low = structure.low_of_age
    start = np.zeros(len(points)) if near is None else near.tilt
    tilt = _tilt((shares, low), local.low_diploma_share, persons, start)
    x = np.exp(reading.living_alone * population.alone + reading.income * population.income)
    odds, factor = low / (1 - low), np.exp(tilt)
    table = np.exp(effects.log_odds())
    within = structure.diploma_of_age / np.column_stack([low, low, 1 - low, 1 - low])
    rate = np.zeros(len(points))
    for a in range(low.size):
        is_low = odds[a] * factor / (1 + odds[a] * factor)
        for d in range(table.shape[1]):
            p = table[a, d] * x
            rate += (
                shares[:, a]
                * (is_low if d < LOW_LEVELS else 1 - is_low)
                * (within[a, d] * (p / (1 + p)))
            )
    rate = _with_territory(population, rate, persons, reading.territory)
    return Synthetic(_calibrated(population, rate, persons, reading), persons_15p, tilt)


def _tilt(
    national: tuple[FloatArray, FloatArray],
    local_low: FloatArray,
    persons: FloatArray,
    start: FloatArray,
) -> FloatArray:
    """Return *t* of equation (2), 0 where the local share is unknown, shape (n_commune,)."""
    shares, low = national
    known = np.isfinite(local_low) & np.isfinite(shares).all(axis=1) & (persons > 0)
    tilt = np.zeros(len(local_low))
    if not known.any():
        return tilt
    s, weights = np.ascontiguousarray(shares[known].T), persons[known]
    wanted = np.clip(local_low[known], 0.02, 0.98)
    wanted = _at_level(wanted, float((low @ s) @ weights / weights.sum()), weights)
    # exp(t) turns each national odds into the commune's, without a logarithm an age.
    odds = low / (1 - low)
    t = start[known].copy()
    for _ in range(_ITERATIONS):
        factor = np.exp(t)
        found, slope = np.zeros(t.size), np.zeros(t.size)
        for a in range(low.size):
            share = odds[a] * factor
            share /= 1 + share
            found += s[a] * share
            slope += s[a] * share * (1 - share)
        miss = found - wanted
        t -= np.clip(miss / slope, -1.0, 1.0)
        if np.abs(miss).max() < 1e-7:
            break
    tilt[known] = t
    return tilt


def _at_level(shares: FloatArray, level: float, weights: FloatArray) -> FloatArray:
    """Return shares moved by one odds ratio so that their weighted mean is ``level``."""
    odds, ratio = shares / (1 - shares), 1.0
    weights = weights / weights.sum()
    moved = shares
    for _ in range(_ITERATIONS):
        moved = odds * ratio / (1 + odds * ratio)
        miss = float(moved @ weights) - level
        if abs(miss) < 1e-11:
            break
        ratio *= float(np.exp(-miss / float((moved * (1 - moved)) @ weights)))
    return moved


def _with_territory(
    population: Population, rate: FloatArray, persons: FloatArray, share: float
) -> FloatArray:
    """Move tier-1 rates towards the published gaps of cities and countryside."""
    kind = population.points["degurba"].to_numpy(dtype=float)
    blind = population.local.tier == 1
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(rate / (1 - rate))
    mean = logit(METROPOLE_2021.value)
    for members, figure in (
        (kind >= _URBAN_CENTRE, URBAN_HIERARCHY_2019["largest"].value),
        (kind <= _RURAL, URBAN_HIERARCHY_2019["outside"].value),
    ):
        here = members & (persons > 0) & np.isfinite(rate)
        if here.any():
            own = float(rate[here] @ persons[here] / persons[here].sum())
            gap = (logit(figure) - logit(METROPOLE_2019.value)) - (logit(own) - mean)
            odds = np.where(members & blind, odds + share * gap, odds)
    return share_of(odds)


def _calibrated(
    population: Population, rate: FloatArray, persons: FloatArray, reading: Reading
) -> FloatArray:
    """Give the overseas départements and the whole country their published rates."""
    overseas = population.points["department"].isin(OVERSEAS).to_numpy()
    known = np.isfinite(rate) & (persons > 0)
    away, home = known & overseas, known & ~overseas
    done = rate.copy()
    if away.any():
        done[away] = _at_level(rate[away], reading.overseas_rate, persons[away])
    total = reading.marginals.total * persons[known].sum()
    left = (total - float(done[away] @ persons[away])) / persons[home].sum()
    done[home] = _at_level(rate[home], left, persons[home])
    return done
