"""Same counsellor, same hour: what can be settled without costing a cent.

Vans of one base are alike, and a route driven the other way round costs the same on
symmetric roads.  Both freedoms are spent on regularity: each stop keeps the hour of its
first visit, and the van that comes to it most often.
"""

from collections import Counter

import numpy as np
from scipy.optimize import linear_sum_assignment

from planning.tours.instance import PeriodicInstance, Solution
from planning.tours.model import TourModel

_PASSES = 2


def settle(model: TourModel, instance: PeriodicInstance, solution: Solution) -> Solution:
    """Return the same routes with directions and vans chosen for regularity."""
    routes = _keep_hours(model, instance, [list(route) for route in solution.routes])
    routes = _keep_vans(instance, routes)
    return Solution(tuple(map(tuple, routes)), solution.pattern, solution.cost, solution.missing)


def _keep_hours(
    model: TourModel, instance: PeriodicInstance, routes: list[list[int]]
) -> list[list[int]]:
    """Turn routes round where that brings visits nearer to the first hour of their stop."""
    usual: dict[int, float] = {}
    settled = []
    for slot, route in enumerate(routes):
        ways = [route]
        back = route[::-1]
        if len(route) > 1 and instance.route_cost(slot, back) <= instance.route_cost(slot, route):
            ways.append(back)
        best, best_shift, best_hours = route, np.inf, {}
        for way in ways:
            hours = _hours(model, slot, way)
            shift = sum(abs(hour - usual.get(node, hour)) for node, hour in hours.items())
            if len(hours) == len(way) and shift < best_shift - 1e-9:
                best, best_shift, best_hours = way, shift, hours
        for node, hour in best_hours.items():
            usual.setdefault(node, hour)
        settled.append(best)
    return settled


def _hours(model: TourModel, slot: int, nodes: list[int]) -> dict[int, float]:
    """Return the minute at which each node is reached; empty when the route cannot be."""
    if not nodes:
        return {}
    found = model.timetable(model.base_node(slot), model.weekday(slot), nodes)
    if found is None:
        return {}
    return {node: arrive for node, (arrive, _) in zip(nodes, found.visits, strict=True)}


def _keep_vans(instance: PeriodicInstance, routes: list[list[int]]) -> list[list[int]]:
    """Give each day's routes to the vans of their base that know their stops best."""
    settled = [list(route) for route in routes]
    bases = sorted({int(base) for base in instance.slot_base.flat if base >= 0})
    known: Counter[tuple[int, int]] = Counter()
    for _ in range(_PASSES):
        before, known = known, Counter()
        for day in range(instance.n_day):
            for base in bases:
                columns = np.flatnonzero(instance.slot_base[day] == base)
                slots = [day * instance.vans + int(column) for column in columns]
                if len(slots) > 1:
                    _share(settled, slots, columns.tolist(), before + known)
            for column in range(instance.vans):
                known.update((node, column) for node in settled[day * instance.vans + column])
    return settled


def _share(
    routes: list[list[int]],
    slots: list[int],
    columns: list[int],
    known: Counter[tuple[int, int]],
) -> None:
    """Permute the routes of some slots so that vans meet the stops they know."""
    todo = [routes[slot] for slot in slots]
    regret = np.array(
        [[-sum(known[node, column] for node in route) for column in columns] for route in todo],
        dtype=float,
    )
    # Among equals: filled routes to the first vans, in order of their first stop.
    order = sorted(range(len(todo)), key=lambda i: (not todo[i], todo[i]))
    for rank, i in enumerate(order):
        regret[i] += 1e-6 * rank * -np.arange(len(columns))
    rows, vans = linear_sum_assignment(regret)
    for i, v in zip(rows.tolist(), vans.tolist(), strict=True):
        routes[slots[v]] = todo[i]
