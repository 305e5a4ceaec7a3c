"""Persons in illectronism in each commune: a synthetic estimate from published rates.

No public source gives illectronism below the region.  The estimate applies INSEE's
published rates by age to the ages of each commune (a *synthetic estimator*: Rao and
Molina, *Small Area Estimation*, 2nd ed., Wiley, 2015, ch. 3):

    (1)  r_i = Σ_a s_ia · r_a                    rate of commune i, share of people of 15+
    (2)  Σ_i N_i r_i = r · Σ_i N_i               the nation keeps its published rate r
    (3)  persons_i = N_i · r_i

with *s_ia* the share of age group *a* among the people of 15 and over of commune *i*,
*N_i* their number and *r_a* the published rate of the group.  The rate of 40–59 is not
published: it is what equation (2) leaves for it.

The interval (90 %) adds, in the scale of the logit,

    (4)  σ_i² = σ_figures² + σ_model² + (1 − r_i) / (r_i N_i)

the doubt of the published figures (their rounding and the two estimated cuts of the
pyramid of ages, by recomputing with each at both ends), that of the model (the spread of
INSEE's regional rates around what ages alone would give) and that of a small population.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from coverage.ages import age_shares, national_split
from coverage.published import (
    AGE_2021,
    AGE_GROUPS,
    SHARE_60_TO_74,
    SHARE_75_OVER,
    TOTAL_2021,
    Published,
)
from coverage.travel import FloatArray, IntArray

MODEL_SIGMA = 0.16
"""σ_model, on the logit scale: ages alone miss INSEE's regional rates of 2019 by 1.9 points on
average, that is 1.9 × √(π/2) / (15.4 × 84.6 %) on a rate of 15.4 %, rounded."""

Z_90 = 1.645


@dataclass(frozen=True)
class Need:
    """People in illectronism, by commune.

    Every array has shape (n_commune,), in the order of ``codes``.

    Parameters
    ----------
    codes
        Codes of the communes.
    persons_15p
        Inhabitants of 15 and over; NaN where ages are unknown.
    rate
        Share (0–1) of them in illectronism; NaN where nobody lives or ages are unknown.
    persons
        Their number; 0 where nobody lives, NaN where ages are unknown.
    low, high
        Bounds of the 90 % interval of ``persons``.
    tier
        What the estimate rests on: 1 ages in three bands, 0 nothing (no estimate).
    """

    codes: tuple[str, ...]
    persons_15p: FloatArray
    rate: FloatArray
    persons: FloatArray
    low: FloatArray
    high: FloatArray
    tier: IntArray

    def at(self, positions: IntArray) -> "Need":
        """Return the need of some communes, given by position."""
        return replace(
            self,
            codes=tuple(self.codes[i] for i in positions),
            **{
                name: getattr(self, name)[positions]
                for name in ("persons_15p", "rate", "persons", "low", "high", "tier")
            },
        )

    def frame(self) -> pd.DataFrame:
        """Return a table indexed by code, one column an array."""
        columns = ("persons_15p", "persons", "rate", "low", "high", "tier")
        return pd.DataFrame(
            {name: getattr(self, name) for name in columns},
            index=pd.Index(self.codes, name="code"),
        )


@dataclass(frozen=True)
class _Figures:
    """One reading of the published figures: rates by age, the total and the two cuts."""

    rates: dict[str, float]
    total: float
    share_75_over: float
    share_60_to_74: float


def _central() -> _Figures:
    return _Figures(
        {group: figure.value for group, figure in AGE_2021.items()},
        TOTAL_2021.value,
        SHARE_75_OVER.value,
        SHARE_60_TO_74.value,
    )


def _readings() -> list[_Figures]:
    """Return the readings with one figure at one end of its doubt, in pairs (low, high)."""
    central = _central()
    found = []

    def ends(figure: Published) -> tuple[float, float]:
        return figure.value - figure.rounding, figure.value + figure.rounding

    for group, figure in AGE_2021.items():
        found += [replace(central, rates={**central.rates, group: end}) for end in ends(figure)]
    found += [replace(central, total=end) for end in ends(TOTAL_2021)]
    found += [replace(central, share_75_over=end) for end in ends(SHARE_75_OVER)]
    found += [replace(central, share_60_to_74=end) for end in ends(SHARE_60_TO_74)]
    return found


def _rates(points: pd.DataFrame, figures: _Figures) -> tuple[FloatArray, FloatArray]:
    """Return (rate, people of 15 and over), shape (n_commune,): equations (1) and (2)."""
    shares, share_15p = age_shares(
        points, national_split(points, figures.share_75_over, figures.share_60_to_74)
    )
    persons_15p = points["population"].to_numpy(dtype=float) * share_15p
    weights = np.nan_to_num(persons_15p)
    groups = np.nansum(shares * weights[:, None], axis=0)
    known = np.array([figures.rates.get(group, 0.0) for group in AGE_GROUPS])
    unknown = np.array([group not in figures.rates for group in AGE_GROUPS])
    left = figures.total * groups.sum() - float(groups @ known)
    rate_by_age = np.where(unknown, left / float(groups[unknown].sum()), known)
    return shares @ rate_by_age, persons_15p


def solved_rate_40_59(points: pd.DataFrame) -> float:
    """Return the rate (0–1) of people of 40–59 that the published total leaves for them."""
    figures = _central()
    shares, share_15p = age_shares(points, national_split(points))
    weights = np.nan_to_num(points["population"].to_numpy(dtype=float) * share_15p)
    groups = np.nansum(shares * weights[:, None], axis=0)
    known = sum(groups[AGE_GROUPS.index(group)] * rate for group, rate in figures.rates.items())
    return float((figures.total * groups.sum() - known) / groups[AGE_GROUPS.index("40-59")])


def estimate(points: pd.DataFrame) -> Need:
    """Estimate the need of each commune of the country.

    Parameters
    ----------
    points
        **All** communes (or arrondissements) of France, indexed by code, with
        ``population`` and the three bands of ages in persons: the calibration of
        equation (2) is national.  Take a territory with :meth:`Need.at` afterwards.
    """
    rate, persons_15p = _rates(points, _central())
    population = points["population"].to_numpy(dtype=float)
    empty = population == 0
    logit = np.log(rate / (1 - rate))
    figures_variance = np.zeros_like(rate)
    readings = _readings()
    for low, high in zip(readings[::2], readings[1::2], strict=True):
        a, b = _rates(points, low)[0], _rates(points, high)[0]
        # Half the distance between both ends is the bound of a uniform doubt: variance b²/3.
        half = 0.5 * (np.log(b / (1 - b)) - np.log(a / (1 - a)))
        figures_variance += half**2 / 3.0
    with np.errstate(divide="ignore", invalid="ignore"):
        small = (1 - rate) / (rate * persons_15p)
        spread = Z_90 * np.sqrt(figures_variance + MODEL_SIGMA**2 + small)
        low_rate = 1 / (1 + np.exp(-(logit - spread)))
        high_rate = 1 / (1 + np.exp(-(logit + spread)))

    def persons_at(share: FloatArray) -> FloatArray:
        return np.where(empty, 0.0, persons_15p * share)

    return Need(
        codes=tuple(points.index),
        persons_15p=np.where(empty, 0.0, persons_15p),
        rate=np.where(empty, np.nan, rate),
        persons=persons_at(rate),
        low=persons_at(low_rate),
        high=persons_at(high_rate),
        tier=np.where(np.isnan(persons_15p), 0, 1).astype(np.intp),
    )
