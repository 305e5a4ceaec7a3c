"""What holds on every page of the menu, whatever it shows.

The pages are those of ``views/main.py``: a new one is covered without a word here.  The
fixtures watch them all the while: a request to another host, a violation of the content
security policy, an error on the console or an uncaught exception fails the test.
"""

import json
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE, ROOT, overflow, painted, settled
from views.main import ENTRIES, NAME

SCREENS = ROOT / "out" / "screens"
SIZES = {"1280": DESKTOP, "360": PHONE}
TALLEST_PX = 6_000
TITLES = {entry.address: entry.title for entry in ENTRIES}

# A view worth judging: with something in it.
VIEWS = {
    "trouver": "commune=03190",
    "tournees": "dep=48&vehicules=5&effort=rapide",
}

# Faults of the framework's own parts: (rule of axe, where) and its tracker.  Nothing may be
# added here for content of ours, and the list may not grow.
FRAMEWORK_FAULTS: dict[tuple[str, str], str] = {}

ENGLISH = frozenset(
    {"Skip to main content", "Upload", "file upload", "Search", "Fullscreen", "Clear all",
     "Select all", "Choose an option", "Link to heading", "Copy to clipboard", "Open", "Close",
     "Sidebar", "Expand sidebar", "Download as CSV", "Show/hide columns", "No results"}
)  # fmt: skip
ENGLISH_STARTS = ("Help for ", "Remove ", "Press Enter", "Drag and drop", "Limit ")

CONTROLS = (
    "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1']), iframe"
)


def address(server: str, name: str) -> str:
    return f"{server}/{name}?{VIEWS.get(name, '')}".rstrip("?")


def still(page) -> None:
    """Wait until the page has run and its maps, if any, are drawn."""
    settled(page)
    for frame in page.query_selector_all("[class*=st-key-carte-] iframe"):
        frame.content_frame().wait_for_selector("#map_div[data-drawn]")
        assert frame.get_attribute("title").startswith("Carte")
    settled(page)


def serious_faults(page) -> list[str]:
    """Return what axe finds grave, the framework's known faults apart."""
    found = []
    for fault in Axe().run(page).response["violations"]:
        if fault["impact"] not in ("serious", "critical"):
            continue
        for node in fault["nodes"]:
            known = any(
                fault["id"] == rule and where in node["html"] for rule, where in FRAMEWORK_FAULTS
            )
            if not known:
                found.append(f"{fault['id']}: {node['html'][:200]}")
    return found


def english(page) -> list[str]:
    """Return the framework's own words that stayed in English."""
    said = page.evaluate(
        """() => [...document.querySelectorAll("body *")].flatMap((one) => [
            ...["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name)),
            one.children.length || ["SCRIPT", "STYLE"].includes(one.tagName) ? "" : one.textContent,
        ]).filter(Boolean).map((text) => text.trim())"""
    )
    return sorted({text for text in said if text in ENGLISH or text.startswith(ENGLISH_STARTS)})


def keep_picture(page, name: str, width: str) -> None:
    """Keep the whole page as a picture: it scrolls inside its own box, so the screen grows."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({**SIZES[width], "height": min(int(height) + 80, TALLEST_PX)})
    painted(page)
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}-{width}.png")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("name", [entry.address for entry in ENTRIES])
def test_a_page_is_accessible_in_french_and_fits(server, open_page, name, width):
    page = open_page(address(server, name), SIZES[width])
    still(page)
    if width == "1280":
        keyboard_reaches(page)
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.title() == f"{TITLES[name]} – {NAME}"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.get_by_text("Une erreur inattendue").count() == 0
    assert english(page) == []
    assert overflow(page) <= 0
    assert serious_faults(page) == []
    keep_picture(page, name, width)


def keyboard_reaches(page) -> None:
    """Check that the keyboard alone gets to the content, and that one sees where it is."""
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Aller au contenu"
    assert skip.bounding_box()["x"] >= 0  # seen once it has the focus
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert page.evaluate(f"document.activeElement.matches({json.dumps(CONTROLS)})")
    assert visible_focus(page)


def visible_focus(page) -> bool:
    """Tell whether something shows that the element, or what holds it, has the focus."""
    return page.evaluate(
        """() => {
            let one = document.activeElement;
            for (let up = 0; one && up < 4; up++, one = one.parentElement) {
                const style = getComputedStyle(one);
                if (style.outlineStyle !== "none" && style.outlineWidth !== "0px") return true;
                if (style.boxShadow !== "none") return true;
                if (style.borderTopColor === "rgb(0, 0, 145)") return true;
            }
            return false;
        }"""
    )


def test_an_address_without_a_page_says_so_in_french(server, open_page):
    page = open_page(f"{server}/nulle-part", allow="404")
    assert page.get_by_role("heading", name="Page introuvable").is_visible()
    assert serious_faults(page) == []
    page.get_by_role("link", name="Aller à la page d'accueil").click()
    settled(page)


def test_the_watch_sees_what_it_must_refuse(server, open_page, watch):
    """The guards of every other test, tried on a page that does all that is forbidden."""
    page = open_page(f"{server}/donnees")
    settled(page)
    pixel = "http://outside.invalid/pixel.png"
    refused = page.expect_console_message(lambda one: "Content Security Policy" in one.text)
    with refused, page.expect_request(pixel):
        page.evaluate(
            """(address) => {
                const image = document.createElement("img");
                image.src = address;
                document.body.append(image);
            }""",
            pixel,
        )
    assert watch.outside == [pixel]
    assert any("Content Security Policy" in text for text in watch.console)
    watch.outside.clear()
    watch.console.clear()


def test_pictures_are_kept_out_of_the_project():
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert SCREENS.relative_to(ROOT).parts[0] + os.sep in ignored
    assert Path(SCREENS).is_relative_to(ROOT)
