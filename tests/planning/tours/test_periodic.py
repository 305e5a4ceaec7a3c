"""Plans keep every promise: visits, patterns, hours, order of rows, vans."""

from dataclasses import replace
from itertools import combinations, pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import tables
from geodata.errors import DataError
from planning.stopping import after_iterations, after_seconds
from planning.tours import TourBase, TourProblem, TourStop, WorkingDay, solve
from planning.tours.model import build_model
from planning.tours.patterns import stop_patterns
from planning.tours.places import at_sea


def days_of(plan):
    return {code: tuple(route.day for route, _ in visits) for code, visits in plan.stops.items()}


def assert_promises(plan):
    """Every visit once per occurrence on an allowed pattern; no day too long; breaks kept."""
    problem = plan.problem
    day = problem.day
    left_out = {item.commune_code for item in plan.unserved}
    found = days_of(plan)
    for s, stop in enumerate(problem.stops):
        if stop.commune_code in left_out:
            assert stop.commune_code not in found
            continue
        allowed = [pattern for pattern, _ in stop_patterns(problem, s)]
        assert found[stop.commune_code] in allowed
    vans = [(route.day, route.base, route.van) for route in plan.days]
    assert len(vans) == len(set(vans))
    for route in plan.days:
        assert route.weekday in problem.bases[route.base].weekdays
        assert 0 <= route.van < problem.bases[route.base].vans
        assert 1 <= len(route.visits) <= day.max_stops
        assert day.start_min - 1e-6 <= route.leave_min < route.return_min <= day.end_min + 1e-6
        pause = day.lunch_min if route.lunch_from_min is not None else 0.0
        assert route.return_min - route.leave_min - pause <= day.max_work_min + 1e-6
        assert route.drive_min <= day.max_drive_min + 1e-6
        assert_hours(problem, route)
    assert plan.cost == pytest.approx(cost_of(plan))


def cost_of(plan):
    """Add the plan's cost up from the days and the tables of the problem alone."""
    problem, costs = plan.problem, plan.problem.costs
    total = 0.0
    for route in plan.days:
        path = [route.base, *(problem.n_base + visit.stop for visit in route.visits), route.base]
        for leg in pairwise(path):
            total += costs.eur_per_km * problem.km[leg]
            total += costs.eur_per_h * problem.minutes[leg] / 60
        total += costs.eur_per_van_day
    for visits in plan.stops.values():
        weekdays = [route.weekday for route, _ in visits]
        moved = len(weekdays) - max(map(weekdays.count, weekdays))
        total += costs.eur_per_moved_visit * moved
    return total


def assert_hours(problem, route):
    """Walk along the day anew: drives, visits and the break follow one another."""
    day = problem.day
    now, place = route.leave_min, route.base
    lunch = route.lunch_from_min
    if lunch is None and day.lunch_min:
        morning = route.return_min <= day.lunch_until_min - day.lunch_min + 1e-6
        assert morning or route.leave_min >= day.lunch_from_min + day.lunch_min - 1e-6
    if lunch is not None:
        assert day.lunch_from_min - 1e-6 <= lunch <= day.lunch_until_min - day.lunch_min + 1e-6
    eaten = lunch is None
    for visit in route.visits:
        stop = problem.stops[visit.stop]
        node = problem.n_base + visit.stop
        now += problem.minutes[place, node]
        if not eaten and lunch < visit.arrive_min:
            assert lunch >= now - 1e-6 or lunch + day.lunch_min <= visit.arrive_min
            now, eaten = max(now, lunch) + day.lunch_min, True
        assert visit.arrive_min >= now - 1e-6
        length = stop.service_min
        parts = [(visit.arrive_min, visit.depart_min)]
        if visit.lunch_from_min is not None:
            assert stop.service_min > day.half_day_min
            length, eaten = length + day.lunch_min, True
            back = visit.lunch_from_min + day.lunch_min
            parts = [(visit.arrive_min, visit.lunch_from_min), (back, visit.depart_min)]
            assert all(end - begin >= 30.0 - 1e-6 for begin, end in parts)
        public = [(route.weekday, day.public_from_min, day.public_until_min)]
        opened = [(a, b) for weekday, a, b in stop.windows or public if weekday == route.weekday]
        for begin, end in parts:
            assert any(a - 1e-6 <= begin and end <= b + 1e-6 for a, b in opened)
        assert visit.depart_min - visit.arrive_min == pytest.approx(length)
        assert visit.arrive_min % day.round_min == pytest.approx(0.0)
        now, place = visit.depart_min, node
    if not eaten:
        now = max(now, lunch) + day.lunch_min
    now += problem.minutes[place, route.base]
    assert now == pytest.approx(route.return_min)


@settings(max_examples=25, deadline=None)
@given(
    n_stop=st.integers(1, 14),
    n_base=st.integers(1, 3),
    vans=st.integers(1, 2),
    seed=st.integers(0, 1000),
    max_stops=st.integers(1, 4),
    side_km=st.sampled_from([20.0, 60.0, 120.0]),
    service=st.sampled_from([(60.0, 90.0), (150.0, 180.0), (180.0, 300.0)]),
    noon=st.sampled_from([(), (720.0, 780.0), (720.0, 840.0), (600.0, 600.0)]),
)
def test_promises_hold_on_random_problems(
    problem_of, n_stop, n_base, vans, seed, max_stops, side_km, service, noon
):
    """``noon`` is when places are closed between morning and afternoon; never when empty."""
    problem = problem_of(
        n_stop,
        n_base,
        vans,
        seed=seed,
        side_km=side_km,
        service=service,
        day=WorkingDay(max_stops=max_stops),
    )
    if noon:
        hours = ((540.0, noon[0]), (noon[1], 1050.0))
        windows = tuple((weekday, *span) for weekday in range(5) for span in hours)
        stops = tuple(replace(stop, windows=windows) for stop in problem.stops)
        problem = replace(problem, stops=stops)
    assert_promises(solve(problem, after_iterations(60), seed=seed))


def cheapest_by_enumeration(problem):
    """Least cost over all patterns, all routes: for one base, one van, two stops a day."""
    model, instance = build_model(problem)
    best = np.inf
    for choice in product(*(range(len(p)) for p in instance.patterns)):
        on_day = [[] for _ in range(instance.n_day)]
        for client, pattern in enumerate(choice):
            for day in instance.patterns[client][pattern]:
                on_day[day].append(instance.n_base + client)
        cost = sum(instance.pattern_cost[c][p] for c, p in enumerate(choice))
        for day, nodes in enumerate(on_day):
            routes = [
                instance.route_cost(day, list(order))
                for order in permutations(nodes)
                if not order or model.fits(day, list(order))
            ]
            cost += min(routes, default=np.inf)
        best = min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_tiny_cycles_are_solved_to_the_optimum(problem_of, seed):
    problem = problem_of(
        4, seed=seed, weeks=2, every=(2, 1), weekdays=(0, 1), side_km=35.0,
        day=WorkingDay(max_stops=3), service=(90.0, 60.0),
    )  # fmt: skip
    plan = solve(problem, after_iterations(400), seed=1)
    assert plan.feasible
    assert plan.cost == pytest.approx(cheapest_by_enumeration(problem))


def test_same_seed_same_calendar(problem_of):
    problem = problem_of(12, 2)
    one, two = (solve(problem, after_iterations(200), seed=3) for _ in range(2))
    assert one.days == two.days
    assert one.cost == two.cost


def test_order_of_stops_changes_nothing(problem_of):
    order = [5, 2, 7, 0, 1, 6, 3, 4]
    one = solve(problem_of(8), after_iterations(150), seed=2)
    two = solve(problem_of(8, order=order), after_iterations(150), seed=2)
    assert one.cost == pytest.approx(two.cost, abs=1e-12)
    assert days_of(one) == days_of(two)


def test_one_more_van_never_costs_coverage(problem_of):
    few = problem_of(30, every=(2, 1), service=(180.0,))
    many = replace(few, bases=(replace(few.bases[0], vans=2),))
    plan = solve(few, after_iterations(150))
    assert not plan.feasible
    more = solve(many, after_iterations(0), start=plan)
    assert more.visits_served >= plan.visits_served
    assert solve(many, after_iterations(100), start=plan).visits_served >= more.visits_served


def test_a_plan_of_longer_days_is_taken_over_only_as_far_as_it_fits(problem_of):
    problem = problem_of(10, side_km=60.0)
    plan = solve(problem, after_iterations(100))
    longest = max(route.return_min - route.leave_min for route in plan.days)
    day = WorkingDay(max_work_min=longest - 90.0)
    tighter = replace(problem, day=day)
    assert_promises(solve(tighter, after_iterations(0), start=plan))


def test_vans_that_stay_in_are_counted(problem_of):
    plan = solve(problem_of(6, 2, 2, every=(4,)), after_iterations(30))
    assert plan.van_days == 4 * 20
    assert 0 < len(plan.days) <= 6
    assert plan.busy_vans == 1
    problem = problem_of(6, 2, 2, every=(4,))
    monday = replace(problem.bases[0], weekdays=(0,))
    assert (
        solve(replace(problem, bases=(monday, problem.bases[1])), after_iterations(0)).van_days
        == 48
    )


def test_an_unreachable_stop_is_named_and_the_rest_served(problem_of):
    problem = problem_of(4)
    minutes = problem.minutes.copy()
    minutes[0, 2] = minutes[2, 0] = np.inf
    far = problem.km.copy()
    plan = solve(replace(problem, minutes=minutes, km=far), after_iterations(50))
    [left] = plan.unserved
    assert (left.commune_code, left.kind) == ("03001", "unreachable")
    assert "aucun trajet connu" in left.reason
    assert set(plan.stops) == {"03000", "03002", "03003"}
    assert plan.out_of_reach == left.visits == plan.visits_required - plan.visits_served
    assert not plan.left_for_room
    assert not plan.feasible  # a visit that is asked for is missing, whatever the reason


def test_a_stop_too_far_for_a_day_says_how_far(problem_of):
    problem = problem_of(2, day=WorkingDay(max_drive_min=30.0), side_km=90.0, seed=4)
    plan = solve(problem, after_iterations(20))
    assert plan.unserved
    assert all("min de conduite permises" in item.reason for item in plan.unserved)


def test_a_stop_at_sea_is_set_aside_and_a_base_at_sea_refused(problem_of):
    problem = problem_of(n_stop=4)
    sea = replace(problem.stops[1], lon=-8.0, lat=46.0)
    swapped = replace(problem.stops[2], lon=46.0, lat=3.0)  # latitude given for longitude
    stops = (problem.stops[0], sea, swapped, problem.stops[3])
    plan = solve(replace(problem, stops=stops), after_iterations(20))
    assert {item.commune_code: item.kind for item in plan.unserved} == {
        sea.commune_code: "unreachable",
        swapped.commune_code: "unreachable",
    }
    assert all("en mer ou hors de France" in item.reason for item in plan.unserved)
    assert plan.visits_served == plan.visits_required - sum(i.visits for i in plan.unserved)
    base = replace(problem.bases[0], lon=-8.0, lat=46.0)
    with pytest.raises(DataError, match="en mer"):
        solve(replace(problem, bases=(base,)), after_iterations(1))


def test_land_is_not_at_sea_nor_are_islands():
    points = tables.demand_points()
    lon, lat = points["lon"].to_numpy(float), points["lat"].to_numpy(float)
    assert not at_sea(lon, lat).any()
    # Off Biarritz, off Marseille, the Pacific; Ouessant, nowhere known, and the south of
    # Maripasoula, which is wider than the way to the point of its neighbour Saül.
    lon = np.array([-3.0, 5.0, -140.0, -5.09, np.nan, -53.6])
    lat = np.array([44.0, 42.5, -20.0, 48.46, np.nan, 3.2])
    assert at_sea(lon, lat).tolist() == [True, True, True, False, False, False]


def test_no_stop_gives_an_empty_calendar():
    base = TourBase("03190", "Moulins")
    problem = TourProblem((), (base,), np.zeros((1, 1)), np.zeros((1, 1)))
    plan = solve(problem, after_iterations(10))
    assert plan.days == ()
    assert plan.cost == 0
    assert plan.feasible


def test_optional_stops_are_served_only_at_their_prize(problem_of):
    problem = problem_of(5, every=(4,))
    cheap = tuple(replace(stop, prize_eur=0.01) for stop in problem.stops)
    dear = tuple(replace(stop, prize_eur=10_000.0) for stop in problem.stops)
    nothing = solve(replace(problem, stops=cheap), after_iterations(100))
    assert nothing.days == ()
    assert {item.kind for item in nothing.unserved} == {"optional"}
    assert nothing.feasible
    everything = solve(replace(problem, stops=dear), after_iterations(100))
    assert len(everything.stops) == 5


def test_weekdays_of_stops_and_bases_are_kept(problem_of):
    problem = problem_of(6, 2, every=(2, 4))
    stops = tuple(
        replace(stop, weekdays=(i % 5,)) if i < 3 else stop for i, stop in enumerate(problem.stops)
    )
    bases = (replace(problem.bases[0], weekdays=(0, 1)), problem.bases[1])
    plan = solve(replace(problem, stops=stops, bases=bases), after_iterations(150))
    assert_promises(plan)
    for i in range(3):
        for route, _ in plan.stops.get(f"03{i:03d}", ()):
            assert route.weekday == i


def test_windows_of_a_stop_are_kept(problem_of):
    problem = problem_of(3, every=(1,), side_km=15.0)
    stop = replace(problem.stops[0], windows=((1, 840.0, 1050.0), (3, 540.0, 730.0)))
    plan = solve(replace(problem, stops=(stop, *problem.stops[1:])), after_iterations(100))
    for route, visit in plan.stops[stop.commune_code]:
        low, high = {1: (840, 1050), 3: (540, 730)}[route.weekday]
        assert low <= visit.arrive_min <= visit.depart_min <= high


def test_seconds_stop_in_time(problem_of):
    plan = solve(problem_of(10), after_seconds(0.3))
    assert plan.seconds < 2.0
    assert plan.stop_kind == "seconds"
    assert plan.iterations > 10


def test_cancelling_raises_through(problem_of):
    class CancelledError(Exception):
        pass

    def cancel(progress):
        raise CancelledError

    with pytest.raises(CancelledError):
        solve(problem_of(6), after_iterations(1000), progress=cancel)


def test_progress_grows_to_its_end(problem_of):
    told = []
    solve(problem_of(6), after_iterations(1100), progress=told.append)
    shares = [item.done_share for item in told]
    assert shares == sorted(shares)
    assert shares[0] >= 0.0
    assert shares[-1] <= 1.0
    assert all(item.objective > 0 for item in told)


def test_patterns_keep_weekday_and_interval_first():
    stop = TourStop("03001", "A", 60.0, 2)
    base = TourBase("03002", "B")
    problem = TourProblem((stop,), (base,), np.zeros((2, 2)), np.zeros((2, 2)))
    found = dict(stop_patterns(problem, 0))
    regular = {pattern for pattern, cost in found.items() if cost == 0}
    assert regular == {(d, d + 10) for d in range(10)}
    moved = {pattern for pattern, cost in found.items() if cost > 0}
    every = {
        (a, b) for a, b in combinations(range(20), 2) if b // 5 - a // 5 == 2
    }  # two weeks later, any weekday
    assert regular | moved == every


def test_a_weekly_stop_moves_one_visit_at_most():
    stop = TourStop("03001", "A", 60.0, 1, weekdays=(0, 1, 3))
    problem = TourProblem((stop,), (TourBase("03002", "B"),), np.zeros((2, 2)), np.zeros((2, 2)))
    found = dict(stop_patterns(problem, 0))
    every = {}
    for ranks in product((0, 1, 3), repeat=4):
        usual = max(map(ranks.count, ranks))
        if usual >= 3:
            pattern = tuple(5 * week + rank for week, rank in enumerate(ranks))
            every[pattern] = 0.0 if usual == 4 else problem.costs.eur_per_moved_visit
    assert found == every
