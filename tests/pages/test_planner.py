import pytest

from tests.pages.conftest import texts
from views.parts import cached


def test_it_opens_on_a_finished_plan(open_page):
    page = open_page()
    assert not page.error
    assert not page.exception
    said = texts(page)
    assert "Lieux proposés pour les postes fixes" in said
    assert "personnes en illectronisme" in said.lower()
    assert page.selectbox[0].value == "03"


def test_the_number_of_positions_says_where_it_comes_from(open_page):
    assert "première du programme" in texts(open_page())
    offered = texts(open_page(dep="75"))
    share = cached.programme_shares()["75"]
    assert f"Il compterait {share} postes : sa part des 4 000 du programme" in offered.replace(
        "\u202f", " "
    ).replace("\xa0", " ")


def test_the_numbers_of_the_public_debate_stand_side_by_side(open_page):
    said = texts(open_page())
    for figure in ("15,4", "17", "13 millions", "16 millions"):
        assert figure in said
    assert "maison de retraite" in said


def test_the_offer_known_in_part_is_said_so(open_page):
    said = texts(open_page())
    assert "en partie" in said
    assert "Couches absentes" in said


def test_another_department_waits_for_the_user(open_page):
    page = open_page(dep="48")
    assert page.selectbox[0].value == "48"
    assert "Aucun plan n'est encore calculé" in texts(page)
    assert "Lieux proposés" not in texts(page)


@pytest.mark.parametrize("department", ["2A", "972", "976", "75", "93"])
def test_every_kind_of_department_opens(open_page, department):
    page = open_page(dep=department)
    assert not page.error
    assert not page.exception


def test_need_is_not_estimated_where_ages_are_unknown(open_page):
    assert "non estimé" in texts(open_page(dep="976"))


def test_the_form_makes_another_plan(open_page):
    page = open_page(dep="90")
    page.number_input[0].set_value(3)
    next(b for b in page.button if b.label == "Calculer ce plan").click()
    page.run()
    assert not page.error
    assert "Lieux proposés" in texts(page)
    assert page.query_params["postes"] in ("3", ["3"])


def test_a_link_restores_every_choice_and_the_plan(open_page):
    page = open_page(
        dep="90", postes="3", mobiles="0", recherche="seuil", seuil="12", isolement="9",
        semaines="4", couleur="apres", utile="0.3",
    )  # fmt: skip
    assert not page.error
    assert "Lieux proposés" in texts(page)
    assert "à 12 minutes ou moins" in texts(page)
    assert [one.value for one in page.number_input] == [3, 0]
    assert [one.value for one in page.slider] == [12, 30, 9]
    assert [one.value for one in page.radio] == ["max-cover", 4]
    assert page.segmented_control[0].value == "apres"
    for name, value in {"postes": "3", "seuil": "12", "semaines": "4", "couleur": "apres"}.items():
        assert page.query_params[name] in (value, [value])


def test_hostile_links_open_the_allier(open_page):
    page = open_page(dep="<script>", postes="-3", couches="../..,javascript:1", commune="' OR 1=1",
                     seuil="1e9", mobiles="99", semaines="3", couleur="<b>")  # fmt: skip
    assert not page.exception
    assert page.selectbox[0].value == "03"
    assert "n'a pas pu être comprise" in texts(page)


def test_a_link_followed_in_the_same_visit_wins_over_what_was_chosen(open_page):
    page = open_page("planner/tours.py", dep="23")
    box = page.selectbox(key="department_tours")
    box.set_value("48").run()
    assert page.query_params["dep"] in ("48", ["48"])
    page.query_params["dep"] = "90"
    page.run()
    assert page.selectbox(key="department_tours").value == "90"
    page.selectbox(key="department_tours").set_value("48").run()
    assert page.selectbox(key="department_tours").value == "48"
    page.query_params["dep"] = "<script>"
    page.run()
    assert page.selectbox(key="department_tours").value == "48"
