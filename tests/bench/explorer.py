"""How long people wait for the explorer, in Chromium; measured by ``tests.bench.screens``.

Medians of five.  The postal points are measured where the official files are
(``GEODATA_DIR``), since the snapshot has none.
"""

import statistics
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, drawn, settled

RUNS = 5
DEPARTMENTS = ("Creuse", "Gers", "Lozère", "Finistère", "Nord")
PATIENCE_MS = 120_000

Row = tuple[str, float, float]


def measure(browser: Browser, address: str, *, official: bool) -> list[Row]:
    """Return rows of (what, median in seconds, target in seconds)."""
    context = browser.new_context(viewport=DESKTOP, locale="fr-FR")
    page = opened(context.new_page(), f"{address}/explorer?maille=cantons")  # warms the server
    page.close()
    rows = [
        ("explorer: département switched", switches(context.new_page(), address), 0.6),
        ("explorer: cantons of the country, page opened", cantons(context.new_page, address), 3.0),
        (
            "explorer: from départements to the 2,041 cantons",
            levels(context.new_page(), address),
            3.0,
        ),
        ("explorer: sheet of a clicked territory", clicks(context.new_page(), address), 1.0),
    ]
    if official:
        seconds = postal_points(context.new_page(), address)
        rows.append(("explorer: 17,000 postal points laid over the country", seconds, 2.5))
    context.close()
    return rows


def opened(page: Page, address: str) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    drawn(page)
    return page


def timed(act: Callable[[], object], wait: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    wait()
    return time.perf_counter() - started


def shown(page: Page, after: str) -> None:
    frame = page.wait_for_selector("[class*=st-key-carte-] iframe").content_frame()
    frame.wait_for_selector(f"#map_div[data-drawn]:not([data-drawn='{after}'])")


def switches(page: Page, address: str) -> float:
    opened(page, f"{address}/explorer?zone=03")
    found = []
    for department in DEPARTMENTS:
        key = drawn(page)
        box = page.get_by_role("combobox", name="Territoire")
        box.click()
        box.fill(department)
        page.wait_for_timeout(300)
        found.append(timed(lambda: page.keyboard.press("Enter"), lambda key=key: shown(page, key)))
        settled(page)
    page.close()
    return statistics.median(found)


def cantons(new_page: Callable[[], Page], address: str) -> float:
    found = []
    for _ in range(RUNS):
        page = new_page()
        page.set_default_timeout(PATIENCE_MS)
        found.append(
            timed(
                lambda page=page: page.goto(f"{address}/explorer?maille=cantons"),
                lambda page=page: shown(page, ""),
            )
        )
        settled(page)
        page.close()
    return statistics.median(found)


def levels(page: Page, address: str) -> float:
    opened(page, f"{address}/explorer")
    found = []
    for _ in range(RUNS):
        key = drawn(page)
        found.append(
            timed(
                lambda: page.get_by_role("radio", name="Cantons").click(),
                lambda key=key: shown(page, key),
            )
        )
        key = drawn(page)
        page.get_by_role("radio", name="Départements").click()
        drawn(page, after=key)
    page.close()
    return statistics.median(found)


def clicks(page: Page, address: str) -> float:
    """From a choice in the select box, which a click sets too, to the sheet on screen."""
    opened(page, f"{address}/explorer?zone=03")
    found = []
    for town in ("Moulins", "Vichy", "Gannat", "Cusset", "Yzeure"):
        box = page.get_by_role("combobox", name="Commune à détailler")
        box.click()
        box.fill(town)
        page.wait_for_timeout(300)
        sheet = page.get_by_text(f"Fiche : {town}")
        found.append(timed(lambda: page.keyboard.press("Enter"), sheet.wait_for))
        settled(page)
    page.close()
    return statistics.median(found)


def postal_points(page: Page, address: str) -> float:
    opened(page, f"{address}/explorer")
    found = []
    for _ in range(RUNS):
        key = drawn(page)
        layer = page.get_by_role("button", name="La Poste")
        found.append(timed(layer.click, lambda key=key: shown(page, key)))
        key = drawn(page)
        layer.click()
        drawn(page, after=key)
    page.close()
    return statistics.median(found)
