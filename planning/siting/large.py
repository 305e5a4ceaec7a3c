"""Better plans where too much survives fixing for one exact search: whole countries.

Two ways, by what works.  For the p-median the bound is so close that the sites of low
reduced cost hold a better plan: equations (4) to (6) with a small share of the gap as room
leave a programme that HiGHS solves in seconds.  For maximal covering the linear gap is
wider and the programme degenerate: many small windows do better.

What is ruled out here is ruled out on a guess, so nothing here is ever a bound.
"""

import logging

from planning.siting.fixing import reduce
from planning.siting.highs import minimise
from planning.siting.search import Search
from planning.siting.windows import open_windows

logger = logging.getLogger(__name__)

SHARES = (0.1, 0.3)
"""Shares of the gap taken as room, one programme each."""
LEVELS = 40_000
"""Variables above which such a programme is not tried."""
NODES = 100
"""Most nodes of such a programme."""
WINDOWS = ((10, 2), (10, 3), (20, 2), (40, 1), (40, 2))
"""Open sites in a patch and patches in a window, round after round."""


def polish(search: Search) -> None:
    """Improve the plan of a search after its climb; the bound stays what it was."""
    if not search.core.covering:
        for share in SHARES:
            _restricted(search, share)
        return
    for size, patches in WINDOWS:
        if search.watch.stopped or search.proven:
            return
        most = 2 * search.core.p // size + 1
        paid = open_windows(search, size, patches, most)
        logger.info("windows %dx%d: %d paid, %f", size, patches, paid, search.upper)


def _restricted(search: Search, share: float) -> None:
    """Solve what survives when only ``share`` of the gap is allowed."""
    room = search.cutoff - search.dual.bound
    if search.watch.stopped or room <= 0:
        return
    left = search.fixed(search.dual.bound + share * room)
    reduced = reduce(search.lists, left, search.core.p)
    logger.info("share %g: %d sites, %d variables", share, left.free.sum(), reduced.n_level)
    if reduced.n_level > LEVELS or not left.free.any():
        return
    answer = minimise(
        reduced.programme, search.watch, start=reduced.start(search.chosen), nodes=NODES
    )
    if answer.x is not None:
        search.offer(reduced.plan(answer.x))
