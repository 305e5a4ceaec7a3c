"""Days of a plan laid down again as PyVRP's own routes: an independent judge of the clock."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Route, Solution, VehicleType

from planning.tours.plan import DayRoute, TourPlan
from planning.tours.problem import TourProblem

TIME_SCALE = 600
LARGEST = 10**9


def refused_routes(plan: TourPlan) -> list[DayRoute]:
    """Return the routes of a plan that PyVRP does not find feasible; none is expected.

    Each route is laid down as PyVRP's own: visits with the hours in which they must
    fall, and the lunch break as one more client where the van stands at that moment.
    """
    return [route for route in plan.days if not _is_feasible(plan.problem, route)]


def _is_feasible(problem: TourProblem, route: DayRoute) -> bool:
    locations, clients = _activities(problem, route)
    day = problem.day
    nodes = [route.base, *locations]
    minutes = np.floor(problem.minutes[np.ix_(nodes, nodes)] * TIME_SCALE)
    durations: Any = np.minimum(minutes, LARGEST).astype(np.int64)
    lunch = day.lunch_min if route.lunch_from_min is not None else 0.0
    data = ProblemData(
        locations=[Location(0, 0) for _ in nodes],
        clients=clients,
        depots=[Depot(0)],
        vehicle_types=[
            VehicleType(
                tw_early=int(day.start_min * TIME_SCALE),
                tw_late=int(day.end_min * TIME_SCALE),
                shift_duration=int(np.ceil((day.max_work_min + lunch) * TIME_SCALE)),
                capacity=[day.max_stops],
                max_distance=int(np.ceil(day.max_drive_min * TIME_SCALE)),
            )
        ],
        distance_matrices=[durations],
        duration_matrices=[durations],
    )
    return bool(Solution(data, [Route(data, list(range(len(clients))), 0)]).is_feasible())


def _activities(problem: TourProblem, route: DayRoute) -> tuple[list[int], list[Client]]:
    """Return the location (node) and the client of each visit and of the break, in order."""
    found: list[tuple[int, float, float, float, int]] = []
    lunch = route.lunch_from_min
    for visit in route.visits:
        node = problem.n_base + visit.stop
        if visit.lunch_from_min is not None:
            first = visit.lunch_from_min - visit.arrive_min
            rest = visit.depart_min - visit.lunch_from_min - problem.day.lunch_min
            found.append((node, visit.arrive_min, visit.arrive_min, first, 1))
            found.append((node, *_lunch_hours(problem), 0))
            found.append((node, 0.0, visit.depart_min - rest, rest, 0))
            lunch = None
            continue
        if lunch is not None and lunch < visit.arrive_min:
            found.append((node, *_lunch_hours(problem), 0))
            lunch = None
        length = visit.depart_min - visit.arrive_min
        found.append((node, visit.arrive_min, visit.arrive_min, length, 1))
    if lunch is not None:
        found.append((problem.n_base + route.visits[-1].stop, *_lunch_hours(problem), 0))
    return [node for node, *_ in found], _clients(found)


def _lunch_hours(problem: TourProblem) -> tuple[float, float, float]:
    day = problem.day
    return day.lunch_from_min, day.lunch_until_min - day.lunch_min, day.lunch_min


def _clients(found: Sequence[tuple[int, float, float, float, int]]) -> list[Client]:
    return [
        Client(
            1 + i,
            delivery=[stops],
            service_duration=int(length * TIME_SCALE),
            tw_early=int(early * TIME_SCALE),
            tw_late=int(np.ceil(late * TIME_SCALE)),
        )
        for i, (_, early, late, length, stops) in enumerate(found)
    ]
