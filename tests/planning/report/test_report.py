"""What a report says, and the page that says it."""

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from planning.adjust import adjust
from planning.deployment import deploy
from planning.french import day
from planning.programme import programme, yearly_cost
from planning.report.content import Quantity, Table
from planning.report.drawing import Areas, Disc
from planning.report.page import report_page
from planning.report.plan_map import draw, tour_colour, tour_dash
from planning.report.plan_report import plan_report
from planning.report.proposal_report import Adjustment, proposal_report
from planning.report.workbook import FORMATS
from planning.report.writing import typo, vintage, written
from planning.scenario import Scenario
from tests.planning.report.conftest import ON


def table(report, name: str) -> Table:
    return next(one for one in report.tables() if one.name == name)


def test_figures_are_those_of_the_plan(report, allier):
    rows = {row[0]: row[1:] for row in table(report, "Avant et après").rows}
    before, after, gap = rows["à 20 min ou moins"]
    assert after == Quantity(allier.scorecard.after.share_within[20], "share")
    assert gap.value == pytest.approx(after.value - before.value)
    sites = table(report, "Sites").rows
    assert sum(row[3].value for row in sites) == sum(s.positions for s in allier.sites)
    cantons = table(report, "Cantons").rows
    assert sum(row[2].value for row in cantons) == sum(s.positions for s in allier.sites)
    assert sum(row[1].value for row in cantons) == pytest.approx(allier.situation.weights.sum())


def test_people_carry_their_interval(report):
    for _, persons, low, high, share in table(report, "Personnes").rows:
        assert low.value < persons.value < high.value
        assert 0 < share.value <= 1


def test_costs_add_up_and_say_what_they_leave_out(report, allier):
    for _, state, host, whole in table(report, "Coût par an").rows:
        assert state.value + host.value == pytest.approx(whole.value)
    first = table(report, "Coût par an").rows[0]
    cost = yearly_cost(allier.scenario.positions, "V2", programme().values())
    assert first[1].value == pytest.approx(cost["state_eur"].iloc[0])
    assert "ne sont pas compris" in report_page(report)


def test_missing_layers_are_named(report):
    page = report_page(report)
    assert "Couches absentes de ce calcul" in page
    assert "Points de contact de La Poste" in page


def test_the_page_has_the_same_tables_and_a_named_map(report):
    page = report_page(report)
    assert '<html lang="fr">' in page
    assert not re.search(r'(src|href)="https?:', page)
    assert page.count("<caption>") == len([one for one in report.tables() if one.rows])
    assert 'role="img" aria-label="Carte du plan' in page


def test_names_are_never_markup(allier):
    hostile = "<script>alert(1)</script>"
    page = report_page(plan_report(allier, ON, hostile))
    assert hostile not in page
    assert "&lt;script&gt;" in page


def test_a_proposal_says_what_it_changes(allier):
    codes = allier.situation.places["commune_code"]
    held = {c: int(n) for c, n in zip(codes, allier.fixed.positions, strict=True) if n}
    first, second, *_ = sorted(held)
    moved = {**held, first: 0, second: held[second] + 1}
    proposal = Adjustment(adjust(allier, moved), "Mme Durand", "Déjà équipée.", "brouillon")
    report = proposal_report(allier, proposal, ON)
    assert "1 ajouté et 1 retiré" in report.summary
    rows = {row[0][-6:-1]: row for row in table(report, "Postes").rows}
    assert rows[first][3:6] == (Quantity(held[first]), Quantity(0), "—")
    assert "Retiré" in rows[first][6]
    page = report_page(report)
    assert "Déjà équipée." in page
    assert "par Mme Durand" in page
    drawn = [shape for shape in draw(allier).shapes if isinstance(shape, Disc)]
    assert len(drawn) == len(allier.sites)


def test_a_proposal_like_the_plan_says_so(allier):
    codes = allier.situation.places["commune_code"]
    held = {c: int(n) for c, n in zip(codes, allier.fixed.positions, strict=True) if n}
    report = proposal_report(allier, Adjustment(adjust(allier, held)), ON)
    assert "identique au plan" in report.summary
    gaps = [row[-1].value for row in table(report, "Avant, plan, proposition").rows]
    assert np.allclose(gaps, 0, atol=1e-9)


@pytest.mark.official
def test_the_licence_of_la_poste_is_told(official_dir):
    lozere = deploy(Scenario(territory="48", positions=4, tours=False))
    page = report_page(plan_report(lozere, ON))
    assert "Contient des données de La Poste" in page
    assert "sous la même licence" in page


def test_islands_without_road_are_hatched_not_coloured_alone(bare_machine):
    plan = deploy(Scenario(territory="29", positions=20, tours=False))
    drawing = draw(plan)
    areas = next(shape for shape in drawing.shapes if isinstance(shape, Areas))
    cut_off = [item for item in areas.items if "pas d'accès routier" in item.title]
    assert cut_off
    assert all(item.fill == "#ffffff" for item in cut_off)


NUMBERS = some.floats(-1e12, 1e12) | some.sampled_from([float("nan"), float("inf"), -0.0])


@given(NUMBERS, some.sampled_from(list(FORMATS)))
def test_any_number_is_written(value, kind):
    text = written(Quantity(value, kind))
    assert text
    assert "nan" not in text
    assert "inf" not in text


def test_numbers_and_dates_are_french():
    assert written(Quantity(1234.4)) == "1\u202f234"
    assert written(Quantity(-0.004, "points")) == "−0,4\u202fpt"
    assert written(Quantity(0.031, "points")) == "+3,1\u202fpt"
    assert written(Quantity(-0.00001, "share")) == "0,0\u202f%"
    assert written(Quantity(None)) == "inconnu"
    assert day(date(2026, 8, 1)) == "1er août 2026"
    assert vintage("2024-08-01") == "1er août 2024"
    assert vintage("2020-12") == "décembre 2020"
    assert vintage("records of 2021") == "records of 2021"
    assert typo("15,4 % : oui ; « non »") == "15,4\u00a0%\u00a0: oui\u202f; «\u00a0non\u00a0»"


def test_vans_are_told_apart_by_more_than_their_colour():
    looks = [(tour_colour(van), tour_dash(van)) for van in range(36)]
    assert len(set(looks)) == 36
    assert all(tour_dash(van) != tour_dash(van + 1) for van in range(35))
    assert all(len(dash) in (0, 2) for _, dash in looks)  # a PDF is written with no more
