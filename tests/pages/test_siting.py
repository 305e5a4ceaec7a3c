"""The page of siting: from a question to a plan, its other plans, and back by a link."""

import pytest

from geodata.errors import CoverageError
from tests.pages.conftest import texts
from views.parts.siting import link as siting_link
from views.parts.siting import runs as siting_runs

PAGE = "planner/siting.py"


def calculate(page):
    next(one for one in page.button if one.label == "Calculer").click()
    return page.run()


def test_it_opens_on_a_question_and_computes_nothing(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert "Aucun plan n'est encore calculé" in texts(page)
    assert "Ce que chaque site apporte" not in texts(page)


def test_a_question_gives_a_plan_with_its_proof(open_page):
    page = calculate(open_page(PAGE, territoire="90", sites="3"))
    assert not page.error
    assert not page.exception
    said = texts(page)
    assert "le calcul prouve" in said
    assert "Ce que chaque site apporte" in said
    again = open_page(PAGE, territoire="90", sites="3")
    assert "Ce que chaque site apporte" in texts(again)


def test_the_address_follows_the_question(open_page):
    page = open_page(PAGE, territoire="90")
    page.number_input[0].set_value(4)
    page = calculate(page)
    assert page.query_params["sites"] in ("4", ["4"])
    assert page.query_params["territoire"] in ("90", ["90"])


def test_rules_of_a_link_are_restored_and_their_conflict_told(open_page):
    page = open_page(PAGE, territoire="90", sites="2", groupe="canton", gmin="1", budget="50000")
    assert not page.exception
    assert page.number_input[0].value == 2
    page = calculate(page)
    assert not page.exception
    assert "ne peuvent être suivies ensemble" in page.error[0].value


def test_the_country_refuses_models_that_are_too_large(open_page):
    page = calculate(open_page(PAGE, territoire="FR", modele="plus-long"))
    assert not page.exception
    assert "trop grand" in page.error[0].value


def test_compromises_variants_and_waves_are_offered(open_page):
    calculate(open_page(PAGE, territoire="90", sites="5"))
    for part, label, said in (
        ("compromis", "Calculer les compromis", "Les compromis"),
        ("variantes", "Calculer les variantes", "Des plans presque aussi bons"),
        ("vagues", "Calculer les vagues", "La montée"),
        ("methode", "", "Comment ce plan a été fait"),
    ):
        page = open_page(PAGE, territoire="90", sites="5", partie=part)
        if label:
            next(one for one in page.button if one.label == label).click()
            page.run()
        assert not page.exception
        assert not page.error
        assert said in texts(page)
    assert "Compromis 1" in page.selectbox(key="siting_shown").options


def test_waves_are_drawn_by_their_number(open_page):
    calculate(open_page(PAGE, territoire="90", sites="6"))
    page = open_page(PAGE, territoire="90", sites="6", partie="vagues")
    next(one for one in page.button if one.label == "Calculer les vagues").click()
    page.run()
    assert "Quel site ouvre quand" in texts(page)
    page.selectbox(key="siting_shown").set_value("Les vagues").run()
    assert not page.exception
    assert "2 : ouvre à la deuxième vague" in texts(page)


def test_a_run_left_alone_is_found_again(open_page):
    study = siting_link.read({"territoire": "90", "sites": "6"}, ("90",), ())
    job = siting_runs.plan(study)
    page = open_page(PAGE)
    assert "Calculs récents" in texts(page)
    assert job.wait(60)
    assert "Ce que chaque site apporte" in texts(open_page(PAGE, territoire="90", sites="6"))


def test_a_run_that_failed_is_not_shown_as_known():
    study = siting_link.read({"territoire": "90", "budget": "1"}, ("90",), ())
    job = siting_runs.plan(study)
    assert job.wait(60)
    assert job.failed
    assert siting_runs.peek(study) is None
    with pytest.raises(CoverageError, match="budget"):
        job.result()


def test_hostile_links_open_the_question_by_default(open_page):
    page = open_page(PAGE, territoire="<script>", sites="-1", couts="x:y", imposes="'", duree="9e9")
    assert not page.exception
    assert page.selectbox(key="siting_territory").value == "03"


def test_a_typed_list_that_is_not_understood_computes_nothing(open_page):
    page = open_page(PAGE, territoire="REG-84", modele="temps-moyen", sites="40")
    box = next(one for one in page.text_area if one.label.startswith("Communes sans site"))
    box.set_value("03190, 3190, 75056")
    calculate(page)
    assert not page.exception
    assert "3190" in page.error[0].value
    assert "75056" in page.error[0].value
    assert "Aucun plan n'est encore calculé" in texts(page)


def test_a_territory_starts_from_its_share_of_the_programme(open_page):
    page = open_page(PAGE)
    page.selectbox(key="siting_territory").set_value("REG-53").run()
    number = next(one for one in page.number_input if one.label.startswith("Nombre de sites"))
    assert 100 < number.value < 400
    page.selectbox(key="siting_territory").set_value("FR").run()
    number = next(one for one in page.number_input if one.label.startswith("Nombre de sites"))
    assert number.value == 4000


def test_a_link_that_makes_no_sense_is_told(open_page):
    page = open_page("planner/siting.py", territoire="DEP-XX")
    assert any("pas pu être comprise" in one.value for one in page.warning)
    fine = open_page("planner/siting.py", territoire="90", sites="4")
    assert not any("pas pu être comprise" in one.value for one in fine.warning)
