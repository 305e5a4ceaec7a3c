"""Proven plans for a canton up to a region: bound, fix, then a small exact search.

1. Candidate lists of about 7 n/p sites, lazy greedy, exchanges.
2. Subgradient ascent, with exchanges from the sites that the bound selects.
3. Reduced-cost fixing.  When few pairs survive, HiGHS ends it (it is quick where the
   linear gap is tiny); otherwise branch and bound on sites (quick where p is small).
"""

import logging

import numpy as np
import numpy.typing as npt

from planning.siting.branch import Tree
from planning.siting.core import Core
from planning.siting.fixing import Left, Reduced, reduce
from planning.siting.found import Found
from planning.siting.highs import minimise
from planning.siting.large import polish
from planning.siting.search import Search
from planning.siting.watch import Watch

Bools = npt.NDArray[np.bool_]

logger = logging.getLogger(__name__)

FEW_PAIRS = 4_000
"""Surviving pairs up to which HiGHS is called at once."""
MANY_SITES = 400
"""Free sites above which branch and bound is hopeless and HiGHS is called anyway."""
HOPELESS = 30_000
"""Variables left above which no proof is tried."""
SHALLOW = 6
"""Sites still to choose up to which branch and bound is preferred."""
NODES = 100
WORK = 1_000_000
"""HiGHS gets ``WORK`` / variables nodes, and at least ``NODES``: a limit that keeps runs
reproducible."""


def solve_exact(core: Core, watch: Watch) -> Found:
    """Solve equation (1) to proven optimality, unless stopped before."""
    forced = _only_plan(core)
    if forced is not None:
        value = core.value(np.flatnonzero(forced))
        return Found(forced, value, value, "direct")
    search = Search(core, watch)
    search.climb(FEW_PAIRS // 4)
    levels = FEW_PAIRS // 4 if core.covering else FEW_PAIRS
    if not (search.proven or watch.stopped) and search.hard(levels, MANY_SITES):
        polish(search)
        search.climb(FEW_PAIRS // 4, step=0.1, patience=25)
        if not search.core.covering:
            polish(search)
    return finish(search)


def _only_plan(core: Core) -> Bools | None:
    """Return the plan when there is nothing to choose."""
    allowed = ~core.closed
    if allowed.sum() == core.p:
        return allowed
    if core.opened.sum() == core.p:
        return core.opened.copy()
    if core.n == 0:
        rest = np.flatnonzero(allowed & ~core.opened)[: core.p - int(core.opened.sum())]
        chosen = core.opened.copy()
        chosen[rest] = True
        return chosen
    return None


def finish(search: Search) -> Found:
    """End a climb with HiGHS or with branch and bound."""
    if search.proven:
        return Found(search.chosen, search.upper, search.upper, "lagrangien")
    search.lengthen_short()
    if search.watch.stopped:
        return _stopped(search, "lagrangien")
    left = search.fixed(search.cutoff)
    reduced = reduce(search.lists, left, search.core.p)
    logger.info("left: %d sites, %d variables", left.free.sum(), reduced.n_level)
    deep = search.core.p - left.opened.sum() > SHALLOW
    few = reduced.n_level <= (FEW_PAIRS if deep else FEW_PAIRS // 8)
    if reduced.n_level > HOPELESS:
        return _stopped(search, "lagrangien + secteurs")
    if few or left.free.sum() > MANY_SITES:
        return _highs(search, reduced)
    return _branch(search, left)


def _stopped(search: Search, solver: str) -> Found:
    """Return what is known without a proof, and how many multipliers lists hold down."""
    bound = search.dual.bound
    return Found(search.chosen, search.upper, bound, solver, clamped=search.clamped)


def _highs(search: Search, reduced: Reduced) -> Found:
    answer = minimise(
        reduced.programme,
        search.watch,
        start=reduced.start(search.chosen),
        nodes=max(NODES, WORK // max(reduced.n_level, 1)),
    )
    if answer.x is not None:
        search.offer(reduced.plan(answer.x))
    bound = min(search.upper, max(search.dual.bound, answer.bound + reduced.constant))
    if bound >= search.cutoff:
        bound = search.upper
    return Found(search.chosen, search.upper, bound, "lagrangien + HiGHS")


def _branch(search: Search, left: Left) -> Found:
    lists = search.lists.keep(~left.closed[search.lists.sites])
    tree = Tree(search.core, lists, search.chosen, search.upper, search.scale, search.watch)
    bound = tree.run(search.dual, left.opened, left.closed)
    logger.info("nodes: %d", tree.nodes)
    return Found(tree.chosen, tree.upper, min(bound, tree.upper), "séparation lagrangienne")
