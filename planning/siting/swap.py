"""Primal search: lazy greedy, then batched exchanges of one open site for a closed one."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.lists import Lists, sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Served:
    """The two cheapest open sites of each demand, by the lists.

    ``first`` and ``second`` are sites (-1: none listed), ``d1`` and ``d2`` weighted costs
    (``beyond`` where none), all of shape (n,).
    """

    first: Ints
    second: Ints
    d1: Floats
    d2: Floats

    @property
    def value(self) -> float:
        """Sum of the first costs; a lower bound of the objective where lists are cut."""
        return float(self.d1.sum())


def two_nearest(lists: Lists, chosen: Bools) -> Served:
    """Find the two cheapest open sites of every demand.

    Parameters
    ----------
    lists
        Candidate lists.
    chosen
        Open sites, shape (m,).
    """
    pairs = np.flatnonzero(chosen[lists.sites])
    rows = lists.rows[pairs]
    start = np.searchsorted(rows, np.arange(lists.n + 1))
    count = np.diff(start)
    found: list[tuple[Ints, Floats]] = []
    for rank in (0, 1):
        site = np.full(lists.n, -1, dtype=np.int64)
        cost = lists.beyond.copy()
        has = count > rank
        pair = pairs[start[:-1][has] + rank]
        site[has] = lists.sites[pair]
        cost[has] = lists.cost[pair]
        found.append((site, cost))
    return Served(found[0][0], found[1][0], found[0][1], found[1][1])


def greedy(lists: Lists, p: int, opened: Bools, closed: Bools) -> Bools:
    """Open sites one by one, each time the one that lowers the cost most (lazy evaluation).

    Gains only shrink as sites open, so the best of a heap of stale gains is right as soon
    as it is still best when refreshed (Minoux 1978).

    Returns
    -------
    Open sites, shape (m,).
    """
    indptr, rows, cost = lists.columns
    chosen = opened.copy()
    current = two_nearest(lists, chosen).d1

    def gain(site: int) -> float:
        part = slice(indptr[site], indptr[site + 1])
        return float(np.maximum(current[rows[part]] - cost[part], 0.0).sum())

    allowed = np.flatnonzero(~(opened | closed))
    first = np.maximum(current[rows] - cost, 0.0)
    total = np.concatenate([[0.0], np.cumsum(first)])
    gains = total[indptr[1:]] - total[indptr[:-1]]
    heap = [(-gains[j], int(j)) for j in allowed]
    heapq.heapify(heap)
    for _ in range(p - int(opened.sum())):
        while True:
            site = heapq.heappop(heap)[1]
            fresh = gain(site)
            if not heap or -fresh <= heap[0][0]:
                break
            heapq.heappush(heap, (-fresh, site))
        chosen[site] = True
        part = slice(indptr[site], indptr[site + 1])
        current[rows[part]] = np.minimum(current[rows[part]], cost[part])
    return chosen


def exchange_profits(
    lists: Lists, chosen: Bools, served: Served, allowed: Bools
) -> tuple[Floats, Floats, sparse.csr_array]:
    r"""Profit of exchanging open site r for closed site j, split in three.

    .. math::  \text{profit}(j, r) = g_j - l_r + e_{jr} \tag{2}

    with the gain :math:`g_j = \sum_i (d^1_i - d_{ij})^+`, the loss
    :math:`l_r = \sum_{i : \phi_1(i) = r} (d^2_i - d^1_i)` and the correction
    :math:`e_{jr} = \sum_{i : \phi_1(i) = r, d_{ij} < d^2_i} d^2_i - \max(d_{ij}, d^1_i)`
    (Resende and Werneck 2007).

    Returns
    -------
    gain (m,), loss (m,), correction (m, m) sparse.
    """
    near = np.flatnonzero((lists.cost < served.d2[lists.rows]) & (allowed & ~chosen)[lists.sites])
    rows, sites, cost = lists.rows[near], lists.sites[near], lists.cost[near]
    d1, d2 = served.d1[rows], served.d2[rows]
    gain = sums(sites, np.maximum(d1 - cost, 0.0), lists.m)
    has = served.first >= 0
    loss = np.bincount(served.first[has], (served.d2 - served.d1)[has], minlength=lists.m).astype(
        np.float64
    )
    both = served.first[rows] >= 0
    extra = sparse.csr_array(
        (
            (d2 - np.maximum(cost, d1))[both],
            (sites[both], served.first[rows[both]]),
        ),
        shape=(lists.m, lists.m),
    )
    return gain, loss, extra


def improve(
    lists: Lists, chosen: Bools, opened: Bools, closed: Bools, rounds: int = 200
) -> tuple[Bools, Served]:
    """Exchange sites until no exchange pays; many disjoint exchanges a round.

    Two exchanges are disjoint when no demand feels both; their profits then add up.

    Returns
    -------
    Open sites (m,) and how they serve.
    """
    chosen = chosen.copy()
    served = two_nearest(lists, chosen)
    single = False
    for _ in range(rounds):
        swaps = _swaps(lists, chosen, served, opened, closed)
        if not swaps:
            break
        trial = chosen.copy()
        for enter, leave in _disjoint(lists, swaps, served, 1 if single else len(swaps)):
            trial[enter] = True
            trial[leave] = False
        after = two_nearest(lists, trial)
        if after.value < served.value * (1 - 1e-13):
            chosen, served, single = trial, after, False
        elif single:
            break
        else:
            single = True
    return chosen, served


def _swaps(
    lists: Lists, chosen: Bools, served: Served, opened: Bools, closed: Bools
) -> list[tuple[int, int]]:
    """Paying exchanges (enter, leave), best first: near ones, then far ones by rank."""
    gain, loss, extra = exchange_profits(lists, chosen, served, ~closed)
    leaving = np.flatnonzero(chosen & ~opened)
    if not len(leaving):
        return []
    pair = extra.tocoo()
    profit = gain[pair.row] - loss[pair.col] + pair.data
    pays = (profit > 1e-9 * max(1.0, served.value / lists.n)) & ~opened[pair.col]
    enter, leave, profit = pair.row[pays], pair.col[pays], profit[pays]
    least = leaving[np.argsort(loss[leaving], kind="stable")]
    best = np.flatnonzero(gain > 0)
    best = best[np.argsort(-gain[best], kind="stable")]
    size = min(len(least), len(best))
    far = gain[best[:size]] - loss[least[:size]]
    pays = far > 1e-9 * max(1.0, served.value / lists.n)
    enter = np.concatenate([enter, best[:size][pays]])
    leave = np.concatenate([leave, least[:size][pays]])
    order = np.lexsort((leave, enter, -np.concatenate([profit, far[pays]])))
    return list(zip(enter[order].tolist(), leave[order].tolist(), strict=True))


def _disjoint(
    lists: Lists, swaps: list[tuple[int, int]], served: Served, limit: int
) -> list[tuple[int, int]]:
    """Keep the exchanges, best first, that no demand shares with one kept before."""
    indptr, rows, cost = lists.columns
    users = [_by_site(served.first, lists.m), _by_site(served.second, lists.m)]
    touched = np.zeros(lists.n, dtype=bool)
    used = np.zeros(lists.m, dtype=bool)
    kept: list[tuple[int, int]] = []
    for enter, leave in swaps:
        if used[enter] or used[leave]:
            continue
        part = slice(indptr[enter], indptr[enter + 1])
        felt = rows[part][cost[part] < served.d2[rows[part]]]
        left = [order[start[leave] : start[leave + 1]] for start, order in users]
        demands = np.concatenate([felt, *left])
        if touched[demands].any():
            continue
        touched[demands] = True
        used[enter] = used[leave] = True
        kept.append((enter, leave))
        if len(kept) >= limit:
            break
    return kept


def _by_site(site: Ints, m: int) -> tuple[Ints, Ints]:
    order = np.argsort(site, kind="stable")
    return np.searchsorted(site[order], np.arange(m + 1)), order
