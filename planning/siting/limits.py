"""Rules as rows over "is site j open", and which of them contradict each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.errors import DataError, InfeasibleError
from planning.siting.core import Core
from planning.siting.highs import Programme, any_plan, minimise
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FALLBACK_S = 30.0
"""Seconds given to finding any plan that follows the rules, once the time is over."""
MOST_NAMED = 8
"""Rules of a conflict that are named one by one."""


@dataclass(frozen=True, eq=False)
class Limit:
    """One rule: ``low <= matrix @ y <= high``, and its name in French.

    ``matrix`` has shape (n_row, n_candidate), ``low`` and ``high`` (n_row,).
    """

    name: str
    matrix: sparse.csr_array
    low: Floats
    high: Floats


def limits(problem: SitingProblem) -> list[Limit]:
    """Return every rule of a problem, in the order of its columns.

    The masks of kept, forced and forbidden sites and the number of sites are rules too.
    """
    assert problem.kept is not None
    assert problem.forced is not None
    assert problem.forbidden is not None
    rules = problem.rules
    found = []
    if problem.model in ("p-median", "max-cover", "p-center"):
        every = np.ones(problem.shape[1])
        found.append(_single(f"{problem.sites} sites en tout", every, problem.sites, problem.sites))
    for mask, name, low, high in (
        (problem.kept, "sites existants conservés", 1.0, 1.0),
        (problem.forced, "sites imposés", 1.0, 1.0),
        (problem.forbidden, "sites interdits", 0.0, 0.0),
    ):
        if mask.any():
            found.append(_each(f"{int(mask.sum())} {name}", mask, low, high))
    for group in rules.groups:
        members = group.members.astype(float)
        if group.minimum:
            name = f"au moins {group.minimum} dans {group.name}"
            found.append(_single(name, members, group.minimum, np.inf))
        if group.maximum is not None:
            name = f"au plus {group.maximum} dans {group.name}"
            found.append(_single(name, members, -np.inf, group.maximum))
    if rules.budget_eur is not None and rules.cost_eur is not None:
        name = f"budget de {rules.budget_eur:,.0f} €".replace(",", "\u202f")
        found.append(_single(name, rules.cost_eur, -np.inf, rules.budget_eur))
    if rules.farthest_min is not None:
        found.append(_within(problem, rules.farthest_min, "personne à plus de"))
    if problem.model == "set-cover":
        assert problem.cover_min is not None
        found.append(_within(problem, problem.cover_min, "chacun à moins de"))
    return found


def within(problem: SitingProblem, minutes: float) -> sparse.csr_array:
    """Return which candidate is at most ``minutes`` from which demand, ones, shape (n, m)."""
    costs = problem.costs_min
    if isinstance(costs, PointCosts):
        near = costs.within(minutes)
        return sparse.csr_array((np.ones(near.nnz), near.indices, near.indptr), shape=near.shape)
    coo = sparse.coo_array(costs)
    keep = coo.data <= minutes
    return sparse.csr_array(
        (np.ones(int(keep.sum())), (coo.row[keep], coo.col[keep])), shape=problem.shape
    )


def check_feasible(problem: SitingProblem, watch: Watch) -> None:
    """Refuse rules that contradict each other, naming an irreducible set of them.

    Each rule is left out in turn; when the others still conflict it is dropped for good
    (deletion filter, Chinneck 1997).  Where a run is stopped first, or a check is not settled in
    its time, the set may hold more than is needed, and the message says so.

    Raises
    ------
    InfeasibleError
        When no set of sites satisfies every rule.
    """
    rules = limits(problem)
    if not _contradict(rules, problem.shape[1], watch):
        return
    settled = True
    for rule in list(rules):
        others = [other for other in rules if other is not rule]
        verdict = None if watch.ask() else _contradict(others, problem.shape[1], watch)
        if verdict:
            rules = others
        settled = settled and verdict is not None
    each = "chacune est nécessaire au conflit."
    some = (
        "le calcul s'est arrêté avant de les trier, et certaines n'ont peut-être aucune part au "
        "conflit. Donnez-lui plus de temps pour le savoir."
    )
    raise InfeasibleError(
        "Ces règles ne peuvent être suivies ensemble : " + _listed([rule.name for rule in rules]),
        remedy=f"Assouplissez l'une d'elles : {each if settled else some}",
    )


def _listed(names: list[str]) -> str:
    """Return names in one text, the last ones counted when there are many."""
    if len(names) <= MOST_NAMED:
        return " ; ".join(names)
    rest = len(names) - MOST_NAMED + 1
    return " ; ".join([*names[: MOST_NAMED - 1], f"et {rest} autres règles semblables"])


def rows(rules: list[Limit], n_candidate: int) -> tuple[sparse.csr_array, Floats, Floats]:
    """Stack rules into ``matrix`` (n_row, n_candidate), ``low`` and ``high`` (n_row,)."""
    if not rules:
        none = np.zeros(0)
        return sparse.csr_array((0, n_candidate)), none, none
    return (
        sparse.csr_array(sparse.vstack([rule.matrix for rule in rules])),
        np.concatenate([rule.low for rule in rules]),
        np.concatenate([rule.high for rule in rules]),
    )


def canonical_rules(problem: SitingProblem, core: Core) -> Limit:
    """Return every rule at once over the sites in canonical order.

    The order of the groups and of the rows of the problem changes nothing.
    """
    matrix, low, high = rows(sorted(limits(problem), key=lambda limit: limit.name), core.m)
    columns = sparse.csr_array(sparse.csc_array(matrix)[:, core.candidate])
    columns.sort_indices()
    return Limit("", columns, low, high)


def must_follow(rules: Limit, chosen: Bools) -> bool:
    """Whether open sites, shape (m,), follow the rules."""
    count = rules.matrix @ chosen.astype(float)
    return bool(((rules.low - 1e-9 <= count) & (count <= rules.high + 1e-9)).all())


def plan_that_follows(rules: Limit, watch: Watch) -> Bools:
    """Return some plan that follows the rules, whatever it costs, shape (m,).

    Raises
    ------
    InfeasibleError
        When there is none.
    DataError
        When none was found in its time.
    """
    m = rules.matrix.shape[1]
    ones = np.ones(m)
    programme = Programme(np.zeros(m), rules.matrix, rules.low, rules.high, ones, ones.astype(bool))
    answer = any_plan(programme, watch, FALLBACK_S)
    if answer.x is not None:
        found: Bools = answer.x > 0.5
        return found
    if answer.infeasible:
        raise InfeasibleError("Les règles ne peuvent être suivies ensemble")
    raise DataError(
        "Aucun plan qui suive les règles n'a été trouvé dans le temps donné",
        remedy="Donnez plus de temps, retirez une règle, ou choisissez un territoire plus petit.",
    )


def _contradict(rules: list[Limit], n_candidate: int, watch: Watch) -> bool | None:
    """Whether no set of sites follows all rules; ``None`` when that was not settled in time."""
    matrix, low, high = rows(rules, n_candidate)
    ones = np.ones(n_candidate)
    whole = np.ones(n_candidate, dtype=bool)
    answer = minimise(Programme(np.zeros(n_candidate), matrix, low, high, ones, whole), watch)
    if answer.infeasible:
        return True
    return None if answer.x is None else False


def _single(name: str, coefficients: Floats, low: float, high: float) -> Limit:
    matrix = sparse.csr_array(np.asarray(coefficients)[None, :])
    return Limit(name, matrix, np.array([float(low)]), np.array([float(high)]))


def _each(name: str, mask: Bools, low: float, high: float) -> Limit:
    index = np.flatnonzero(mask)
    ones = np.ones(len(index))
    shape = (len(index), len(mask))
    matrix = sparse.csr_array((ones, (np.arange(len(index)), index)), shape=shape)
    return Limit(name, matrix, low * ones, high * ones)


def _within(problem: SitingProblem, minutes: float, words: str) -> Limit:
    order = np.argsort(np.array(problem.demand_codes), kind="stable")
    near = within(problem, minutes)[order[problem.weights[order] > 0]]
    ones = np.ones(near.shape[0])
    alone = int((np.diff(near.indptr) == 0).sum())
    name = f"{words} {minutes:g} min"
    if alone:
        name += f" (impossible pour {alone} lieux de besoin, sans aucun site possible à portée)"
    return Limit(name, near, ones, np.inf * ones)
