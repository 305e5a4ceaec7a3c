"""Siting and sharing in a real browser: a stop that keeps the plan, a page closed mid-run."""

from tests.browser.conftest import DESKTOP, PHONE, drawn, overflow, settled

# The metropole takes far longer than the test: only a stop can end it in time.
LONG = "implantation?territoire=FR&sites=4000&duree=120"


def calculate(page):
    page.get_by_role("button", name="Calculer", exact=True).click()


def test_a_long_run_is_found_again_and_stopped_with_its_plan(server, open_page):
    page = open_page(f"{server}/{LONG}")
    settled(page)
    calculate(page)
    page.get_by_role("button", name="Arrêter et garder le meilleur résultat").wait_for()
    page.close()  # the browser is closed mid-run

    again = open_page(f"{server}/{LONG}")
    stop = again.get_by_role("button", name="Arrêter et garder le meilleur résultat")
    stop.wait_for()
    stop.click()
    again.get_by_text("aucun plan ne peut faire moins de").wait_for()
    again.get_by_text("Ce que chaque site apporte").first.wait_for()


def test_a_plan_is_asked_for_and_read_on_a_phone(server, open_page):
    page = open_page(f"{server}/implantation?territoire=90&sites=3", PHONE)
    settled(page)
    calculate(page)
    drawn(page)
    assert overflow(page) == 0
    assert page.get_by_text("le calcul prouve").count() == 1


def test_a_compromise_is_chosen_on_the_plot(server, open_page):
    page = open_page(f"{server}/implantation?territoire=90&sites=4&partie=compromis")
    settled(page)
    calculate(page)
    page.get_by_role("button", name="Calculer les compromis").click()
    page.get_by_text("choisissez-en un sur le graphique").wait_for()
    settled(page)
    chart = page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")
    chart.first.wait_for()
    page.locator("[data-testid=stSelectbox]", has_text="Plan montré").click()
    page.get_by_role("option", name="Compromis 2").click()
    page.get_by_text("L'objectif d'un compromis compte en plus").wait_for()


def test_the_sharing_shows_its_map_and_follows_its_choices(server, open_page):
    page = open_page(f"{server}/repartition", DESKTOP)
    settled(page)
    before = drawn(page)
    page.get_by_text("Pour 1 000 personnes", exact=True).first.click()
    drawn(page, before)
    assert "couleur=taux" in page.url
    assert overflow(page) == 0
    phone = open_page(f"{server}/repartition?niveau=canton&dep=03", PHONE)
    settled(phone)
    assert overflow(phone) == 0
