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

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from coverage.ages import BANDS, age_shares, national_split
from coverage.effects import Marginals, share_of, solve_effects
from coverage.local import LocalData, broad_age_shares, residual
from coverage.published import (
    AGE_2021,
    DIPLOMA_2021,
    METROPOLE_2021,
    OVERSEAS_2021,
    RISK_RATIO_LIVING_ALONE,
    SHARE_60_TO_74,
    SHARE_75_OVER,
    TOTAL_2021,
    URBAN_HIERARCHY_2019,
    logit,
)
from coverage.structure import Unknowns, national_structure
from coverage.travel import FloatArray

OVERSEAS = ("971", "972", "973", "974")
"""Overseas départements with ages in the snapshot; Mayotte is not in the survey either."""

LOW_LEVELS = 2
"""Of the four diplomas, those that the census's rate of low diplomas counts."""

_ITERATIONS = 60
_URBAN_CENTRE = 30
_RURAL = 13


@dataclass(frozen=True)
class Reading:
    """A value for every figure that the estimate rests on.

    Parameters
    ----------
    marginals, overseas_rate
        Published rates (0–1).
    share_75_over, share_60_to_74
        Cuts of the pyramid of ages.
    unknowns
        What no table gives of age and diploma.
    low_effect
        λ: effect of a low diploma as a share of that of no diploma.  Not published.
    living_alone
        γ: log-odds of living alone.  Between 0 and the logarithm of the published risk ratio
        of 3.2 against couples with children: not published against everyone.
    income
        κ: log-odds for a unit of log living standard.  Between 0 and −1.5, which would give
        the published ratio of 6.6 between the ends over about 1.3 units.
    territory
        φ: share of the published gap of the largest cities and of the countryside that
        tier 1, which knows no diploma, takes over.
    """

    marginals: Marginals = field(
        default_factory=lambda: Marginals(
            TOTAL_2021.value,
            (
                AGE_2021["15-24"].value,
                AGE_2021["25-39"].value,
                AGE_2021["60-74"].value,
                AGE_2021["75+"].value,
            ),
            DIPLOMA_2021["none"].value,
            DIPLOMA_2021["high"].value,
        )
    )
    overseas_rate: float = OVERSEAS_2021.value
    share_75_over: float = SHARE_75_OVER.value
    share_60_to_74: float = SHARE_60_TO_74.value
    unknowns: Unknowns = field(default_factory=Unknowns)
    low_effect: float = 0.4
    living_alone: float = 0.58
    income: float = -0.75
    territory: float = 0.5


def doubts() -> list[tuple[str, Reading, Reading]]:
    """Return the figures that may be wrong: name, reading at one end, reading at the other."""
    central = Reading()
    m = central.marginals

    def with_age(k: int, value: float) -> Reading:
        age = (*m.age[:k], value, *m.age[k + 1 :])
        return replace(central, marginals=replace(m, age=age))  # type: ignore[arg-type]

    found = []
    for k, group in enumerate(("15-24", "25-39", "60-74", "75+")):
        value, half = m.age[k], AGE_2021[group].rounding
        found.append(
            (f"taux des {group} ans", with_age(k, value - half), with_age(k, value + half))
        )

    def pair(name: str, low: Reading, high: Reading) -> None:
        found.append((name, low, high))

    half = TOTAL_2021.rounding
    pair(
        "taux national",
        replace(central, marginals=replace(m, total=m.total - half)),
        replace(central, marginals=replace(m, total=m.total + half)),
    )
    half = DIPLOMA_2021["none"].rounding
    pair(
        "taux sans diplôme",
        replace(central, marginals=replace(m, no_diploma=m.no_diploma - half)),
        replace(central, marginals=replace(m, no_diploma=m.no_diploma + half)),
    )
    half = DIPLOMA_2021["high"].rounding
    pair(
        "taux bac+3 et plus",
        replace(central, marginals=replace(m, high_diploma=m.high_diploma - half)),
        replace(central, marginals=replace(m, high_diploma=m.high_diploma + half)),
    )
    ends: dict[str, tuple[float, float]] = {
        "overseas_rate": (
            OVERSEAS_2021.value - OVERSEAS_2021.rounding,
            OVERSEAS_2021.value + OVERSEAS_2021.rounding,
        ),
        "share_75_over": (
            SHARE_75_OVER.value - SHARE_75_OVER.rounding,
            SHARE_75_OVER.value + SHARE_75_OVER.rounding,
        ),
        "share_60_to_74": (
            SHARE_60_TO_74.value - SHARE_60_TO_74.rounding,
            SHARE_60_TO_74.value + SHARE_60_TO_74.rounding,
        ),
        "low_effect": (0.2, 0.6),
        "living_alone": (0.0, float(np.log(RISK_RATIO_LIVING_ALONE.value))),
        "income": (-1.5, 0.0),
        "territory": (0.0, 1.0),
    }
    for name, (low, high) in ends.items():
        pair(name, replace(central, **{name: low}), replace(central, **{name: high}))  # type: ignore[arg-type]
    for brevet in ((0.20, 0.48),):
        pair(
            "part du brevet",
            replace(central, unknowns=Unknowns(brevet_share=brevet[0])),
            replace(central, unknowns=Unknowns(brevet_share=brevet[1])),
        )
    pair(
        "diplômes des plus âgés",
        replace(central, unknowns=Unknowns(old_tilt=0.1)),
        replace(central, unknowns=Unknowns(old_tilt=0.5)),
    )
    return found


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
    # The published gaps are against 16 % in the same year.
    for members, figure in (
        (kind >= _URBAN_CENTRE, URBAN_HIERARCHY_2019["largest"].value),
        (kind <= _RURAL, URBAN_HIERARCHY_2019["outside"].value),
    ):
        here = members & (persons > 0) & np.isfinite(rate)
        if here.any():
            own = float(rate[here] @ persons[here] / persons[here].sum())
            gap = (logit(figure) - logit(0.16)) - (logit(own) - mean)
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
