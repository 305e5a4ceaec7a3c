"""A siting plan, how good it is, and the one function that makes it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.capacitated import solve_capacitated
from planning.siting.center import solve_center
from planning.siting.core import Core, canonical
from planning.siting.covering import solve_set_cover
from planning.siting.exact import solve_exact
from planning.siting.explain import Reason, explain
from planning.siting.found import Found
from planning.siting.points import PointCosts
from planning.siting.problem import Model, SitingProblem
from planning.siting.ruled import solve_ruled
from planning.siting.service import Service, assigned, objective, serve
from planning.siting.watch import Watch
from planning.stopping import ProgressCallback, Stop

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class StopRecord:
    """What the run was told to stop by: ``kind`` is "iterations", "seconds" and so on."""

    kind: str
    value: float


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """Open sites, who goes where, and how good it is.

    Attributes
    ----------
    model
        Which model was solved.
    sites
        Open columns, by increasing code, shape (n_site,).
    codes
        Their codes.
    objective
        Person-minutes ("p-median", "capacitated") or persons covered ("max-cover"), counted
        by the problem's weights; number of sites ("set-cover") or minutes of the longest
        journey ("p-center").
    bound
        No plan can be better than this: a lower bound, but an upper one for "max-cover".
    gap
        Distance between the two as a share of the objective; 0 when proven.
    optimal
        Whether the plan is proven best.
    assignment
        Column of the site that serves each demand, -1 out of reach, shape (n_demand,).
    minutes
        Journey of each demand, infinite out of reach, shape (n_demand,).
    mean_min
        Mean journey of a person in reach; NaN when nobody is.
    counted_min
        Mean journey of everybody, where who is out of reach or without room counts
        ``unserved_min``: what a p-median makes least.
    persons_unserved
        Persons out of reach of every open site.
    solver
        What found the plan, in French.
    stop
        What the run was told to stop by.
    iterations, seconds
        What it took.
    reasons
        One :class:`Reason` for each site, in the order of ``sites``.
    positions
        Positions at each site, shape (n_site,); ones but for "capacitated".
    clamped
        Demands whose multiplier the end of their list held down: the bound holds all the
        same, but longer lists might raise it.
    """

    model: Model
    sites: Ints
    codes: tuple[str, ...]
    objective: float
    bound: float
    gap: float
    optimal: bool
    assignment: Ints
    minutes: Floats
    mean_min: float
    counted_min: float
    persons_unserved: float
    solver: str
    stop: StopRecord
    iterations: int
    seconds: float
    reasons: tuple[Reason, ...]
    positions: Ints
    clamped: int = 0


def solve(
    problem: SitingProblem,
    stop: Stop,
    *,
    seed: int = 0,  # noqa: ARG001
    progress: ProgressCallback | None = None,
) -> SitingPlan:
    """Solve a siting problem; the best plan so far comes back when ``stop`` says so.

    Parameters
    ----------
    problem
        What to solve.
    stop
        Asked at each iteration (a subgradient step) and from inside HiGHS.
    seed
        Reserved to randomised search; the present solvers are deterministic.
    progress
        Told how far the run is; it may raise to cancel.

    Raises
    ------
    InfeasibleError
        When no plan satisfies the problem.
    """
    watch = Watch(stop, progress)
    problem = near_enough(problem)
    core = canonical(problem)
    return _plan(problem, core, _found(problem, core, watch), watch)


def near_enough(problem: SitingProblem) -> SitingProblem:
    """Drop the journeys that nobody may make, so that no preference sends a person so far."""
    farthest, costs = problem.rules.farthest_min, problem.costs_min
    if farthest is None or isinstance(costs, PointCosts):
        return problem
    coo = sparse.coo_array(costs)
    kept = coo.data <= farthest
    near = (coo.data[kept], (coo.row[kept], coo.col[kept]))
    return replace(problem, costs_min=sparse.csr_array(near, shape=problem.shape))


def _found(problem: SitingProblem, core: Core, watch: Watch) -> Found:
    if problem.model == "set-cover":
        return solve_set_cover(problem, core, watch)
    if problem.model == "p-center":
        return solve_center(problem, core, watch)
    if problem.model == "capacitated":
        return solve_capacitated(problem, core, watch)
    return solve_exact(core, watch) if problem.rules.empty else solve_ruled(problem, core, watch)


def _plan(problem: SitingProblem, core: Core, found: Found, watch: Watch) -> SitingPlan:
    sites = core.candidate[np.flatnonzero(found.chosen)]
    sites = sites[np.argsort(np.array(problem.candidate_codes)[sites], kind="stable")]
    service = serve(problem, sites)
    if found.main_site is not None:
        service = assigned(problem, core.demand, core.candidate, found.main_site)
    value = _value(problem, service, found)
    optimal = found.bound >= found.objective
    bound = found.bound
    if problem.model == "max-cover":
        bound = float(problem.weights.sum()) - bound
    if optimal:
        bound = value
    positions = np.ones(problem.shape[1], dtype=np.int64)
    if found.positions is not None:
        positions[core.candidate] = found.positions
    left, journey = _left_and_journey(core, found, service)
    assert problem.persons is not None
    here, away = problem.persons * (1 - left), problem.persons * left
    reached, lost = float(here.sum()), float(away.sum())
    total = float((here * journey).sum())
    return SitingPlan(
        model=problem.model,
        sites=sites,
        codes=tuple(problem.candidate_codes[j] for j in sites),
        objective=value,
        bound=bound,
        gap=_gap(value, bound),
        optimal=optimal,
        assignment=service.assignment,
        minutes=service.minutes,
        mean_min=total / reached if reached else np.nan,
        counted_min=(total + lost * problem.unserved) / max(reached + lost, 1e-12),
        persons_unserved=lost,
        solver=found.solver,
        stop=StopRecord(watch.stop.kind, watch.stop.value),
        iterations=watch.iteration,
        seconds=watch.seconds,
        reasons=explain(problem, sites, service),
        positions=positions[sites],
        clamped=found.clamped,
    )


def _left_and_journey(core: Core, found: Found, service: Service) -> tuple[Floats, Floats]:
    """Return the share of each demand that nobody serves, and the minutes of the others, (n,)."""
    away = ~np.isfinite(service.minutes)
    left, journey = away.astype(np.float64), np.where(away, 0.0, service.minutes)
    if found.left_share is not None and found.journey_min is not None:
        left[core.demand], journey[core.demand] = found.left_share, found.journey_min
    return left, journey


def _value(problem: SitingProblem, service: Service, found: Found) -> float:
    """Objective from the problem itself, but for what only the solver knows."""
    if problem.model in ("capacitated", "p-center", "set-cover"):
        return found.objective
    return objective(problem, service)


def _gap(value: float, bound: float) -> float:
    if value == bound:
        return 0.0
    return abs(value - bound) / abs(value) if value else np.inf
