"""The planner's journey on the explorer, in Chromium, on the snapshot alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, count_received, drawn, overflow, settled


def frame_of(page):
    return page.wait_for_selector("[class*=st-key-carte-] iframe").content_frame()


def click_unit(page, code: str) -> None:
    """Click on the middle of an area, where the map draws it."""
    frame = frame_of(page)
    page.locator("[class*=st-key-carte-] iframe").scroll_into_view_if_needed()
    frame.evaluate(
        """(code) => {
            const map = window.map;
            let found = null;
            map.carteLast.carteUnits.forEach((layer, one) => { if (one === code) found = layer; });
            const at = map.latLngToContainerPoint(found.getCenter());
            window.picked = [at.x, at.y];
        }""",
        code,
    )
    x, y = frame.evaluate("window.picked")
    box = page.locator("[class*=st-key-carte-] iframe").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)


def test_a_planner_explores_the_territories(server, open_page):
    page = open_page(f"{server}/explorer?zone=03")
    settled(page)
    first = drawn(page)
    frame = frame_of(page)
    frame.evaluate("window.mounted = true")

    # A click on the map opens the sheet; nothing is drawn nor loaded again.
    click_unit(page, "03190")
    page.get_by_text("Fiche : Moulins").wait_for()
    page.wait_for_url("**unite=03190**")
    frame.wait_for_selector("#map_div[data-selected='03190']")
    assert frame.evaluate("window.mounted") is True
    assert frame.query_selector(f"#map_div[data-drawn='{first}']")

    # Moving the map runs nothing.
    settled(page)
    received = count_received(page)
    frame.evaluate("() => { window.map.panBy([80, 40], {animate: false}); }")
    page.wait_for_timeout(700)
    assert sum(received) < 200

    # A second territory stands beside the first.
    box = page.get_by_role("combobox", name="Comparer avec")
    box.click()
    box.fill("Montluçon")
    page.keyboard.press("Enter")
    page.get_by_text("Moulins et Montluçon, côte à côte").wait_for()
    frame.wait_for_selector("#map_div[data-selected='03190 03185']")
    assert frame.evaluate("window.mounted") is True

    # Other classes.
    page.get_by_role("button", name="Seuils naturels").or_(
        page.get_by_role("radio", name="Seuils naturels")
    ).first.click()
    drawn(page, after=first)
    page.wait_for_url("**classes=naturelles**")
    page.get_by_role("button", name="Mes bornes").or_(
        page.get_by_role("radio", name="Mes bornes")
    ).first.click()
    field = page.get_by_role("textbox", name="Bornes croissantes")
    field.fill("20 ; 15")
    field.press("Enter")
    page.get_by_text("ne sont pas croissantes").wait_for()
    field.fill("16 ; 20")
    field.press("Enter")
    page.get_by_text("moins de 16").wait_for()
    page.wait_for_url("**bornes=16**")
    settled(page)
    last = drawn(page)

    # The link opens the same view elsewhere.
    other = open_page(page.url)
    settled(other)
    assert drawn(other) == last
    other.get_by_text("Moulins et Montluçon, côte à côte").wait_for()
    frame_of(other).wait_for_selector("#map_div[data-selected='03190 03185']")


def test_files_are_taken_away(server, open_page):
    page = open_page(f"{server}/explorer?zone=90&maille=epci")
    settled(page)
    drawn(page)
    for label, name in (("Tableau (CSV)", "epci-90.csv"), ("Carte (GeoJSON)", "epci-90.geojson")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == name


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_a_full_view_is_accessible_and_fits(server, open_page, size):
    asked = "zone=03&maille=cantons&unite=0301&avec=0302&couches=epci,mediation"
    page = open_page(f"{server}/explorer?{asked}", *([size] if size else []))
    settled(page)
    drawn(page)
    page.get_by_text("côte à côte").wait_for()
    assert overflow(page) <= 0
    faults = [
        (fault["id"], node["html"][:160])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    assert faults == []


def test_hostile_links_are_told(server, open_page):
    page = open_page(f"{server}/explorer?zone=%3Cscript%3E&bornes=9;1&unite=../..")
    settled(page)
    expect(page.get_by_text("n'a pas pu être comprise")).to_be_visible()
    drawn(page)
    expect(page.get_by_role("combobox", name="Territoire")).to_have_value("France entière")
    expect(page.get_by_text("<script>")).to_have_count(0)
    expect(page.get_by_text("Une erreur inattendue")).to_have_count(0)
