"""The other models and the rules, against enumeration."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from geodata.errors import InfeasibleError
from planning.siting.plan import solve
from planning.siting.problem import SitingProblem
from planning.siting.rules import GroupRule, Rules
from planning.stopping import after_iterations
from tests.planning.siting.oracles import (
    allowed_plans,
    dense,
    matrix,
    plan_value,
    random_problem,
)

LONG = after_iterations(100_000)


def everyone_reachable(seed: int, **more) -> SitingProblem:
    """A random problem where each demand has a site within 15 minutes."""
    rng = np.random.default_rng(seed)
    minutes = np.rint(rng.uniform(0, 40, (14, 9)))
    minutes[np.arange(14), rng.integers(0, 9, 14)] = 10.0
    rows, columns = np.divmod(np.arange(14 * 9), 9)
    every = sparse.csr_array((minutes.ravel(), (rows, columns)), shape=(14, 9))
    return replace(random_problem(seed), costs_min=every, sites=more.pop("p", 3), **more)


@pytest.mark.parametrize("seed", range(15))
def test_the_fewest_sites_that_cover_all(seed):
    problem = everyone_reachable(seed, model="set-cover", cover_min=15.0)
    plan = solve(problem, LONG)
    near = dense(problem)[problem.weights > 0] <= 15
    fewest = next(
        k
        for k in range(1, 10)
        for sites in itertools.combinations(range(9), k)
        if near[:, list(sites)].any(axis=1).all()
    )
    assert plan.optimal
    assert plan.objective == plan.bound == len(plan.sites) == fewest
    assert (plan.minutes[problem.weights > 0] <= 15).all()


@pytest.mark.parametrize("seed", range(15))
def test_the_smallest_longest_journey(seed):
    problem = everyone_reachable(seed, model="p-center", p=3)
    plan = solve(problem, LONG)
    longest = min(
        dense(problem)[:, list(sites)].min(axis=1)[problem.weights > 0].max()
        for sites in allowed_plans(problem)
    )
    assert plan.optimal
    assert len(plan.sites) == 3
    assert plan.objective == plan.bound == longest
    assert plan.minutes[problem.weights > 0].max() == longest


def transport(problem: SitingProblem, positions: dict[int, int]) -> float:
    """Least person-minutes with given positions, by a dense linear programme."""
    minutes, weights = dense(problem), problem.weights
    sites = sorted(positions)
    n, k = len(weights), len(sites)
    cost = np.concatenate(
        [
            np.where(np.isfinite(minutes[:, sites]), minutes[:, sites], 1e6).ravel(),
            np.full(n, problem.unserved_min),
        ]
    )
    serve = np.hstack([np.kron(np.eye(n), np.ones(k)), np.eye(n)])
    room = np.hstack([np.kron(np.ones(n), np.eye(k)), np.zeros((k, n))])
    capacity = [problem.capacity * positions[j] for j in sites]
    return linprog(cost, A_ub=room, b_ub=capacity, A_eq=serve, b_eq=weights).fun


@pytest.mark.parametrize("seed", range(4))
def test_positions_and_caseloads(seed):
    problem = random_problem(seed, n=7, m=5, p=3, model="capacitated", capacity=35.0, positions=2)
    plan = solve(problem, LONG)
    best = min(
        transport(problem, {j: sites.count(j) for j in set(sites)})
        for sites in itertools.combinations_with_replacement(range(5), 3)
        if max(sites.count(j) for j in sites) <= 2
    )
    assert plan.optimal
    assert plan.objective == pytest.approx(best, abs=1e-6)
    assert plan.positions.sum() == 3
    assert plan.positions.max() <= 2


@pytest.mark.parametrize("model", ["p-median", "max-cover"])
@pytest.mark.parametrize("seed", range(12))
def test_the_best_plan_under_rules(seed, model):
    rng = np.random.default_rng(seed)
    north = np.arange(9) < 4
    cost = rng.integers(1, 9, 9).astype(float)
    rules = Rules(
        groups=(GroupRule("canton nord", north, 1, 1), GroupRule("sud", ~north, maximum=2)),
        farthest_min=30.0,
        cost_eur=cost,
        budget_eur=float(np.sort(cost)[3:6].sum()),
    )
    problem = everyone_reachable(seed, model=model, cover_min=12.0, rules=rules)
    minutes = dense(problem)[problem.weights > 0]
    valid = [
        sites
        for sites in allowed_plans(problem)
        if sum(north[list(sites)]) == 1
        and cost[list(sites)].sum() <= rules.budget_eur
        and (minutes[:, list(sites)] <= 30).any(axis=1).all()
    ]
    if not valid:
        with pytest.raises(InfeasibleError):
            solve(problem, LONG)
        return
    plan = solve(problem, LONG)
    assert tuple(sorted(plan.sites)) in valid
    assert plan.optimal
    best = min(plan_value(problem, sites) for sites in valid)
    assert abs(plan.objective) == pytest.approx(abs(best), rel=1e-12)


def test_a_conflict_names_only_the_rules_that_make_it():
    every = np.ones(9, dtype=bool)
    rules = Rules(
        groups=(
            GroupRule("le canton de Moulins", np.arange(9) < 4, minimum=2),
            GroupRule("l'EPCI de Vichy", np.arange(9) >= 4, minimum=2),
            GroupRule("le département", every, maximum=8),
        ),
        cost_eur=np.ones(9),
        budget_eur=100.0,
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(everyone_reachable(0, rules=rules), LONG)
    text = str(caught.value)
    assert "3 sites en tout" in text
    assert "au moins 2 dans le canton de Moulins" in text
    assert "au moins 2 dans l'EPCI de Vichy" in text
    assert "département" not in text
    assert "budget" not in text


class AfterQuestions:
    """Stops at the given question: a clock that runs out in the middle of the sorting."""

    kind = "questions"

    def __init__(self, value: int) -> None:
        self.value = value
        self.asked = 0

    def __call__(self, iteration: int, best: float) -> bool:
        self.asked += 1
        return self.asked > self.value


@pytest.mark.parametrize("questions", [1, 2, 3, 1000])
def test_a_conflict_that_was_not_sorted_out_says_so(questions):
    north = np.arange(9) < 4
    rules = Rules(
        groups=(
            GroupRule("nord", north, minimum=2),
            GroupRule("sud", ~north, minimum=2),
            GroupRule("tout", np.ones(9, dtype=bool), maximum=8),
        )
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(everyone_reachable(0, rules=rules), AfterQuestions(questions))
    text = str(caught.value)
    assert ("aucune part au conflit" in text) == (questions < 1000)
    assert ("au plus 8 dans tout" in text) == (questions < 1000)
    assert "au moins 2 dans nord" in text


def test_a_distance_nobody_can_keep_says_for_how_many():
    minutes = np.array([[5.0, 50.0], [50.0, 45.0]])
    problem = SitingProblem(
        sparse.csr_array(minutes),
        np.ones(2),
        1,
        ("a", "b"),
        ("x", "y"),
        rules=Rules(farthest_min=20.0),
    )
    with pytest.raises(InfeasibleError, match="impossible pour 1 lieux de besoin"):
        solve(problem, LONG)


@pytest.mark.parametrize("model", ["set-cover", "p-center"])
def test_kept_sites_stay_in_every_model(model):
    kept = np.arange(9) == 7
    plan = solve(everyone_reachable(2, model=model, cover_min=15.0, kept=kept), LONG)
    assert 7 in plan.sites


def test_a_longest_journey_binds_the_capacitated_model_too():
    """The near site is full: the far one is too far, so the rules have no plan."""
    minutes = np.array([[5.0, 40.0], [6.0, 10.0]])
    problem = SitingProblem(
        matrix(minutes), np.array([10.0, 10.0]), 2, ("a", "b"), ("x", "y"),
        model="capacitated", capacity=10.0, unserved_min=60.0,
        rules=Rules(farthest_min=20.0),
    )  # fmt: skip
    plan = solve(problem, LONG)
    assert plan.assignment.tolist() == [0, 1]
    assert plan.persons_unserved == 0
    with pytest.raises(InfeasibleError, match="distance maximale"):
        solve(replace(problem, weights=np.array([15.0, 10.0])), LONG)


def test_a_budget_of_the_capacitated_model_counts_positions():
    problem = SitingProblem(
        matrix(np.array([[5.0, 30.0]])), np.array([20.0]), 2, ("a",), ("x", "y"),
        model="capacitated", capacity=10.0, positions=2, unserved_min=60.0,
        rules=Rules(cost_eur=np.array([10.0, 4.0]), budget_eur=14.0),
    )  # fmt: skip
    plan = solve(problem, LONG)
    assert plan.positions.tolist() == [1, 1]
    assert solve(replace(problem, rules=Rules()), LONG).positions.tolist() == [2]


def test_a_preference_never_sends_anyone_too_far():
    problem = SitingProblem(
        matrix(np.array([[10.0, 25.0]])), np.array([5.0]), 2, ("a",), ("x", "y"),
        unserved_min=90.0, penalty_min=np.array([30.0, 0.0]),
    )  # fmt: skip
    assert solve(problem, LONG).minutes.tolist() == [25.0]
    ruled = solve(replace(problem, rules=Rules(farthest_min=20.0)), LONG)
    assert ruled.minutes.tolist() == [10.0]
