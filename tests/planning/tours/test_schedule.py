"""The clock of a day against a search of all departures."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.tours.limits import WorkingDay
from planning.tours.schedule import Leg, timetable

DAY = WorkingDay()
PUBLIC = ((540.0, 1050.0),)


def test_a_morning_leaves_lunch_to_the_base():
    found = timetable([Leg(20.0, 180.0, PUBLIC)], 20.0, DAY)
    assert (found.leave_min, found.return_min, found.lunch_from_min) == (520.0, 740.0, None)
    assert found.visits == ((540.0, 720.0),)


def test_two_half_days_have_lunch_between():
    found = timetable([Leg(20.0, 180.0, PUBLIC), Leg(10.0, 180.0, PUBLIC)], 25.0, DAY)
    assert found.visits[0] == (540.0, 720.0)
    assert found.visits[1] == (790.0, 970.0)
    assert found.lunch_from_min in (720.0, 730.0)
    assert found.work_min == pytest.approx(20 + 180 + 10 + 180 + 25)


def test_a_whole_day_closes_for_lunch():
    found = timetable([Leg(20.0, 330.0, PUBLIC)], 20.0, DAY)
    assert found.lunch_visit == 0
    [(arrive, depart)] = found.visits
    assert depart - arrive == 330 + 60


def test_limits_of_stops_driving_and_work():
    short = [Leg(10.0, 60.0, PUBLIC)] * 3
    assert timetable(short, 10.0, DAY) is None
    assert timetable([Leg(100.0, 60.0, PUBLIC)], 100.0, DAY) is None
    assert timetable([Leg(60.0, 400.0, PUBLIC)], 60.0, DAY) is None


def test_one_leaves_as_late_as_the_first_place_allows():
    early, late = ((540.0, 630.0),), ((840.0, 1050.0),)
    found = timetable([Leg(20.0, 60.0, early), Leg(10.0, 60.0, late)], 20.0, DAY)
    assert found.visits == ((570.0, 630.0), (840.0, 900.0))
    assert (found.leave_min, found.return_min) == (550.0, 920.0)


def test_closed_windows_are_waited_for_or_refused():
    late = ((900.0, 1050.0),)
    assert timetable([Leg(10.0, 120.0, late)], 10.0, DAY).visits == ((900.0, 1020.0),)
    assert timetable([Leg(10.0, 180.0, late)], 10.0, DAY) is None
    two = ((540.0, 600.0), (780.0, 960.0))
    assert timetable([Leg(10.0, 120.0, two)], 10.0, DAY).visits[0][0] == 780.0


def test_a_visit_that_lunch_cuts_is_never_open_while_the_place_is_closed():
    def over(first_closing, reopening):
        windows = ((540.0, first_closing), (reopening, 1020.0))
        return timetable([Leg(30.0, 300.0, windows)], 30.0, DAY)

    found = over(720.0, 780.0)  # closed for as long as the break
    assert (found.lunch_visit, found.lunch_from_min) == (0, 720.0)
    assert found.visits == ((540.0, 900.0),)
    found = over(720.0, 760.0)  # for less: the break begins while it is open
    assert 700.0 <= found.lunch_from_min <= 720.0
    assert over(720.0, 840.0) is None  # for more: no single break spans it
    assert over(660.0, 720.0) is None  # before the break may begin


def simulate(legs, home, day, leave, place):
    """Walk a day minute by minute's arithmetic; place is the visit before which one eats."""
    now = leave
    lunch = None
    for i, leg in enumerate(legs):
        now += leg.drive_min
        if place == i:
            lunch = max(now, day.lunch_from_min)
            now = lunch + day.lunch_min
        starts = [math.ceil((max(now, a) - 1e-9) / 5) * 5 for a, _ in leg.windows]
        fits = [
            s for s, (_, b) in zip(starts, leg.windows, strict=True) if s + leg.service_min <= b
        ]
        if not fits:
            return None
        now = min(fits) + leg.service_min
    if place == len(legs):
        lunch = max(now, day.lunch_from_min)
        now = lunch + day.lunch_min
    now += home
    if lunch is not None and lunch + day.lunch_min > day.lunch_until_min:
        return None
    if lunch is None:
        morning = now <= day.lunch_until_min - day.lunch_min
        if not morning and leave < day.lunch_from_min + day.lunch_min:
            return None
    work = now - leave - (day.lunch_min if lunch is not None else 0)
    ok = leave >= day.start_min and now <= day.end_min and work <= day.max_work_min
    return work if ok else None


@settings(max_examples=60, deadline=None)
@given(
    drives=st.lists(st.integers(1, 60), min_size=2, max_size=4),
    services=st.lists(st.sampled_from([60, 90, 150, 180, 210]), min_size=3, max_size=3),
    windows=st.lists(
        st.sampled_from(
            [((540, 1050),), ((600, 700),), ((780, 1050),), ((540, 730), (800, 1050)), ((0, 900),)]
        ),
        min_size=3,
        max_size=3,
    ),
)
def test_no_departure_gives_a_day_a_quarter_hour_shorter(drives, services, windows):
    day = WorkingDay(max_stops=3, max_drive_min=1000.0)
    legs = [
        Leg(float(drive), float(service), tuple((float(a), float(b)) for a, b in opened))
        for drive, service, opened in zip(drives[:-1], services, windows, strict=False)
    ]
    found = timetable(legs, float(drives[-1]), day)
    works = [
        simulate(legs, drives[-1], day, leave, place)
        for leave in range(480, 900)
        for place in [None, *range(len(legs) + 1)]
    ]
    works = [work for work in works if work is not None]
    assert (found is None) == (not works)
    if works:
        assert found.work_min <= min(works) + 15.0 + 1e-6
