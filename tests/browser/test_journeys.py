"""One journey an audience, on the snapshot alone."""

from playwright.sync_api import expect

from tests.browser.conftest import count_received, drawn, settled, told


def choose(page, department: str) -> None:
    """Choose a département with the keyboard alone."""
    box = page.get_by_role("combobox", name="Département")
    box.click()
    box.fill(department)
    page.keyboard.press("Enter")


def test_planner(server, open_page):
    page = open_page(server)
    settled(page)
    assert page.get_by_role("heading", name="Plan de déploiement").is_visible()
    first = drawn(page)
    # It opens on a finished plan: figures, sites with their reasons, tours.
    assert page.locator(".fait", has_text="Postes").locator(".valeur").first.inner_text() == "30"
    sites = page.get_by_role("table").filter(has_text="Pourquoi ce lieu").locator("tbody tr")
    assert sites.count() > 5
    # Layers go on and off without the page being run again.
    page.get_by_role("button", name="Tournées", exact=True).click()
    second = drawn(page, after=first)
    page.get_by_role("radio", name="Accès avec le plan").or_(
        page.get_by_role("button", name="Accès avec le plan")
    ).first.click()
    assert drawn(page, after=second)
    assert "couches=" in page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Page à imprimer").click()
    assert download.value.suggested_filename == "plan-03.html"
    page.get_by_role("tab", name="Tournées").click()
    page.get_by_role("tab", name="Méthode").click()
    assert page.get_by_text("estimation").first.is_visible()


def test_planner_switches_department_and_runs_another_plan(server, open_page):
    page = open_page(f"{server}/?dep=48")
    settled(page)
    first = drawn(page)
    assert page.get_by_text("Aucun plan n'est encore calculé").is_visible()
    choose(page, "Gers")
    drawn(page, after=first)
    assert "dep=32" in page.url
    page.get_by_text("Calculer un autre plan").click()
    number = page.get_by_label("Nombre de postes")
    number.fill("4")
    number.press("Tab")
    page.get_by_role("button", name="Calculer ce plan").click()
    page.get_by_role("tab", name="Sites").wait_for()
    assert page.locator(".fait", has_text="Postes").locator(".valeur").first.inner_text() == "4"
    assert "postes=4" in page.url


def test_prefect(server, open_page):
    page = open_page(f"{server}/departement")
    settled(page)
    drawn(page)
    assert page.locator(".fait", has_text="Rang parmi les départements").is_visible()
    effect = page.locator(".fait", has_text="Postes fixes placés")
    before = effect.locator(".valeur").inner_text()
    # Change the first number of the table with the keyboard.
    grid = page.locator("[data-testid=stDataFrame] canvas").first
    box = grid.bounding_box()
    chosen = page.locator("[data-testid=stDataFrame] td[aria-selected=true]")
    page.mouse.click(box["x"] + 40, box["y"] + 52)  # the commune; its number is beside it
    page.keyboard.press("ArrowRight")
    expect(chosen).to_have_count(1)
    page.keyboard.type("9")
    expect(page.locator("#portal input")).to_have_value("9")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(was) => [...document.querySelectorAll('.fait')].some((one) =>"
        " one.innerText.includes('Postes fixes placés')"
        " && one.querySelector('.valeur').innerText !== was)",
        arg=before,
    )
    assert page.get_by_role("table").filter(has_text="Lieux des postes").is_visible()
    # Lock that row: the solver places the others, and as many in all as the plan.
    settled(page)
    number = chosen.get_attribute("id")
    page.mouse.click(box["x"] + 40, box["y"] + 52)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(chosen).not_to_have_id(number)
    with told(page):
        page.keyboard.press("Space")
    settled(page)
    page.get_by_role("button", name="Replacer les autres postes").click()
    expect(effect.locator(".valeur")).to_have_text(before, timeout=60_000)
    expect(page.get_by_role("cell", name="(9)").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Annuler").click()
    expect(effect.locator(".valeur")).not_to_have_text(before, timeout=30_000)


def test_data(server, open_page):
    page = open_page(f"{server}/donnees")
    settled(page)
    table = page.get_by_role("table").filter(has_text="Producteur et licence")
    table.wait_for()
    assert table.get_by_text("absente").first.is_visible()
    assert page.get_by_role("heading", name="Charger les couches (dossier ou adresse)").is_visible()


def test_a_hostile_link_is_harmless(server, open_page):
    link = "/?dep=%3Cscript%3Ealert(1)%3C/script%3E&couches=../../etc&postes=-1e9&commune=%27%22"
    page = open_page(server + link)
    settled(page)
    drawn(page)
    assert page.get_by_text("Une partie de ce lien n'a pas pu être comprise").is_visible()
    assert page.get_by_role("combobox", name="Département").input_value() == "03 · Allier"


def test_switching_department_is_light_and_keeps_the_frame(server, open_page):
    """What makes it quick whatever the machine; its seconds are measured by `make bench`."""
    page = open_page(f"{server}/?dep=48")
    key = drawn(page)
    gone = []
    page.on("framedetached", lambda frame: gone.append(frame.url))
    received = count_received(page)
    for department in ("Creuse", "Gers"):
        choose(page, department)
        key = drawn(page, after=key)
    assert gone == []
    assert 0 < sum(received) < 2 * 120_000


def test_a_browser_closed_in_the_middle_of_a_run_finds_it_done(server, open_page):
    link = f"{server}/?dep=23&postes=7"
    page = open_page(link)
    done = page.get_by_role("tab", name="Sites")  # on a quick machine
    page.get_by_text("Calcul du plan").or_(done).first.wait_for()
    page.context.close()
    again = open_page(link)
    again.get_by_role("tab", name="Sites").wait_for()
    facts = again.locator(".fait", has_text="Postes").locator(".valeur")
    assert facts.first.inner_text() == "7"
    settled(again)
