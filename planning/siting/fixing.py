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
    n_level: int

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
    r"""Write what is left as a programme in the radius form (García, Labbé and Marín 2011).

    Let the costs of demand i over its free sites take the values
    :math:`D_{i1} < D_{i2} < \dots`, up to the cheapest surely open site or the outside.  With
    :math:`z_{il} = 1` when i is served at :math:`D_{il}` or less,

    .. math::

        \max \sum_{il} (D_{i,l+1} - D_{il}) z_{il}, \quad
        z_{il} \le z_{i,l-1} + \sum_{j : d_{ij} = D_{il}} y_j, \quad
        \sum_j y_j = p - |\text{opened}| \tag{7}

    Its linear relaxation is as tight as the classic one.  Demands that rank the same sites
    alike share their variables, and one that has a single pair left needs none.
    """
    base = two_nearest(lists, left.opened).d1
    pairs = np.flatnonzero(left.pairs & (lists.cost < base[lists.rows]))
    rows, cost = lists.rows[pairs], lists.cost[pairs]
    sites = np.flatnonzero(left.free)
    place = np.full(lists.m, -1)
    place[sites] = np.arange(len(sites))
    column = place[lists.sites[pairs]]
    levels = _levels(rows, cost, base)
    users = _merge(rows, column, levels)
    n_site, n_level = len(sites), len(users.gain)
    alone = users.alone
    gain = sums(users.site[alone], users.gain[users.level[alone]], n_site)
    z = n_site + np.arange(n_level)
    row = 1 + np.arange(n_level)
    inner = np.flatnonzero(~users.first)
    matrix = sparse.csr_array(
        (
            np.concatenate(
                [np.ones(n_site + n_level), -np.ones(len(inner)), -np.ones(len(users.site))]
            ),
            (
                np.concatenate(
                    [np.zeros(n_site, dtype=np.int64), row, row[inner], 1 + users.level]
                ),
                np.concatenate([np.arange(n_site), z, z[inner] - 1, users.site]),
            ),
        ),
        shape=(1 + n_level, n_site + n_level),
    )
    keep = np.ones(n_level, dtype=bool)
    keep[users.level[alone]] = False
    matrix = matrix[np.concatenate([[True], keep])][
        :, np.concatenate([np.ones(n_site, bool), keep])
    ]
    count = float(p - left.opened.sum())
    high = np.concatenate([[count], np.zeros(int(keep.sum()))])
    low = np.full(len(high), -np.inf)
    low[0] = count
    whole = np.arange(matrix.shape[1]) < n_site
    programme = Programme(
        -np.concatenate([gain, users.gain[keep]]), matrix, low, high, np.ones(len(whole)), whole
    )
    return Reduced(programme, sites, float(base.sum()), left.opened, int(keep.sum()))


def _levels(rows: npt.NDArray[np.int32], cost: Floats, base: Floats) -> tuple[Ints, Floats]:
    """Return the level of each pair among the costs of its demand, and what each level saves."""
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (np.diff(rows) != 0) | (np.diff(cost) > 0)
    level = np.cumsum(new) - 1
    start = np.flatnonzero(new)
    following = np.append(cost[start[1:]], 0.0)
    last = np.append(np.diff(rows[start]) != 0, True) if len(start) else np.zeros(0, dtype=bool)
    following = np.where(last, base[rows[start]], following[: len(start)])
    return level, following - cost[start]


@dataclass(frozen=True, eq=False)
class _Users:
    """Merged demands: pairs (``site``, ``level``), ``gain`` and ``first`` of each level.

    ``alone`` marks the pairs whose demand has no other.
    """

    site: Ints
    level: Ints
    gain: Floats
    first: Bools
    alone: Bools


def _merge(rows: npt.NDArray[np.int32], column: Ints, levels: tuple[Ints, Floats]) -> _Users:
    """Merge the demands that rank the same sites alike."""
    level, worth = levels
    order = np.lexsort((column, level))
    column = column[order]
    start = np.flatnonzero(np.diff(rows, prepend=-1))
    end = np.append(start[1:], len(rows))[: len(start)]
    seen: dict[bytes, int] = {}
    site: list[Ints] = []
    rank: list[Ints] = []
    gain: list[Floats] = []
    size = 0
    for a, b in zip(start.tolist(), end.tolist(), strict=True):
        local = level[a:b] - level[a]
        values = worth[level[a] : level[b - 1] + 1]
        key = column[a:b].tobytes() + local.tobytes()
        known = seen.get(key)
        if known is not None:
            gain[known] = gain[known] + values
            continue
        seen[key] = len(gain)
        site.append(column[a:b])
        rank.append(local + size)
        gain.append(values)
        size += len(values)
    if not gain:
        none = np.zeros(0, dtype=np.int64)
        return _Users(none, none, np.zeros(0), np.zeros(0, bool), np.zeros(0, bool))
    first = np.concatenate([np.arange(len(values)) == 0 for values in gain])
    alone = np.concatenate([np.full(len(s), len(s) == 1) for s in site])
    return _Users(np.concatenate(site), np.concatenate(rank), np.concatenate(gain), first, alone)
