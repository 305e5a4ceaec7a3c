"""Set covering and p-center: reductions, bound, search, and what a short time gives."""

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from geodata.errors import InfeasibleError
from planning.siting.covers import CoverSearch, cover_bound, greedy_cover
from planning.siting.kernel import kernel
from planning.siting.plan import solve
from planning.siting.problem import SitingProblem
from planning.siting.rules import GroupRule, Rules
from planning.siting.watch import Watch
from planning.stopping import after_iterations, after_seconds
from tests.planning.siting.oracles import matrix, random_problem

LONG = after_iterations(100_000)


def random_near(seed: int, n: int = 12, m: int = 8) -> sparse.csr_array:
    rng = np.random.default_rng(seed)
    near = rng.random((n, m)) < 0.3
    near[np.arange(n), rng.integers(0, m, n)] = True
    return sparse.csr_array(near.astype(float))


def fewest(near: sparse.csr_array, opened: np.ndarray, closed: np.ndarray) -> int:
    dense = near.toarray() > 0
    free = np.flatnonzero(~(opened | closed))
    for k in range(len(free) + 1):
        for sites in itertools.combinations(free, k):
            chosen = opened.copy()
            chosen[list(sites)] = True
            if dense[:, chosen].any(axis=1).all():
                return int(chosen.sum())
    raise AssertionError


@pytest.mark.parametrize("seed", range(30))
def test_the_kernel_keeps_the_fewest_sites(seed):
    near = random_near(seed)
    opened, closed = np.arange(8) == 3, np.arange(8) == 5
    near = near[np.flatnonzero(near @ (~closed).astype(float))]
    best = fewest(near, opened, closed)
    small = kernel(near, opened, closed)
    assert small.near.shape[0] <= near.shape[0]
    assert not small.opened[5]
    assert small.opened[3]
    none = np.zeros(small.near.shape[1], dtype=bool)
    assert fewest(small.near, none, none) + small.opened.sum() == best
    picked = greedy_cover(small.near)
    assert (near @ small.chosen(picked).astype(float) > 0).all()
    bound, multipliers = cover_bound(small.near, float(picked.sum()), Watch(LONG))
    assert (multipliers >= 0).all()
    assert bound <= best - small.opened.sum() + 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_the_search_ends_at_the_fewest_sites(seed):
    near = random_near(seed, n=20, m=12)
    none = np.zeros(12, dtype=bool)
    everything = np.ones(12, dtype=bool)
    found = CoverSearch(near, everything).run(0, 2_000, Watch(LONG))
    assert (near @ found.astype(float) > 0).all()
    assert found.sum() == fewest(near, none, none)


def permuted(problem: SitingProblem, seed: int) -> SitingProblem:
    rng = np.random.default_rng(seed)
    row, column = rng.permutation(problem.shape[0]), rng.permutation(problem.shape[1])
    groups = [replace(group, members=group.members[column]) for group in problem.rules.groups[::-1]]
    return replace(
        problem,
        costs_min=problem.costs_min.tocsc()[:, column].tocsr()[row],
        weights=problem.weights[row],
        demand_codes=tuple(problem.demand_codes[i] for i in row),
        candidate_codes=tuple(problem.candidate_codes[j] for j in column),
        kept=problem.kept[column],
        forced=None,
        forbidden=problem.forbidden[column],
        penalty_min=None,
        rules=replace(problem.rules, groups=tuple(groups)),
    )


@pytest.mark.parametrize("model", ["set-cover", "p-center"])
@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_rows_changes_no_cover(seed, model):
    rng = np.random.default_rng(seed)
    minutes = np.rint(rng.uniform(0, 40, (24, 12)))
    minutes[np.arange(24), rng.integers(0, 12, 24)] = 8.0
    north = np.arange(12) < 5
    groups = (GroupRule("nord", north, 1, 3), GroupRule("sud", ~north, 1))
    for rules in (Rules(), Rules(groups=groups)):
        problem = replace(
            random_problem(seed, n=24, m=12, p=5), costs_min=matrix(minutes), model=model,
            cover_min=12.0, kept=np.arange(12) == 4, rules=rules, unserved_min=60.0,
        )  # fmt: skip
        one, two = solve(problem, LONG), solve(permuted(problem, seed), LONG)
        assert one.codes == two.codes
        assert (one.objective, one.bound) == (two.objective, two.bound)


def plane(seed: int, n: int, side_min: float) -> np.ndarray:
    """Minutes between random points of a square."""
    at = np.random.default_rng(seed).uniform(0, side_min, (n, 2))
    return np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))


def farthest_point(minutes: np.ndarray, p: int) -> float:
    """Radius of p points, each the farthest from those before (Gonzalez 1985)."""
    nearest = minutes[0].copy()
    for _ in range(p - 1):
        nearest = np.minimum(nearest, minutes[int(np.argmax(nearest))])
    return float(nearest.max())


def test_a_short_time_gives_a_true_bound_and_a_good_radius():
    minutes = plane(1, 500, 60.0)
    codes = tuple(f"{i:04d}" for i in range(500))
    problem = SitingProblem(
        matrix(minutes), np.ones(500), 25, codes, codes, model="p-center", unserved_min=120.0
    )
    started = time.process_time()
    plan = solve(problem, after_seconds(2))
    assert time.process_time() - started < 8
    known = farthest_point(minutes, 25)
    assert plan.bound <= plan.objective <= known
    assert plan.bound >= known / 2
    assert len(plan.sites) == 25
    assert plan.minutes.max() == plan.objective


def test_too_few_sites_for_everybody_say_how_many_are_needed():
    minutes = np.array([[1.0, np.inf], [np.inf, 1.0]])
    problem = SitingProblem(
        matrix(minutes), np.ones(2), 1, ("a", "b"), ("x", "y"), model="p-center"
    )
    with pytest.raises(InfeasibleError, match="au moins 2 sites"):
        solve(problem, LONG)
    assert solve(replace(problem, sites=2), LONG).objective == 1


def test_a_plane_of_villages_is_covered_close_to_its_bound():
    minutes = plane(2, 600, 90.0)
    codes = tuple(f"{i:04d}" for i in range(600))
    problem = SitingProblem(
        matrix(minutes), np.ones(600), 1, codes, codes, model="set-cover", cover_min=9.0,
        unserved_min=180.0,
    )  # fmt: skip
    plan = solve(problem, after_seconds(4))
    assert plan.minutes.max() <= 9
    assert plan.bound <= plan.objective == len(plan.sites)
    assert plan.gap < 0.12
