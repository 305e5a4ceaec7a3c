"""The page of sharing: it opens, restores a link, refuses nonsense, decides on applications."""

import pytest

from planning.applying import EXAMPLE
from tests.pages.conftest import texts

PAGE = "planner/allocation.py"


def test_it_opens_on_the_whole_programme_shared(open_page):
    page = open_page(PAGE)
    assert not page.error
    assert not page.exception
    said = texts(page)
    assert "Ce que chaque méthode garantit" in said
    assert "4\u202f000" in said
    assert "non estimé" in said  # Mayotte
    assert "Lozère (48)" in said


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("etapes", "sur 18 régions"),
        ("accordes", "chargez la couche"),
        ("cout", "77,1"),
        ("heures", "Formation continue"),
        ("scenarios", "Banque des territoires"),
        ("candidatures", "une ligne par structure"),
    ],
)
def test_each_part_is_restored_by_its_link(open_page, part, word):
    page = open_page(PAGE, partie=part)
    assert not page.error
    assert not page.exception
    assert word in texts(page)


def test_a_link_restores_every_choice(open_page):
    page = open_page(
        PAGE, total="3000", methode="max-min", niveau="canton", dep="48", min="1", max="9",
        rural="20", cascade="0", partie="heures", preparation="3",
    )  # fmt: skip
    assert not page.exception
    said = texts(page)
    assert page.number_input(key="allocation_total").value == 3000
    assert page.selectbox(key="allocation_methode").value == "max-min"
    assert page.number_input(key="allocation_floor").value == 1
    assert page.number_input(key="allocation_cap").value == 9
    assert not page.checkbox(key="allocation_cascade").value
    assert page.slider(key="programme_preparation_h").value == 3
    assert "cantons" in said


def test_hostile_links_open_the_page_by_default(open_page):
    page = open_page(
        PAGE, total="-4", methode="<b>", niveau="../x", rural="999", partie="'", min="a"
    )
    assert not page.exception
    assert page.number_input(key="allocation_total").value == 4000
    assert "Ce que chaque territoire reçoit" in texts(page)


def test_what_cannot_be_shared_says_why(open_page):
    page = open_page(PAGE, total="100", min="5")
    assert not page.exception
    assert "505" in page.error[0].value


def test_the_address_follows_the_choices(open_page):
    page = open_page(PAGE)
    page.number_input(key="allocation_total").set_value(1000).run()
    page.selectbox(key="allocation_niveau").set_value("region").run()
    assert page.query_params["total"] in ("1000", ["1000"])
    assert page.query_params["niveau"] in ("region", ["region"])
    assert "18 régions" in texts(page)


def test_applications_are_decided_and_bad_rows_told(open_page):
    page = open_page(PAGE, partie="candidatures")
    content = EXAMPLE + "Perdue;Nulle-Part;public;1\r\n"
    page.get("file_uploader")[0].upload("candidatures.csv", content.encode(), "text/csv").run()
    assert not page.exception
    said = texts(page)
    assert "Médiathèque intercommunale" in said
    assert "Lignes écartées" in said
    assert "Nulle-Part" in said


def test_a_link_that_makes_no_sense_is_told(open_page):
    page = open_page("planner/allocation.py", total="-1", methode="magie")
    assert any("pas pu être comprise" in one.value for one in page.warning)
    assert not page.exception
    fine = open_page("planner/allocation.py", total="2800", methode="max-min")
    assert not any("pas pu être comprise" in one.value for one in fine.warning)
