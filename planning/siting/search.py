"""The state of a search: lists, incumbent, bound; and the steps that improve them."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planning.siting.ascent import (
    Ascent,
    CountedSites,
    Dual,
    evaluate,
    starting_multipliers,
    step_scale,
)
from planning.siting.core import Core
from planning.siting.fixing import Left, fix, reduce, short_rows
from planning.siting.lists import Lists
from planning.siting.swap import Served, greedy, improve, two_nearest
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SMALL = 400_000
"""Pairs up to which lists are whole from the start."""
PER_SITE = 7.0
"""List length, as a multiple of m/p."""
STEPS = 250
"""Subgradient steps between two searches for a better plan."""
LAST_STEP = 1.5e-3
"""A climb ends when the step, as a share of Polyak's, is under this."""
FINE_STEP = 0.02
"""Step from which a climb goes on after lists were lengthened."""


class Search:
    """What is known of a problem so far.

    Parameters
    ----------
    core
        The problem in canonical order.
    watch
        Counts iterations and says when to stop.
    start
        A first plan, (m,); greedy by default.
    accept
        Whether a plan respects the rules that the bound does not know of.

    Attributes
    ----------
    lists
        Candidate lists, shorter as pairs are ruled out, longer where they were cut too
        short.
    chosen, upper
        The best plan (m,) and its cost, always recomputed on the whole problem.
    dual
        The best bound and its multipliers.
    opened, closed
        Sites that every better plan opens, or leaves closed, shape (m,).
    """

    def __init__(
        self,
        core: Core,
        watch: Watch,
        start: Bools | None = None,
        accept: Callable[[Bools], bool] = lambda _: True,
    ) -> None:
        self.core = core
        self.accept = accept
        self.watch = watch
        self.opened = core.opened
        self.closed = core.closed
        self._length = first_length(core)
        self.lists: Lists = core.source.lists(np.arange(core.n), self._length)
        self.upper = np.inf
        if start is None:
            start = greedy(self.lists, core.p, core.opened, core.closed)
        self.chosen = start
        self.offer(start)
        self.offer(self._improved(self.chosen)[0])
        served = self._lengthen_for(self.chosen)
        self.scale = self._scale(served)
        self.dual = self._evaluate(starting_multipliers(served, self.lists.beyond))
        watch.bound = self.dual.bound

    @property
    def cutoff(self) -> float:
        """A plan is better only if it costs less than this."""
        return self.core.cutoff(self.upper)

    @property
    def proven(self) -> bool:
        """Whether nothing better than the plan can exist."""
        return self.dual.bound >= self.cutoff

    def offer(self, chosen: Bools) -> bool:
        """Keep a plan if it is better; its cost is recomputed on the whole problem."""
        value = self.core.value(np.flatnonzero(chosen))
        if value >= self.upper or not self.accept(chosen):
            return False
        self.chosen, self.upper = chosen, value
        self.watch.best = value
        return True

    def adopt(self, multipliers: Floats) -> None:
        """Start from multipliers found elsewhere, if their bound is higher here."""
        dual = self._evaluate(multipliers)
        if dual.bound > self.dual.bound:
            self.dual = dual
            self.watch.bound = dual.bound

    def climb(self, enough: int, step: float = 1.0, patience: int = 15) -> None:
        """Raise the bound, phase by phase.

        Parameters
        ----------
        enough
            Ends when no more listed pairs than this survive fixing.
        step
            First step, as a share of Polyak's.
        patience
            Steps without progress after which the step shrinks.
        """
        while not (self.watch.stopped or self.proven):
            ascent = Ascent(
                self.lists, self._choice(), self.dual.multipliers, self.scale, step=step
            )
            ascent.patience = patience
            ended = self._phase(ascent)
            step = ascent.step
            if self.proven:
                return
            left = self.shrink()
            if self._lengthen_clamped():
                step = max(step, FINE_STEP)
            elif ended or (left.pairs.sum() <= enough and self._short() <= self.core.n // 20):
                return

    def _phase(self, ascent: Ascent) -> bool:
        ascent.ceiling = self.cutoff
        ended = ascent.run(self.upper, STEPS, self.watch, LAST_STEP)
        dual = self._evaluate(ascent.best)
        if dual.bound > self.dual.bound:
            self.dual = dual
        self.watch.bound = self.dual.bound
        self.watch.tell("Amélioration de la borne")
        plan, served = self._improved(dual.chosen)
        if self.offer(plan):
            self.scale = self._scale(served)
        return ended

    def fixed(self, cutoff: float) -> Left:
        """Return what fixing leaves for plans that cost less than ``cutoff``."""
        return fix(self.lists, self.dual, self.opened, self.closed, cutoff)

    def shrink(self) -> Left:
        """Drop what the bound rules out for good.

        What lists cut short leave out stays possible: ``beyond`` stands for it.
        """
        left = self.fixed(self.cutoff)
        self.opened, self.closed = left.opened, left.closed
        kept = left.pairs | left.opened[self.lists.sites]
        if kept.mean() < 0.8:
            left = Left(left.opened, left.closed, left.pairs[kept])
            self.lists = self.lists.keep(kept)
        self.dual = self._evaluate(self.dual.multipliers)
        return left

    def hard(self, levels: int, sites: int) -> bool:
        """Whether fixing leaves more variables and more free sites than this."""
        left = self.fixed(self.cutoff)
        many = int(left.free.sum()) > sites
        return many and reduce(self.lists, left, self.core.p).n_level > levels

    def lengthen_short(self) -> None:
        """Lengthen every list that a better plan may leave, until none is."""
        short = short_rows(self.lists, self.dual, self.cutoff)
        while short.any() and not self.watch.ask():
            self._lengthen(short)
            self.dual = self._evaluate(self.dual.multipliers)
            short = short_rows(self.lists, self.dual, self.cutoff)

    @property
    def clamped(self) -> int:
        """Demands whose multiplier is held down by the end of their list."""
        return int((self.lists.cut & (self.dual.multipliers >= self.lists.beyond)).sum())

    def _scale(self, served: Served) -> Floats:
        return step_scale(served, self.core.source.outside if self.core.covering else None)

    def _improved(self, chosen: Bools) -> tuple[Bools, Served]:
        return improve(self.lists, chosen, self.core.opened, self.core.closed)

    def _evaluate(self, multipliers: Floats) -> Dual:
        return evaluate(self.lists, self._choice(), multipliers)

    def _choice(self) -> CountedSites:
        return CountedSites(self.core.p, self.opened, self.closed)

    def _short(self) -> int:
        return int(short_rows(self.lists, self.dual, self.cutoff).sum())

    def _lengthen_clamped(self) -> bool:
        held = self.lists.cut & (self.dual.multipliers >= self.lists.beyond)
        if not held.any():
            return False
        self._lengthen(held)
        self.scale = self._scale(two_nearest(self.lists, self.chosen))
        return True

    def _lengthen_for(self, chosen: Bools) -> Served:
        """Lengthen lists until each holds two open sites (or is whole)."""
        while True:
            served = two_nearest(self.lists, chosen)
            short = self.lists.cut & (served.second < 0)
            if not short.any():
                return served
            self._lengthen(short)

    def _lengthen(self, rows: Bools) -> None:
        index = np.flatnonzero(rows)
        full = self.core.source.full_length
        self._length[index] = np.minimum(2 * self._length[index], full)
        self.lists = self.lists.replaced(index, self.core.source.lists(index, self._length[index]))


def first_length(core: Core) -> Ints:
    """First length of the candidate lists, shape (n,)."""
    full = core.source.full_length
    wanted = max(30, int(np.ceil(PER_SITE * core.m / core.p)))
    if core.source.size <= max(SMALL, core.n * wanted):
        return np.full(core.n, full)
    return np.full(core.n, min(full, wanted))
