"""Peers for the tours of a département: one flat model of the whole cycle.

Each visit is a client with the weeks of its occurrence as its time window, each van of
each day a vehicle.  It is a relaxation: no common weekday, no lunch, no public hours, no
limit of driving; only the day's span, the working time and the number of stops hold.  The
objective is ours: arcs cost the same euros, a van's day included.

PyVRP and OR-Tools solve the same arrays, each for the same processor time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planning.tours.instance import FAR
from planning.tours.model import build_model
from planning.tours.problem import TourProblem

COST_SCALE = 1_000
TIME_SCALE = 60
_DAY_MIN = 1440

IntMatrix = np.ndarray[tuple[int, int], np.dtype[np.int64]]


@dataclass(frozen=True)
class FlatVan:
    """The vans of one base on one day: how many, from where, between which moments."""

    base: int
    count: int
    early: int
    late: int


@dataclass(frozen=True)
class FlatModel:
    """Whole numbers: thousandths of a euro, seconds; locations are bases, then visits.

    ``windows`` and ``services`` are those of the visits; a visit's location is
    ``n_base`` + its rank.
    """

    n_base: int
    cost: IntMatrix
    seconds: IntMatrix
    services: list[int]
    windows: list[tuple[int, int]]
    vans: list[FlatVan]
    max_stops: int
    longest: int


def flat_model(problem: TourProblem) -> FlatModel:
    """The flat model of a problem whose stops are all required."""
    model, instance = build_model(problem)
    places = list(range(instance.n_base))
    services, windows = [], []
    for client, s in enumerate(model.stop_order):
        stop = problem.stops[s]
        assert stop.required
        for occurrence in range(problem.visits(s)):
            first = occurrence * stop.every_weeks * 7 * _DAY_MIN
            last = first + stop.every_weeks * 7 * _DAY_MIN
            services.append(round(stop.service_min * TIME_SCALE))
            windows.append((first * TIME_SCALE, last * TIME_SCALE))
            places.append(instance.n_base + client)
    rows = np.ix_(places, places)
    cost = np.rint(np.minimum(instance.arc_cost[rows], FAR / 1e3) * COST_SCALE).astype(np.int64)
    assert instance.arc_min is not None
    seconds = np.floor(np.minimum(instance.arc_min[rows], 1e5) * TIME_SCALE).astype(np.int64)
    same = np.equal.outer(places, places)
    cost[same] = 0
    seconds[same] = 0
    vans = [
        _van(problem, day, node, base)
        for day in range(problem.n_day)
        for node, base in enumerate(model.base_order)
    ]
    return FlatModel(
        n_base=instance.n_base,
        cost=cost,
        seconds=seconds,
        services=services,
        windows=windows,
        vans=vans,
        max_stops=problem.day.max_stops,
        longest=round(problem.day.max_work_min * TIME_SCALE),
    )


def _van(problem: TourProblem, day: int, node: int, base: int) -> FlatVan:
    week, weekday = problem.week_and_weekday(day)
    midnight = (7 * week + weekday) * _DAY_MIN
    early, late = midnight + problem.day.start_min, midnight + problem.day.end_min
    return FlatVan(
        node, problem.bases[base].vans, round(early * TIME_SCALE), round(late * TIME_SCALE)
    )


def pyvrp_cost(flat: FlatModel, over: Callable[[], bool], seed: int) -> float:
    """Cost in euros of PyVRP's best flat plan, infinite when visits are missing."""
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve

    data = ProblemData(
        [Location(0, 0) for _ in range(len(flat.cost))],
        [
            Client(
                flat.n_base + i,
                delivery=[1],
                service_duration=service,
                tw_early=early,
                tw_late=late,
            )
            for i, (service, (early, late)) in enumerate(
                zip(flat.services, flat.windows, strict=True)
            )
        ],
        [Depot(node) for node in range(flat.n_base)],
        [
            VehicleType(
                num_available=van.count,
                capacity=[flat.max_stops],
                start_depot=van.base,
                end_depot=van.base,
                tw_early=van.early,
                tw_late=van.late,
                shift_duration=flat.longest,
            )
            for van in flat.vans
        ],
        [flat.cost],
        [flat.seconds],
    )
    result = solve(data, lambda best: over(), seed=seed, collect_stats=False)
    if not result.best.is_feasible():
        return float("inf")
    return float(result.best.distance_cost() / COST_SCALE)


def ortools_cost(flat: FlatModel, over: Callable[[], bool]) -> float:
    """Cost in euros of OR-Tools' best flat plan by guided local search, infinite if none.

    Its search has no seed.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    vehicles = [van for van in flat.vans for _ in range(van.count)]
    bases = [van.base for van in vehicles]
    manager = pywrapcp.RoutingIndexManager(len(flat.cost), len(vehicles), bases, bases)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(flat.cost.tolist()))
    service = np.array([0] * flat.n_base + flat.services)
    transit = routing.RegisterTransitMatrix((flat.seconds + service[:, None]).tolist())
    latest = max(van.late for van in vehicles)
    routing.AddDimension(transit, latest, latest, False, "time")
    clock = routing.GetDimensionOrDie("time")
    one = routing.RegisterUnaryTransitVector([0] * flat.n_base + [1] * len(flat.services))
    routing.AddDimensionWithVehicleCapacity(one, 0, [flat.max_stops] * len(vehicles), True, "stops")
    for rank, (early, late) in enumerate(flat.windows):
        # A visit starts within its weeks, as PyVRP has it.
        clock.CumulVar(manager.NodeToIndex(flat.n_base + rank)).SetRange(early, late)
    for number, van in enumerate(vehicles):
        clock.CumulVar(routing.Start(number)).SetRange(van.early, van.late)
        clock.CumulVar(routing.End(number)).SetRange(van.early, van.late)
        clock.SetSpanUpperBoundForVehicle(flat.longest, number)
    routing.AddSearchMonitor(routing.solver().CustomLimit(over))
    wanted = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy
    wanted.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION
    local = routing_enums_pb2.LocalSearchMetaheuristic
    wanted.local_search_metaheuristic = local.GUIDED_LOCAL_SEARCH
    wanted.time_limit.FromSeconds(3_600)
    found = routing.SolveWithParameters(wanted)
    return float("inf") if found is None else found.ObjectiveValue() / COST_SCALE


def matching_bound(problem: TourProblem) -> float:
    """A cost in euros below which no flat plan can be, where days hold two stops at most.

    Whatever the day, a route is one visit or two: the cheapest way to pair visits, each pair
    from its best base, ignores weeks, days and the number of vans, and is a matching.
    """
    import networkx as nx

    assert problem.day.max_stops == 2
    _, instance = build_model(problem)
    n_base, n = instance.n_base, instance.n_client
    assert instance.arc_min is not None
    cost, minutes = instance.arc_cost, instance.arc_min
    service = instance.service_min
    assert service is not None
    out, back = cost[:n_base, n_base:], cost[n_base:, :n_base].T
    one = (out + back).min(axis=0)
    # between[b, i, j]: from base b to i, then j, then home.
    between = out[:, :, None] + cost[None, n_base:, n_base:] + back[:, None, :]
    length = minutes[:n_base, n_base:, None] + minutes[None, n_base:, n_base:]
    length = length + minutes[n_base:, :n_base].T[:, None, :]
    length = length + service[n_base:][:, None] + service[n_base:][None, :]
    # Whole seconds rounded down, as the flat model has them, must stay allowed.
    between[length > problem.day.max_work_min + 4.0 / TIME_SCALE] = np.inf
    pair = between.min(axis=0)
    pair = np.minimum(pair, pair.T)
    visits = [c for c in range(n) for _ in range(instance.frequency(c))]
    graph = nx.Graph()
    for i, a in enumerate(visits):
        for j in range(i + 1, len(visits)):
            saved = one[a] + one[visits[j]] - pair[a, visits[j]]
            if a != visits[j] and saved > 0:
                graph.add_edge(i, j, weight=float(saved))
    matched = nx.max_weight_matching(graph)
    saved = sum(graph[i][j]["weight"] for i, j in matched)
    return float(sum(one[c] for c in visits) - saved)
