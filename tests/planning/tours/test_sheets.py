"""Day sheets: every outing has its page, hours add up, and text of others stays text."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from geodata.errors import DataError
from planning.stopping import after_iterations
from planning.tours import WorkingDay, solve
from planning.tours.calendar import make_calendar
from planning.tours.closures import closure_text, read_closures
from planning.tours.sheets import day_sheets, day_steps, day_text, length_text


@pytest.fixture(scope="module")
def plan(problem_of):
    # Weekly stops: a van is out on some Friday, the 1st of May 2026 among them.
    stops = problem_of(n_stop=7, n_base=2, seed=2, every=(1, 2))
    friday = replace(stops.stops[0], weekdays=(4,))
    return solve(replace(stops, stops=(friday, *stops.stops[1:])), after_iterations(80))


class _Pages(HTMLParser):
    def __init__(self):
        super().__init__()
        self.pages, self.words = 0, []

    def handle_starttag(self, tag, attrs):
        self.pages += tag == "section"
        assert tag != "script"
        assert not {"src", "href"} & {name for name, _ in attrs}  # nothing to fetch

    def handle_data(self, data):
        self.words.append(data)


def read(page):
    parser = _Pages()
    parser.feed(page)
    return parser.pages, " ".join(" ".join(parser.words).split())


def test_steps_add_up_to_the_day(plan):
    for route in plan.days:
        steps = day_steps(plan, route)
        assert [s.kind for s in (steps[0], steps[-1])] == ["leave", "return"]
        assert sum(s.km for s in steps) == pytest.approx(route.km)
        assert sum(s.drive_min for s in steps) == pytest.approx(route.drive_min)
        assert [s.stop for s in steps if s.kind == "visit"] == [v.stop for v in route.visits]
        for before, after in pairwise(steps):
            assert before.until_min + after.drive_min <= after.from_min + 1e-6 or (
                "lunch" in (before.kind, after.kind)
            )


def test_a_break_within_a_visit_comes_after_its_stop(problem_of):
    day = WorkingDay(max_work_min=600.0)
    plan = solve(problem_of(n_stop=1, service=(330.0,), side_km=5.0, day=day), after_iterations(5))
    kinds = [step.kind for step in day_steps(plan, plan.days[0])]
    assert kinds == ["leave", "visit", "lunch", "return"]


def test_one_page_a_day_and_van_with_what_the_driver_needs(plan):
    calendar = make_calendar(plan, date(2026, 4, 27), date(2026, 5, 10), department="03")
    pages, text = read(day_sheets(calendar))
    assert pages == len(calendar.outings) + 1
    assert "vendredi 1er mai 2026 : Fête du Travail" in text
    for outing in calendar.outings:
        assert day_text(outing.day) in text
        for visit in outing.route.visits:
            assert f"Permanence à {plan.problem.stops[visit.stop].name}" in text
    assert text.count("Contact sur place") == len(calendar.passages)
    assert "conduite" in text
    one_day, _ = read(day_sheets(calendar, date(2026, 4, 27)))
    assert one_day == 1 + sum(o.day == date(2026, 4, 27) for o in calendar.outings)


def test_names_are_text_and_never_markup(plan):
    stops = tuple(
        replace(
            s,
            name="<script>alert(1)</script>",
            place="<img src=x>",
            communes=(s.commune_code, "03190"),
        )
        for s in plan.problem.stops
    )
    nasty = replace(plan, problem=replace(plan.problem, stops=stops))
    calendar = make_calendar(nasty, date(2026, 4, 27), date(2026, 5, 3), department="03")
    _, text = read(day_sheets(calendar, contact="<script>"))
    assert "<script>alert(1)</script>" in text
    assert "Dessert aussi : Moulins" in text


def test_lengths_are_written_as_people_say_them():
    assert length_text(59.4) == "59\u00a0min"
    assert length_text(59.6) == "1\u00a0h\u00a000"
    assert day_text(date(2027, 1, 4)) == "lundi 4 janvier 2027"


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("21/12/2026 au 03/01/2027 vacances de Noël", (12, 21), (1, 3), "vacances de Noël"),
        ("du 21/12/2026 jusqu'au 03/01/2027", (12, 21), (1, 3), "période sans tournée"),
        ("21 décembre 2026 au 3 janvier 2027 fêtes 2026", (12, 21), (1, 3), "fêtes 2026"),
        ("21/12/2026 à 03/01/2027, Noël", (12, 21), (1, 3), "Noël"),
        ("21/12/2026 → 2027-01-03 (Noël)", (12, 21), (1, 3), "Noël"),
        ("1er decembre 2026 - 31/12/2026", (12, 1), (12, 31), "période sans tournée"),
        ("2026-12-24", (12, 24), (12, 24), "période sans tournée"),
        ("Le 24/12/2026 l'équipe 2 en formation", (12, 24), (12, 24), "l'équipe 2 en formation"),
    ],
)
def test_closures_are_read_as_written(text, first, last, name):
    [found] = read_closures(f"\n{text}\n")
    year = 2026 if last >= first else 2027
    assert found == (date(2026, *first), date(year, *last), name)


def test_a_closure_is_read_back():
    closure = (date(2026, 12, 21), date(2027, 1, 3), "Noël")
    assert closure_text(closure) == "du 21/12/2026 au 03/01/2027 (14 jours), Noël"
    assert read_closures("24/12/2026 Noël")[0] == (date(2026, 12, 24), date(2026, 12, 24), "Noël")
    assert closure_text((date(2026, 12, 24), date(2026, 12, 24), "Noël")) == "le 24/12/2026, Noël"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("noël", "ligne 1"),
        ("21/12/2026 au 3 janv. 2027", "illisible"),
        ("21/12/2026 au 03/01/27 vacances", "illisible"),
        ("24/12/2026, 31/12/2026", "illisible"),
        ("24/12/2026 et 31 décembre", "illisible"),
        ("24/12/2026 ; 26", "illisible"),
        ("24/12/2026vacances", "illisible"),
        ("2027-01-01\n31/02/2027", "ligne 2"),
        ("03/01/2027 au 21/12/2026", "finit avant"),
        ("01/01/2026 au 01/01/2028", "plus d'un an"),
    ],
)
def test_a_period_that_makes_no_sense_is_named(text, part):
    with pytest.raises(DataError) as refused:
        read_closures(text)
    assert part in str(refused.value)
