r"""The p-median and maximal covering under rules.

Rules only say which sites may be open together: they are rows over :math:`y`.  The bound
without rules still holds, so equations (4) to (6) still rule out what costs more than a plan
that respects them; HiGHS solves equation (7) with the rows of the rules added.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.core import Core
from planning.siting.fixing import Left, Reduced, reduce
from planning.siting.found import Found
from planning.siting.highs import Programme, any_plan, minimise
from planning.siting.limits import Limit, check_feasible, limits, rows
from planning.siting.problem import SitingProblem
from planning.siting.search import Search
from planning.siting.watch import Watch

Bools = npt.NDArray[np.bool_]

NEAR = 3.0
"""Length of the lists of the first programme, as a multiple of m/p."""


def solve_ruled(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Solve a p-median or maximal covering problem under its rules.

    Raises
    ------
    InfeasibleError
        When the rules contradict each other.
    """
    check_feasible(problem, watch)
    matrix, low, high = rows(limits(problem), core.m)
    columns = sparse.csr_array(sparse.csc_array(matrix)[:, core.candidate])
    rules = Limit("", columns, low, high)

    def accept(chosen: Bools) -> bool:
        count = columns @ chosen.astype(float)
        return bool(((low - 1e-9 <= count) & (count <= high + 1e-9)).all())

    search = Search(core, watch, start=_first(core, rules, watch), accept=accept)
    search.climb(0)
    search.lengthen_short()
    if search.proven or watch.stopped:
        bound = search.upper if search.proven else search.dual.bound
        return Found(search.chosen, search.upper, bound, "lagrangien, avec règles")
    reduced = reduce(search.lists, search.fixed(search.cutoff), core.p)
    answer = minimise(_ruled(reduced, rules), watch, start=reduced.start(search.chosen))
    if answer.x is not None:
        search.offer(reduced.plan(answer.x))
    bound = max(search.dual.bound, min(answer.bound + reduced.constant, search.upper))
    if bound >= search.cutoff:
        bound = search.upper
    return Found(search.chosen, search.upper, bound, "lagrangien + HiGHS, avec règles")


def _first(core: Core, rules: Limit, watch: Watch) -> Bools:
    """Find a plan that respects the rules, on short lists and with nothing ruled out."""
    length = np.full(core.n, int(np.ceil(NEAR * core.m / core.p)) + 2)
    lists = core.source.lists(np.arange(core.n), np.minimum(length, core.source.full_length))
    left = Left(core.opened, core.closed, ~(core.opened | core.closed)[lists.sites])
    reduced = reduce(lists, left, core.p)
    programme = _ruled(reduced, rules)
    answer = minimise(programme, watch, nodes=20)
    if answer.x is None:
        answer = any_plan(programme)
    assert answer.x is not None
    return reduced.plan(answer.x)


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
