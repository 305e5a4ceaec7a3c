"""Prefects and the planner, each on a server of their own, one register between them.

Prefects sign in at an identity provider; the planner comes through a proxy that names them.
"""

from contextlib import ExitStack, suppress
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLong

from planning import comments, proposals
from planning.events import Author
from planning.proposal_content import Content
from planning.scenario import Scenario
from planning.store import Store
from tests.browser.conftest import PHONE, free_port, overflow, serve, settled
from tests.browser.provider import CLIENT, SECRET, provider
from tests.browser.proxy import HEADER, proxy

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> **gras**"
SECRETS = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "pour les tests seulement"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login" }}
"""


@dataclass(frozen=True)
class Servers:
    prefect: str
    planner: str
    direct: str
    store: Store


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    store = home / "store"
    port = free_port()
    with ExitStack() as stack:
        identity = stack.enter_context(provider(free_port()))
        identity.redirects.add(f"http://localhost:{port}/oauth2callback")
        (home / ".streamlit").mkdir()
        (home / ".streamlit" / "secrets.toml").write_text(
            SECRETS.format(port=port, client=CLIENT, secret=SECRET, issuer=identity.issuer)
        )
        prefect = serve(
            tmp_path_factory.mktemp("prefect"),
            PORT=str(port),
            HOME=str(home),
            COVERAGE_AUDIENCE="prefect",
            COVERAGE_STORE=str(store),
            COVERAGE_GROUPS_CLAIM="groups",
            COVERAGE_PREFECT_GROUP="prefet-{dep}",
        )
        planner = serve(
            tmp_path_factory.mktemp("planner"),
            COVERAGE_AUDIENCE="planner",
            COVERAGE_STORE=str(store),
            COVERAGE_USER_HEADER=HEADER,
            COVERAGE_TRUSTED_PROXY="127.0.0.1 ::1",
        )
        one, two = stack.enter_context(prefect), stack.enter_context(planner)
        through = stack.enter_context(proxy(two, "camille.anct"))
        yield Servers(one, through, two, Store(store / "registre.sqlite3"))


@pytest.fixture
def signed_in(browser, servers):
    """Open the prefect's page as someone of the provider; the console must stay silent."""
    contexts, said = [], []

    def open_(user: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)  # two servers make their first plan
        page.on(
            "console", lambda one: one.type == "error" and said.append(f"{one.text} {one.location}")
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(servers.prefect)
        settled(page)
        page.get_by_role("button", name="Se connecter").click()
        page.get_by_role("button", name=user).click()
        page.wait_for_url(f"{servers.prefect}/**")
        settled(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []  # no violation of the content security policy either


def at_rest(page: Page) -> None:
    """Wait until the whole page is there and runs no more: a step runs it twice."""
    page.get_by_role("heading", name="Rapport à signer et fichiers").wait_for()
    settled(page)
    page.wait_for_timeout(400)
    settled(page)


def move(page: Page, to: str) -> None:
    """Move one position with the form."""
    at_rest(page)
    box = page.get_by_role("combobox", name="Vers")
    if not box.is_visible():
        page.get_by_text("Déplacer et verrouiller des postes").click()
    chosen = page.get_by_role("option", name=to, exact=True)
    for _ in range(5):  # a run that ends late closes an open list: one chooses again
        box.click()
        box.fill(to)
        with suppress(TooLong):
            chosen.click(timeout=5_000)
            break
    expect(box).to_have_value(to)
    at_rest(page)
    page.get_by_role("button", name="Déplacer", exact=True).click()
    at_rest(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_from_draft_to_accepted(servers, signed_in, open_page):
    prefect = signed_in("prefete")
    prefect.get_by_text("Vous signez : Préfète de l'Allier").wait_for()
    move(prefect, "Abrest")
    press(prefect, "Enregistrer le brouillon")
    prefect.get_by_text("Brouillon enregistré le").wait_for()
    box = prefect.get_by_label("Votre commentaire")
    box.fill(HOSTILE)
    press(prefect, "Commenter")
    prefect.locator(".libre", has_text="<img src=x").wait_for()
    press(prefect, "Transmettre à la planification")
    prefect.get_by_text("Proposition transmise le").wait_for()

    planner = open_page(f"{servers.planner}/propositions")
    row = planner.get_by_role("table").filter(has_text="Écart au plan").locator("tbody tr")
    assert "03 · Allier" in row.inner_text()
    assert planner.get_by_text("Vous signez : camille.anct").is_visible()
    planner.locator(".libre", has_text="<img src=x").wait_for()
    sides = planner.get_by_role("table").filter(has_text="indice de Gini")
    sides.wait_for()
    press(planner, "Renvoyer avec ce motif")
    planner.get_by_text("Dites pourquoi la proposition est renvoyée").wait_for()
    planner.get_by_label("Motif du renvoi").fill("Un poste de plus à Moulins.")
    press(planner, "Renvoyer avec ce motif")
    planner.get_by_text("Proposition renvoyée : 03 · Allier").wait_for()
    planner.get_by_text("Aucune proposition n'attend de réponse").wait_for()

    prefect.reload()
    prefect.get_by_text("Renvoyée, avec ce motif : Un poste de plus à Moulins.").wait_for()
    settled(prefect)
    move(prefect, "Moulins")
    press(prefect, "Transmettre à la planification")
    prefect.get_by_text("transmise à nouveau").first.wait_for()

    planner.reload()
    settled(planner)
    with planner.expect_download() as download:
        press(planner, "Cette liste (CSV)")
    assert download.value.suggested_filename == "propositions.csv"
    press(planner, "Accepter la proposition")
    planner.get_by_text("Proposition acceptée : 03 · Allier").wait_for()

    (one,) = proposals.list_proposals(servers.store, "03")
    steps = [(event.kind, event.author.name, event.author.authenticated) for event in one.history]
    assert steps == [
        ("saved", "Préfète de l'Allier", True),
        ("submitted", "Préfète de l'Allier", True),
        ("returned", "camille.anct", True),
        ("submitted", "Préfète de l'Allier", True),
        ("accepted", "camille.anct", True),
    ]  # fmt: skip
    assert one.content.positions["03190"] == one.content.base.get("03190", 0) + 1
    assert comments.on(servers.store, one.id)[0].text == HOSTILE
    phone = open_page(f"{servers.planner}/propositions?etat=acceptees", PHONE)
    settled(phone)
    assert overflow(phone) <= 0


def test_two_prefects_save_at_once(servers, signed_in):
    first, second = signed_in("prefete"), signed_in("secretaire")
    for page in (first, second):
        page.get_by_role("heading", name="Postes fixes proposés, à ajuster").wait_for()
    move(first, "Vichy")
    press(first, "Enregistrer le brouillon")
    first.get_by_text("Brouillon enregistré le").wait_for()
    second.reload()
    second.get_by_text("par Préfète de l'Allier").first.wait_for()
    settled(second)
    move(second, "Gannat")
    move(first, "Cusset")
    second.get_by_text("Ajouté à la main").or_(second.get_by_text("Rétablir")).first.wait_for()
    press(second, "Enregistrer le brouillon")
    second.get_by_text("par Secrétaire général").first.wait_for()
    press(first, "Enregistrer le brouillon")
    told = first.get_by_text("Votre version n'est pas enregistrée")
    told.wait_for()
    assert "Secrétaire général" in told.inner_text()
    assert "Cusset 1 → 0" in told.inner_text()
    press(first, "Garder la mienne comme nouvelle version")
    expect(told).to_have_count(0)
    latest = proposals.list_proposals(servers.store, "03")[0]
    assert [event.author.name for event in latest.history] == [
        "Préfète de l'Allier", "Secrétaire général", "Préfète de l'Allier",
    ]  # fmt: skip
    # The second, who changed nothing since, sees it at once.
    second.reload()
    second.get_by_text("par Préfète de l'Allier").first.wait_for()


def test_a_neighbour_cannot_sign_for_the_allier(servers, signed_in):
    page = signed_in("voisin")
    box = page.get_by_role("combobox", name="Département")
    assert box.input_value() == "48 · Lozère"  # their own comes first
    page.goto(f"{servers.prefect}/?dep=03")
    page.get_by_text("n'a pas le rôle de préfecture pour ce département").wait_for()
    at_rest(page)  # all that would be there is
    expect(page.get_by_role("button", name="Transmettre à la planification")).to_have_count(0)
    expect(page.get_by_label("Votre commentaire")).to_have_count(0)
    expect(page.get_by_text("Préfète de l'Allier")).to_have_count(0)
    press(page, "Se déconnecter")
    page.get_by_role("button", name="Se connecter").wait_for()


def test_a_forged_token_opens_nothing(signed_in):
    page = signed_in("faussaire")
    page.get_by_role("button", name="Se connecter").wait_for()
    assert page.get_by_text("Connectez-vous pour enregistrer et signer.").is_visible()
    assert page.get_by_text("Vous signez").count() == 0


def test_each_audience_has_its_own_pages_alone(servers, open_page):
    for address in (f"{servers.prefect}/propositions", f"{servers.prefect}/plan",
                    f"{servers.planner}/departement"):  # fmt: skip
        page = open_page(address, allow="404")
        assert page.get_by_role("heading", name="Page introuvable").is_visible()


def test_without_the_proxy_nobody_is_believed(servers, open_page):
    plain = Scenario(territory="03", positions=30)
    content = Content(plain, {}, base={"03190": 1}, positions={"03190": 2})
    proposals.submit(servers.store, content, Author("Préfète de l'Allier", True))
    page = open_page(f"{servers.direct}/propositions")
    page.get_by_text("Votre portail n'a pas transmis votre identité").wait_for()
    assert page.get_by_role("button", name="Accepter la proposition").count() == 0
    assert page.get_by_role("table").count() == 0  # nor shown what prefects wrote
