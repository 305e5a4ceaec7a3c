"""How long people wait for the screens, in Chromium: ``python -m tests.bench.screens``.

The application runs on the snapshot alone, then, for the explorer, on the official files where
``GEODATA_DIR`` names them; medians of five, on a machine that should do nothing else (its load
is printed).  Each server is left to finish what it prepares at its start.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import explorer
from tests.bench.load import processor_s
from tests.browser.conftest import CHROMIUM, DESKTOP, drawn, serve, settled

RUNS = 5
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DEPARTMENTS = ("Creuse", "Gers", "Lozère", "Finistère", "Nord")
COMMUNES = ("Moulins", "03200", "Montluçon", "Gannat", "Commentry")


def measure(browser: Browser, address: str) -> list[tuple[str, float, float]]:
    """Return rows of (what, median in seconds, target in seconds)."""
    warm = browser.new_context(viewport=DESKTOP, locale="fr-FR")
    page = warm.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    drawn(page)
    page.close()
    first, mapped = zip(*(opened(warm.new_page(), address) for _ in range(RUNS)), strict=True)
    page = warm.new_page()
    page.goto(f"{address}/?dep=48")
    key = drawn(page)
    switches = []
    for department in DEPARTMENTS:
        box = page.get_by_role("combobox", name="Département")
        box.click()
        box.fill(department)
        page.wait_for_timeout(300)
        seconds = timed(lambda: page.keyboard.press("Enter"), lambda key=key: shown(page, key))
        switches.append(seconds)
        key = drawn(page)
    page.goto(f"{address}/trouver")
    settled(page)
    searches = [searched(page, text) for text in COMMUNES]
    return [
        ("first page, server warm: figures", statistics.median(first), 3.0),
        ("first page, server warm: map drawn", statistics.median(mapped), 3.0),
        ("département switched on the map", statistics.median(switches), 1.0),
        ("public search answered", statistics.median(searches), 1.0),
    ]


def opened(page: Page, address: str) -> tuple[float, float]:
    started = time.perf_counter()
    page.goto(address)
    page.locator(".fait").first.wait_for()
    figures = time.perf_counter() - started
    shown(page, "")
    mapped = time.perf_counter() - started
    settled(page)
    page.close()
    return figures, mapped


def shown(page: Page, after: str) -> None:
    frame = page.wait_for_selector("[class*=st-key-carte-] iframe").content_frame()
    frame.wait_for_selector(f"#map_div[data-drawn]:not([data-drawn='{after}'])")


def searched(page: Page, text: str) -> float:
    box = page.get_by_label("Votre commune ou votre code postal")
    was = page.evaluate("location.search")
    box.fill(text)
    arrived = "(was) => location.search !== was && document.querySelectorAll('.lieu').length"
    seconds = timed(lambda: box.press("Enter"), lambda: page.wait_for_function(arrived, arg=was))
    settled(page)
    return seconds


def timed(act: Callable[[], object], wait: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    wait()
    return time.perf_counter() - started


def ready(pid: int) -> None:
    """Wait until the server's process has nothing more to prepare: a tenth of a core at most."""
    spent_s = processor_s(pid)
    while True:
        time.sleep(2)
        before_s, spent_s = spent_s, processor_s(pid)
        if spent_s - before_s < 0.2:
            return


def main() -> None:
    official = os.environ.get("GEODATA_DIR", "")
    pids: list[int] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), pids.append) as address,
        sync_playwright() as playwright,
    ):
        ready(pids[-1])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        rows = measure(browser, address)
        if not official:
            rows += explorer.measure(browser, address, official=False)
        browser.close()
    if official:
        rows += explorer_on(official)
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| screen | median (s) | target (s) |\n|---|---|---|")
    for what, seconds, target in rows:
        print(f"| {what} | {seconds:.2f} | {target:.1f} |")


def explorer_on(official: str) -> list[explorer.Row]:
    """Measure the explorer with the official files."""
    pids: list[int] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), pids.append, GEODATA_DIR=official) as address,
        sync_playwright() as playwright,
    ):
        ready(pids[-1])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        rows = explorer.measure(browser, address, official=True)
        browser.close()
    return rows


if __name__ == "__main__":
    main()
