r"""Reduced-cost fixing: what the Lagrangian bound rules out, and the small programme left.

With the bound :math:`L` of equation (3), an incumbent :math:`U`, and :math:`\rho_{(p)}`,
:math:`\rho_{(p+1)}` the last reduced cost chosen and the first left out:

.. math::

    y_j = 0 &\text{ if } L + \rho_j - \rho_{(p)} \ge U \tag{4} \\
    y_j = 1 &\text{ if } L - \rho_j + \rho_{(p+1)} \ge U \tag{5} \\
    x_{ij} = 0 &\text{ if } L + (d_{ij} - \lambda_i)^+ + (\rho_j - \rho_{(p)})^+ \ge U
    \tag{6}
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.ascent import Dual
from planning.siting.highs import Programme
from planning.siting.lists import Lists, sums
from planning.siting.swap import two_nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Left:
    """What fixing leaves.

    ``opened`` and ``closed`` are masks of sites (m,), ``pairs`` a mask of listed pairs
    between a demand and a free site that a better plan may use (n_pair,).
    """

    opened: Bools
    closed: Bools
    pairs: Bools

    @property
    def free(self) -> Bools:
        """Sites neither open nor closed, shape (m,)."""
        return ~(self.opened | self.closed)


def fix(lists: Lists, dual: Dual, opened: Bools, closed: Bools, cutoff: float) -> Left:
    """Apply equations (4) to (6).

    Parameters
    ----------
    lists
        Candidate lists; rows cut short are handled by :func:`short_rows` first.
    dual
        Multipliers and bound for the same ``opened`` and ``closed``.
    opened, closed
        Sites fixed already, shape (m,).
    cutoff
        A plan is better only if it costs less than this.
    """
    free = ~(opened | closed)
    room = cutoff - dual.bound
    inside = dual.chosen & free
    outside = ~dual.chosen & free
    last = float(dual.reduced[inside].max(initial=-np.inf))
    first = float(dual.reduced[outside].min(initial=np.inf))
    entering = np.where(outside, dual.reduced - last, 0.0)
    with np.errstate(invalid="ignore"):
        leaving = np.where(inside, first - dual.reduced, 0.0)
    new_closed = closed | (outside & (entering >= room))
    new_opened = opened | (inside & (leaving >= room))
    slack = np.maximum(lists.cost - dual.multipliers[lists.rows], 0.0)
    slack += np.maximum(entering, 0.0)[lists.sites]
    alive = (slack < room) & ~(new_opened | new_closed)[lists.sites]
    return Left(new_opened, new_closed, alive)


def short_rows(lists: Lists, dual: Dual, cutoff: float) -> Bools:
    """Demands whose list is too short for fixing: a better plan may serve them beyond it."""
    return lists.cut & (lists.beyond - dual.multipliers < cutoff - dual.bound)


@dataclass(frozen=True, eq=False)
class Reduced:
    """The programme of what is left, and how to read its answer."""

    programme: Programme
    sites: Ints
    constant: float
    opened: Bools
    n_pair: int

    def start(self, chosen: Bools) -> Floats | None:
        """Return a plan as a first solution, or ``None`` when it is ruled out."""
        if (self.opened & ~chosen).any() or chosen.sum() != self.opened.sum() + self._count:
            return None
        start = np.zeros(len(self.programme.cost))
        start[: len(self.sites)] = chosen[self.sites]
        return start if start.sum() == self._count else None

    @property
    def _count(self) -> int:
        return int(self.programme.high[0])

    def plan(self, x: Floats) -> Bools:
        """Return the open sites of an answer, shape (m,)."""
        chosen = self.opened.copy()
        count = self._count
        order = np.argsort(-x[: len(self.sites)], kind="stable")
        chosen[self.sites[order[:count]]] = True
        return chosen


def reduce(lists: Lists, left: Left, p: int) -> Reduced:
    r"""Write what is left as a programme: savings against the sites that are surely open.

    .. math::

        \max \sum_{ij} s_{ij} x_{ij}, \quad \sum_j x_{ij} \le 1, \quad
        x_{ij} \le y_j, \quad \sum_j y_j = p - |\text{opened}| \tag{7}

    where :math:`s_{ij}` is what i gains from j over the cheapest open site or the outside.
    A demand with a single pair left adds its saving to the site itself.
    """
    base = two_nearest(lists, left.opened).d1
    pairs = np.flatnonzero(left.pairs & (lists.cost < base[lists.rows]))
    rows, columns = lists.rows[pairs], lists.sites[pairs]
    saving = base[rows] - lists.cost[pairs]
    sites = np.flatnonzero(left.free)
    place = np.full(lists.m, -1)
    place[sites] = np.arange(len(sites))
    alone = np.bincount(rows, minlength=lists.n)[rows] == 1
    gain = sums(place[columns[alone]], saving[alone], len(sites))
    rows, columns, saving = rows[~alone], columns[~alone], saving[~alone]
    users, row = np.unique(rows, return_inverse=True)
    n_site, n_pair = len(sites), len(rows)
    x = n_site + np.arange(n_pair)
    link = 1 + len(users) + np.arange(n_pair)
    ones = np.ones(n_pair)
    matrix = sparse.csr_array(
        (
            np.concatenate([np.ones(n_site), ones, ones, -ones]),
            (
                np.concatenate([np.zeros(n_site, dtype=np.int64), 1 + row, link, link]),
                np.concatenate([np.arange(n_site), x, x, place[columns]]),
            ),
        ),
        shape=(1 + len(users) + n_pair, n_site + n_pair),
    )
    count = float(p - left.opened.sum())
    high = np.concatenate([[count], np.ones(len(users)), np.zeros(n_pair)])
    low = np.full(len(high), -np.inf)
    low[0] = count
    whole = np.arange(n_site + n_pair) < n_site
    programme = Programme(
        -np.concatenate([gain, saving]), matrix, low, high, np.ones(len(whole)), whole
    )
    return Reduced(programme, sites, float(base.sum()), left.opened, n_pair)
