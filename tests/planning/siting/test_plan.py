from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geodata.errors import InfeasibleError
from planning.siting.plan import solve
from planning.siting.problem import SitingProblem
from planning.siting.rules import GroupRule, Rules
from planning.stopping import after_iterations, after_seconds
from tests.planning.siting.oracles import (
    allowed_plans,
    best_value,
    dense,
    plan_value,
    random_problem,
)

LONG = after_iterations(100_000)
SEEDS = st.integers(0, 10_000)


def cost(plan) -> float:
    return -plan.objective if plan.model == "max-cover" else plan.objective


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("model", ["p-median", "max-cover"])
def test_the_plan_is_the_best_of_all(seed, model):
    problem = random_problem(seed, p=1 + seed % 6, model=model, cover_min=12.0)
    plan = solve(problem, LONG)
    assert plan.optimal
    assert plan.gap == 0
    assert plan.bound == plan.objective
    assert len(plan.sites) == problem.sites
    assert cost(plan) == pytest.approx(best_value(problem), rel=1e-12)


@pytest.mark.parametrize("seed", range(15))
def test_masks_and_penalties_hold(seed):
    rng = np.random.default_rng(seed)
    kept, forced, forbidden = np.zeros((3, 9), dtype=bool)
    a, b, c, d = rng.permutation(9)[:4]
    kept[a] = forced[b] = forbidden[c] = forbidden[d] = True
    problem = random_problem(
        seed,
        p=4,
        kept=kept,
        forced=forced,
        forbidden=forbidden,
        penalty_min=rng.integers(0, 4, 9).astype(float),
    )
    plan = solve(problem, LONG)
    assert {a, b} <= set(plan.sites)
    assert not {c, d} & set(plan.sites)
    assert plan.objective == pytest.approx(best_value(problem), rel=1e-12)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("model", ["max-cover", "set-cover", "p-center"])
def test_a_preference_changes_neither_who_is_covered_nor_how_far_people_go(seed, model):
    preference = np.random.default_rng(seed).integers(0, 9, 9).astype(float)
    problem = random_problem(seed, n=8, p=4, model=model, cover_min=25.0, penalty_min=preference)
    try:
        plan = solve(problem, LONG)
    except InfeasibleError:
        assert model != "max-cover"  # somebody is near no candidate at all
        return
    near = dense(problem)[:, plan.sites].min(axis=1)
    here = problem.weights > 0
    np.testing.assert_array_equal(plan.minutes[here], near[here])
    if model == "max-cover":
        assert plan.objective == problem.weights[near <= 25.0].sum() == -best_value(problem)
    if model == "set-cover":
        assert (plan.minutes[here] <= 25.0).all()


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, model=st.sampled_from(["p-median", "max-cover"]))
def test_the_order_of_rows_changes_nothing(seed, model):
    problem = random_problem(seed, model=model, cover_min=10.0)
    rng = np.random.default_rng(seed + 1)
    rows, columns = rng.permutation(problem.shape[0]), rng.permutation(problem.shape[1])
    shuffled = replace(
        problem,
        costs_min=sparse.csr_array(problem.costs_min)[rows][:, columns],
        weights=problem.weights[rows],
        demand_codes=tuple(problem.demand_codes[i] for i in rows),
        candidate_codes=tuple(problem.candidate_codes[j] for j in columns),
        kept=problem.kept[columns],
        forced=problem.forced[columns],
        forbidden=problem.forbidden[columns],
        penalty_min=problem.penalty_min[columns],
    )
    one, two = solve(problem, LONG), solve(shuffled, LONG)
    assert one.codes == two.codes
    assert one.objective == pytest.approx(two.objective, rel=1e-14)
    for i, row in enumerate(rows):
        there = two.assignment[i]
        here = one.assignment[row]
        assert (here < 0) == (there < 0)
        assert here < 0 or problem.candidate_codes[here] == shuffled.candidate_codes[there]


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, model=st.sampled_from(["p-median", "max-cover"]))
def test_one_more_site_is_never_worse(seed, model):
    problem = random_problem(seed, model=model, cover_min=10.0, p=2)
    assert cost(solve(problem.with_sites(3), LONG)) <= cost(solve(problem, LONG)) + 1e-9


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, iterations=st.integers(0, 40))
def test_a_bound_is_a_bound_however_early_the_stop(seed, iterations):
    problem = random_problem(seed, n=20, m=12, p=4)
    plan = solve(problem, after_iterations(iterations))
    best = best_value(problem)
    assert plan.bound <= best * (1 + 1e-9)
    assert plan.objective >= best * (1 - 1e-9)
    assert plan.optimal == (plan.gap == 0)
    assert plan.iterations <= iterations + 1


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("model", ["p-median", "max-cover"])
def test_reasons_are_what_enumeration_says(seed, model):
    kept = np.zeros(9, dtype=bool)
    kept[seed % 9] = True
    problem = random_problem(seed, p=3, kept=kept, model=model, cover_min=15.0)
    plan = solve(problem, LONG)
    whole = plan_value(problem, tuple(plan.sites))
    for site, reason in zip(plan.sites, plan.reasons, strict=True):
        others = tuple(j for j in plan.sites if j != site)
        assert reason.code == problem.candidate_codes[site]
        assert reason.imposed == kept[site]
        assert reason.persons == problem.weights[plan.assignment == site].sum()
        assert reason.loss == pytest.approx(plan_value(problem, others) - whole, abs=1e-9)
        best = min(plan_value(problem, (*others, j)) for j in range(9) if j not in plan.sites)
        assert reason.alternative_loss == pytest.approx(best - whole, abs=1e-9)
        swapped = (*others, problem.candidate_codes.index(reason.alternative))
        assert plan_value(problem, swapped) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_the_replacement_of_a_site_breaks_no_rule(seed):
    rng = np.random.default_rng(seed)
    first, cost = rng.random(9) < 0.5, rng.integers(1, 9, 9).astype(float)
    rules = Rules(
        (GroupRule("le canton", first, 1, 2),), farthest_min=38.0, cost_eur=cost, budget_eur=18.0
    )
    problem = random_problem(seed, n=7, p=3, rules=rules)
    plan = solve(problem, LONG)

    def follows(sites):
        near = dense(problem)[:, list(sites)].min(axis=1)
        return (
            1 <= first[list(sites)].sum() <= 2
            and cost[list(sites)].sum() <= 18.0
            and (near[problem.weights > 0] <= 38.0).all()
        )

    here = plan_value(problem, tuple(plan.sites))
    for reason, site in zip(plan.reasons, plan.sites, strict=True):
        kept = [j for j in plan.sites if j != site]
        others = [(*kept, j) for j in set(range(9)) - set(plan.sites)]
        values = [plan_value(problem, one) - here for one in others if follows(one)]
        if not values:
            assert reason.alternative is None
        else:
            assert reason.alternative_loss == pytest.approx(min(values), abs=1e-9)


def test_new_persons_are_those_whom_no_kept_site_reached():
    minutes = np.array([[5.0, 50.0], [50.0, 5.0], [15.0, 2.0]])
    problem = SitingProblem(
        sparse.csr_array(minutes),
        np.array([10.0, 20.0, 40.0]),
        2,
        ("a", "b", "c"),
        ("old", "new"),
        kept=np.array([True, False]),
        unserved_min=60.0,
    )
    reasons = {reason.code: reason for reason in solve(problem, LONG).reasons}
    assert reasons["new"].persons == 60
    assert reasons["new"].new_persons == 20
    assert reasons["new"].saved_min == 20 * 45 + 40 * 13
    assert reasons["old"].new_persons == 0


def test_out_of_reach_is_said_not_hidden():
    problem = SitingProblem(
        sparse.csr_array(([0.0], ([0], [0])), shape=(2, 1)),
        np.array([3.0, 4.0]),
        1,
        ("a", "b"),
        ("x",),
        unserved_min=30.0,
    )
    plan = solve(problem, LONG)
    assert plan.assignment.tolist() == [0, -1]
    assert plan.minutes.tolist() == [0.0, np.inf]
    assert plan.objective == 120
    assert plan.persons_unserved == 4
    assert plan.mean_min == 0


def test_nobody_to_serve():
    problem = random_problem(3, p=2)
    plan = solve(replace(problem, weights=np.zeros(14)), LONG)
    assert plan.objective == 0
    assert plan.optimal
    assert plan.codes == tuple(sorted(problem.candidate_codes)[:2])


def test_the_stop_is_recorded():
    plan = solve(random_problem(1), after_seconds(5))
    assert (plan.stop.kind, plan.stop.value) == ("seconds", 5)
    assert plan.seconds < 5


def test_progress_may_cancel():
    class CancelledError(Exception):
        pass

    def progress(step):
        raise CancelledError

    with pytest.raises(CancelledError):
        solve(random_problem(2, n=40, m=30, p=5), LONG, progress=progress)


def test_enumeration_respects_masks():
    kept = np.zeros(9, dtype=bool)
    kept[0] = True
    assert all(0 in sites for sites in allowed_plans(random_problem(0, kept=kept)))


@pytest.mark.parametrize("seed", range(8))
def test_the_mean_that_counts_everybody_is_what_is_made_least(seed):
    problem = random_problem(seed)
    plan = solve(problem, after_iterations(100_000))
    persons = problem.weights.sum()
    assert plan.counted_min * persons == pytest.approx(plan.objective)
    crowded = replace(problem, model="capacitated", capacity=0.5 * persons / problem.sites)
    short = solve(crowded, after_iterations(100_000))
    assert short.counted_min * persons == pytest.approx(short.objective)
    assert short.persons_unserved >= 0.5 * persons - 1e-6
