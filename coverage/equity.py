"""How unevenly something is shared among people, with the doubt of how many people there are.

With *a_i* what each of the *P_i* people of a commune gets, *s_i* = P_i / Σ P and
μ = Σ s_i a_i:

    (1)  Gini   G = Σ_i Σ_j s_i s_j |a_i − a_j| / 2μ
    (2)  Theil  T = Σ_i s_i (a_i / μ) ln(a_i / μ) = T_within + T_between
    (3)  T_between = Σ_g s_g (μ_g / μ) ln(μ_g / μ), over groups g (cantons)
    (4)  Palma = share of the 10 % of people who get most / share of the 40 % who get least

Theil (1967); decomposition: Shorrocks (1980), https://doi.org/10.2307/1913126; Palma (2011),
https://doi.org/10.1111/j.1467-7660.2011.01687.x, as named by Cobham and Sumner (2013).  All
people of a commune get the same: what differs inside a commune is not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from coverage.access import quantile
from coverage.arrays import FloatArray, IntArray
from coverage.need import Need

DRAWS: Final = 200
"""Draws of the need behind an interval."""


@dataclass(frozen=True)
class Equity:
    """How something is shared among people; NaN where nobody gets anything, or nobody is there.

    Parameters
    ----------
    mean, p10, p50, p90
        Its mean, and what 10, 50 and 90 % of people get at most, in its own unit.
    gini, theil, theil_within, theil_between, palma
        Equations (1) to (4); the parts of Theil's add up to it.
    share_below
        Share (0–1) of people who get less than the floor.
    """

    mean: float
    p10: float
    p50: float
    p90: float
    gini: float
    theil: float
    theil_within: float
    theil_between: float
    palma: float
    share_below: float


_NAN: Final = float("nan")
NOBODY: Final = Equity(_NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN)
"""What there is to say where there is nobody."""


def equity(amounts: FloatArray, people: FloatArray, groups: IntArray, floor: float) -> Equity:
    """Measure how evenly amounts are shared.

    Parameters
    ----------
    amounts
        What each person of a commune gets, shape (n_commune,), not negative.
    people
        People of each commune, shape (n_commune,); NaN counts as nobody.
    groups
        Group of each commune, numbered from 0, shape (n_commune,).
    floor
        Amount below which a person is counted in ``share_below``.
    """
    weight = np.nan_to_num(people)
    kept = (weight > 0) & np.isfinite(amounts)
    amount, weight, group = amounts[kept], weight[kept], groups[kept]
    total = float(weight.sum())
    if total <= 0:
        return NOBODY
    if (amount < 0).any():
        raise ValueError("amounts cannot be negative")
    order = np.argsort(amount, kind="stable")
    amount, share, group = amount[order], weight[order] / total, group[order]
    mean = float(share @ amount)
    below = min(1.0, float(share[amount < floor].sum()))
    p10, p50, p90 = (quantile(amount, share, part) for part in (0.1, 0.5, 0.9))
    if mean <= 0:
        return replace(NOBODY, mean=mean, p10=p10, p50=p50, p90=p90, share_below=below)
    theil, between = _theil(amount, share, group, mean)
    return Equity(
        mean=mean,
        p10=p10,
        p50=p50,
        p90=p90,
        gini=_gini(amount, share, mean),
        theil=theil,
        theil_within=theil - between,
        theil_between=between,
        palma=_palma(amount, share),
        share_below=below,
    )


def _gini(amount: FloatArray, share: FloatArray, mean: float) -> float:
    held = np.concatenate(([0.0], np.cumsum(share * amount))) / mean
    people = np.concatenate(([0.0], np.cumsum(share)))
    return float(1.0 - np.sum(np.diff(people) * (held[1:] + held[:-1])))


def _theil(
    amount: FloatArray, share: FloatArray, group: IntArray, mean: float
) -> tuple[float, float]:
    """Return Theil's index and its part between groups: (2) and (3)."""
    n = int(group.max()) + 1
    group_share = np.bincount(group, share, minlength=n)
    group_part = np.bincount(group, share * amount, minlength=n) / mean
    ratio = np.divide(group_part, group_share, out=np.zeros(n), where=group_share > 0)
    return float(share @ _x_ln_x(amount / mean)), float(group_share @ _x_ln_x(ratio))


def _x_ln_x(x: FloatArray) -> FloatArray:
    """Return x ln x, 0 at 0."""
    value: FloatArray = x * np.log(np.where(x > 0, x, 1.0))
    return value


def _palma(amount: FloatArray, share: FloatArray) -> float:
    """Return equation (4), a commune that straddles a bound counting for its part."""
    people = np.concatenate(([0.0], np.cumsum(share)))
    held = np.concatenate(([0.0], np.cumsum(share * amount)))
    least = float(np.interp(0.4, people, held))
    most = float(held[-1] - np.interp(0.9, people, held))
    return most / least if least > 0 else float("nan")


def need_draws(need: Need, n_draw: int = DRAWS, seed: int = 0) -> FloatArray:
    """Draw persons in need as the estimate doubts them, shape (n_draw, n_commune).

    Every doubt behind the interval of :mod:`coverage.need` is drawn: the figures it rests on,
    the regions and the départements move communes together, the rest each on its own; on the
    logit scale, so that a commune never has more persons than inhabitants.  NaN where need is
    unknown.
    """
    shift = need.spread.draws(n_draw, np.random.default_rng(seed))
    people = need.persons_15p
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = need.persons / (people - need.persons)
        moved = odds * np.exp(shift / (people * need.rate * (1.0 - need.rate)))
        drawn = people * moved / (1.0 + moved)
    steady = np.broadcast_to(np.where(people == 0, 0.0, need.persons), drawn.shape)
    found: FloatArray = np.where(np.isfinite(drawn), drawn, steady)
    return found


def interval(measured: Callable[[FloatArray], Equity], draws: FloatArray) -> tuple[Equity, Equity]:
    """Return the bounds of the 90 % interval of each figure, over draws of the people.

    Parameters
    ----------
    measured
        What computes the figures from people, shape (n_commune,).
    draws
        Draws of the people, shape (n_draw, n_commune).
    """
    table = np.array(
        [[getattr(one, f.name) for f in fields(Equity)] for one in map(measured, draws)]
    )
    low, high = np.nanquantile(table, [0.05, 0.95], axis=0)
    return Equity(*map(float, low)), Equity(*map(float, high))
