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
    table = again.get_by_role("table", name="Ce que chaque site apporte")
    table.wait_for()
    assert table.get_by_role("row").count() > 100
    assert stop.count() == 0
    assert "4 000" in again.locator("main").inner_text().replace("\u202f", " ")
    # Whoever comes later finds the same plan, with nothing to calculate.
    later = open_page(f"{server}/{LONG}")
    later.get_by_text("aucun plan ne peut faire moins de").wait_for()


def test_a_plan_is_asked_for_and_read_on_a_phone(server, open_page):
    page = open_page(f"{server}/implantation?territoire=90&sites=3", PHONE)
    settled(page)
    calculate(page)
    drawn(page)
    assert overflow(page) == 0
    assert page.get_by_text("le calcul prouve").count() == 1


def test_a_compromise_is_chosen_on_the_plot(server, open_page):
    page = open_page(f"{server}/implantation?territoire=90&sites=3&seuil=9&partie=compromis")
    settled(page)
    calculate(page)
    page.get_by_role("button", name="Calculer les compromis").click()
    page.get_by_text("choisissez-en un sur le graphique").wait_for()
    settled(page)
    shown = page.locator("[data-testid=stSelectbox]", has_text="Plan montré").locator("input")
    assert shown.input_value() == "Le plan"
    points = page.locator("[data-testid=stVegaLiteChart] svg .role-mark path")
    points.first.wait_for()
    assert points.count() == 5
    points.last.click()  # drawn above the others
    note = page.get_by_text("L'objectif d'un compromis compte en plus")
    note.wait_for()
    name = shown.input_value()
    assert name.startswith("Compromis")
    # The figures above are those of the row of the plot's table.
    row = page.get_by_role("row", name=name).first.inner_text()
    mean = row.split("\t")[1].strip()
    assert mean in page.locator(".faits").first.inner_text()


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
