"""Regularity at no cost: vans and directions."""

from dataclasses import replace

import numpy as np

from planning.stopping import after_iterations
from planning.tours import TourBase, TourProblem, TourStop, solve
from planning.tours.anneal import anneal
from planning.tours.consistency import settle
from planning.tours.instance import Solution
from planning.tours.model import build_model
from planning.tours.routing import polish
from tests.planning.tours.pyvrp_days import refused_routes


def van_changes(model, routes):
    """How many visits are made by another van than the one that comes most often."""
    met = {}
    for slot, route in enumerate(routes):
        for node in route:
            met.setdefault(node, []).append(slot % len(model.vans))
    return sum(len(vans) - max(map(vans.count, vans)) for vans in met.values())


def test_settling_costs_nothing_and_changes_vans_less(problem_of):
    problem = problem_of(24, 1, 3, every=(1, 2), seed=5)
    model, instance = build_model(problem)
    found = anneal(instance, after_iterations(200)).solution
    settled = settle(model, instance, found)
    cost = [
        sum(instance.route_cost(slot, list(route)) for slot, route in enumerate(item.routes))
        for item in (found, settled)
    ]
    assert cost[1] <= cost[0] + 1e-9
    assert van_changes(model, settled.routes) < van_changes(model, found.routes)
    assert all(model.fits(slot, list(route)) for slot, route in enumerate(settled.routes) if route)
    by_day = [
        [
            sorted(
                tuple(sorted(item.routes[day * instance.vans + van]))
                for van in range(instance.vans)
            )
            for day in range(instance.n_day)
        ]
        for item in (found, settled)
    ]
    assert by_day[0] == by_day[1]


def test_a_route_is_driven_the_way_that_keeps_the_hours():
    """Two stops in two weeks: the second week's route comes the other way round."""
    stops = (TourStop("03001", "A", 60.0, 1), TourStop("03002", "B", 60.0, 1))
    km = np.array([[0.0, 10.0, 10.0], [10.0, 0.0, 10.0], [10.0, 10.0, 0.0]])
    problem = TourProblem(stops, (TourBase("03003", "C"),), km, km, weeks=2)
    model, instance = build_model(problem)
    routes = [()] * 10
    routes[0], routes[5] = (1, 2), (2, 1)
    patterns = tuple(instance.patterns[client].index((0, 5)) for client in range(2))
    settled = settle(model, instance, Solution(tuple(routes), patterns, 0.0, 0))
    assert settled.routes[0] == settled.routes[5] == (1, 2)


def test_polishing_never_costs_and_keeps_the_days(problem_of):
    _, instance = build_model(problem_of(20, 2, 2, seed=3))
    found = anneal(instance, after_iterations(0)).solution
    polished = polish(instance, found, iterations=100)
    assert polished.cost <= found.cost
    assert polished.pattern == found.pattern
    for day in range(instance.n_day):
        cut = slice(day * instance.vans, (day + 1) * instance.vans)
        assert sorted(sum(found.routes[cut], ())) == sorted(sum(polished.routes[cut], ()))
    assert polished.cost < found.cost  # what greedy insertion leaves on this instance


def test_pyvrp_finds_every_day_feasible(problem_of):
    for service in ((60.0, 90.0), (150.0, 180.0), (300.0,)):
        plan = solve(problem_of(12, 2, service=service, seed=2), after_iterations(100))
        assert plan.days
        assert refused_routes(plan) == []


def test_pyvrp_refuses_a_route_moved_an_hour_forward(problem_of):
    plan = solve(problem_of(6, side_km=60.0), after_iterations(50))
    early = [
        replace(
            route,
            visits=tuple(
                replace(v, arrive_min=v.arrive_min - 60, depart_min=v.depart_min - 60)
                for v in route.visits
            ),
        )
        for route in plan.days
    ]
    assert refused_routes(replace(plan, days=tuple(early)))
