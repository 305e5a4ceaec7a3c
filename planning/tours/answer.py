"""From a solution's nodes to a plan with hours, and back."""

import itertools
from collections.abc import Sequence

from planning.stopping import Stop
from planning.tours.instance import PeriodicInstance, Solution
from planning.tours.model import TourModel
from planning.tours.plan import DayRoute, TourPlan, Unserved, Visit
from planning.tours.schedule import Timetable
from planning.tours.search import Search


def make_plan(
    model: TourModel,
    instance: PeriodicInstance,
    solution: Solution,
    *,
    iterations: int,
    seconds: float,
    seed: int,
    stop: Stop,
) -> TourPlan:
    """Return the plan of a solution: hours, vans, and what is left out and why."""
    days = [_day_route(model, slot, route) for slot, route in enumerate(solution.routes) if route]
    unserved = sorted(
        model.set_aside + _left_out(model, solution), key=lambda item: item.commune_code
    )
    cost = sum(instance.route_cost(slot, list(r)) for slot, r in enumerate(solution.routes))
    cost += sum(
        instance.pattern_cost[c][pattern]
        for c, pattern in enumerate(solution.pattern)
        if pattern >= 0
    )
    return TourPlan(
        problem=model.problem,
        days=tuple(days),
        unserved=tuple(unserved),
        cost=cost,
        relaxations=(),
        iterations=iterations,
        seconds=seconds,
        seed=seed,
        stop_kind=stop.kind,
        stop_value=stop.value,
    )


def solution_of(plan: TourPlan, model: TourModel, instance: PeriodicInstance) -> Solution:
    """Return a plan as a solution of an instance with the same stops and at least its vans.

    Visits that the instance does not allow (another stop, day, van or pattern) are
    dropped with all visits of their stop.
    """
    column = {
        (model.problem.bases[model.base_order[node]].commune_code, van): v
        for v, (node, van) in enumerate(model.vans)
    }
    client = {model.problem.stops[s].commune_code: c for c, s in enumerate(model.stop_order)}
    n_slot = instance.n_day * instance.vans
    routes: list[list[int]] = [[] for _ in range(n_slot)]
    days: dict[int, list[int]] = {}
    for route in plan.days:
        v = column.get((route.base_code, route.van))
        if v is None or route.day >= instance.n_day or instance.slot_base[route.day, v] < 0:
            continue
        for visit in route.visits:
            c = client.get(visit.commune_code)
            if c is not None:
                routes[route.day * instance.vans + v].append(model.n_base + c)
                days.setdefault(c, []).append(route.day)
    pattern = [
        instance.patterns[c].index(tuple(days[c]))
        if c in days and tuple(days[c]) in instance.patterns[c]
        else -1
        for c in range(instance.n_client)
    ]
    kept = [[n for n in nodes if pattern[n - model.n_base] >= 0] for nodes in routes]
    for slot, nodes in enumerate(kept):
        if nodes and not model.fits(slot, nodes):
            for node in nodes:
                pattern[node - model.n_base] = -1
    kept = [[n for n in nodes if pattern[n - model.n_base] >= 0] for nodes in kept]
    search = Search(instance, seed=0)
    blank = Solution(tuple(map(tuple, kept)), tuple(pattern), 0.0, 0)
    search.load(blank)
    return search.solution()


def _day_route(model: TourModel, slot: int, nodes: Sequence[int]) -> DayRoute:
    problem = model.problem
    base_node, van = model.vans[slot % len(model.vans)]
    base = model.base_order[base_node]
    day = slot // len(model.vans)
    week, weekday = problem.week_and_weekday(day)
    hours = model.timetable(base_node, weekday, nodes)
    if hours is None:
        raise ValueError(f"route of slot {slot} keeps no timetable")
    stops = [model.stop_order[node - model.n_base] for node in nodes]
    path = [base, *(problem.n_base + s for s in stops), base]
    legs = list(itertools.pairwise(path))
    return DayRoute(
        day=day,
        week=week,
        weekday=weekday,
        base=base,
        base_code=problem.bases[base].commune_code,
        van=van,
        visits=_visits(model, stops, hours),
        leave_min=hours.leave_min,
        return_min=hours.return_min,
        lunch_from_min=hours.lunch_from_min,
        drive_min=float(sum(problem.minutes[a, b] for a, b in legs)),
        km=float(sum(problem.km[a, b] for a, b in legs)),
    )


def _visits(model: TourModel, stops: list[int], hours: Timetable) -> tuple[Visit, ...]:
    return tuple(
        Visit(
            stop=s,
            commune_code=model.problem.stops[s].commune_code,
            arrive_min=arrive,
            depart_min=depart,
            lunch_from_min=hours.lunch_from_min if rank == hours.lunch_visit else None,
        )
        for rank, (s, (arrive, depart)) in enumerate(zip(stops, hours.visits, strict=True))
    )


def _left_out(model: TourModel, solution: Solution) -> list[Unserved]:
    problem = model.problem
    aside = {item.stop for item in model.set_aside}
    found = []
    for client, pattern in enumerate(solution.pattern):
        s = model.stop_order[client]
        if pattern >= 0 or s in aside:
            continue
        stop = problem.stops[s]
        kind, reason = "optional", "arrêt facultatif : il coûte plus que sa valeur"
        if stop.required:
            kind, reason = "full", "plus de place dans les journées des véhicules"
        found.append(Unserved(s, stop.commune_code, problem.visits(s), kind, reason))
    return found
