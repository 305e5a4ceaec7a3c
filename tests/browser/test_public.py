"""The public's journeys, on a phone, on a server that serves nothing else."""

import json

import pytest
import requests  # noqa: TID251 - asks this machine's server what a browser would not
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, drawn, overflow, settled
from views.main import ENTRIES

OTHERS = [entry.address for entry in ENTRIES if "public" not in entry.audiences]
SEARCH = "Votre commune ou votre code postal"
TYPED = "12 rue de l'Oiseau bleu"


@pytest.fixture
def open_search(public_server, open_page):
    def open_(link: str = "") -> object:
        page = open_page(f"{public_server}/{link}", PHONE)
        settled(page)
        return page

    return open_


def type_commune(page, text: str) -> None:
    box = page.get_by_label(SEARCH)
    box.fill(text)
    box.press("Enter")


def test_from_a_postal_code_to_a_sheet_of_paper(open_search):
    page = open_search()
    type_commune(page, "03000")
    page.get_by_role("heading", name="près de Moulins").first.wait_for()
    first = drawn(page)
    assert "commune=03190" in page.url
    assert "03000" not in page.url
    assert page.get_by_text("à confirmer").first.is_visible()
    assert page.get_by_text("Ce n'est pas un lieu d'accompagnement").is_visible()
    way = page.get_by_role("link", name="Itinéraire").first
    assert way.get_attribute("target") == "_blank"
    assert way.get_attribute("rel") == "noopener noreferrer"
    # The list and the map are in step.
    page.get_by_role("button", name="Montrer le n° 2 sur la carte").click()
    drawn(page, after=first)
    assert page.locator(".lieu", has_text="montré sur la carte").count() == 1
    for name, scheme in (("Android", "geo:"), ("iPhone", "maps://")):  # the phone's own maps
        link = page.get_by_role("link", name=name)
        assert link.get_attribute("href").startswith(scheme)
    expect(page.get_by_text("Adresse à copier")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Fiche à imprimer").click()
    sheet = download.value.path().read_text("utf-8")
    assert sheet.count("<section>") == 1  # the place chosen
    assert overflow(page) <= 0


def test_two_filters_then_none(open_search):
    page = open_search("?commune=03190")
    key = drawn(page)
    page.get_by_role("button", name="Ouvert le week-end").click()
    key = drawn(page, after=key)
    page.get_by_role("button", name="Accessible en fauteuil").click()
    page.get_by_text("ne dit convenir").wait_for()
    assert "filtres=weekend" in page.url
    assert "pmr" in page.url
    page.get_by_role("button", name="Retirer tous les filtres").click()
    page.locator(".lieu h3", has_text="1.").first.wait_for()
    drawn(page, after=key)
    assert "filtres" not in page.url


def test_a_shared_link_opens_the_same_view(open_search):
    page = open_search("?commune=03190&aide=demarches")
    page.get_by_role("button", name="Partager cette recherche").click()
    link = page.locator("[data-testid=stCode] code").inner_text()
    assert link.endswith("?commune=03190&aide=demarches")
    other = open_search(link.split("/", 3)[3])
    other.get_by_role("heading", name="près de Moulins").first.wait_for()
    assert other.get_by_label("Type d'aide").input_value() == "Démarches administratives"


def test_an_address_leaves_only_once_agreed_and_never_enters_the_link(open_search, geocoder):
    feature = {
        "properties": {"label": "12 Rue X 03000 Moulins", "citycode": "03190", "score": 0.9},
        "geometry": {"coordinates": [3.33, 46.565]},
    }
    body = json.dumps({"features": [feature]}).encode()
    geocoder.sequence("/geocodage/search", lambda e: e.answer(200, body))
    page = open_search()
    page.get_by_text("Partir d'une adresse exacte").click()
    assert page.get_by_label("Votre adresse").count() == 0
    page.get_by_text("Autoriser la recherche d'adresse en ligne").click()
    page.get_by_label("Votre adresse").fill(TYPED)
    assert page.get_by_text("sera envoyée à la Géoplateforme").is_visible()
    assert geocoder.exchanges == []
    page.get_by_role("button", name="Envoyer cette adresse").click()
    page.get_by_role("heading", name="près de Moulins").first.wait_for()
    assert len(geocoder.exchanges) == 1
    settled(page)
    assert page.url.endswith("?commune=03190")
    assert page.context.cookies() == [] or all(
        cookie["name"].startswith("_streamlit") for cookie in page.context.cookies()
    )


def test_an_island_without_a_road_and_a_name_that_is_none(open_search):
    page = open_search("?commune=29155")  # Ouessant
    expect(page.get_by_text("Aucun lieu connu dans cette édition")).to_be_visible()
    expect(page.locator(".lieu h3", has_text="Mairie d'Ouessant")).to_be_visible()  # whom to call
    type_commune(page, "<script>alert(1)</script>")
    expect(page.get_by_text("Aucune commune ne correspond")).to_be_visible()
    expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()  # as text
    expect(page.locator(".lieu")).to_have_count(0)
    page.wait_for_url(lambda url: "commune" not in url)


def test_a_hostile_link_is_harmless(open_search):
    page = open_search("?commune=%27%22%3E%3Cscript%3E&filtres=..%2F,%00&aide=<img>&x=" + "y" * 900)
    assert page.get_by_label(SEARCH).input_value() == ""
    assert page.get_by_text("Une erreur inattendue").count() == 0


def test_no_other_page_has_an_address(public_server, open_search):
    page = open_search()
    assert page.get_by_role("heading", name="Trouver un conseiller près de chez vous").is_visible()
    menu = page.locator("[data-testid=stSidebarNavLink] [label]")
    titles = {menu.nth(rank).get_attribute("label") for rank in range(menu.count())}
    assert titles == {entry.title for entry in ENTRIES if "public" in entry.audiences}
    for path in [*OTHERS, *(f"trouver/{one}" for one in OTHERS), "accueil/plan", "index.html"]:
        answer = requests.get(f"{public_server}/{path}", headers={"Accept": "text/html"}, timeout=9)
        assert answer.status_code == 404, path
        assert "Page introuvable" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("_stcore/health", 200),
        ("_stcore/host-config", 200),
        ("_stcore/metrics", 404),
        ("_stcore/script-health-check", 404),
        ("_stcore/agent/openapi.json", 404),
        ("_stcore/upload_file/a/b", 404),
        ("media/any.csv", 404),
        ("app/static/page.css", 200),
        ("app/static/../app.py", 404),
        ("component/../../app.py", 404),
    ],
)
def test_the_framework_opens_nothing_else(public_server, path, status):
    """Its doors that exist: its health, what its script must know, and our static files."""
    answer = requests.get(f"{public_server}/{path}", timeout=9)
    assert answer.status_code == status
