"""The page of tours: choices, a plan, its files, its publication."""

import pytest

from planning.store import Store, store_path
from planning.tours import published
from tests.pages.conftest import texts
from views.parts.tours import form as tours_form

PAGE = "planner/tours.py"
SMALL = {"dep": "90", "vehicules": "1", "semaines": "2", "seuil": "10", "effort": "rapide"}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setitem(tours_form.EFFORTS, "rapide", 40)


def test_it_waits_for_choices_and_says_so(open_page):
    page = open_page(PAGE)
    page.selectbox(key="department_tours").set_value("48").run()
    assert not page.exception
    assert not page.error
    assert "Aucune tournée n'est encore calculée" in texts(page)
    assert {slider.label.split(" ")[0] for slider in page.slider} >= {"Nombre", "Personnes"}


def test_a_link_restores_choices_and_tours(open_page):
    page = open_page(PAGE, **SMALL)
    assert not page.exception
    assert not page.error
    said = texts(page)
    assert "Communes desservies" in said
    assert "semaine 2" in said
    assert "Arrêts des tournées" in said
    assert page.slider[0].value == 1
    assert "Au moins" in said


def test_the_form_makes_other_tours_and_the_address_follows(open_page):
    page = open_page(PAGE, **SMALL)
    page.slider[0].set_value(2)
    next(b for b in page.button if b.label == "Calculer les tournées").click()
    page.run()
    assert not page.error
    assert page.query_params["vehicules"] in ("2", ["2"])
    assert "Communes desservies" in texts(page)


def test_a_calendar_is_published_then_withdrawn(open_page):
    page = open_page(PAGE, **SMALL)
    page.text_input(key="publisher").set_value("Coordination")
    page.text_area(key="closures").set_value("01/01/2027 au 31/01/2027 pause").run()
    assert "du 01/01/2027 au 31/01/2027 (31 jours), pause" in texts(page)
    next(b for b in page.button if b.label == "Publier ce calendrier").click()
    page.run()
    assert "Publié pour Coordination" in texts(page)
    found = published.current(Store(store_path()), "90")
    assert found is not None
    assert not any(v.start.strftime("%Y-%m") == "2027-01" for v in found.visits)
    served = found.visits[0].stop.communes[-1]
    public = texts(open_page("public/search.py", commune=served))
    assert "Prochain passage itinérant" in public
    assert "Coordination" in public
    next(b for b in page.button if b.label == "Retirer le calendrier publié").click()
    page.run()
    assert "Aucun calendrier n'est publié" in texts(page)
    assert published.current(Store(store_path()), "90") is None
    public = texts(open_page("public/search.py", commune=served))
    assert "aucun calendrier n'est publié" in public.replace("&#x27;", "'")


def test_publishing_without_a_name_says_what_is_missing(open_page):
    page = open_page(PAGE, **SMALL)
    next(b for b in page.button if b.label == "Publier ce calendrier").click()
    page.run()
    assert any("nom du service" in error.value for error in page.error)


def test_a_period_that_cannot_be_read_is_named(open_page):
    page = open_page(PAGE, **SMALL)
    page.text_area(key="closures").set_value("à Noël").run()
    assert any("ligne 1" in error.value for error in page.error)


@pytest.mark.parametrize("department", ["75", "976"])
def test_where_there_is_nothing_to_serve_it_says_why(open_page, department):
    page = open_page(PAGE, **{**SMALL, "seuil": "45"})
    page.selectbox(key="department_tours").set_value(department).run()
    assert not page.exception
    assert "Aucune tournée" in texts(page) or "Communes desservies" in texts(page)


def test_hostile_links_open_on_default_choices(open_page):
    page = open_page(
        PAGE,
        dep="<b>", semaines="7", seuil="-1", suivi="1e9", arrets="٣", effort="x",
        depuis="../..,99999",
    )  # fmt: skip
    assert not page.exception
    assert page.slider[0].value == 4
    assert page.multiselect[0].value == []
    assert "n'a pas pu être comprise" in texts(page)


@pytest.mark.official
def test_the_charente_compares_with_its_real_bus(open_page, official_dir):
    page = open_page(PAGE)
    page.selectbox(key="department_tours").set_value("16").run()
    page.toggle(key="real_tour").set_value(True).run()
    assert not page.exception
    said = texts(page)
    assert "Tournée publiée en 2024" in said
    assert "484 km" in said.replace("\u202f", " ").replace("\xa0", " ")
    assert "Aucune tournée n'est encore calculée" in said
