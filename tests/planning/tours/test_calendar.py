"""Dates, holidays, calendars, opening hours, shapes and yearly totals."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import numpy as np
import opening_hours
import pytest

from geodata.errors import DataError
from planning.stopping import after_iterations
from planning.tours import TourBase, TourProblem, TourStop, solve
from planning.tours.calendar import cycle_week, make_calendar, public_holidays, time_zone
from planning.tours.files import tours_dict
from planning.tours.ics import commune_ics, tours_ics, van_ics
from planning.tours.opening import opening_hours as osm_hours
from planning.tours.shapes import tours_geojson, tours_gpx
from planning.tours.yearly import km_cost_eur, one_year, totals


@pytest.fixture(scope="module")
def plan(problem_of):
    found = solve(problem_of(8, 2, service=(150.0, 300.0), side_km=30.0), after_iterations(100))
    assert found.feasible
    return found


@pytest.fixture(scope="module")
def monday_plan():
    """One stop, every Monday of a two-week cycle."""
    stop = TourStop("03001", "Abrest", 180.0, 1, weekdays=(0,), communes=("03001", "03002"))
    base = TourBase("03310", "Vichy")
    minutes = np.array([[0.0, 20.0], [20.0, 0.0]])
    problem = TourProblem((stop,), (base,), minutes, minutes / 2, weeks=2)
    return solve(problem, after_iterations(10))


def test_public_holidays_are_skipped_and_named(monday_plan):
    calendar = make_calendar(monday_plan, date(2026, 4, 1), date(2026, 5, 31), department="03")
    days = {outing.day for outing in calendar.outings}
    assert date(2026, 4, 6) not in days  # Easter Monday
    assert {(o.day, o.closed_by) for o in calendar.cancelled} == {
        (date(2026, 4, 6), "Lundi de Pâques"),
        (date(2026, 5, 25), "Lundi de Pentecôte"),
    }
    assert len(days) == 6
    assert all(day.weekday() == 0 for day in days)
    leave = [(date(2026, 4, 1), date(2026, 4, 19), "congés")]
    calendar = make_calendar(
        monday_plan, date(2026, 4, 1), date(2026, 4, 30), department="03", closed=leave
    )
    assert [o.closed_by for o in calendar.cancelled] == ["Lundi de Pâques", "congés"]
    days = tours_dict(monday_plan, calendar)["days"]
    assert [(day["date"], day["closed_by"]) for day in days] == [
        ("2026-04-06", "Lundi de Pâques"),
        ("2026-04-13", "congés"),
    ]
    calendar = make_calendar(monday_plan, date(2026, 5, 21), date(2026, 6, 3), department="03")
    days = tours_dict(monday_plan, calendar)["days"]
    assert [day["date"] for day in days] == ["2026-05-25", "2026-06-01"]  # a holiday comes first


@pytest.mark.parametrize(
    ("department", "day", "name"),
    [
        ("67", date(2026, 4, 3), "Vendredi saint"),
        ("57", date(2026, 12, 26), "saint"),
        ("971", date(2026, 5, 27), "esclavage"),
        ("972", date(2026, 5, 22), "esclavage"),
        ("973", date(2026, 6, 10), "esclavage"),
        ("974", date(2026, 12, 20), "esclavage"),
        ("976", date(2026, 4, 27), "esclavage"),
    ],
)
def test_local_holidays(department, day, name):
    assert name.lower() in public_holidays(department, [2026])[day].lower()
    assert day not in public_holidays("03", [2026])


def test_closed_periods_are_skipped_too(monday_plan):
    holiday = (date(2026, 2, 9), date(2026, 2, 22), "vacances d'hiver")
    calendar = make_calendar(
        monday_plan, date(2026, 2, 1), date(2026, 2, 28), department="03", closed=[holiday]
    )
    assert [o.day.day for o in calendar.outings] == [2, 23]
    assert {o.closed_by for o in calendar.cancelled} == {"vacances d'hiver"}


def test_an_upside_down_period_is_refused(monday_plan):
    with pytest.raises(DataError, match="Période impossible"):
        make_calendar(monday_plan, date(2026, 2, 1), date(2026, 1, 1), department="03")


def test_weeks_follow_the_iso_number():
    assert cycle_week(date(2026, 1, 1), 2) == 0  # ISO week 1: odd
    assert cycle_week(date(2026, 1, 5), 2) == 1
    assert cycle_week(date(2026, 12, 31), 4) == 0  # ISO week 53
    assert cycle_week(date(2027, 1, 4), 4) == 0  # ISO week 1 of a year after 53 weeks


def test_published_hours_say_exactly_when_the_van_is_there(plan):
    """Over a year, without holidays: open by the OSM rule if and only if a van is there."""
    calendar = make_calendar(plan, date(2027, 1, 1), date(2027, 6, 30), department="03")
    off = public_holidays("03", [2027])
    for code in plan.stops:
        text = osm_hours(plan, code)
        assert text.endswith("; PH off")
        rule = opening_hours.OpeningHours(text.removesuffix("; PH off"))
        there = []
        for passage in calendar.passages_for(code):
            start, end = (moment.replace(tzinfo=None) for moment in (passage.start, passage.end))
            if passage.visit.lunch_from_min is None:
                there.append((start, end))
            else:
                lunch = datetime(start.year, start.month, start.day) + timedelta(
                    minutes=round(passage.visit.lunch_from_min)
                )
                pause = timedelta(minutes=plan.problem.day.lunch_min)
                there += [(start, lunch), (lunch + pause, end)]
        opened = [
            (begin, end)
            for begin, end, state, _ in rule.intervals(
                datetime(2027, 1, 1), datetime(2027, 6, 30, 23, 59)
            )
            if "open" in str(state).lower() and begin.date() not in off
        ]
        assert opened == there


def test_weekly_hours_have_no_week_and_fortnightly_ones_their_parity(monday_plan):
    assert osm_hours(monday_plan, "03001") == "Mo 09:00-12:00; PH off"
    second = replace(monday_plan, days=tuple(r for r in monday_plan.days if r.week == 1))
    assert osm_hours(second, "03001") == "week 02-53/2 Mo 09:00-12:00; PH off"
    assert osm_hours(second, "03999") == ""


def test_a_neighbours_passages_are_those_of_the_stop_that_serves_it(monday_plan):
    calendar = make_calendar(monday_plan, date(2026, 1, 1), date(2026, 2, 1), department="03")
    found = calendar.passages_for("03002")
    assert {passage.commune_code for passage in found} == {"03001"}
    assert found[0].start == datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert found[1].start.day == 12
    assert calendar.passages_for("03999") == ()


def test_icalendar_reads_back_with_local_hours(plan):
    calendar = make_calendar(plan, date(2026, 6, 1), date(2026, 6, 28), department="974")
    read = icalendar.Calendar.from_ical(tours_ics(calendar))
    events = read.walk("VEVENT")
    assert len(events) == len(calendar.passages)
    assert len({str(event["uid"]) for event in events}) == len(events)
    starts = sorted(event["dtstart"].dt for event in events)
    assert starts == [passage.start for passage in calendar.passages]
    assert starts[0].utcoffset() == timedelta(hours=4)
    assert read.walk("VTIMEZONE")
    assert time_zone("974") == "Indian/Reunion"


def test_one_calendar_a_van_and_a_commune_and_the_same_bytes_twice(plan):
    calendar = make_calendar(plan, date(2026, 6, 1), date(2026, 6, 28), department="03")
    vans = sorted({(o.route.base_code, o.route.van) for o in calendar.outings})
    events = sum(
        len(icalendar.Calendar.from_ical(van_ics(calendar, *van)).walk("VEVENT")) for van in vans
    )
    assert events == len(calendar.passages)
    code = next(iter(plan.stops))
    one = commune_ics(calendar, code)
    assert one == commune_ics(calendar, code)
    read = icalendar.Calendar.from_ical(one).walk("VEVENT")
    assert len(read) == len(calendar.passages_for(code))
    assert b"@" not in one
    with pytest.raises(DataError, match="Aucun passage"):
        commune_ics(calendar, "99999")
    with pytest.raises(DataError, match="Aucune sortie"):
        van_ics(calendar, "99999", 0)


def test_shapes_hold_every_route_and_stop(plan):
    shapes = json.loads(json.dumps(tours_geojson(plan)))
    lines = [f for f in shapes["features"] if f["geometry"]["type"] == "LineString"]
    points = [f for f in shapes["features"] if f["geometry"]["type"] == "Point"]
    assert len(lines) == len(plan.days)
    assert {f["properties"]["commune_code"] for f in points} == set(plan.stops)
    for line, route in zip(lines, plan.days, strict=True):
        assert len(line["geometry"]["coordinates"]) == len(route.visits) + 2
    gpx = tours_gpx(plan, plan.days[0].base_code, plan.days[0].van)
    assert gpx.count("<rte>") == sum(
        (r.base_code, r.van) == (plan.days[0].base_code, plan.days[0].van) for r in plan.days
    )


def test_places_without_coordinates_are_on_no_map(monday_plan):
    assert tours_geojson(monday_plan)["features"] == []


def test_a_year_adds_up(monday_plan):
    year = one_year(monday_plan, 2026, department="03")
    assert year.outings + year.cancelled_visits == 52
    assert year.cancelled_visits == 2
    assert year.km == pytest.approx(50 * 20.0)
    assert year.service_h == pytest.approx(50 * 3.0)
    assert year.drive_h == pytest.approx(50 * 40 / 60)
    assert year.cost_eur == pytest.approx(1000 * 0.41)
    assert year.hours_h == pytest.approx(year.service_h + year.drive_h)


def test_allowance_goes_band_by_band():
    assert km_cost_eur(2_000) == pytest.approx(820)
    assert km_cost_eur(10_000) == pytest.approx(820 + 8_000 * 0.51)
    assert km_cost_eur(12_000, "8") == pytest.approx(900 + 8_000 * 0.55 + 2_000 * 0.32)
    assert km_cost_eur(0) == 0


def test_totals_agree_with_the_cycle(plan):
    # Two whole cycles without a public holiday.
    calendar = make_calendar(plan, date(2026, 8, 17), date(2026, 10, 11), department="03")
    found = totals(calendar)
    assert not calendar.cancelled
    assert found.km == pytest.approx(2 * plan.km)
    assert found.visits == 2 * plan.visits_served
