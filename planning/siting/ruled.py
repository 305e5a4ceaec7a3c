r"""The p-median and maximal covering under rules.

Rules only say which sites may be open together: they are rows over :math:`y`.  The bound
without rules still holds, so equations (4) to (6) still rule out what costs more than a plan
that respects them; HiGHS solves equation (7) with the rows of the rules added.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.ascent import CountedSites, evaluate
from planning.siting.core import Core
from planning.siting.fixing import Left, Reduced, reduce
from planning.siting.found import Found
from planning.siting.highs import Programme, minimise
from planning.siting.limits import (
    Limit,
    canonical_rules,
    check_feasible,
    must_follow,
    plan_that_follows,
)
from planning.siting.problem import SitingProblem
from planning.siting.search import Search, first_length
from planning.siting.watch import Watch
from planning.stopping import after_iterations

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

SEED_NODES = 20
"""Most nodes of the searches for a first plan."""
PROMISING = 3
"""Sites of low reduced cost among which a better plan is looked for, as a multiple of p."""


def solve_ruled(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Solve a p-median or maximal covering problem under its rules.

    Raises
    ------
    InfeasibleError
        When the rules contradict each other.
    """
    check_feasible(problem, watch)
    rules = canonical_rules(problem, core)
    if not core.n:
        return Found(plan_that_follows(rules, watch), 0.0, 0.0, "direct")
    free = _without_rules(core, watch)
    plan, bound = _seed(core, rules, free.dual.multipliers, watch)
    watch.best = np.inf
    search = Search(core, watch, start=plan, accept=partial(must_follow, rules))
    search.offer(free.chosen)
    search.adopt(free.dual.multipliers)
    _polish(search, rules)
    search.climb(0, step=0.1)
    search.lengthen_short()
    bound = max(bound, search.dual.bound)
    if bound >= search.cutoff or watch.stopped:
        bound = search.upper if bound >= search.cutoff else bound
        return Found(
            search.chosen, search.upper, bound, "lagrangien, avec règles", clamped=search.clamped
        )
    reduced = reduce(search.lists, search.fixed(search.cutoff), core.p)
    answer = minimise(_ruled(reduced, rules), watch, start=reduced.start(search.chosen))
    if answer.x is not None:
        search.offer(reduced.plan(answer.x))
    bound = max(bound, min(answer.bound + reduced.constant, search.upper))
    if bound >= search.cutoff:
        bound = search.upper
    return Found(search.chosen, search.upper, bound, "lagrangien + HiGHS, avec règles")


def _without_rules(core: Core, watch: Watch) -> Search:
    """Climb as if there were no rule, for half of the time: its bound and multipliers hold."""
    half = watch.half()
    free = Search(core, half)
    free.climb(0)
    watch.iteration += half.iteration
    return free


def _seed(core: Core, rules: Limit, multipliers: Floats, watch: Watch) -> tuple[Bools, float]:
    r"""Return the plan of least reduced cost that respects the rules, and a bound.

    With the rules kept in the Lagrangian problem of equation (3),

    .. math:: L_R(\lambda) = \sum_i \lambda_i + \min_{y \in R} \sum_j \rho_j y_j \tag{12}

    where R are the plans that the rules allow: a bound at least as high, and a plan to start
    from.  A run that is already over still gets its plan, from the root of the search.
    """
    lists = core.source.lists(np.arange(core.n), first_length(core))
    dual = evaluate(lists, CountedSites(core.p, core.opened, core.closed), multipliers)
    programme = Programme(
        dual.reduced,
        rules.matrix,
        rules.low,
        rules.high,
        np.ones(core.m),
        np.ones(core.m, dtype=bool),
    )
    answer = minimise(programme, watch, nodes=SEED_NODES)
    bound = float(dual.multipliers.sum()) + answer.bound
    if answer.x is None:
        answer = minimise(programme, Watch(after_iterations(1)), nodes=1)
    if answer.x is None:
        return plan_that_follows(rules, watch), bound
    return answer.x > 0.5, bound


def _polish(search: Search, rules: Limit) -> None:
    """Look for a better plan among the sites of the plan and those of low reduced cost."""
    core = search.core
    if search.watch.ask():
        return
    near = search.chosen.copy()
    near[np.argsort(search.dual.reduced, kind="stable")[: PROMISING * core.p]] = True
    closed = core.closed | ~(near | core.opened)
    left = Left(core.opened, closed, ~(core.opened | closed)[search.lists.sites])
    reduced = reduce(search.lists, left, core.p)
    start = reduced.start(search.chosen)
    answer = minimise(_ruled(reduced, rules), search.watch, start=start, nodes=SEED_NODES)
    if answer.x is not None:
        search.offer(reduced.plan(answer.x))


def _ruled(reduced: Reduced, rules: Limit) -> Programme:
    """Add the rows of the rules to a reduced programme."""
    fixed = rules.matrix @ reduced.opened.astype(float)
    part = sparse.csc_array(rules.matrix)[:, reduced.sites]
    programme = reduced.programme
    extra = programme.matrix.shape[1] - len(reduced.sites)
    wide = sparse.hstack([part, sparse.csr_array((part.shape[0], extra))])
    return replace(
        programme,
        matrix=sparse.csr_array(sparse.vstack([programme.matrix, wide])),
        low=np.concatenate([programme.low, rules.low - fixed]),
        high=np.concatenate([programme.high, rules.high - fixed]),
    )
