from datetime import UTC, datetime

import pytest

from tests.pages.conftest import quick_scenario, texts
from views.parts import cached, cards, nearby

PAGE = "public/search.py"
MONDAY_8_UTC = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_postal_code_gives_the_nearest_places(open_page):
    page = open_page(PAGE)
    page.text_input[0].set_value("03000").run()
    said = texts(page)
    assert not page.error
    assert "près de Moulins" in said
    assert "à confirmer" in said
    assert "Ce n'est pas un lieu d'accompagnement" in said
    assert page.query_params["commune"] in ("03190", ["03190"])


def test_a_link_carries_a_commune(open_page):
    page = open_page(PAGE, commune="03310")
    assert page.text_input[0].value == "Vichy"
    assert "près de Vichy" in texts(page)


@pytest.mark.parametrize("code", ["75056", "99999", "'; --"])
def test_a_link_to_what_is_not_one_commune_is_left_out(open_page, code):
    page = open_page(PAGE, commune=code)
    assert not page.error
    assert page.text_input[0].value == ""


def test_paris_is_searched_by_arrondissement(open_page):
    page = open_page(PAGE)
    page.text_input[0].set_value("75011").run()
    assert not page.error
    assert "11e" in texts(page) or "11ᵉ" in texts(page)


@pytest.mark.parametrize("text", ["zzzzqqqq", "<img src=x onerror=alert(1)>", "99999", "?!"])
def test_what_is_not_a_commune_is_told(open_page, text):
    page = open_page(PAGE)
    page.text_input[0].set_value(text).run()
    assert not page.exception
    assert not page.error
    assert "Aucune commune ne correspond" in texts(page) or "près de" in texts(page)


def test_unknown_is_said_where_no_place_is_known(open_page):
    page = open_page(PAGE, commune="29155")
    assert "Aucun lieu connu dans cette édition" in texts(page)


def test_only_a_permanence_is_called_a_counsellor():
    near = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)
    assert near
    assert [place.minutes for place in near] == sorted(place.minutes for place in near)
    for place in near:
        assert "conseiller" not in place.what  # the snapshot holds no permanence
        assert "accompagnement" in place.what


def test_cards_escape_what_they_show():
    near = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)[0]
    from dataclasses import replace

    hostile = replace(
        near, title="<b>x</b>", address='"><script>', phone="<i>", website="javascript:alert(1)"
    )
    html = cards.card_html(1, hostile, MONDAY_8_UTC)
    for part in ("<b>", "<script>", "<i>", "javascript:"):
        assert part not in html


def test_filters_keep_only_what_is_known_to_be_open():
    near = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)
    opened = nearby.chosen(near, MONDAY_8_UTC, now=True, weekend=False)
    assert all(place.opening.state == "open" for place in opened)
    assert len(nearby.chosen(near, MONDAY_8_UTC, now=False, weekend=False)) <= nearby.SHOWN


def test_a_proposed_stop_is_near_or_nothing():
    job = cached.plan_job(quick_scenario("03"))
    assert job.wait(90)
    stop = nearby.proposed_stop("03190", job.result())
    assert stop is None or 0 <= stop.minutes <= nearby.REACH_MIN
    assert nearby.proposed_stop("03190", None) is None


def test_served_alone_nothing_else_is_in_the_menu(open_page, monkeypatch):
    monkeypatch.setenv("COVERAGE_AUDIENCE", "public")
    page = open_page()
    assert page.title[0].value == "Trouver un conseiller près de chez vous"
    with pytest.raises(ValueError, match="page"):
        page.switch_page("planner/plan.py").run()


def test_an_unknown_audience_is_refused_with_the_remedy(open_page, monkeypatch):
    monkeypatch.setenv("COVERAGE_AUDIENCE", "ministre")
    page = open_page()
    assert "prefect" in page.error[0].value
