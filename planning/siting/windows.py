r"""Polishing a large plan with many small exact programmes.

Each window frees the sites around a place and keeps the rest of the plan.  HiGHS solves
twenty sites or so in a fraction of a second, where the whole would take hours.  Windows
are opened where the plan loses most against the bound: with :math:`\phi` the plan and
:math:`\lambda` the multipliers, the gap is a sum of non-negative parts,

.. math::

    U - L(\lambda) = \sum_i \Bigl[ d_{i \phi(i)} - \lambda_i
    + \sum_{j \in S} (\lambda_i - d_{ij})^+ \Bigr]
    + \Bigl[ \sum_{j \in S} \rho_j - \min_{|T| = p} \sum_{j \in T} \rho_j \Bigr] \tag{8}
"""

import numpy as np
import numpy.typing as npt

from planning.siting.fixing import Left, reduce
from planning.siting.highs import minimise
from planning.siting.lists import Lists, sums
from planning.siting.search import Search
from planning.siting.swap import two_nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CANDIDATES = 12
"""Most sites in a window for each open one."""
NODES = 40
"""Most nodes of one window."""


def slack(lists: Lists, multipliers: Floats, chosen: Bools) -> Floats:
    """Return the part of each demand in the gap: first bracket of equation (8), shape (n,)."""
    served = two_nearest(lists, chosen)
    pairs = np.flatnonzero(chosen[lists.sites])
    rows = lists.rows[pairs]
    over = np.maximum(multipliers[rows] - lists.cost[pairs], 0.0)
    return served.d1 - multipliers + sums(rows, over, lists.n)


def window(lists: Lists, chosen: Bools, seed: int, size: int) -> tuple[Bools, Bools]:
    """Return the sites around a site until ``size`` open ones are among them.

    Two sites are neighbours when some demand lists both; rings of neighbours are added
    whole but the last, whose sites are added by canonical order.

    Returns
    -------
    inside, inner
        The window, and the part of it that was reached before half of ``size``, (m,).
    """
    indptr, rows, _ = lists.columns
    inside = np.zeros(lists.m, dtype=bool)
    inner = inside
    known = np.zeros(lists.n, dtype=bool)
    ring = np.array([seed])
    while len(ring):
        count = int(chosen[inside].sum())
        ring = ring[: max(0, CANDIDATES * size - int(inside.sum()))]
        if count <= size // 2:
            inner = inside | np.isin(np.arange(lists.m), ring)
        many = np.flatnonzero(np.cumsum(chosen[ring]) > size - count)
        ring = ring[: many[0]] if len(many) else ring
        inside[ring] = True
        if len(many):
            break
        demands = np.unique(_gather(indptr, rows, ring))
        demands = demands[~known[demands]]
        known[demands] = True
        ring = np.unique(_gather(lists.indptr, lists.sites, demands))
        ring = ring[~inside[ring]]
    return inside, inner & inside


def _gather(indptr: Ints, values: npt.NDArray[np.int32], groups: Ints) -> Ints:
    size = indptr[groups + 1] - indptr[groups]
    start = np.repeat(indptr[groups] - np.concatenate([[0], np.cumsum(size)[:-1]]), size)
    found: Ints = values[np.arange(size.sum()) + start].astype(np.int64)
    return found


def open_windows(search: Search, size: int, patches: int, rounds: int) -> int:
    """Open windows where the slack is, until none pays or the stop says so.

    A window is made of several patches, so that a site may leave one for another.

    Parameters
    ----------
    search
        Its plan is improved in place.
    size
        Open sites in a patch.
    patches
        Patches in a window.
    rounds
        Most windows.

    Returns
    -------
    Windows that improved the plan.
    """
    lists = search.lists
    tired = search.opened | search.closed
    worth = _worth(search, lists)
    paid = 0
    for _ in range(rounds):
        inside = np.zeros(lists.m, dtype=bool)
        inner = inside.copy()
        for _ in range(patches):
            seed = int(np.argmax(np.where(tired | inside, -1.0, worth)))
            if worth[seed] <= 0 or tired[seed] or inside[seed]:
                break
            patch, middle = window(lists, search.chosen, seed, size)
            inside |= patch
            inner |= middle
            inner[seed] = True
        if not inner.any() or search.proven or search.watch.tick():
            break
        if _solve(search, lists, inside):
            paid += 1
            worth = _worth(search, lists)
            tired &= ~inside
        tired |= inner
        search.watch.tell("Amélioration du plan par secteurs")
    return paid


def _worth(search: Search, lists: Lists) -> Floats:
    """Slack of the demands that list each site, shape (m,)."""
    part = slack(lists, search.dual.multipliers, search.chosen)
    return sums(lists.sites, part[lists.rows], lists.m)


def _solve(search: Search, lists: Lists, inside: Bools) -> bool:
    """Solve one window; say whether the plan is better."""
    chosen = search.chosen
    opened = search.opened | (chosen & ~inside)
    closed = search.closed | (~chosen & ~inside)
    free = ~(opened | closed)
    if not free.any():
        return False
    reduced = reduce(lists, Left(opened, closed, free[lists.sites]), search.core.p)
    answer = minimise(reduced.programme, search.watch, start=reduced.start(chosen), nodes=NODES)
    return answer.x is not None and search.offer(reduced.plan(answer.x))
