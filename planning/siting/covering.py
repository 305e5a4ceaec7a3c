r"""Set covering: the fewest sites that leave nobody beyond a threshold.

Toregas et al. (1971):

.. math:: \min \sum_j y_j, \qquad \sum_{j : c_{ij} \le T} y_j \ge 1 \quad \forall i \tag{9}

The kernel (``kernel.py``) is bounded and searched (``covers.py``); HiGHS ends it in the time left.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.core import Core
from planning.siting.covers import CoverSearch, cover_bound, greedy_cover
from planning.siting.found import Found
from planning.siting.highs import Programme, minimise
from planning.siting.kernel import Kernel, kernel
from planning.siting.limits import (
    Limit,
    canonical_rules,
    check_feasible,
    must_follow,
    plan_that_follows,
    within,
)
from planning.siting.problem import SitingProblem
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PATIENCE = 60_000
"""Exchanges without a smaller cover after which the search ends."""
NODES = 2_000
"""Most nodes of HiGHS: a limit that keeps runs reproducible."""


def solve_set_cover(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Find the fewest sites; the objective is their number.

    Raises
    ------
    InfeasibleError
        When a demand has no allowed candidate within the threshold, or rules conflict.
    """
    assert problem.cover_min is not None
    near = covered(problem, core, problem.cover_min)
    reach = near @ (~core.closed).astype(float)
    if not problem.rules.empty or (reach == 0).any():
        check_feasible(problem, watch)
    cover = SmallCover(kernel(near, core.opened, core.closed), watch)
    cover.search(watch.half(), 0, PATIENCE)
    watch.best, watch.bound = float(cover.plan.sum()), cover.bound
    if problem.rules.empty:
        if not cover.proven and not watch.ask():
            cover.finish(watch)
        return _found(cover.plan, cover.bound, "recherche + HiGHS")
    rules = canonical_rules(problem, core)
    programme = _programme(rules, np.ones(core.m))
    start = cover.plan.astype(float)
    answer = minimise(programme, watch, start=start if must_follow(rules, cover.plan) else None)
    chosen = answer.x > 0.5 if answer.x is not None else None
    if chosen is None:
        chosen = cover.plan if must_follow(rules, cover.plan) else plan_that_follows(rules, watch)
    return _found(chosen, max(cover.bound, _whole_sites(answer.bound)), "HiGHS")


def covered(problem: SitingProblem, core: Core, minutes: float) -> sparse.csr_array:
    """Return which site is within some minutes of which demand, ones, canonical, (n, m)."""
    rows = within(problem, minutes)[core.demand]
    return sparse.csr_array(sparse.csc_array(rows)[:, core.candidate])


class SmallCover:
    """What is known of the fewest sites of a kernel.

    Attributes
    ----------
    plan
        Open sites of the smallest cover found, shape (m,).
    bound
        No cover has fewer sites.
    """

    def __init__(self, small: Kernel, watch: Watch) -> None:
        self._kernel = small
        self._always = float(small.opened.sum())
        picked = greedy_cover(small.near)
        least, _ = cover_bound(small.near, float(picked.sum()), watch)
        self._least = _whole_sites(least)
        self._picked = picked

    @property
    def plan(self) -> Bools:
        """Open sites, shape (m,)."""
        return self._kernel.chosen(self._picked)

    @property
    def bound(self) -> float:
        """Fewest sites that are possible."""
        return self._always + min(self._least, float(self._picked.sum()))

    @property
    def proven(self) -> bool:
        """Whether no cover has fewer sites than the plan."""
        return float(self._picked.sum()) <= self._least

    def search(self, watch: Watch, enough: float, most: int) -> None:
        """Look for fewer sites until ``enough`` in all, or ``most`` exchanges in vain."""
        if self.proven or watch.stopped:
            return
        search = CoverSearch(self._kernel.near, self._picked)
        self._picked = search.run(max(self._least, enough - self._always), most, watch)

    def finish(self, watch: Watch, enough: float | None = None) -> None:
        """Let HiGHS prove it; with ``enough``, only whether so few sites can do."""
        near = self._kernel.near
        n, m = near.shape
        count = sparse.csr_array(np.ones((1, m)))
        most = np.inf if enough is None else enough - self._always
        programme = Programme(
            cost=np.ones(m) if enough is None else np.zeros(m),
            matrix=sparse.csr_array(sparse.vstack([near, count])),
            low=np.append(np.ones(n), -np.inf),
            high=np.append(np.full(n, np.inf), most),
            upper=np.ones(m),
            whole=np.ones(m, dtype=bool),
        )
        start = self._picked.astype(float) if enough is None else None
        answer = minimise(programme, watch, start=start, nodes=NODES)
        if answer.x is not None and (answer.x > 0.5).sum() < self._picked.sum():
            self._picked = answer.x > 0.5
        if enough is None:
            self._least = max(self._least, _whole_sites(answer.bound))
        elif answer.infeasible:
            self._least = max(self._least, np.floor(most) + 1)


def _found(chosen: Bools, bound: float, solver: str) -> Found:
    value = float(chosen.sum())
    return Found(chosen, value, min(value, bound), solver)


def _programme(rules: Limit, cost: Floats) -> Programme:
    m = len(cost)
    return Programme(cost, rules.matrix, rules.low, rules.high, np.ones(m), np.ones(m, dtype=bool))


def _whole_sites(bound: float) -> float:
    return max(0.0, float(np.ceil(bound - 1e-6)))
