"""Pictures for the README: ``python -m tests.browser.screenshots``.

Two sets: on the snapshot alone, and with the official files when ``GEODATA_DIR`` names their
folder.  What is planned is on a wide screen, what is for everybody on a phone too.
"""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, DESKTOP, PHONE, ROOT, drawn, serve, settled

FOLDER = ROOT / "docs" / "images"
WIDE, BOTH = ("1280",), ("1280", "360")
SIZES = {"1280": {**DESKTOP, "height": 1240}, "360": {**PHONE, "height": 1100}}
# Picture -> address, widths; on the snapshot alone, then with the official files.
SNAPSHOT = {
    "plan": ("/?couches=sites,tournees,cantons", WIDE),
    "trouver": ("/trouver?commune=03190", WIDE),
}
OFFICIAL = {
    "plan": ("/?couches=sites,tournees,cantons", BOTH),
    "explorer": ("/explorer?maille=cantons", WIDE),
    "acces": ("/acces", WIDE),
    "repartition": ("/repartition", WIDE),
    "comparer": ("/comparer?a_dep=03&a_postes=30&b_dep=03&b_postes=24", WIDE),
    "departement": ("/departement", BOTH),
    "trouver": ("/trouver?commune=03190", BOTH),
    "donnees": ("/donnees", WIDE),
}


def take(browser: Browser, address: str, edition: str) -> None:
    for name, (path, widths) in (SNAPSHOT if edition == "sans-internet" else OFFICIAL).items():
        for width in widths:
            size = SIZES[width]
            context = browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce")
            page = context.new_page()
            page.set_default_timeout(180_000)
            page.goto(address + path)
            settled(page)
            if name != "donnees":
                drawn(page)
            page.wait_for_timeout(800)
            page.screenshot(path=FOLDER / f"{name}-{edition}-{width}.png")
            context.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    editions = {"sans-internet": {}}
    if os.environ.get("GEODATA_DIR"):
        editions["officielles"] = {"GEODATA_DIR": str(Path(os.environ["GEODATA_DIR"]).resolve())}
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        for edition, settings in editions.items():
            with (
                tempfile.TemporaryDirectory() as folder,
                serve(Path(folder), **settings) as address,
            ):
                take(browser, address, edition)
        browser.close()


if __name__ == "__main__":
    main()
