r"""The capacitated p-median: several positions at a site, a caseload for each.

.. math::

    \min \sum_{ij} w_i (c_{ij} + \pi_j) x_{ij} + \sum_i w_i U z_i, \quad
    \sum_j x_{ij} + z_i = 1, \quad x_{ij} \le y_j, \quad
    \sum_i w_i x_{ij} \le K u_j, \quad y_j \le u_j \le M y_j, \quad \sum_j u_j = P \tag{10}

with :math:`u_j` positions at j, at most M, of K persons each, P in all.  The persons of a
commune may be shared between sites; whoever finds no room counts U minutes.

1. The bound of ``rooms.py`` (equations 13 and 14), climbed like that of the p-median.
2. Its positions, or under rules the allowed ones of least increment, improved by exchanges that
   the transport judges (``moves.py``); again from the multipliers that the better plan gives.
3. Where few pairs are left once sites are fixed, HiGHS takes equation (10) whole; elsewhere the
   search starts again from the best placing with some positions moved.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geodata.errors import DataError, InfeasibleError
from planning.siting.core import Core
from planning.siting.found import Found
from planning.siting.highs import any_plan
from planning.siting.limits import FALLBACK_S, check_feasible
from planning.siting.lists import sums
from planning.siting.moves import main_site
from planning.siting.placing import Placing
from planning.siting.problem import SitingProblem
from planning.siting.room_rules import room_rules
from planning.siting.rooms import Rooms
from planning.siting.watch import Watch
from planning.siting.whole import whole

Bools = npt.NDArray[np.bool_]

MOST_DEMANDS = 10_000
"""Demands above which the model is refused."""


def solve_capacitated(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Solve equation (10).

    A longest journey holds for everybody: nobody is then left without room.  A budget counts
    positions, not sites.

    Raises
    ------
    InfeasibleError
        When the rules contradict each other, or leave too little room.
    DataError
        When the territory is too large for this model.
    """
    rules = replace(problem.rules, cost_eur=None, budget_eur=None)
    check_feasible(replace(problem, rules=rules), watch)
    if core.n > MOST_DEMANDS:
        raise DataError(
            f"Le modèle avec capacité est trop lourd pour {core.n} besoins",
            where="capacitated",
            remedy="Choisissez une région ou un département, ou un autre modèle.",
        )
    if not core.n:
        return _nobody(problem, core, watch)
    search = Placing(problem, core, watch)
    search.climb(step=1.0)
    search.improve()
    if not (watch.stopped or search.proven):
        search.climb(step=0.3)
        search.improve()
    if search.best is None:
        _any(problem, search)
    if not (watch.stopped or search.proven):
        search.prove()
    if not (watch.stopped or search.proven):
        search.shake()
    return _found(search)


def _found(search: Placing) -> Found:
    placed = search.best
    assert placed is not None
    bound = search.upper if search.proven else min(search.upper, search.bound)
    weights, transport = search.rooms.weights, search.transport
    left = np.clip(placed.sent.left / weights, 0.0, 1.0)
    spent = sums(transport.rows, transport.each * placed.sent.persons, len(weights))
    return Found(
        placed.positions > 0,
        search.upper,
        bound,
        search.solver,
        placed.positions,
        main_site(transport, placed.sent),
        left,
        spent / np.maximum(weights * (1 - left), 1e-9),
        clamped=search.clamped,
    )


def _nobody(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    """Return any positions that follow the rules: nobody is in need, and all cost nothing."""
    rooms = Rooms(np.zeros(0), 1.0, problem.positions, core.p, core.opened, core.closed)
    same = np.zeros((core.m, problem.positions))
    positions, _ = room_rules(problem, core).cheapest(same, rooms, watch)
    if positions is None:
        raise _impossible(problem)
    return Found(positions > 0, 0.0, 0.0, "direct", positions, np.zeros(0, dtype=np.int64))


def _any(problem: SitingProblem, search: Placing) -> None:
    """Find a plan that follows the rules, whatever it costs, or say that there is none."""
    closed = search.rooms.closed
    asked = whole(search.lists, search.rooms, search.core.source.outside, search.rules, closed)
    answer = any_plan(asked.programme, search.watch, FALLBACK_S)
    if answer.x is not None:
        search.offer(asked.positions(answer))
    if search.best is not None:
        return
    if answer.infeasible and not search.lists.cut.any():
        raise _impossible(problem)
    raise DataError(
        "Aucun plan qui suive les règles n'a été trouvé dans le temps donné",
        where="capacitated",
        remedy="Donnez plus de temps, retirez une règle, ou choisissez un territoire plus petit.",
    )


def _impossible(problem: SitingProblem) -> InfeasibleError:
    return InfeasibleError(
        f"{problem.sites} postes de {problem.capacity:g} personnes ne peuvent suivre ensemble "
        "la distance maximale, le budget et les autres règles",
        remedy="Ajoutez des postes, ou relâchez la distance ou le budget.",
    )
