"""Waves, alternatives and the frontier."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import DataError, InfeasibleError
from planning.siting.alternatives import alternatives, frontier
from planning.siting.plan import solve
from planning.siting.rules import GroupRule, Rules
from planning.siting.waves import grow, shrink
from planning.stopping import after_iterations
from tests.planning.siting.oracles import allowed_plans, dense, plan_value, random_problem


def stop():
    return after_iterations(100_000)


@pytest.mark.parametrize("model", ["p-median", "max-cover"])
@pytest.mark.parametrize("seed", range(5))
def test_waves_are_nested_and_say_what_it_costs(seed, model):
    problem = random_problem(seed, model=model, cover_min=12.0)
    up = grow(problem, (2, 4, 6), stop)
    for before, after in itertools.pairwise(up):
        assert set(before.nested.codes) <= set(after.nested.codes)
    for wave in up:
        assert len(wave.nested.sites) == wave.sites
        assert wave.nesting_cost >= -1e-12
        alone = solve(problem.with_sites(wave.sites), stop())
        assert wave.alone.objective == alone.objective
    assert up[0].nesting_cost == 0
    down = shrink(problem, (6, 4, 2), stop)
    for before, after in itertools.pairwise(down):
        assert set(after.nested.codes) <= set(before.nested.codes)


def test_waves_must_follow_one_another():
    with pytest.raises(DataError):
        grow(random_problem(0), (4, 2), stop)
    with pytest.raises(DataError):
        shrink(random_problem(0), (2, 2), stop)


@pytest.mark.parametrize("seed", range(5))
def test_alternatives_differ_and_each_is_the_best_that_does(seed):
    problem = random_problem(seed, p=4)
    plans = alternatives(problem, 3, 0.5, stop)
    for one, two in itertools.combinations(plans, 2):
        assert len(set(one.codes) & set(two.codes)) <= 2
    first = set(plans[0].sites)
    best = min(
        plan_value(problem, sites)
        for sites in allowed_plans(problem)
        if len(first & set(sites)) <= 2
    )
    assert plans[1].objective == pytest.approx(best, rel=1e-12)
    assert plans[1].optimal


def test_the_alternatives_found_are_kept_when_there_are_no_more():
    problem = random_problem(0, p=7)
    (only,) = alternatives(problem, 4, 0.9, stop)
    assert only.objective == solve(problem, stop()).objective


def test_rules_that_no_plan_follows_are_said_by_the_alternatives_too():
    everywhere = GroupRule("le canton", np.ones(9, dtype=bool), minimum=5)
    with pytest.raises(InfeasibleError, match="le canton"):
        alternatives(random_problem(0, p=3, rules=Rules((everywhere,))), 2, 0.5, stop)


@pytest.mark.parametrize("seed", range(5))
def test_the_frontier_goes_from_mean_time_to_coverage(seed):
    problem = random_problem(seed, p=3, cover_min=12.0)
    points = frontier(problem, 12.0, (0, 10, 1000), stop)
    means = [point.mean_min for point in points]
    shares = [point.share_within for point in points]
    assert means == sorted(means)
    assert shares == sorted(shares)
    total = problem.weights.sum()
    assert means[0] == pytest.approx(solve(problem, stop()).objective / total)
    covered = random_problem(seed, p=3, cover_min=12.0, model="max-cover")
    assert shares[-1] == pytest.approx(solve(covered, stop()).objective / total)
    assert not all(point.dominated for point in points)
    assert (points[0].plan.minutes[np.isfinite(points[0].plan.minutes)] <= 40).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_frontier_measures_a_longest_journey_before_it_adds_anything(seed):
    free = random_problem(seed, n=8, p=5)
    farthest = float(solve(replace(free, model="p-center"), stop()).objective)
    problem = replace(free, rules=Rules(farthest_min=farthest))
    found = frontier(problem, farthest / 2, (0.0, 15.0, 200.0), stop)
    here = problem.weights > 0
    for one in found:
        assert (one.plan.minutes[here] <= farthest).all()
    nearest = [dense(problem)[:, list(sites)].min(axis=1) for sites in allowed_plans(problem)]
    best = max(
        float(problem.weights[near <= farthest / 2].sum())
        for near in nearest
        if (near[here] <= farthest).all()
    )
    assert found[-1].share_within * problem.weights.sum() == pytest.approx(best)
