import pytest

from planning import proposals
from planning.events import Author
from planning.store import Store, store_path
from tests.pages.conftest import quick_scenario, texts
from views.parts import cached, identity
from views.parts.identity import LOCAL, Identity
from views.parts.proposals.desk import content_of, open_desk

PAGE = "planner/compare.py"


@pytest.fixture(autouse=True)
def own_store(monkeypatch, tmp_path):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "store"))


def test_without_a_second_plan_it_offers_some(open_page):
    page = open_page(PAGE, a_dep="90", a_postes="5", a_tournees="non")
    assert not page.error
    assert not page.exception
    assert "Choisissez le plan B" in texts(page)
    offer = next(one for one in page.button if one.label.startswith("6 postes"))
    offer.click().run()
    assert "Les deux plans en chiffres" in texts(page)
    assert page.query_params["b_postes"] in ("6", ["6"])
    assert page.query_params["a_dep"] in ("90", ["90"])


def test_a_link_restores_both_plans(open_page):
    page = open_page(
        PAGE, a_dep="90", a_postes="2", a_tournees="non",
        b_dep="90", b_postes="4", b_tournees="non", b_recherche="seuil", b_seuil="12",
    )  # fmt: skip
    assert not page.error
    said = texts(page)
    assert "Territoire de Belfort, 2 postes" in said
    assert "sans tournées" in said
    assert "le plus de personnes à 12 min" in said
    assert "Lieux des postes fixes" in said
    assert page.query_params["b_seuil"] in ("12", ["12"])


def test_plans_of_two_departments_say_that_only_figures_compare(open_page):
    page = open_page(PAGE, a_dep="90", a_postes="2", a_tournees="non",
                     b_dep="2A", b_postes="3", b_tournees="non")  # fmt: skip
    assert not page.error
    assert "ne portent pas sur le même territoire" in texts(page)


def test_hostile_links_are_left_out(open_page):
    page = open_page(PAGE, a_dep="<script>", b_postes="1e99", couleur="'><b>", ecarts="x")
    assert not page.exception
    assert "n'a pas pu être comprise" in texts(page)


def proposed():
    """Submit a proposal of the Territoire de Belfort that moves one position; return it."""
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(60)
    desk = open_desk("key", job.result(), None)
    desk.put(desk.now.moved(next(iter(desk.now.positions)), "90004", 1))
    content = content_of(desk, job.result())
    return proposals.submit(Store(store_path()), content, Author("Préfète", True))


def test_a_proposal_is_compared_with_the_plan_and_its_link_restores_it(open_page):
    one = proposed()
    page = open_page(PAGE, a_dep="90", b_proposition=one.id)
    assert not page.error
    said = texts(page)
    assert "Territoire de Belfort, proposition transmise" in said
    assert "B seulement" in said
    assert "tournées du plan dont elle part" in said
    assert page.query_params["b_proposition"] in (one.id, [one.id])
    assert "b_dep" not in page.query_params


def test_two_proposals_are_compared(open_page):
    one, other = proposed(), proposed()
    page = open_page(PAGE, a_proposition=one.id, b_proposition=other.id)
    assert not page.error
    assert "mêmes postes aux mêmes endroits" in texts(page)


@pytest.mark.parametrize("link", ["x" * 999, "../../etc", "<script>", "0" * 32])
def test_a_link_to_no_proposal_is_said(open_page, link):
    page = open_page(PAGE, a_dep="90", b_proposition=link)
    assert not page.error
    assert "ne se lit pas" in page.warning[0].value
    assert "Choisissez le plan B" in texts(page)


def test_a_neighbour_does_not_compare_what_they_may_not_read(open_page, monkeypatch):
    one = proposed()
    someone = Identity(Author("Voisin", True), "proxy", frozenset({"prefet-48"}))
    monkeypatch.setattr(identity, "current", lambda: someone)
    monkeypatch.setenv("COVERAGE_PREFECT_GROUP", "prefet-{dep}")
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct")
    page = open_page(PAGE, a_dep="90", b_proposition=one.id)
    assert "ne se lit pas" in page.warning[0].value
    assert "Préfète" not in texts(page)
    assert not [label for box in page.selectbox for label in box.options if "Préfète" in label]


def test_a_proposal_that_goes_away_leaves_the_page_open(open_page):
    one = proposed()
    store = Store(store_path())
    draft = proposals.save(store, one.content, LOCAL)
    page = open_page(PAGE, a_dep="90", b_proposition=draft.id)
    proposals.discard(store, draft, LOCAL)
    page.run()
    assert not page.error
    assert "Choisissez le plan B" in texts(page)
