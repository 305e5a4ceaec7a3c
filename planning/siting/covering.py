r"""Set covering and p-center.

Set covering (Toregas et al. 1971): the fewest sites that leave nobody farther than T,

.. math:: \min \sum_j y_j, \qquad \sum_{j : c_{ij} \le T} y_j \ge 1 \quad \forall i \tag{9}

p-center (Hakimi 1964; Minieka 1970): the smallest T for which p sites can do that, found by
bisection over the distinct journeys.  Among the plans of that radius any may come out: it
says nothing of the others' journeys.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.errors import DataError
from planning.siting.core import Core
from planning.siting.found import Found
from planning.siting.highs import Programme, any_plan, minimise
from planning.siting.limits import check_feasible, limits, rows, within
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_PAIRS = 60_000_000
"""Journeys between points above which the p-center is refused: 1.5 GB."""


def solve_set_cover(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Find the fewest sites; the objective is their number.

    Raises
    ------
    InfeasibleError
        When a demand has no allowed candidate within the threshold, or rules conflict.
    """
    check_feasible(problem, watch)
    programme = _programme(problem, core, np.ones(core.m))
    start = _greedy(problem, core) if problem.rules.empty else None
    answer = minimise(programme, watch, start=start)
    if answer.x is None and start is not None:
        return Found(start > 0.5, float(start.sum()), _whole_sites(answer.bound), "glouton")
    if answer.x is None:
        answer = any_plan(programme)
    assert answer.x is not None
    chosen = answer.x > 0.5
    value = float(chosen.sum())
    return Found(chosen, value, min(value, _whole_sites(answer.bound)), "HiGHS")


def _whole_sites(bound: float) -> float:
    return max(0.0, float(np.ceil(bound - 1e-6)))


def _greedy(problem: SitingProblem, core: Core) -> Floats:
    """Return a cover by the site that covers most points first, then without the needless."""
    assert problem.cover_min is not None
    rows_used = within(problem, problem.cover_min)[np.flatnonzero(problem.weights > 0)]
    near = sparse.csc_array(rows_used)[:, core.candidate]
    chosen = core.opened.copy()
    count = near @ chosen.astype(float)
    while (count == 0).any():
        gain = np.where(core.closed, -1.0, near.T @ (count == 0).astype(float))
        best = int(np.argmax(gain))
        chosen[best] = True
        count[near.indices[near.indptr[best] : near.indptr[best + 1]]] += 1
    for site in np.flatnonzero(chosen & ~core.opened):
        points = near.indices[near.indptr[site] : near.indptr[site + 1]]
        if (count[points] > 1).all():
            chosen[site] = False
            count[points] -= 1
    return chosen.astype(float)


def solve_center(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Find the smallest longest journey; the objective is in minutes.

    Demands that no allowed candidate can reach are left aside.

    Raises
    ------
    InfeasibleError
        When the rules contradict each other.
    """
    check_feasible(problem, watch)
    problem, radii = _reachable(problem)
    low, high = -1, len(radii) - 1
    asked = replace(problem, rules=replace(problem.rules, farthest_min=float(radii[high])))
    best = any_plan(_programme(asked, core, np.zeros(core.m))).x
    assert best is not None
    while high - low > 1 and not watch.tick():
        middle = (low + high) // 2
        plan = _cover(problem, core, watch, float(radii[middle]))
        if watch.stopped:
            break
        if plan is None:
            low = middle
        else:
            best, high = plan, middle
        watch.best, watch.bound = float(radii[high]), float(radii[low + 1])
        watch.tell("Recherche du plus long trajet")
    return Found(best > 0.5, float(radii[high]), float(radii[low + 1]), "dichotomie + HiGHS")


def _cover(problem: SitingProblem, core: Core, watch: Watch, radius: float) -> Floats | None:
    asked = replace(problem, rules=replace(problem.rules, farthest_min=radius))
    return minimise(_programme(asked, core, np.zeros(core.m)), watch).x


def _programme(problem: SitingProblem, core: Core, cost: Floats) -> Programme:
    matrix, low, high = rows(limits(problem), core.m)
    columns = sparse.csr_array(sparse.csc_array(matrix)[:, core.candidate])
    return Programme(cost, columns, low, high, np.ones(core.m), np.ones(core.m, dtype=bool))


def _reachable(problem: SitingProblem) -> tuple[SitingProblem, Floats]:
    """Set aside whom no allowed candidate reaches; return the distinct journeys too."""
    costs = problem.costs_min
    n, m = problem.shape
    if isinstance(costs, PointCosts) and n * m > MOST_PAIRS:
        raise DataError(
            f"Ce modèle demande tous les temps entre {n} besoins et {m} sites possibles",
            where="p-center",
            remedy="Choisissez une région ou un département, ou un autre modèle.",
        )
    limit = problem.rules.farthest_min
    top = problem.unserved if limit is None else limit
    if isinstance(costs, PointCosts):
        columns, minutes = costs.nearest(np.arange(problem.shape[0]), problem.shape[1])
        order = np.argsort(columns, axis=1)
        full = sparse.csr_array(np.take_along_axis(minutes, order, axis=1))
        problem = replace(problem, costs_min=full, unserved_min=problem.unserved)
        costs = full
    assert problem.forbidden is not None
    near = within(problem, top)
    reach = (near @ (~problem.forbidden).astype(float)) > 0
    coo = sparse.coo_array(costs)
    used = (problem.weights[coo.row] > 0) & reach[coo.row] & (coo.data <= top)
    radii = np.unique(coo.data[used])
    weights = np.where(reach, problem.weights, 0.0)
    return replace(problem, weights=weights), radii if len(radii) else np.zeros(1)
