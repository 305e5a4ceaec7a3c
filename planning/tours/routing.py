"""The routes of single days, polished by PyVRP at the end.

PyVRP works in whole numbers, so costs and minutes are scaled and rounded here, and what
it returns is taken only after our own test in floats.
"""

from typing import Any, Final

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Route, Solution, VehicleType, solve
from pyvrp.stop import MaxIterations

from planning.tours.instance import FAR, PeriodicInstance
from planning.tours.instance import Solution as Cycle

_COST_SCALE: Final = 1_000
_TIME_SCALE: Final = 600
_LARGEST: Final = 10**9
_TOLERANCE: Final = 1e-6


def polish(instance: PeriodicInstance, cycle: Cycle, *, iterations: int, seed: int = 0) -> Cycle:
    """Return the cycle with each day's routes improved where PyVRP finds better ones.

    Days and patterns stay as they are: a day is a plain routing problem, and its new
    routes are taken only when they are cheaper in floats and fit.

    Parameters
    ----------
    instance, cycle
        The instance and a solution of it.
    iterations
        Iterations of PyVRP's search on each day.
    seed
        Seed of PyVRP's search.
    """
    routes = [list(route) for route in cycle.routes]
    saved = 0.0
    for day in range(instance.n_day):
        slots = range(day * instance.vans, (day + 1) * instance.vans)
        present = {slot: routes[slot] for slot in slots if instance.slot_base.flat[slot] >= 0}
        if sum(map(len, present.values())) < 2:
            continue
        better = _better_day(instance, present, iterations, seed)
        gain = _cost(instance, present) - _cost(instance, better)
        if gain > _TOLERANCE and all(_keeps(instance, s, nodes) for s, nodes in better.items()):
            saved += gain
            for slot, nodes in better.items():
                routes[slot] = nodes
    if not saved:
        return cycle
    return Cycle(tuple(map(tuple, routes)), cycle.pattern, cycle.cost - saved, cycle.missing)


def _cost(instance: PeriodicInstance, routes: dict[int, list[int]]) -> float:
    return sum(instance.route_cost(slot, nodes) for slot, nodes in routes.items())


def _keeps(instance: PeriodicInstance, slot: int, nodes: list[int]) -> bool:
    """Check load, minutes and clock of one route in floats."""
    if not nodes:
        return True
    load = sum(float(instance.load[node - instance.n_base]) for node in nodes)
    if load > instance.capacity + _TOLERANCE:
        return False
    if instance.arc_min is not None and instance.service_min is not None:
        path = [int(instance.slot_base.flat[slot]), *nodes]
        minutes = sum(float(instance.arc_min[a, b]) for a, b in zip(path, nodes, strict=False))
        minutes += float(instance.arc_min[path[-1], path[0]])
        minutes += float(instance.service_min[nodes].sum())
        if minutes > instance.max_min + _TOLERANCE:
            return False
    return instance.fits is None or instance.fits(slot, nodes)


def _better_day(
    instance: PeriodicInstance, present: dict[int, list[int]], iterations: int, seed: int
) -> dict[int, list[int]]:
    """Return routes of one day as PyVRP improves them; ``present`` when it finds none."""
    nodes = sorted(node for route in present.values() for node in route)
    bases = sorted({int(instance.slot_base.flat[slot]) for slot in present})
    by_base = {
        base: [slot for slot in present if instance.slot_base.flat[slot] == base] for base in bases
    }
    data = _day_data(instance, nodes, bases, [len(by_base[base]) for base in bases])
    client = {node: i for i, node in enumerate(nodes)}
    start = [
        Route(data, [client[n] for n in route], bases.index(int(instance.slot_base.flat[slot])))
        for slot, route in present.items()
        if route
    ]
    result = solve(
        data,
        MaxIterations(iterations),
        seed=seed,
        collect_stats=False,
        initial_solution=Solution(data, start),
    )
    if not result.best.is_feasible():
        return present
    better: dict[int, list[int]] = {slot: [] for slot in present}
    free = {base: list(slots) for base, slots in by_base.items()}
    for route in result.best.routes():
        visits = [nodes[activity.idx] for activity in route if activity.is_client()]
        if visits:
            better[free[bases[route.vehicle_type()]].pop(0)] = visits
    return better


def _day_data(
    instance: PeriodicInstance, nodes: list[int], bases: list[int], vans: list[int]
) -> ProblemData:
    """Return a day as PyVRP's data: locations are the bases, then the nodes."""
    rows = np.ix_(bases + nodes, bases + nodes)
    cost: Any = np.minimum(np.rint(instance.arc_cost[rows] * _COST_SCALE), _LARGEST).astype(
        np.int64
    )
    np.fill_diagonal(cost, 0)
    minutes: Any = np.zeros_like(cost)
    services = [0] * len(nodes)
    longest = _LARGEST
    if instance.arc_min is not None and instance.service_min is not None:
        scaled = np.floor(np.minimum(instance.arc_min[rows], FAR) * _TIME_SCALE)
        minutes = np.minimum(scaled, _LARGEST).astype(np.int64)
        services = [int(instance.service_min[node] * _TIME_SCALE) for node in nodes]
        if np.isfinite(instance.max_min):
            longest = int(np.ceil(instance.max_min * _TIME_SCALE))
    loads = [float(instance.load[node - instance.n_base]) for node in nodes]
    return ProblemData(
        locations=[Location(0, 0) for _ in bases + nodes],
        clients=[
            Client(
                len(bases) + i,
                delivery=[int(np.rint(loads[i] * _COST_SCALE))],
                service_duration=services[i],
            )
            for i in range(len(nodes))
        ],
        depots=[Depot(i) for i in range(len(bases))],
        vehicle_types=[
            VehicleType(
                num_available=count,
                capacity=[int(np.rint(instance.capacity * _COST_SCALE))],
                start_depot=i,
                end_depot=i,
                shift_duration=longest,
            )
            for i, count in enumerate(vans)
        ],
        distance_matrices=[cost],
        duration_matrices=[minutes],
    )
