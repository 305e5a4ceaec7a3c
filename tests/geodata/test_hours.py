"""Opening hours, as producers write them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours

from geodata.readers.hours import DAYS, check_osm, parse_day, write_week


@pytest.mark.parametrize(
    ("text", "slots", "merged"),
    [
        ("09:00 - 12:00 / 13:30 - 17:00", ((540, 720), (810, 1020)), False),
        ("13:30 - 17:00", ((810, 1020),), False),
        ("9h00 - 12h30", ((540, 750),), False),
        ("00:00 - 00:00", (), False),
        ("00:00 - 00:00 / 09:00 - 12:00 / 14:00 - 17:00", ((540, 720), (840, 1020)), False),
        ("09:00 - 11:00 / 11:00 - 12:00", ((540, 720),), False),
        ("09:00 - 17:00 / 09:00 - 12:00 / 14:00 - 17:00", ((540, 1020),), True),
        ("08:30 - 11:30 / 08:30 - 11:30", ((510, 690),), True),
    ],
)
def test_a_day_of_france_services(text, slots, merged):
    assert parse_day(text) == (slots, merged)


@pytest.mark.parametrize("text", ["matin", "12:00 - 09:00", "09:00", "09:00 - 25:00", "9-12"])
def test_a_day_that_is_not_understood(text):
    assert parse_day(text) is None


def test_a_week_groups_the_days_that_follow_each_other():
    day = ((540, 720), (810, 1020))
    week = write_week(dict.fromkeys(DAYS[:5], day) | {"Sa": ((540, 720),)})
    assert week == ("Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00", 35.5)


def test_equal_days_apart_are_not_joined_over_a_closed_one():
    day = ((540, 720),)
    week = write_week({"Mo": day, "We": day, "Fr": day})
    assert week.text == "Mo 09:00-12:00; We 09:00-12:00; Fr 09:00-12:00"


def test_a_week_never_open_has_no_hours():
    assert write_week({}) is None
    assert write_week({"Mo": ()}) is None


SLOTS = st.lists(st.integers(0, 288), min_size=0, max_size=6, unique=True).map(
    lambda times: tuple(
        (5 * a, 5 * b)
        for a, b in zip(sorted(times)[::2], sorted(times)[1::2], strict=False)
        if b - a > 0
    )
)


@given(st.fixed_dictionaries(dict.fromkeys(DAYS, SLOTS)))
def test_random_weeks_mean_the_same_to_the_library(week):
    """Random data: what is written opens for as long as what was read."""
    hours = write_week(week)
    opened = sum(b - a for slots in week.values() for a, b in slots) / 60
    if hours is None:
        assert opened == 0
    elif opened < 24 * 7:
        assert hours.weekly_h == pytest.approx(opened)
        assert check_osm(hours.text).weekly_h == pytest.approx(opened)
        monday = datetime(2027, 3, 1)
        for number, day in enumerate(DAYS):
            for start, end in week[day]:
                middle = (start + end) // 2
                at = monday.replace(day=1 + number, hour=middle // 60, minute=middle % 60)
                assert OpeningHours(hours.text).is_open(at)


@pytest.mark.parametrize(
    ("text", "weekly_h"),
    [
        ("Mo-Fr 09:00-12:00,14:00-17:00", 30),
        ("Mo-Fr 09:00-18:00; We off", 36),
        ("Mo-Fr 09:00-12:00,13:30-17:30; Tu 10:00-12:00", 30),
        ("week 01-53/2 Mo 09:00-12:00", 1.5),
        ("Tu[1] 09:00-12:00", 3 * 12 / 52),
        ("Mo[5] 09:00-12:00", 3 * 4 / 52),
        ("Apr-Oct Mo 09:00-12:00", 3 * 30 / 52),
        ("Jul-Aug Mo 09:00-12:00", 3 * 9 / 52),
        ("Mo 09:00-12:00; Jul-Aug off", 3 * 43 / 52),
        ("Mo 09:30-12:30,13:30-15:30; PH off", 5),
    ],
)
def test_hours_already_in_osm_syntax(text, weekly_h):
    assert check_osm(text) == (text, pytest.approx(weekly_h))


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 9h-12h30,13h30-17h",
        "Tu 08:00-13:45-16:30",
        "Mo 08:30",
        "Mo 08:00-12:00,14:00-14:00",
        "Fr 17:00-12:00",
        "Tu 00:00",
        "24/7",
        "off",
        "n'importe quoi",
    ],
)
def test_wrong_hours_are_not_shown(text):
    assert check_osm(text) is None
