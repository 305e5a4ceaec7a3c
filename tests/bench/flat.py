"""A peer for the tours of a département: one flat PyVRP model of the whole cycle.

Each visit is a client with the weeks of its occurrence as its time window, each van of
each day a vehicle.  It is a relaxation: no common weekday, no lunch, no public hours, no
limit of driving; only the day's span, the working time and the number of stops hold.
"""

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve
from pyvrp.stop import MaxRuntime

from planning.tours.instance import FAR
from planning.tours.model import build_model
from planning.tours.problem import TourProblem

_COST_SCALE = 1_000
_TIME_SCALE = 60
_DAY_MIN = 1440


def flat_cost(problem: TourProblem, seconds: float, seed: int) -> float:
    """Cost in euros of the best flat plan, infinite when visits are missing."""
    model, instance = build_model(problem)
    n_base = instance.n_base
    clients, places = [], list(range(n_base))
    for client, s in enumerate(model.stop_order):
        stop = problem.stops[s]
        assert stop.required
        for occurrence in range(problem.visits(s)):
            first = occurrence * stop.every_weeks * 7
            last = first + stop.every_weeks * 7
            clients.append(
                Client(
                    len(places),
                    delivery=[1],
                    service_duration=round(stop.service_min * _TIME_SCALE),
                    tw_early=first * _DAY_MIN * _TIME_SCALE,
                    tw_late=last * _DAY_MIN * _TIME_SCALE,
                )
            )
            places.append(n_base + client)
    rows = np.ix_(places, places)
    cost = np.rint(np.minimum(instance.arc_cost[rows], FAR / 1e3) * _COST_SCALE).astype(np.int64)
    minutes = np.minimum(instance.arc_min[rows], 1e5) * _TIME_SCALE
    same = np.equal.outer(places, places)
    cost[same] = 0
    minutes[same] = 0
    vans = [
        VehicleType(
            num_available=problem.bases[base].vans,
            capacity=[problem.day.max_stops],
            start_depot=node,
            end_depot=node,
            tw_early=round((calendar_day * _DAY_MIN + problem.day.start_min) * _TIME_SCALE),
            tw_late=round((calendar_day * _DAY_MIN + problem.day.end_min) * _TIME_SCALE),
            shift_duration=round(problem.day.max_work_min * _TIME_SCALE),
        )
        for day in range(problem.n_day)
        for calendar_day in [7 * (day // len(problem.weekdays)) + problem.week_and_weekday(day)[1]]
        for node, base in enumerate(model.base_order)
    ]
    data = ProblemData(
        [Location(0, 0) for _ in places],
        clients,
        [Depot(node) for node in range(n_base)],
        vans,
        [cost],
        [np.floor(minutes).astype(np.int64)],
    )
    result = solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False)
    if not result.best.is_feasible():
        return float("inf")
    return result.best.distance_cost() / _COST_SCALE
