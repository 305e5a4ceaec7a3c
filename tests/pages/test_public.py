from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coverage.doorstep import Doorstep
from geodata import geocoding
from geodata.errors import SourceError
from geodata.geocoding import Address
from tests.pages.conftest import quick_scenario, texts
from views.parts import cached
from views.parts.public import addresses, cards, nearby, sheet
from views.parts.public.cards import Numbered

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
    assert "Aucune commune ne correspond" in texts(page)


def test_unknown_is_said_where_no_place_is_known(open_page):
    page = open_page(PAGE, commune="29155")
    assert "Aucun lieu connu dans cette édition" in texts(page)


def test_only_a_permanence_is_called_a_counsellor():
    near = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)
    assert near
    minutes = [round(place.minutes) for place in near]
    assert minutes == sorted(minutes)
    for place in near:
        assert "conseiller" not in place.what  # the snapshot holds no permanence
        assert "accompagnement" in place.what


def hostile(place: nearby.Near) -> nearby.Near:
    return replace(
        place, title="<b>x</b>", address='"><script>', phone="<i>", website="javascript:alert(1)"
    )


def test_cards_and_sheets_escape_what_they_show():
    near = hostile(nearby.around("03190", cached.places().frame, MONDAY_8_UTC)[0])
    town = cached.communes().loc["03190"]
    card = cards.card_html(Numbered(1, near, chosen=True, unsure=True), MONDAY_8_UTC)
    for html in (card, sheet.sheet_html(town, [near], MONDAY_8_UTC)):
        for part in ("<b>", "<script>", "<i>", "javascript:"):
            assert part not in html


def test_a_sheet_is_whole_and_large_and_holds_the_nearest():
    near = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)
    html = sheet.sheet_html(cached.communes().loc["03190"], near, MONDAY_8_UTC)
    assert html.count("<section>") == sheet.ON_A_SHEET
    assert "16pt" in html
    assert "Moulins" in html
    assert "http" not in html  # paper: nothing to click, nothing to fetch
    assert "23 novembre 2026" in html


def test_people_leave_from_their_town_hall_or_from_their_address():
    places = cached.places().frame
    town = nearby.centre("03190")
    from_hall = nearby.around("03190", places, MONDAY_8_UTC)
    same = nearby.around("03190", places, MONDAY_8_UTC, town)
    assert same == from_hall
    door = Doorstep("03190", from_hall[4].lon, from_hall[4].lat)
    assert nearby.around("03190", places, MONDAY_8_UTC, door)[0].metres < 100


def test_a_vast_commune_has_its_own_places_near():
    """The places of Saint-Laurent-du-Maroni stand by its town hall, not half an hour away."""
    hall = cached.communes().loc["97311"]
    one = (
        cached.places()
        .frame.iloc[[0]]
        .assign(
            commune_code="97311", lon=hall["lon"] + 0.004, lat=hall["lat"], layer="mediation_places"
        )
    )
    near = nearby.around("97311", one, MONDAY_8_UTC)
    assert near[0].walkable
    assert cards.away_text(near[0]) == "environ 400\u00a0m à vol d'oiseau"


def test_within_a_minute_those_open_to_all_whom_one_can_call_come_first():
    three = (
        cached.places()
        .frame.iloc[[0, 0, 0]]
        .assign(
            id=["a", "b", "c"],
            name=["Adoma, résidence sociale", "Sans téléphone", "Zoé"],
            phone=["01 02 03 04 05", None, "01 02 03 04 05"],
            commune_code="03190",
            lon=3.333,
            lat=46.566,
            layer="mediation_places",
        )
    )
    near = nearby.around("03190", three, MONDAY_8_UTC)
    assert [place.title for place in near] == ["Zoé", "Sans téléphone", "Adoma, résidence sociale"]
    assert "réservé à ses résidents" in cards.card_html(Numbered(3, near[2]), MONDAY_8_UTC)


@pytest.mark.parametrize(("record", "said"), [("2022-10-06", "horaires de 2022"), ("2026-09", "")])
def test_old_hours_are_called_old(record, said):
    place = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)[0]
    opening = nearby.hours.Opening("closed", "Fermé, ouvre à 10 h")
    card = cards.card_html(
        Numbered(1, replace(place, opening=opening, record=record)), MONDAY_8_UTC
    )
    assert ("(horaires de" in card) == bool(said)
    assert said in card


@pytest.mark.parametrize("text", ["Saint-Denis", "xyzabc", "vichi", "paris"])
def test_where_several_communes_may_be_meant_one_must_be_chosen(open_page, text):
    page = open_page(PAGE)
    page.text_input[0].set_value(text).run()
    assert not page.subheader  # no answer yet
    assert "commune" not in page.query_params
    assert page.radio[0].value is None
    assert page.radio[0].label.startswith(("De quelle", "Aucune commune ne s'appelle"))


def test_a_link_carries_filters_and_never_an_address(open_page):
    page = open_page(PAGE, commune="03190", filtres="ouvert,zzz,<script>", aide="demarches")
    assert not page.error
    assert page.query_params["filtres"] in ("ouvert", ["ouvert"])
    assert page.selectbox(key="public_help").value == "demarches"
    link = page.code[0].value
    assert link.endswith("?commune=03190&filtres=ouvert&aide=demarches")


def test_too_strict_filters_offer_to_relax(open_page):
    page = open_page(PAGE, commune="03190", filtres="pmr,weekend")
    said = texts(page)
    assert "ne dit convenir" in said
    page.button(key="relax").click().run()
    assert "ne dit convenir" not in texts(page)
    assert "filtres" not in page.query_params


def test_what_is_not_said_may_be_added(open_page):
    page = open_page(PAGE, commune="03190", filtres="pmr")
    page.toggle(key="public_unsure").set_value(True).run()
    assert "ne dit pas tout ce que vous cherchez" in texts(page)


def test_a_choice_in_the_list_stands_out_on_the_map(open_page):
    page = open_page(PAGE, commune="03190")
    page.button(key="show_2").click().run()
    assert texts(page).count("montré sur la carte") == 1
    assert len(page.code) == 2  # the link to share, the address to copy
    near = nearby.around("03190", cached.places().frame, MONDAY_8_UTC)[:3]
    shown = [Numbered(rank, one, chosen=rank == 2) for rank, one in enumerate(near, start=1)]
    town = cached.communes().loc["03190"]
    plain = [replace(one, chosen=False) for one in shown]
    first, second = (cards.map_specification("03190", town, one) for one in (plain, shown))
    assert first["view"] == second["view"]  # the map stays where it is
    apart = second["layers"][-1]
    assert [row[2] for row in apart["rows"]] == ["2"]
    assert apart["shape"] != second["layers"][-2]["shape"]


class Geocoder:
    """Stands for the service: what is sent to it is known."""

    def __init__(self, answer: list[Address] | SourceError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, text: str) -> list[Address]:
        self.asked.append(text)
        if isinstance(self.answer, SourceError):
            raise self.answer
        return self.answer


def search_address(open_page, monkeypatch, answer):
    service = Geocoder(answer)
    monkeypatch.setenv("GEODATA_GEOCODER", "http://geocoder.invalid")
    monkeypatch.setattr(geocoding, "geocode", service)
    page = open_page(PAGE, commune="03310")
    page.toggle(key="online").set_value(True).run()
    typed = next(one for one in page.text_input if one.label == "Votre adresse")
    typed.set_value("12 rue de l'Oiseau bleu")
    next(one for one in page.button if "Envoyer cette adresse" in one.label).click().run()
    assert service.asked == ["12 rue de l'Oiseau bleu"]
    return page


def test_an_address_is_not_asked_for_before_the_search_is_switched_on(open_page, monkeypatch):
    monkeypatch.setenv("GEODATA_GEOCODER", "http://geocoder.invalid")
    page = open_page(PAGE)
    assert [one.label for one in page.text_input] == ["Votre commune ou votre code postal"]
    assert not page.toggle(key="online").value
    assert "tant que vous" in texts(page)


def test_an_address_is_a_start_and_stays_out_of_the_link(open_page, monkeypatch):
    found = Address("12 Rue de l'Oiseau Bleu 03000 Moulins", "03190", 3.33, 46.565, 0.9)
    page = search_address(open_page, monkeypatch, [found])
    said = texts(page)
    assert "sera envoyée à la Géoplateforme" in said
    assert "près de Moulins" in said
    assert "de votre adresse" in said
    assert "Oiseau" not in str(dict(page.query_params)) + page.code[0].value
    page.text_input(key="commune_text").set_value("Gannat").run()
    assert "près de Gannat" in texts(page)


def test_a_mute_service_leaves_the_search_by_commune(open_page, monkeypatch):
    mute = SourceError("Le service d'adresses ne répond pas", remedy="Cherchez par commune.")
    page = search_address(open_page, monkeypatch, mute)
    assert "Cherchez par commune" in page.warning[0].value
    assert "près de Vichy" in texts(page)


@pytest.mark.parametrize(("code", "expected"), [("75056", "75104"), ("98800", None)])
def test_a_city_is_refined_and_a_foreign_code_is_nowhere(code, expected):
    place = addresses.place_of(Address("x", code, 2.3522, 48.8566, 1.0))
    assert (place and place.commune_code) == expected


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


def test_it_says_who_publishes_it_and_what_it_keeps(open_page, monkeypatch):
    page = open_page("public/about.py")
    assert not page.error
    assert "n'a pas indiqué qui le publie" in texts(page)
    assert "non audité" in texts(page)
    monkeypatch.setenv("COVERAGE_OPERATOR", "Agence *essai*")
    monkeypatch.setenv("COVERAGE_CONTACT", "contact@exemple.invalid")
    said = texts(open_page("public/about.py"))
    assert "Service publié par" in said
    assert "contact@exemple.invalid" in said.replace("\\", "")


def test_a_machine_that_holds_no_register_needs_none(open_page, monkeypatch):
    monkeypatch.setenv("COVERAGE_STORE", "/dev/null/nowhere")  # nothing can be written there
    page = open_page("public/search.py", commune="03190")
    assert not page.error
    assert "aucun calendrier n" in texts(page)
