"""Published calendars: written in the register, read by the public, withdrawn."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.errors import DataError
from planning.events import Author, ConflictError
from planning.stopping import after_iterations
from planning.store import Store
from planning.tours import published, solve
from planning.tours.calendar import make_calendar

AUTHOR = Author("Quelqu'un", authenticated=False)
SERVICE = "Coordination"
PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2026, 3, 30), date(2026, 7, 31)


@pytest.fixture(scope="module")
def calendar(problem_of):
    plan = solve(problem_of(n_stop=5, seed=3), after_iterations(80))
    closed = [(date(2026, 6, 1), date(2026, 6, 14), "travaux")]
    return make_calendar(plan, FIRST, LAST, department="03", closed=closed)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "register.sqlite3")


def test_a_published_calendar_is_read_back_as_it_is(store, calendar):
    told = published.publish(store, calendar, "03", AUTHOR, SERVICE, contact="04 00 00 00 00")
    # Another process opens the same file.
    found = published.current(Store(store.path), "03")
    assert replace(found, at=told.at) == told
    assert abs(found.at - told.at) < timedelta(seconds=1)
    assert [(v.stop.commune_code, v.start, v.end) for v in found.visits] == [
        (p.commune_code, p.start, p.end) for p in calendar.passages
    ]
    assert (found.first, found.last, found.contact) == (FIRST, LAST, "04 00 00 00 00")
    assert found.author == AUTHOR
    assert found.service == SERVICE


def test_next_passages_follow_the_calendar_and_skip_what_is_closed(store, calendar):
    every = [published.publish(store, calendar, "03", AUTHOR, SERVICE)]
    for code in calendar.plan.stops:
        moment = datetime(2026, 3, 30, tzinfo=PARIS)
        found = published.next_passages(every, code, moment, limit=1_000)
        assert [v.start for v in found] == [p.start for p in calendar.passages_for(code)]
        days = {v.start.date() for v in found}
        assert not days & {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 25), date(2026, 7, 14)}
        assert not any(date(2026, 6, 1) <= day <= date(2026, 6, 14) for day in days)
        now = found[1].start + timedelta(minutes=1)
        assert published.next_passages(every, code, now, limit=1) == [found[1]]  # in progress
        assert published.next_passages(every, code, found[-1].end) == []
    assert published.next_passages(every, "99999", moment) == []


def test_a_withdrawn_calendar_is_shown_no_more_and_stays_written(store, calendar):
    published.publish(store, calendar, "03", AUTHOR, SERVICE)
    published.withdraw(store, "03", AUTHOR)
    assert published.current(store, "03") is None
    assert published.version(store, "03") == 2
    with pytest.raises(DataError, match="Aucun calendrier"):
        published.withdraw(store, "03", AUTHOR)
    assert published.publish(store, calendar, "03", AUTHOR, SERVICE).version == 3


def test_a_newer_calendar_is_not_overwritten_unseen(store, calendar):
    seen = published.version(store, "03")
    published.publish(store, calendar, "03", AUTHOR, SERVICE, after=seen)
    with pytest.raises(ConflictError):
        published.publish(store, calendar, "03", AUTHOR, SERVICE, after=seen)
    with pytest.raises(ConflictError):
        published.withdraw(store, "03", AUTHOR, after=seen)
    assert published.version(store, "03") == 1


@pytest.mark.parametrize(
    ("service", "contact", "part"),
    [("  ", "", "nom du service"), ("x" * 201, "", "trop long"), ("a", "9" * 201, "trop long")],
)
def test_what_is_missing_or_too_long_is_refused(store, calendar, service, contact, part):
    with pytest.raises(DataError, match=part):
        published.publish(store, calendar, "03", AUTHOR, service, contact=contact)
    assert published.version(store, "03") == 0


def test_a_calendar_without_a_visit_is_not_published(store, calendar):
    sunday = make_calendar(calendar.plan, date(2026, 7, 5), date(2026, 7, 5), department="03")
    with pytest.raises(DataError, match="aucun passage"):
        published.publish(store, sunday, "03", AUTHOR, SERVICE)


def test_vans_of_neighbours_may_pass_near_a_border_and_nowhere_else():
    near = published.departments_within("03155", 30.0)  # Lurcy-Lévis, in the corner of three
    assert near[0] == "03"
    assert {"18", "58"} <= set(near)
    assert "63" not in near  # beyond the Allier's other end
    assert published.departments_within("97411", 30.0) == ("974",)
    assert published.departments_within("03185", 0.0) == ("03",)
