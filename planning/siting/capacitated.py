r"""The capacitated p-median: several positions at a site, a caseload for each.

.. math::

    \min \sum_{ij} w_i (c_{ij} + \pi_j) x_{ij} + \sum_i w_i U z_i, \quad
    \sum_j x_{ij} + z_i = 1, \quad x_{ij} \le y_j, \quad
    \sum_i w_i x_{ij} \le K u_j, \quad y_j \le u_j \le M y_j, \quad \sum_j u_j = P \tag{10}

with :math:`u_j` positions at j, at most M, of K persons each, P in all.  The persons of a
commune may be shared between sites; whoever finds no room counts U minutes.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.errors import DataError, InfeasibleError
from planning.siting.core import Core
from planning.siting.found import Found
from planning.siting.highs import Answer, Programme, any_plan, minimise
from planning.siting.limits import check_feasible, limits, rows
from planning.siting.lists import Lists
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.search import Search
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WHOLE = 30_000
"""Pairs up to which every pair is used."""
LIST = 40
"""Above that, nearest sites that a demand may use; the bound then forgets capacities."""


FALLBACK_S = 30.0
"""Seconds given to finding any plan that follows the rules, once the time is over."""
MOST_PAIRS = 400_000
"""Pairs above which the model is refused: HiGHS takes it whole."""


def solve_capacitated(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Solve equation (10) with HiGHS, on the nearest sites of each demand.

    A longest journey holds for everybody: nobody is then left without room.  A budget counts
    positions, not sites.

    Raises
    ------
    InfeasibleError
        When the rules contradict each other, or leave too little room.
    DataError
        When the territory is too large for this model.
    """
    check_feasible(_without_budget(problem), watch)
    if core.n * LIST > MOST_PAIRS:
        raise DataError(
            f"Le modèle avec capacité est trop lourd pour {core.n} besoins",
            where="capacitated",
            remedy="Choisissez une région ou un département, ou un autre modèle.",
        )
    length = core.source.full_length if core.source.size <= WHOLE else LIST
    lists = core.source.lists(np.arange(core.n), np.full(core.n, length))
    m, pairs, n = core.m, len(lists.cost), core.n
    site, row = lists.sites, lists.rows
    assert problem.capacity is not None
    weights = problem.weights[core.demand]
    y, u, x, z = np.split(np.arange(2 * m + pairs + n), [m, 2 * m, 2 * m + pairs])
    size = 2 * m + pairs + n
    rules, low, high = rows(limits(_without_budget(problem)), m)
    rules = sparse.csr_array(sparse.csc_array(rules)[:, core.candidate])
    spent, most = _budget(problem, core)
    ones = np.ones
    blocks = [
        _rows(size, (row, x, ones(pairs)), (np.arange(n), z, ones(n)), n_row=n),
        _rows(size, (np.arange(pairs), x, ones(pairs)), (np.arange(pairs), y[site], -ones(pairs))),
        _rows(
            size, (site, x, weights[row]), (np.arange(m), u, -problem.capacity * ones(m)), n_row=m
        ),
        _rows(size, (np.arange(m), y, ones(m)), (np.arange(m), u, -ones(m))),
        _rows(size, (np.arange(m), u, ones(m)), (np.arange(m), y, -problem.positions * ones(m))),
        _rows(size, (np.zeros(m, dtype=int), u, ones(m)), n_row=1),
        sparse.csr_array(sparse.hstack([rules, sparse.csr_array((rules.shape[0], size - m))])),
        _rows(size, (np.zeros(m, dtype=int), u, spent), n_row=1),
    ]
    below = np.zeros(pairs + 3 * m)
    programme = Programme(
        cost=np.concatenate([np.zeros(2 * m), lists.cost, core.source.outside]),
        matrix=sparse.csr_array(sparse.vstack(blocks)),
        low=np.concatenate([ones(n), np.full(len(below), -np.inf), [core.p], low, [-np.inf]]),
        high=np.concatenate([ones(n), below, [core.p], high, [most]]),
        upper=np.concatenate(
            [ones(m), np.full(m, problem.positions), _allowed(problem, lists, weights)]
        ),
        whole=np.arange(size) < 2 * m,
    )
    free = _without_room(core, watch)
    start = None
    if free is not None and problem.rules.empty:
        start = _start(problem, free.chosen, lists, weights)
    answer = minimise(programme, watch, start=start)
    if answer.x is None and start is not None:
        answer = replace(answer, x=start, objective=float(programme.cost @ start))
    if answer.x is None:
        answer = _some_plan(problem, programme, answer)
    assert answer.x is not None
    positions = np.rint(answer.x[u]).astype(np.int64)
    share = answer.x[x]
    order = np.lexsort((site, -share, row))
    first = np.unique(row[order], return_index=True)
    main = np.full(n, -1, dtype=np.int64)
    main[first[0]] = np.where(share[order[first[1]]] > 1e-9, site[order[first[1]]], -1)
    value = float(programme.cost @ answer.x)
    known = -np.inf if free is None else free.dual.bound
    bound = min(value, max(answer.bound, known))
    if answer.optimal and not lists.cut.any():
        bound = value
    if lists.cut.any():
        nearest = np.minimum.reduceat(np.append(lists.cost, np.inf), lists.indptr[:-1])
        alone = float(np.minimum(nearest, core.source.outside).sum())
        bound = min(bound, max(alone, known))
    return Found(answer.x[y] > 0.5, value, bound, "HiGHS", positions, main)


def _some_plan(problem: SitingProblem, programme: Programme, answer: Answer) -> Answer:
    """Return a plan that follows the rules, whatever it costs, or say that there is none."""
    found = answer if answer.infeasible else any_plan(programme, FALLBACK_S)
    if found.x is not None:
        return found
    if found.infeasible:
        raise InfeasibleError(
            f"{problem.sites} postes de {problem.capacity:g} personnes ne peuvent suivre ensemble "
            "la distance maximale, le budget et les autres règles",
            remedy="Ajoutez des postes, ou relâchez la distance ou le budget.",
        )
    raise DataError(
        "Aucun plan qui suive les règles n'a été trouvé dans le temps donné",
        where="capacitated",
        remedy="Donnez plus de temps, retirez une règle, ou choisissez un territoire plus petit.",
    )


def _without_room(core: Core, watch: Watch) -> Search | None:
    """Solve the p-median of as many sites: its bound holds, since room only costs more.

    ``None`` when positions do not fit one a site.
    """
    if core.p > int((~core.closed).sum()):
        return None
    free = Search(core, watch.half())
    free.climb(0)
    return free


def _start(problem: SitingProblem, opened: Bools, lists: Lists, weights: Floats) -> Floats:
    """Return a plan to start from: a position at each open site, persons to the nearest room."""
    assert problem.capacity is not None
    room = np.where(opened, problem.capacity, 0.0)
    left = weights.copy()
    share = np.zeros(len(lists.cost))
    rows = lists.rows
    pairs = np.flatnonzero(opened[lists.sites])
    for k in pairs[np.argsort(lists.cost[pairs] / weights[rows[pairs]], kind="stable")]:
        i, j = int(rows[k]), int(lists.sites[k])
        moved = min(left[i], room[j])
        if moved > 0:
            share[k] = moved / weights[i]
            left[i] -= moved
            room[j] -= moved
    held = opened.astype(float)
    return np.concatenate([held, held, share, left / weights])


def _without_budget(problem: SitingProblem) -> SitingProblem:
    return replace(problem, rules=replace(problem.rules, cost_eur=None, budget_eur=None))


def _budget(problem: SitingProblem, core: Core) -> tuple[Floats, float]:
    """Return the cost of a position at each site (m,), and the most that all may cost."""
    if problem.rules.cost_eur is None or problem.rules.budget_eur is None:
        return np.zeros(core.m), np.inf
    return problem.rules.cost_eur[core.candidate], problem.rules.budget_eur


def _allowed(problem: SitingProblem, lists: Lists, weights: Floats) -> Floats:
    """Return the most of each pair, then of each demand left without room."""
    n, farthest = len(weights), problem.rules.farthest_min
    pairs = np.ones(len(lists.cost))
    if farthest is None:
        return np.concatenate([pairs, np.ones(n)])
    if isinstance(problem.costs_min, PointCosts):  # a matrix holds no longer journey already
        pairs[lists.cost > farthest * weights[lists.rows] * (1 + 1e-12)] = 0.0
    return np.concatenate([pairs, np.zeros(n)])


def _rows(
    size: int,
    *parts: tuple[npt.NDArray[np.integer], npt.NDArray[np.integer], Floats],
    n_row: int = 0,
) -> sparse.csr_array:
    row, column, value = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return sparse.csr_array(
        (value, (row, column)), shape=(n_row or int(row.max(initial=-1)) + 1, size)
    )
