"""Proven plans for a canton up to a region: bound, fix, then a small exact search.

1. Candidate lists of about 7 n/p sites, lazy greedy, exchanges.
2. Subgradient ascent, with exchanges from the sites that the bound selects.
3. Reduced-cost fixing.  When few pairs survive, HiGHS ends it (it is quick where the
   linear gap is tiny); otherwise branch and bound on sites (quick where p is small).
"""

import logging
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.siting.ascent import Ascent, Dual, evaluate, starting_multipliers, step_scale
from planning.siting.branch import Tree
from planning.siting.core import Core
from planning.siting.fixing import Left, Reduced, fix, reduce, short_rows
from planning.siting.highs import minimise
from planning.siting.lists import Lists
from planning.siting.swap import greedy, improve, two_nearest
from planning.siting.watch import Watch

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

logger = logging.getLogger(__name__)

SMALL = 400_000
"""Pairs up to which lists are whole from the start."""
PER_SITE = 7.0
"""List length, as a multiple of n/p."""
FEW_PAIRS = 4_000
"""Surviving pairs up to which HiGHS is called at once."""
MANY_SITES = 400
"""Free sites above which branch and bound is hopeless and HiGHS is called anyway."""
SHALLOW = 6
"""Sites still to choose up to which branch and bound is preferred."""
NODES = 20_000
"""Most nodes of HiGHS."""


@dataclass(frozen=True, eq=False)
class Found:
    """A plan in canonical order: open sites (m,), cost, lower bound, how it was found."""

    chosen: Bools
    objective: float
    bound: float
    solver: str


def list_length(core: Core) -> Ints:
    """First length of the candidate lists, shape (n,)."""
    full = core.source.full_length
    if core.n * full <= SMALL:
        return np.full(core.n, full)
    return np.full(core.n, min(full, max(30, int(np.ceil(PER_SITE * core.m / core.p)))))


def solve_exact(core: Core, watch: Watch) -> Found:
    """Solve equation (1) to proven optimality, unless stopped before."""
    forced = _only_plan(core)
    if forced is not None:
        value = core.value(np.flatnonzero(forced))
        return Found(forced, value, value, "direct")
    search = _Search(core, watch)
    search.start()
    search.climb()
    return search.finish()


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


class _Search:
    def __init__(self, core: Core, watch: Watch) -> None:
        self.core = core
        self.watch = watch
        self.length = list_length(core)
        self.lists: Lists = core.source.lists(self.length)
        self.chosen = core.opened
        self.upper = np.inf
        self.opened = core.opened
        self.closed = core.closed

    @property
    def cutoff(self) -> float:
        return self.core.cutoff(self.upper)

    def start(self) -> None:
        core = self.core
        self.offer(improve(self.lists, self._greedy(), core.opened, core.closed)[0])
        served = two_nearest(self.lists, self.chosen)
        self.scale = step_scale(served)
        self.dual = self._evaluate(starting_multipliers(served, self.lists.beyond))

    def _greedy(self) -> Bools:
        return greedy(self.lists, self.core.p, self.core.opened, self.core.closed)

    def offer(self, chosen: Bools) -> bool:
        """Keep a plan if it is better; its cost is recomputed on the whole problem."""
        value = self.core.value(np.flatnonzero(chosen))
        if value >= self.upper:
            return False
        self.chosen, self.upper = chosen, value
        self.watch.best = value
        return True

    def climb(self) -> None:
        """Raise the bound until fixing leaves little, or the steps are too small."""
        step, ended = 1.0, False
        while not (ended or self.watch.stopped or self.proven):
            ascent = self._ascent(step)
            ended = self._phase(ascent)
            step = ascent.step
            if not self.proven:
                few = self._shrink()
                ended = ended or few

    @property
    def proven(self) -> bool:
        """Whether nothing better than the plan can exist."""
        return self.dual.bound >= self.cutoff

    def _shrink(self) -> bool:
        """Drop what the bound rules out; say whether little is left.

        What lists cut short leave out stays possible: ``beyond`` stands for it.
        """
        left = self._fix()
        self.opened, self.closed = left.opened, left.closed
        self.lists = self.lists.keep(left.pairs | left.opened[self.lists.sites])
        self.dual = self._evaluate(self.dual.multipliers)
        short = short_rows(self.lists, self.dual, self.cutoff).sum()
        return bool(left.pairs.sum() <= FEW_PAIRS // 4 and short <= self.core.n // 20)

    def _phase(self, ascent: Ascent) -> bool:
        ascent.ceiling = self.cutoff
        ended = ascent.run(self.upper, 250, self.watch, 2e-3)
        dual = self._evaluate(ascent.best)
        if dual.bound > self.dual.bound:
            self.dual = dual
        self.watch.bound = self.dual.bound
        self.watch.tell("Amélioration de la borne")
        plan, served = improve(self.lists, dual.chosen, self.core.opened, self.core.closed)
        if self.offer(plan):
            ascent.scale = step_scale(served)
        return ended

    def _ascent(self, step: float) -> Ascent:
        return Ascent(
            self.lists,
            self.core.p,
            self.opened,
            self.closed,
            self.dual.multipliers,
            self.scale,
            step=step,
        )

    def _evaluate(self, multipliers: npt.NDArray[np.float64]) -> Dual:
        return evaluate(self.lists, self.core.p, self.opened, self.closed, multipliers)

    def _lengthen(self) -> None:
        """Lengthen the lists that a better plan may leave; the bound stays what it was."""
        full = self.core.source.full_length
        short = short_rows(self.lists, self.dual, self.cutoff)
        while short.any():
            self.length[short] = np.minimum(2 * self.length[short], full)
            self.lists = self.core.source.lists(self.length)
            self.dual = self._evaluate(self.dual.multipliers)
            short = short_rows(self.lists, self.dual, self.cutoff)

    def _fix(self) -> Left:
        return fix(self.lists, self.dual, self.opened, self.closed, self.cutoff)

    def finish(self) -> Found:
        """End with HiGHS or with branch and bound."""
        if self.proven:
            return Found(self.chosen, self.upper, self.upper, "lagrangien")
        if self.watch.stopped:
            return Found(self.chosen, self.upper, self.dual.bound, "lagrangien")
        self._lengthen()
        left = self._fix()
        reduced = reduce(self.lists, left, self.core.p)
        logger.info("left: %d sites, %d variables", left.free.sum(), reduced.n_level)
        deep = self.core.p - left.opened.sum() > SHALLOW
        few = reduced.n_level <= (FEW_PAIRS if deep else FEW_PAIRS // 8)
        if few or left.free.sum() > MANY_SITES:
            return self._highs(reduced)
        return self._branch(left)

    def _highs(self, reduced: Reduced) -> Found:
        answer = minimise(
            reduced.programme, self.watch, start=reduced.start(self.chosen), nodes=NODES
        )
        if answer.x is not None:
            self.offer(reduced.plan(answer.x))
        bound = min(self.upper, max(self.dual.bound, answer.bound + reduced.constant))
        if bound >= self.cutoff:
            bound = self.upper
        return Found(self.chosen, self.upper, bound, "lagrangien + HiGHS")

    def _branch(self, left: Left) -> Found:
        tree = Tree(
            self.core,
            self.lists.keep(~left.closed[self.lists.sites]),
            self.chosen,
            self.upper,
            self.scale,
            self.watch,
        )
        bound = tree.run(self.dual, left.opened, left.closed)
        logger.info("nodes: %d", tree.nodes)
        return Found(tree.chosen, tree.upper, min(bound, tree.upper), "séparation lagrangienne")
