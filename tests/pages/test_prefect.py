import pytest

from planning import comments, proposals
from planning.events import Author
from planning.store import Store, store_path
from tests.pages.conftest import quick_scenario, texts
from views.parts import cached, identity
from views.parts.identity import Identity
from views.parts.proposals.desk import content_of, open_desk

PAGE = "prefect/department.py"
OTHER = Author("Sous-préfète", True, "sub-7")
HOSTILE = "<img src=x onerror=alert(1)> **gras** [ici](javascript:alert(1)) $x$ :red[r]"


@pytest.fixture(autouse=True)
def own_store(monkeypatch, tmp_path):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def click(page, label):
    next(button for button in page.button if button.label == label).click()
    return page.run()


def plan():
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(60)
    return job.result()


def kept(store):
    """A draft by someone else, as saved from the plan."""
    return proposals.save(store, content_of(open_desk("key", plan(), None), plan()), OTHER)


def move(page):
    """Move one position to a commune that has none."""
    page.selectbox(key="move_to_90").set_value("90004")
    page.run()
    click(page, "Déplacer")


def at_work(open_page):
    """Open someone else's draft and move a position in it."""
    store = Store(store_path())
    one = kept(store)
    page = open_page(PAGE, dep="90")
    move(page)
    return store, one, page


def test_facts_rank_and_cantons(open_page):
    cached.plans.clear()
    page = open_page(PAGE, dep="90")
    said = texts(page)
    assert not page.error
    assert "Rang parmi les départements" in said
    assert "Aucun plan n'est encore calculé" in said
    assert "(non authentifié)" in said
    click(page, next(one.label for one in page.button if one.label.startswith("Calculer")))
    said = texts(page)
    assert not page.error
    for wanted in ("Postes fixes et accès par canton", "raison de chacun", "comme le plan",
                   "indice de Gini", "barème de 2023"):  # fmt: skip
        assert wanted in said


def test_positions_are_moved_saved_and_submitted(open_page):
    plan()
    page = open_page(PAGE, dep="90")
    move(page)
    assert not page.error
    assert "Ajouté à la main" in texts(page)
    click(page, "Annuler")
    assert "Ajouté à la main" not in texts(page)
    click(page, "Rétablir")
    assert "Ajouté à la main" in texts(page)
    click(page, "Enregistrer le brouillon")
    assert not page.error
    assert "Brouillon enregistré le" in texts(page)
    assert page.query_params["proposition"]
    click(page, "Transmettre à la planification")
    said = texts(page)
    assert "Proposition transmise le" in said
    assert "Ce tableau montre la proposition" in said
    (one,) = proposals.list_proposals(Store(store_path()))
    assert [event.kind for event in one.history] == ["saved", "submitted"]
    assert one.content.positions["90004"] == 1
    assert not one.history[0].author.authenticated


def test_what_was_returned_is_there_with_its_reason(open_page):
    store = Store(store_path())
    sent = proposals.submit(store, kept(store).content, OTHER)
    proposals.give_back(store, sent, f"À revoir {HOSTILE}", OTHER)
    page = open_page(PAGE, dep="90")
    assert "Renvoyée, avec ce motif" in page.warning[0].value
    assert "\\<img" in page.warning[0].value
    assert "\\*\\*gras" in page.warning[0].value
    click(page, "Transmettre à la planification")
    assert "transmise à nouveau" in texts(page)


def labels(page):
    return [button.label for button in page.button]


def test_a_proposal_is_taken_back_by_whoever_sent_it(open_page):
    store = Store(store_path())
    plan()
    page = open_page(PAGE, dep="90")
    click(page, "Transmettre à la planification")
    click(page, "Retirer la proposition")
    assert not page.error
    said = texts(page)
    assert "Proposition retirée le" in said
    assert "à ajuster" in said
    click(page, "Transmettre à la planification")
    (one,) = proposals.list_proposals(store)
    assert [event.kind for event in one.history] == ["submitted", "withdrawn", "submitted"]
    theirs = proposals.submit(store, one.content, OTHER)
    page = open_page(PAGE, dep="90", proposition=theirs.id)
    assert "Retirer la proposition" not in labels(page)
    assert "Sous-préfète, qui l&#x27;a transmise, peut la retirer" in texts(page)


def test_it_was_answered_while_it_was_taken_back(open_page):
    store = Store(store_path())
    plan()
    page = open_page(PAGE, dep="90")
    click(page, "Transmettre à la planification")
    (one,) = proposals.list_proposals(store)
    proposals.accept(store, one, OTHER)
    click(page, "Retirer la proposition")
    assert not page.error
    assert "Proposition acceptée le" in texts(page)
    assert "Retirer la proposition" not in labels(page)


def test_a_draft_is_discarded_and_brought_back(open_page):
    store = Store(store_path())
    theirs = kept(store)
    page = open_page(PAGE, dep="90")
    assert "Supprimer ce brouillon" not in labels(page)
    proposals.discard(store, theirs, OTHER)
    page = open_page(PAGE, dep="90")
    assert "Annuler la suppression" not in labels(page)  # it was someone else's
    click(page, "Enregistrer le brouillon")
    click(page, "Supprimer ce brouillon")
    assert "Brouillon supprimé le" in page.info[0].value
    assert "Historique" not in texts(page)
    page = open_page(PAGE, dep="90")  # opened again: still offered
    click(page, "Annuler la suppression")
    assert not page.error
    assert "Brouillon rétabli le" in texts(page)
    assert "Supprimer ce brouillon" in labels(page)


@pytest.mark.parametrize(("groups", "reads"), [("prefet-90", True), ("prefet-48 anct", False)])
def test_only_its_own_prefecture_reads_drafts_and_comments(open_page, monkeypatch, groups, reads):
    store = Store(store_path())
    draft = kept(store)
    sent = proposals.submit(store, draft.content, OTHER)
    for one in (draft, sent):
        comments.add(store, one.id, f"confidentiel {one.state}", OTHER)
    someone = Identity(Author("Voisin", True), "proxy", frozenset(groups.split()))
    monkeypatch.setattr(identity, "current", lambda: someone)
    monkeypatch.setenv("COVERAGE_PREFECT_GROUP", "prefet-{dep}")
    monkeypatch.setenv("COVERAGE_PLANNER_GROUP", "anct")
    for one in (draft, sent):
        page = open_page(PAGE, dep="90", proposition=one.id)
        assert not page.error
        said = texts(page)
        for secret in (f"confidentiel {one.state}", "Sous-préfète", "Historique"):
            assert (secret in said) is reads
    assert ("n'a pas le rôle de préfecture" in said) is not reads


def test_comments_are_shown_as_text_and_erased_by_their_author(open_page):
    store = Store(store_path())
    one = kept(store)
    comments.add(store, one.id, HOSTILE, OTHER)
    comments.add(store, one.id, "x" * comments.LONGEST, OTHER)
    page = open_page(PAGE, dep="90", proposition=one.id)
    said = texts(page)
    assert "&lt;img src=x" in said
    assert "<img src=x onerror" not in said
    assert not [button for button in page.button if button.label == "Supprimer mon commentaire"]
    page.text_area[0].set_value("Le mien")
    click(page, "Commenter")
    assert "Le mien" in texts(page)
    click(page, "Supprimer mon commentaire")
    assert "Le mien" not in texts(page)
    assert "Commentaire effacé" in texts(page)


def test_someone_else_wrote_meanwhile(open_page):
    store, one, page = at_work(open_page)
    proposals.save(store, one.content, OTHER, one)
    click(page, "Enregistrer le brouillon")
    assert "Sous-préfète" in page.warning[0].value
    assert "1 → 0" in page.warning[0].value
    click(page, "Garder la mienne comme nouvelle version")
    assert not page.error
    latest = proposals.reopen(store, one.id)
    assert [event.author.name for event in latest.history[1:]] == [
        "Sous-préfète", "Utilisateur de ce poste",
    ]  # fmt: skip
    assert latest.content.positions["90004"] == 1


def test_mine_is_kept_apart_when_the_other_was_submitted(open_page):
    store, one, page = at_work(open_page)
    sent = proposals.submit(store, one.content, OTHER, one)
    click(page, "Enregistrer le brouillon")
    click(page, "Garder la mienne comme nouvelle version")
    assert not page.error
    mine, theirs = proposals.list_proposals(store, "90")
    assert theirs == sent
    assert (mine.state, mine.content.positions["90004"]) == ("draft", 1)


def test_the_other_version_is_taken_when_asked(open_page):
    store, one, page = at_work(open_page)
    proposals.save(store, one.content, OTHER, one)
    click(page, "Enregistrer le brouillon")
    click(page, "Recharger sa version")
    assert "Ajouté à la main" not in texts(page)
    assert not page.warning
    click(page, "Annuler")  # what was begun here is not lost either
    assert "Ajouté à la main" in texts(page)


def test_whoever_must_sign_in_sees_no_proposal_before(open_page, monkeypatch):
    monkeypatch.setenv("COVERAGE_USER_HEADER", "X-Remote-User")
    monkeypatch.setenv("COVERAGE_TRUSTED_PROXY", "10.0.0.1")
    store = Store(store_path())
    comments.add(store, kept(store).id, "confidentiel", OTHER)
    page = open_page(PAGE, dep="90")
    said = texts(page)
    assert "Votre portail" in said
    assert "confidentiel" not in said
    assert "Brouillon enregistré" not in said
    assert not [one for one in page.button if one.label == "Enregistrer le brouillon"]


def test_what_nobody_changed_here_is_taken_from_the_other(open_page):
    store = Store(store_path())
    one = kept(store)
    page = open_page(PAGE, dep="90")
    proposals.submit(store, one.content, OTHER, one)
    page.run()
    assert "Ce tableau montre la proposition" in texts(page)
    assert not page.warning


@pytest.mark.parametrize("link", ["../../etc", "<script>", "x" * 5000, "nouvelle"])
def test_a_link_to_no_proposal_is_harmless(open_page, link):
    kept(Store(store_path()))
    page = open_page(PAGE, dep="90", proposition=link)
    assert not page.error
    assert not page.exception


def test_a_damaged_register_is_named(open_page, own_store):
    own_store.mkdir()
    (own_store / "registre.sqlite3").write_bytes(b"not a register")
    page = open_page(PAGE, dep="90")
    assert "n'est pas un registre" in page.error[0].value
    assert "Rang parmi les départements" in texts(page)


def test_the_share_of_the_department_is_told_with_its_reason(open_page):
    page = open_page("prefect/department.py", dep="48")
    assert not page.exception
    assert any(one.label.startswith("Part du département :") for one in page.expander)
    assert "Selon la méthode de répartition" in texts(page)


def test_a_proposal_can_be_taken_away_to_sign(open_page):
    plan()
    page = open_page(PAGE, dep="90")
    offered = [button.proto.label for button in page.get("download_button")]
    assert {"Rapport à signer (PDF)", "Page à imprimer", "Classeur (XLSX)"} <= set(offered)
