r"""Share a whole number of positions among claims: the three methods, on plain arrays.

A claim *i* weighs :math:`w_i` and receives :math:`a_i` positions, a whole number with
:math:`l_i \le a_i \le u_i` and :math:`\sum_i a_i = P`.

- Largest remainder (Hamilton).  With the exact shares :math:`q_i` of equation (1),

  .. math:: q_i = \min(u_i, \max(l_i, \lambda w_i)), \qquad \sum_i q_i = P \tag{1}

  each receives :math:`\lfloor q_i \rfloor`, then the largest remainders one more.
- Sainte-Laguë (Webster) and max–min (Adams) give one position after the other, from
  :math:`a = l`, to the largest

  .. math:: w_i / (a_i + \tfrac12) \quad\text{or}\quad (w_i / h_i) / a_i \tag{2}

  The second makes the smallest :math:`h_i a_i / w_i` (hours per person, with
  :math:`h_i` hours a position) as large as can be; its exact shares are those of
  :math:`w_i / h_i`: equal hours per person.

Balinski and Young, *Fair Representation*, 2nd ed., Brookings, 2001: no method keeps both the
quota rule and house monotonicity and treats populations fairly; :data:`GUARANTEES` says who
keeps what, and the tests hold each to it.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from geodata.errors import InfeasibleError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Method = Literal["largest-remainder", "sainte-lague", "max-min"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)

_WHOLE = 1e-9
"""Exact shares this close to a whole number are that number: rounding must not move a position."""


@dataclass(frozen=True)
class Guarantee:
    """What a method keeps whatever the weights, without floors, caps or positions there.

    Attributes
    ----------
    lower_quota, upper_quota
        Nobody receives less than the exact share rounded down, or more than rounded up.
    house_monotone
        Nobody loses a position when the total grows.
    fairest_minimum
        No other sharing gives more hours per person to the least served.
    """

    lower_quota: bool
    upper_quota: bool
    house_monotone: bool
    fairest_minimum: bool


GUARANTEES: Final[Mapping[Method, Guarantee]] = MappingProxyType(
    {
        "largest-remainder": Guarantee(True, True, False, False),
        "sainte-lague": Guarantee(False, False, True, False),
        "max-min": Guarantee(False, True, True, True),
    }
)


@dataclass(frozen=True, eq=False)
class Claims:
    """Who asks for positions, in the order of codes: ties go to the heavier, then the first.

    Parameters
    ----------
    weights
        Persons that count, shape (n,), not negative.
    low, high
        Fewest and most positions of each, whole numbers, shape (n,).
    hours
        Hours that a position gives in a year, shape (n,); for max–min alone.
    """

    weights: Floats
    low: Ints
    high: Ints
    hours: Floats


@dataclass(frozen=True, eq=False)
class Shared:
    """Who receives what.

    Attributes
    ----------
    exact
        Share before rounding, by equation (1), shape (n,); for max–min, of weights per hour.
    positions
        Whole positions, shape (n,); they sum to the total.
    """

    exact: Floats
    positions: Ints


def share(total: int, claims: Claims, method: Method) -> Shared:
    """Share ``total`` positions.

    Raises
    ------
    InfeasibleError
        When the floors exceed the total, or the caps cannot hold it.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}")
    high = np.where(claims.weights > 0, claims.high, claims.low)
    floors, caps = int(claims.low.sum()), int(high.sum())
    if (high < claims.low).any() or not floors <= total <= caps:
        limit = (
            f"les minimums et les postes déjà là en demandent {floors}"
            if total < floors
            else f"les plafonds n'en admettent que {caps}"
        )
        raise InfeasibleError(
            f"{total} postes ne peuvent être partagés : {limit}",
            remedy="Changez le total, les minimums, les plafonds ou les postes déjà là.",
        )
    weights = claims.weights / claims.hours if method == "max-min" else claims.weights
    exact = exact_shares(total, weights, claims.low, high)
    if method == "largest-remainder":
        return Shared(exact, _largest_remainder(total, exact, claims.weights))
    start = 0.5 if method == "sainte-lague" else 0.0
    return Shared(exact, _one_by_one(total, weights, claims.low, high, start))


def exact_shares(total: int, weights: Floats, low: Ints, high: Ints) -> Floats:
    """Return the shares of equation (1), shape (n,).

    The sum of the shares grows with λ in straight pieces, cut where a share leaves its floor
    or meets its cap: the piece that holds the total gives λ.
    """
    heavy = weights > 0
    if not heavy.any() or low.sum() == total:
        return low.astype(float)

    def shares(scale: float) -> Floats:
        return np.clip(scale * weights, low, high)

    cuts = np.unique(np.concatenate([low[heavy] / weights[heavy], high[heavy] / weights[heavy]]))
    first, last = 0, len(cuts) - 1
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if shares(cuts[middle]).sum() <= total else (first, middle)
    start, end = shares(cuts[first]), shares(cuts[last])
    if end.sum() == start.sum():
        return start
    part = (total - start.sum()) / (end.sum() - start.sum())
    found: Floats = start + part * (end - start)
    return found


def _largest_remainder(total: int, exact: Floats, weights: Floats) -> Ints:
    positions = np.floor(exact + _WHOLE).astype(np.int64)
    left = total - int(positions.sum())
    remainder = np.round((exact - positions) / _WHOLE)  # equal but for rounding is equal
    order = np.lexsort((np.arange(len(exact)), -weights, -remainder))
    positions[order[:left]] += 1
    return positions


def _one_by_one(total: int, weights: Floats, low: Ints, high: Ints, start: float) -> Ints:
    positions = low.astype(np.int64).copy()

    def claim(i: int) -> tuple[float, float, int]:
        divisor = positions[i] + start
        return -(weights[i] / divisor) if divisor else -np.inf, -weights[i], i

    queue = [claim(int(i)) for i in np.flatnonzero(high > low)]
    heapq.heapify(queue)
    for _ in range(total - int(low.sum())):
        i = queue[0][2]
        positions[i] += 1
        if positions[i] < high[i]:
            heapq.heapreplace(queue, claim(i))
        else:
            heapq.heappop(queue)
    return positions
