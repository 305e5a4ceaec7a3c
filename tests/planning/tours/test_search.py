"""The search itself: books kept exactly, ruin and return, published instances."""

import math
from itertools import pairwise

import numpy as np
import pytest

from planning.stopping import after_iterations
from planning.tours.anneal import anneal
from planning.tours.instance import PeriodicInstance
from planning.tours.model import build_model
from planning.tours.search import Search
from tests.bench import cordeau


def random_instance(seed, n=18, n_day=4, vans=2, capacity=45.0):
    """Random points; every frequency; capacity that nearly fills, or leaves some waiting."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 50, (n + 1, 2))
    cost = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    choices = [
        tuple((d,) for d in range(n_day)),
        ((0, 2), (1, 3)),
        ((0, 1, 2, 3),),
    ]
    patterns = tuple(choices[i % 3] for i in range(n))
    return PeriodicInstance(
        arc_cost=cost,
        n_base=1,
        n_day=n_day,
        slot_base=np.zeros((n_day, vans), dtype=np.int64),
        load=rng.integers(1, 9, n).astype(float),
        capacity=capacity,
        patterns=patterns,
        pattern_cost=tuple((0.0,) * len(p) for p in patterns),
        leave_out_cost=np.full(n, np.inf),
    )


def assert_books(search):
    """Lists, arrays, patterns, loads and cost tell the same story."""
    table, instance = search.table, search.instance
    visits = {}
    for slot, route in enumerate(table.routes):
        size = len(route)
        assert table.nodes[slot, 1 : size + 1].tolist() == route
        assert not table.nodes[slot, size + 1 :].any()
        path = [0, *route, 0]
        if route:
            expected = [instance.arc_cost[a, b] for a, b in pairwise(path)]
            assert table.edges[slot, : size + 1].tolist() == pytest.approx(expected)
        assert (table.edges[slot, size + 1 :] < -1e8).all()
        load = sum(instance.load[node - 1] for node in route)
        assert table.loads[slot] == pytest.approx(load)
        assert load <= instance.capacity
        for node in route:
            visits.setdefault(node - 1, []).append(slot // instance.vans)
    for client, pattern in enumerate(search.pattern):
        if pattern < 0:
            assert client in search.pool
            assert client not in visits
        else:
            assert tuple(sorted(visits[client])) == instance.patterns[client][pattern]
            assert client not in search.pool
    assert search.cost == pytest.approx(search.full_cost())


@pytest.mark.parametrize("capacity", [45.0, 14.0])
@pytest.mark.parametrize("seed", range(3))
def test_books_are_kept_through_moves_taken_and_taken_back(seed, capacity):
    search = Search(random_instance(seed, capacity=capacity), seed)
    search.build()
    assert_books(search)
    assert bool(search.pool) == (capacity < 20.0)
    outcomes = []
    for step in range(300):
        outcomes.append(search.move(20.0 if step < 150 else 0.01))
        if step % 25 == 0:
            assert_books(search)
    assert_books(search)
    assert {True, False} == set(outcomes)


def test_a_move_taken_back_leaves_no_trace():
    search = Search(random_instance(9), 9)
    search.build()
    while True:
        before = (search.solution(), search.table.nodes.copy(), search.table.loads.copy())
        if not search.move(0.0):
            break
    assert search.solution() == before[0]
    assert (search.table.nodes == before[1]).all()
    assert (search.table.loads == before[2]).all()


def test_longer_searches_do_not_answer_worse():
    instance = random_instance(2)
    costs = [anneal(instance, after_iterations(n), seed=4).solution.rank for n in (0, 50, 2000)]
    assert costs[0] >= costs[1]
    assert costs[2] < costs[0]


def test_minutes_are_kept_as_costs_are(problem_of):
    _, instance = build_model(problem_of(16, 2, 2, seed=7))
    search = Search(instance, 0)
    search.build()
    for _ in range(200):
        search.move(1.0)
    table = search.table
    for slot, route in enumerate(table.routes):
        path = [table.base[slot], *route, table.base[slot]]
        minutes = sum(instance.arc_min[a, b] for a, b in pairwise(path))
        minutes += sum(instance.service_min[node] for node in route)
        assert table.total_min[slot] == pytest.approx(minutes if route else 0.0)


@pytest.mark.skipif(not cordeau.FOLDER.exists(), reason=f"dossier absent : {cordeau.FOLDER}")
def test_published_instances_are_read_with_their_quirks():
    p01 = cordeau.read("p01")
    assert (p01.n_client, p01.n_day, p01.vans, p01.capacity) == (51, 2, 3, 160.0)
    assert set(p01.patterns[:50]) == {((1,), (0,))}
    assert p01.patterns[50] == ((0,),)
    assert (p01.load[50], p01.arc_cost[0, 51]) == (160.0, 0.0)  # holds a vehicle, costs nothing
    assert cordeau.days_of(0b10000, 5) == (0,)
    assert cordeau.days_of(0b00101, 5) == (2, 4)
    assert [cordeau.read(name).n_client for name in ("p07", "p11", "p13")] == [100, 139, 417]
    assert math.isinf(p01.max_min)


@pytest.mark.slow
@pytest.mark.skipif(not cordeau.FOLDER.exists(), reason=f"dossier absent : {cordeau.FOLDER}")
@pytest.mark.parametrize(("name", "gap"), [("p01", 0.03), ("p02", 0.05), ("p07", 0.06)])
def test_short_runs_come_near_the_best_known(name, gap):
    found = anneal(cordeau.read(name), after_iterations(2500), seed=1).solution
    assert found.missing == 0
    assert found.cost <= cordeau.best_known()[name] * (1 + gap)
