"""The capacitated model: its bound, its transport and its exchanges, against enumeration."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from planning.siting.ascent import Ascent
from planning.siting.core import canonical
from planning.siting.moves import improve_positions, ranked
from planning.siting.placing import Placing
from planning.siting.plan import solve
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.rooms import evaluate_rooms
from planning.siting.rules import GroupRule, Rules
from planning.siting.watch import Watch
from planning.stopping import after_iterations, after_seconds
from tests.planning.siting.oracles import matrix, random_problem

LONG = after_iterations(100_000)


def capacitated(seed: int, **more) -> SitingProblem:
    """A random problem with two positions a site at most and a little more room than needed."""
    given = {"n": 9, "m": 6, "p": 4, "model": "capacitated", "positions": 2}
    problem = random_problem(seed, **{**given, "capacity": 1.0, **more})
    return replace(problem, capacity=max(1.0, 1.2 * problem.weights.sum() / problem.sites))


def every_placing(search: Placing):
    """All positions that the masks allow."""
    rooms = search.rooms
    for counts in itertools.product(range(rooms.most + 1), repeat=rooms.shape[1]):
        positions = np.array(counts)
        if positions.sum() == rooms.total and search.rules.allow(positions):
            yield positions


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_is_under_every_placing_whatever_the_multipliers(seed):
    problem = capacitated(seed)
    search = Placing(problem, canonical(problem), Watch(LONG))
    least = min(search.transport.value(positions) for positions in every_placing(search))
    rng = np.random.default_rng(seed)
    for spread in (0.1, 1.0, 10.0):
        wild = search.core.source.outside * rng.uniform(0, spread, search.core.n)
        assert evaluate_rooms(search.lists, search.rooms, wild).bound <= least * (1 + 1e-9)
    ascent = Ascent(search.lists, search.rooms, search.dual.multipliers, search._scale)
    ascent.run(1.1 * least, 300, Watch(LONG), 1e-4)
    assert search.dual.bound < ascent.best_bound <= least * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_the_transport_serves_everybody_within_the_room(seed):
    problem = capacitated(seed)
    search = Placing(problem, canonical(problem), Watch(LONG))
    transport, rooms = search.transport, search.rooms
    for positions in itertools.islice(every_placing(search), 0, None, 7):
        sent = transport.send(positions)
        served = np.bincount(transport.rows, sent.persons, minlength=search.core.n)
        load = np.bincount(transport.sites, sent.persons, minlength=search.core.m)
        assert served + sent.left == pytest.approx(rooms.weights)
        assert (load <= rooms.capacity * positions + 1e-6).all()
        dual = sent.worth @ rooms.weights - sent.price @ (rooms.capacity * positions)
        assert dual == pytest.approx(sent.value)


@pytest.mark.parametrize("seed", range(12))
def test_exchanges_end_no_worse_than_they_began_and_keep_the_count(seed):
    problem = capacitated(seed, n=14, m=9, p=5)
    search = Placing(problem, canonical(problem), Watch(LONG))
    start = search.dual.positions
    placed = improve_positions(search.transport, search.lists, start, Watch(LONG))
    assert placed.positions.sum() == 5
    assert placed.positions.max() <= 2
    assert placed.sent.value <= search.transport.value(start) * (1 + 1e-12)
    for enter, leave in ranked(search.transport, search.lists, placed):
        assert placed.positions[enter] < 2
        assert placed.positions[leave] > 0


def permuted(problem: SitingProblem, seed: int) -> SitingProblem:
    rng = np.random.default_rng(seed)
    row, column = rng.permutation(problem.shape[0]), rng.permutation(problem.shape[1])
    groups = tuple(
        replace(group, members=group.members[column]) for group in problem.rules.groups[::-1]
    )
    return replace(
        problem,
        costs_min=problem.costs_min.tocsc()[:, column].tocsr()[row],
        weights=problem.weights[row],
        demand_codes=tuple(problem.demand_codes[i] for i in row),
        candidate_codes=tuple(problem.candidate_codes[j] for j in column),
        kept=None,
        forced=None,
        forbidden=None,
        penalty_min=None,
        rules=replace(problem.rules, groups=groups),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("iterations", [30, 100_000])
def test_the_order_of_rows_changes_no_placing(seed, iterations):
    north = np.arange(9) < 4
    rules = Rules(groups=(GroupRule("nord", north, 1, 3), GroupRule("sud", ~north, 1)))
    for asked in (Rules(), rules):
        problem = capacitated(seed, n=14, m=9, p=4, rules=asked)
        one = solve(problem, after_iterations(iterations))
        two = solve(permuted(problem, seed), after_iterations(iterations))
        assert (one.codes, one.positions.tolist()) == (two.codes, two.positions.tolist())
        assert one.objective == two.objective


def test_a_region_of_points_is_close_to_its_bound_soon():
    rng = np.random.default_rng(3)
    lonlat = np.column_stack([rng.uniform(2, 4, 700), rng.uniform(46, 47.5, 700)])
    weights = np.rint(rng.lognormal(6, 1, 700))
    codes = tuple(f"{i:05d}" for i in range(700))
    problem = SitingProblem(
        PointCosts(lonlat, lonlat), weights, 70, codes, codes,
        model="capacitated", capacity=1.25 * weights.sum() / 70, positions=3, unserved_min=90.0,
    )  # fmt: skip
    plan = solve(problem, after_iterations(900))
    assert plan.bound <= plan.objective
    assert plan.gap < 0.05
    assert plan.persons_unserved == 0


@pytest.mark.parametrize("room", [1.1, 1.6])
def test_a_long_run_tells_its_objective_by_its_own_journeys(room):
    """All rounds on a problem whose transport holds some of the pairs only."""
    rng = np.random.default_rng(11)
    lonlat = np.column_stack([rng.uniform(2, 3, 176), rng.uniform(46, 46.7, 176)])
    weights = np.rint(rng.lognormal(6, 1, 176))
    codes = tuple(f"{i:05d}" for i in range(176))
    problem = SitingProblem(
        PointCosts(lonlat, lonlat), weights, 20, codes, codes, model="capacitated",
        capacity=room * weights.sum() / 20, positions=3, unserved_min=90.0,
    )  # fmt: skip
    plan = solve(problem, after_iterations(1_600))
    assert plan.bound <= plan.objective
    assert plan.positions.sum() == 20
    assert plan.counted_min * weights.sum() == pytest.approx(plan.objective)
    assert set(plan.assignment[plan.assignment >= 0]) <= set(plan.sites)


def test_nobody_in_need_or_nobody_in_reach_still_has_a_plan():
    zero = replace(random_problem(1), weights=np.zeros(14), model="capacitated", capacity=5.0)
    nobody = solve(zero, LONG)
    assert nobody.objective == 0
    assert len(nobody.sites) == 3
    ruled = Rules(groups=(GroupRule("nord", np.arange(9) < 4, 2),))
    for model in ("p-median", "max-cover", "capacitated"):
        plan = solve(replace(zero, model=model, cover_min=9.0, rules=ruled), LONG)
        assert plan.optimal
        assert (plan.sites < 4).sum() >= 2
    alone = SitingProblem(
        matrix(np.array([[np.inf, np.inf], [np.inf, 5.0]])), np.array([4.0, 0.0]), 1,
        ("a", "b"), ("x", "y"), model="capacitated", capacity=5.0, unserved_min=60.0,
    )  # fmt: skip
    plan = solve(alone, LONG)
    assert plan.persons_unserved == 4
    assert plan.objective == 240


def test_forbidden_neighbours_do_not_make_a_plan_impossible():
    """Two hundred points on a line whose sixty nearest candidates are forbidden."""
    minutes = np.abs(np.arange(200)[:, None] - np.arange(200)[None, :]) * 1.0
    codes = tuple(f"{i:03d}" for i in range(200))
    forbidden = np.zeros(200, dtype=bool)
    forbidden[70:120] = True
    problem = SitingProblem(
        matrix(minutes), np.ones(200), 3, codes, codes, model="capacitated", capacity=100.0,
        forbidden=forbidden, unserved_min=400.0, rules=Rules(farthest_min=60.0),
    )  # fmt: skip
    plan = solve(problem, after_seconds(20))
    assert plan.persons_unserved == 0
    assert plan.minutes.max() <= 60
