"""Branch and bound on sites, each node bounded by its own short Lagrangian ascent."""

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

from planning.siting.ascent import Ascent, CountedSites, Dual, evaluate
from planning.siting.core import Core
from planning.siting.fixing import fix
from planning.siting.lists import Lists
from planning.siting.swap import improve
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STEPS = 60
"""Subgradient steps at a node."""


@dataclass(frozen=True, eq=False)
class _Node:
    bound: float
    multipliers: Floats
    opened: Bools
    closed: Bools


class Tree:
    """Best-first search over open and closed sites.

    Parameters
    ----------
    core, lists
        The problem; the lists must hold every pair that a better plan may use.
    chosen, upper
        Best plan known (m,) and its cost.
    scale
        Step scale of each demand, shape (n,).
    watch
        Counts the steps and may stop.
    """

    def __init__(
        self, core: Core, lists: Lists, chosen: Bools, upper: float, scale: Floats, watch: Watch
    ) -> None:
        self.core = core
        self.lists = lists
        self.chosen = chosen
        self.upper = upper
        self.scale = scale
        self.watch = watch
        self.nodes = 0

    def run(self, dual: Dual, opened: Bools, closed: Bools) -> float:
        """Search below a root; return the bound proven (the cost itself when optimal)."""
        order = count()
        heap = [(dual.bound, next(order), _Node(dual.bound, dual.multipliers, opened, closed))]
        while heap:
            bound, _, node = heap[0]
            if bound >= self.cutoff:
                return self.upper
            self.watch.bound = bound
            if self.watch.stopped:
                return bound
            heapq.heappop(heap)
            for child in self._children(node):
                if child.bound < self.cutoff:
                    heapq.heappush(heap, (child.bound, next(order), child))
        return self.upper

    @property
    def cutoff(self) -> float:
        """A plan is better only if it costs less than this."""
        return self.core.cutoff(self.upper)

    def _children(self, node: _Node) -> list[_Node]:
        self.nodes += 1
        dual = self._bound(node)
        bound = max(node.bound, dual.bound)
        if bound >= self.cutoff:
            return []
        left = fix(self.lists, dual, node.opened, node.closed, self.cutoff)
        open_count, free = int(left.opened.sum()), left.free
        if open_count > self.core.p or open_count + free.sum() < self.core.p:
            return []
        if open_count == self.core.p or open_count + free.sum() == self.core.p:
            self._try(left.opened if open_count == self.core.p else left.opened | free)
            return []
        if self.watch.stopped:
            return [_Node(bound, dual.multipliers, left.opened, left.closed)]
        site = self._branching_site(dual, free)
        with_site, without = left.opened.copy(), left.closed.copy()
        with_site[site] = without[site] = True
        return [
            _Node(bound, dual.multipliers, with_site, left.closed),
            _Node(bound, dual.multipliers, left.opened, without),
        ]

    def _bound(self, node: _Node) -> Dual:
        choice = CountedSites(self.core.p, node.opened, node.closed)
        ascent = Ascent(self.lists, choice, node.multipliers, self.scale, step=0.5)
        ascent.patience = 5
        ascent.ceiling = self.cutoff
        ascent.run(self.upper, STEPS, self.watch, 0.01)
        self.watch.tell("Séparation et évaluation")
        dual = evaluate(self.lists, choice, ascent.best)
        if self.nodes % 20 == 1:
            self._try(improve(self.lists, dual.chosen, self.core.opened, self.core.closed)[0])
        return dual

    def _try(self, chosen: Bools) -> None:
        value = self.core.value(np.flatnonzero(chosen))
        if value < self.upper:
            self.upper, self.chosen = value, chosen
            self.watch.best = value

    @staticmethod
    def _branching_site(dual: Dual, free: Bools) -> int:
        """Free site of the bound's own plan that saves most."""
        inside = np.flatnonzero(free & dual.chosen)
        return int(inside[np.argmin(dual.reduced[inside])])
