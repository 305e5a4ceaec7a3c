import pytest
from streamlit.testing.v1 import AppTest  # noqa: TID251 - runs the pages

from planning.scenario import Scenario
from tests.pages.conftest import MAIN, TIMEOUT_S, texts
from views.parts import cached

PAGE = "planner/access.py"


def opened(dep: str, **parameters: str) -> AppTest:
    """Open the page at an address; the home page, run first, stays on a small département."""
    page = AppTest.from_file(MAIN, default_timeout=TIMEOUT_S)
    page.query_params["dep"] = "90"
    page.run()
    page.query_params.clear()
    for key, value in {"dep": dep, **parameters}.items():
        page.query_params[key] = value
    page.session_state["department"] = dep
    return page.switch_page(PAGE).run()


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("courbe", "Part des personnes en illectronisme à moins de t minutes"),
        ("isolees", "Raison"),
        ("cantons", "Cantons sans"),
        ("comparaison", "Deux territoires"),
        ("equite", "Indice de Gini"),
        ("sans-voiture", "À vélo, 30 min"),
        ("poste", "n'est pas sur cette machine"),
    ],
)
def test_each_part_of_a_departement(part, said):
    page = opened(dep="03", partie=part, face="63", isole="10")
    assert not page.error
    found = texts(page)
    assert said in found
    assert "modélisées" in found
    assert "Communes isolées" in found


def test_a_link_restores_the_view():
    page = opened(
        dep="63", face="REG-84", seuil="10", isole="25", canton="1", habitants="500",
        poids="paliers", plancher="3", partie="comparaison",
    )  # fmt: skip
    assert not page.error
    chosen = {one.key: one.value for kind in ("selectbox", "slider", "checkbox", "number_input")
              for one in getattr(page, kind)}  # fmt: skip
    assert chosen["access_other"] == "REG-84"
    assert (chosen["access_near"], chosen["access_far"]) == (10, 25)
    assert chosen["access_canton"] is True
    assert (chosen["access_small"], chosen["access_floor"]) == (500, 3)
    assert chosen["access_decay"] == "paliers"
    assert "Région Auvergne-Rhône-Alpes" in texts(page)
    assert page.query_params["isole"] in ("25", ["25"])


def test_a_hostile_link_is_left_out():
    page = opened(
        dep="03", face="<script>", seuil="9999", isole="-3", lieux="../../etc", partie="x",
        poids="%00", habitants="1e9", carte="\u202e", courbes="<b>",
    )  # fmt: skip
    assert not page.error
    assert "<script>" not in texts(page)
    assert {one.key: one.value for one in page.slider} == {"access_near": 20, "access_far": 15}


def test_an_offer_that_is_unknown_is_said_not_counted_as_none():
    page = opened(dep="90")
    assert not page.error
    assert "inconnue ne veut pas dire nulle" in texts(page)
    assert "Communes isolées" not in texts(page)


def test_before_and_after_a_plan(monkeypatch):
    monkeypatch.setattr(cached, "known_plan", lambda scenario: None)
    assert "Aucun plan n'est encore calculé" in texts(opened(dep="15", partie="plan"))
    monkeypatch.undo()
    monkeypatch.setattr(cached, "default_scenario", no_tours)
    assert cached.plan_job(no_tours("15")).wait(90)
    page = opened(dep="15", partie="plan")
    assert not page.error
    said = texts(page)
    assert "postes fixes de plus" in said
    assert "Aujourd&#x27;hui" in said


def no_tours(department: str) -> Scenario:
    return Scenario(territory=department, positions=6, mobile=0, tours=False)


@pytest.mark.official
def test_a_country_says_whom_it_does_not_weigh(official_dir):
    said = texts(opened(dep="03", partie="courbe", face="FR"))
    assert "518 habitants dont le besoin" in said
    assert "dont le besoin" not in texts(opened(dep="03", partie="courbe", face="63"))


@pytest.mark.official
def test_with_the_official_files(official_dir):
    page = opened(dep="03", partie="cantons")
    assert not page.error
    said = texts(page)
    assert "8 sur 22" in said
    page = opened(dep="03", partie="poste")
    assert not page.error
    assert "Trop loin" in texts(page)


def test_a_link_that_makes_no_sense_is_told(open_page):
    page = open_page("planner/access.py", dep="90", seuil="900", poids="lourd")
    assert any("pas pu être comprise" in one.value for one in page.warning)
    fine = open_page("planner/access.py", dep="90", seuil="15", poids="egale")
    assert not any("pas pu être comprise" in one.value for one in fine.warning)
