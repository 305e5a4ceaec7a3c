from dataclasses import replace

import pytest

from planning import comments, proposals
from planning.events import Author
from planning.store import Store, store_path
from tests.pages.conftest import quick_scenario, texts
from views.parts import cached, identity
from views.parts.identity import LOCAL, Identity
from views.parts.proposals import inbox as inbox_view
from views.parts.proposals.desk import content_of, open_desk

PAGE = "planner/proposals.py"
PREFECT = Author("Préfète", True, "sub-1")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def own_store(monkeypatch, tmp_path):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "store"))


def click(page, label):
    next(button for button in page.button if button.label == label).click()
    return page.run()


def content():
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(60)
    desk = open_desk("key", job.result(), None)
    origin = next(iter(desk.now.positions))
    places = job.result().situation.places["commune_code"]
    target = next(code for code in places
                  if code.startswith("90") and code not in desk.now.positions)  # fmt: skip
    desk.put(desk.now.moved(origin, target, 1))
    return content_of(desk, job.result())


def submitted():
    store = Store(store_path())
    return store, proposals.submit(store, content(), PREFECT)


def test_an_empty_inbox_says_what_will_come(open_page):
    page = open_page(PAGE)
    assert not page.error
    assert "Mon département" in page.info[0].value


def test_drafts_stay_with_their_prefect(open_page):
    proposals.save(Store(store_path()), content(), PREFECT)
    page = open_page(PAGE, etat="toutes")
    assert "Aucune préfecture" in page.info[0].value


def test_a_proposal_is_shown_beside_the_plan_and_accepted(open_page):
    store, one = submitted()
    page = open_page(PAGE)
    said = texts(page)
    moved = inbox_view.differences(one.content)["commune"]
    for wanted in ("90 · Territoire de Belfort", "transmise", *moved, "+1", "−1",
                   "barème de 2023", "indice de Gini", "Historique"):  # fmt: skip
        assert wanted in said
    click(page, "Accepter la proposition")
    assert not page.error
    assert "Proposition acceptée" in page.success[0].value
    assert proposals.reopen(store, one.id).state == "accepted"
    assert "attend de réponse" in page.info[0].value


def test_a_proposal_is_returned_with_a_reason_only(open_page):
    store, one = submitted()
    page = open_page(PAGE)
    click(page, "Renvoyer avec ce motif")
    assert "Dites pourquoi" in page.error[0].value
    next(area for area in page.text_area if area.label == "Motif du renvoi").set_value(HOSTILE)
    click(page, "Renvoyer avec ce motif")
    assert not page.error
    now = proposals.reopen(store, one.id)
    assert (now.state, now.reason) == ("returned", HOSTILE)
    page = open_page(PAGE, etat="renvoyees")
    assert "\\<img src" in page.warning[0].value
    assert HOSTILE not in texts(page)
    assert "&lt;img src" in texts(page)  # in the history


def test_the_planner_sees_what_was_sent_not_the_draft_under_way(open_page):
    store, one = submitted()
    back = proposals.give_back(store, one, "À revoir", PREFECT)
    draft = replace(one.content, positions={"90010": 9})
    kept = proposals.save(store, draft, PREFECT, back)
    assert inbox_view.sent(kept) == one.content
    (row,) = inbox_view.list_frame([kept]).to_dict("records")
    assert row["postes fixes proposés"] == sum(one.content.positions.values())
    assert row["dernier motif de renvoi"] == "À revoir"


def test_answering_what_was_already_answered_is_refused_in_words(open_page):
    store, one = submitted()
    page = open_page(PAGE)
    proposals.accept(store, one, PREFECT)
    next(button for button in page.button if button.label == "Accepter la proposition").click()
    page.run()
    assert not page.exception
    assert len(proposals.reopen(store, one.id).history) == 2


def test_a_role_is_needed_where_groups_are_set_up(open_page, monkeypatch):
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct")
    submitted()
    page = open_page(PAGE)
    assert not [one for one in page.button if one.label == "Accepter la proposition"]
    assert "anct" in texts(page)


def test_the_inbox_is_closed_to_others_and_says_why(open_page, monkeypatch):
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct")
    _, one = submitted()
    page = open_page(PAGE, proposition=one.id)
    assert "Mon département" in page.info[0].value
    said = texts(page)
    assert "Préfète" not in said
    assert "Historique" not in said


def test_a_planner_of_some_departments_reads_theirs_alone(open_page, monkeypatch):
    someone = Identity(Author("Camille", True), "proxy", frozenset({"anct-48"}))
    monkeypatch.setattr(identity, "current", lambda: someone)
    submitted()
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct-{dep}")
    assert "attend de réponse" in open_page(PAGE).info[0].value
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct-48")
    assert "90 · Territoire de Belfort" in texts(open_page(PAGE))


def test_what_was_taken_back_is_no_longer_to_answer(open_page):
    store, one = submitted()
    proposals.withdraw(store, one, PREFECT)
    assert "attend de réponse" in open_page(PAGE).info[0].value
    page = open_page(PAGE, etat="retirees")
    said = texts(page)
    assert "Proposition retirée le" in said
    assert not [one for one in page.button if one.label == "Accepter la proposition"]


def test_the_steps_of_a_draft_are_the_prefectures_own(open_page):
    store, one = submitted()
    back = proposals.give_back(store, one, "À revoir", PREFECT)
    draft = replace(one.content, positions={"90010": 9})
    proposals.save(store, draft, Author("Secrétaire", True), back)
    page = open_page(PAGE, etat="renvoyees")
    said = texts(page)
    assert "À revoir" in said
    assert "Secrétaire" not in said
    assert "Brouillon" not in said


def test_totals_by_canton_keep_every_position():
    what = content()
    by_commune, by_canton = inbox_view.differences(what), inbox_view.canton_totals(what)
    assert by_commune["écart"].sum() == by_canton["écart"].sum() == 0
    assert set(by_canton["canton"]) == set(by_commune["canton"])


def test_comments_go_both_ways(open_page):
    store, one = submitted()
    comments.add(store, one.id, HOSTILE, PREFECT)
    page = open_page(PAGE)
    assert "&lt;img" in texts(page)
    assert HOSTILE not in texts(page)


@pytest.mark.parametrize(
    "link", [{"etat": "<b>", "proposition": "../x"}, {"proposition": "x" * 999}]
)
def test_a_hostile_link_is_harmless(open_page, link):
    submitted()
    page = open_page(PAGE, **link)
    assert not page.error
    assert not page.exception


def test_it_is_not_in_the_menu_of_others(open_page, monkeypatch):
    for audience in ("prefect", "public"):
        monkeypatch.setenv("COVERAGE_AUDIENCE", audience)
        page = open_page()
        with pytest.raises(ValueError, match="page"):
            page.switch_page(PAGE).run()


def test_an_accepted_proposal_is_opened_again_with_a_reason(open_page):
    store, one = submitted()
    proposals.accept(store, one, LOCAL)
    page = open_page(PAGE, etat="acceptees")
    click(page, "Rouvrir avec ce motif")
    assert "Dites pourquoi" in page.error[0].value
    next(area for area in page.text_area if area.label == "Motif de la réouverture").set_value("?")
    click(page, "Rouvrir avec ce motif")
    assert "Proposition rouverte" in page.success[0].value
    page = open_page(PAGE)
    assert "Acceptée, puis rouverte avec ce motif" in page.info[0].value
    click(page, "Accepter la proposition")
    assert proposals.reopen(store, one.id).state == "accepted"
