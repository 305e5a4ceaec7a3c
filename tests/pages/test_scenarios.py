"""Saved scenarios on the planner's page, on a real register."""

import pytest

from planning import proposals, saved
from planning.events import Author
from planning.proposal_content import Content
from planning.scenario import Scenario
from planning.store import Store
from tests.pages.conftest import texts

LINK = {"dep": "90", "postes": "2", "tournees": "non"}
SOMEONE = Author("Une collègue", True)


@pytest.fixture
def store(monkeypatch, tmp_path) -> Store:
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path))
    from views.parts import register

    return register.store()


def press(page, label: str):
    next(one for one in page.button if one.label == label).click()
    return page.run()


def test_save_copy_rename_delete_and_undo(store, open_page):
    page = open_page(**LINK)
    assert "Aucun scénario enregistré" in texts(page)
    page.text_input[0].set_value("Belfort <b>sobre</b>")
    press(page, "Enregistrer ce plan")
    assert not page.error
    (one,) = saved.list_saved(store)
    assert one.name == "Belfort <b>sobre</b>"
    assert (one.scenario.positions, one.scenario.tours) == (2, False)
    assert one.data_versions
    assert "inchangées" in texts(page)
    assert "<b>sobre</b>" not in "".join(element.value for element in page.html)
    press(page, "Copier")
    assert {x.name for x in saved.list_saved(store)} == {one.name, f"{one.name} (copie)"}
    next(x for x in page.text_input if x.label == "Nouveau nom").set_value("Autre nom")
    press(page, "Renommer")
    assert {x.name for x in saved.list_saved(store)} == {one.name, "Autre nom"}
    press(page, "Supprimer")
    assert {x.name for x in saved.list_saved(store)} == {one.name}
    press(page, "Annuler la suppression")
    assert {x.name for x in saved.list_saved(store)} == {one.name, "Autre nom"}
    assert not page.exception


def test_reopening_restores_the_choices_and_tells_that_data_changed(store, open_page):
    scenario = Scenario("90", 3, model="max-cover", tours=False, threshold_min=12)
    saved.save(store, "Ancien", scenario, {"communes": "2019 0000"}, SOMEONE)
    page = open_page(**LINK)
    assert "couches changées" in texts(page)
    press(page, "Rouvrir")
    said = texts(page)
    assert "Scénario « Ancien », enregistré par Une collègue" in said.replace("\u00a0", " ")
    assert "Les données ont changé depuis l'enregistrement" in said
    assert page.query_params["seuil"] in ("12", ["12"])
    assert "à 12 minutes ou moins" in said
    assert not page.error


def test_a_name_is_needed_once_two_wrote(store, open_page):
    one = saved.save(store, "Un", Scenario("90", 2, tours=False), {}, SOMEONE)
    page = open_page(**LINK)
    saved.rename(store, one, "Deux", SOMEONE)
    press(page, "Supprimer")
    assert page.error
    assert [x.name for x in saved.list_saved(store)] == ["Deux"]


def test_the_plan_shown_is_the_first_to_compare(store, open_page):
    page = open_page(**LINK)
    press(page, "Comparer à un autre plan")
    assert not page.exception
    said = texts(page)
    assert "Territoire de Belfort, 2 postes" in said
    assert "Choisissez le plan B" in said


def test_an_accepted_proposal_is_told_beside_the_plan(store, open_page):
    scenario = Scenario(territory="90", positions=2, tours=False)
    content = Content(scenario, {}, base={"90010": 2}, positions={"90010": 1, "90033": 1})
    proposals.accept(store, proposals.submit(store, content, SOMEONE), SOMEONE)
    page = open_page(**LINK)
    assert not page.error
    assert "a été acceptée le" in page.info[0].value
