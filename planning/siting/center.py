r"""The p-center: the smallest longest journey that p sites allow.

Hakimi (1964), Minieka (1970): the least radius T among the journeys for which equation (9) has a
cover of p sites.  Radii are tried by bisection.  A cover found lowers the radius; a bound over
p, or a proof by HiGHS, raises what is known to be impossible; a radius that neither settles in
its time is left open, and the gap says so.  Among the plans of the last radius any may come out:
it says nothing of the others' journeys.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.errors import DataError, InfeasibleError
from planning.siting.core import Core
from planning.siting.covering import SmallCover
from planning.siting.found import Found
from planning.siting.highs import Programme, minimise
from planning.siting.kernel import kernel
from planning.siting.limits import Limit, canonical_rules, check_feasible, must_follow
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Verdict = Literal["possible", "impossible", "open"]

MOST_PAIRS = 60_000_000
"""Journeys between points above which the p-center is refused: 1.5 GB."""
EFFORT = 10_000
"""Exchanges in vain after which a radius is left open at first."""


def solve_center(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Find the smallest longest journey; the objective is in minutes.

    Demands that no allowed candidate can reach are left aside.

    Raises
    ------
    InfeasibleError
        When the rules contradict each other, or when so few sites cannot reach everybody.
    """
    if not problem.rules.empty:
        check_feasible(problem, watch)
    search = _Radii(problem, core, watch)
    search.bracket()
    search.bisect(prove=False)
    search.bisect(prove=True)
    return search.found()


class _Radii:
    """Which radii are known to be possible, impossible or open, by place in the journeys.

    ``low`` is the last impossible one, ``high`` the first possible one with its ``plan``.
    """

    def __init__(self, problem: SitingProblem, core: Core, watch: Watch) -> None:
        self.core, self.watch = core, watch
        self.minutes = _journeys(problem, core)
        self.radii = np.unique(self.minutes.data) if self.minutes.nnz else np.zeros(1)
        self.rules: Limit | None = None
        if not problem.rules.empty:
            self.rules = canonical_rules(problem, core)
        self.low, self.high = -1, len(self.radii)
        self.plan: Bools | None = None
        self.least = 0.0

    def bracket(self) -> None:
        """Find a first plan: radii of n, 2 n, 4 n… journeys."""
        place = min(2 * self.core.n, len(self.radii)) - 1
        while True:
            verdict = self._judge(place, prove=place == len(self.radii) - 1)
            if verdict == "possible" or place == len(self.radii) - 1:
                break
            place = min(2 * place + 1, len(self.radii) - 1)
        if self.plan is not None:
            return
        if verdict == "impossible":
            raise InfeasibleError(
                f"{self.core.p} sites ne peuvent mettre un site à la portée de chacun"
                + (", les règles suivies" if self.rules else ""),
                remedy=f"Demandez au moins {self.least:g} sites, ou allongez les trajets admis.",
            )
        raise DataError(
            "Aucun plan qui serve chacun n'a été trouvé dans le temps donné",
            where="p-center",
            remedy="Donnez plus de temps, plus de sites, ou un territoire plus petit.",
        )

    def bisect(self, *, prove: bool) -> None:
        """Lower the radius, then raise what is impossible; with HiGHS when ``prove``."""
        for upwards in (True, False):
            low, high = self.low, self.high
            while high - low > 1 and not self.watch.tick():
                middle = (low + high) // 2
                verdict = self._judge(middle, prove=prove)
                if verdict == "possible" or (verdict == "open" and not upwards):
                    high = middle
                else:
                    low = middle
                high = min(high, self.high)
                self.watch.best = float(self.radii[self.high])
                self.watch.bound = float(self.radii[self.low + 1])
                self.watch.tell("Recherche du plus long trajet")

    def found(self) -> Found:
        """Return the plan with the first radius that is not known to be impossible."""
        assert self.plan is not None
        bound = float(self.radii[self.low + 1])
        value = float(self.radii[self.high])
        return Found(self.plan, value, bound, "dichotomie sur les trajets")

    def _judge(self, place: int, *, prove: bool) -> Verdict:
        core = self.core
        kept = self.minutes.data <= self.radii[place]
        ends = np.concatenate([[0], np.cumsum(kept)])[self.minutes.indptr]
        near = sparse.csr_array(
            (np.ones(int(kept.sum())), self.minutes.indices[kept], ends), shape=(core.n, core.m)
        )
        rows = near[np.flatnonzero(np.diff(self.minutes.indptr) > 0)]
        if (np.diff(rows.indptr) == 0).any():
            return self._know(place, "impossible", None)
        cover = SmallCover(kernel(rows, core.opened, core.closed), self.watch)
        self.least = max(self.least, cover.bound) if place == len(self.radii) - 1 else 0.0
        if cover.bound > core.p:
            return self._know(place, "impossible", None)
        if self.rules is not None:
            return self._judge_ruled(place, rows, cover.plan, prove=prove)
        if cover.plan.sum() > core.p:
            cover.search(self.watch, core.p, EFFORT)
        if cover.plan.sum() > core.p and prove and not self.watch.ask():
            cover.finish(self.watch, core.p)
        if cover.plan.sum() <= core.p:
            return self._know(place, "possible", cover.plan)
        return self._know(place, "impossible" if cover.bound > core.p else "open", None)

    def _judge_ruled(
        self, place: int, rows: sparse.csr_array, plan: Bools, *, prove: bool
    ) -> Verdict:
        rules, m = self.rules, self.core.m
        assert rules is not None
        if plan.sum() == self.core.p and must_follow(rules, plan):
            return self._know(place, "possible", plan)
        if not prove and self.plan is not None and self.watch.stopped:
            return "open"
        programme = Programme(
            cost=np.zeros(m),
            matrix=sparse.csr_array(sparse.vstack([rules.matrix, rows])),
            low=np.concatenate([rules.low, np.ones(rows.shape[0])]),
            high=np.concatenate([rules.high, np.full(rows.shape[0], np.inf)]),
            upper=np.ones(m),
            whole=np.ones(m, dtype=bool),
        )
        answer = minimise(programme, self.watch)
        if answer.x is not None:
            return self._know(place, "possible", answer.x > 0.5)
        return self._know(place, "impossible" if answer.infeasible else "open", None)

    def _know(self, place: int, verdict: Verdict, plan: Bools | None) -> Verdict:
        if verdict == "impossible":
            self.low = max(self.low, place)
        if plan is not None and place < self.high:
            self.plan = self._filled(plan)
            self.high = min(place, self._longest(self.plan))
        return verdict

    def _filled(self, plan: Bools) -> Bools:
        """Open the first sites that are left until there are p; rules count them already."""
        filled = plan.copy()
        free = np.flatnonzero(~(filled | self.core.closed))
        if self.rules is None:
            filled[free[: self.core.p - int(filled.sum())]] = True
        return filled

    def _longest(self, plan: Bools) -> int:
        """Return the place of the longest journey of a plan among the radii."""
        pairs = np.flatnonzero(plan[self.minutes.indices])
        rows = np.repeat(np.arange(self.core.n), np.diff(self.minutes.indptr))[pairs]
        nearest = np.full(self.core.n, np.inf)
        np.minimum.at(nearest, rows, self.minutes.data[pairs])
        served = nearest[np.isfinite(nearest)]
        return int(np.searchsorted(self.radii, served.max(initial=0.0)))


def _journeys(problem: SitingProblem, core: Core) -> sparse.csr_array:
    """Return the minutes that may be the longest, canonical, shape (n, m)."""
    costs = problem.costs_min
    n, m = problem.shape
    if isinstance(costs, PointCosts):
        if n * m > MOST_PAIRS:
            raise DataError(
                f"Ce modèle demande tous les temps entre {n} besoins et {m} sites possibles",
                where="p-center",
                remedy="Choisissez une région ou un département, ou un autre modèle.",
            )
        columns, minutes = costs.nearest(core.demand, m)
        order = np.argsort(columns, axis=1)
        full = np.take_along_axis(minutes, order, axis=1)[:, core.candidate]
        every = np.tile(np.arange(m), core.n)
        pairs = (full.ravel(), every, np.arange(core.n + 1) * m)
        found = sparse.csr_array(pairs, shape=(core.n, m))
    else:
        found = sparse.csr_array(sparse.csc_array(costs[core.demand])[:, core.candidate])
    limit = problem.rules.farthest_min
    top = problem.unserved if limit is None else limit
    kept = (found.data <= top) & ~core.closed[found.indices]
    ends = np.concatenate([[0], np.cumsum(kept)])[found.indptr]
    return sparse.csr_array((found.data[kept], found.indices[kept], ends), shape=(core.n, m))
