"""Two plans side by side: maps in step, tables, files; and a map saved as an image."""

import io
import struct
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, drawn, overflow, settled

LINK = "/comparer?a_dep=90&a_postes=2&a_tournees=non&b_dep=90&b_postes=4&b_tournees=non"
MAPS = "[class*=st-key-carte-] iframe"
VIEW = "() => [window.map.getCenter().lat, window.map.getCenter().lng, window.map.getZoom()]"


def frames(page):
    """Return the frames of both maps, once both are drawn and at rest."""
    page.wait_for_selector(f"{MAPS} >> nth=1")
    found = [one.content_frame() for one in page.query_selector_all(MAPS)]
    for frame in found:
        frame.wait_for_selector("#map_div[data-drawn]")
    settled(page)
    return found


def same_view(frame, other) -> None:
    """Wait until a map shows the same place as another, to a pixel."""
    frame.wait_for_function(
        """([lat, lng, zoom]) => {
            const at = (place) => map.project(place);
            return map.getZoom() === zoom && at([lat, lng]).distanceTo(at(map.getCenter())) < 2;
        }""",
        arg=other.evaluate(VIEW),
    )


@pytest.fixture
def page(server, open_page):
    page = open_page(server + LINK)
    settled(page)
    return page


def test_maps_go_in_step_with_mouse_and_keyboard(page):
    a, b = frames(page)
    before = a.evaluate(VIEW)
    a.locator("#map_div").focus()
    page.keyboard.press("+")
    a.wait_for_function("(zoom) => window.map.getZoom() > zoom", arg=before[2])
    same_view(b, a)
    box = page.query_selector_all(MAPS)[1].bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 230, box["y"] + 240, steps=4)
    page.mouse.up()
    same_view(a, b)
    # They come to rest: nothing echoes from one to the other.
    rests = a.evaluate(
        """() => new Promise((done) => {
            let last = performance.now();
            window.map.on("move", () => (last = performance.now()));
            const look = setInterval(() => performance.now() - last > 500 && done(true), 50);
            setTimeout(() => { clearInterval(look); done(false); }, 8000);
        })"""
    )
    assert rests
    assert b.evaluate(VIEW)[:2] != before[:2]


def test_tables_say_what_the_maps_show_and_files_open(page):
    frames(page)
    table = page.get_by_role("table")
    assert table.filter(has_text="B moins A").get_by_text("mieux en B").first.is_visible()
    assert table.filter(has_text="Postes A").locator("tbody tr").count() >= 3
    with page.expect_download() as download:
        page.get_by_role("button", name="Comparaison (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-1.")


def test_the_other_map_can_be_without_symbols_and_the_address_follows(page):
    _, other = frames(page)
    drawn_before = other.get_attribute("#map_div", "data-drawn")
    legend = page.locator(".legendes")
    expect(legend.get_by_text("plus proche avec B").first).to_be_visible()
    page.get_by_text("Marquer sur la carte B").click()
    page.wait_for_url("**ecarts=non**")
    other.wait_for_selector(f"#map_div[data-drawn]:not([data-drawn='{drawn_before}'])")
    expect(legend.get_by_text("Minutes vers le lieu le plus proche")).to_be_visible()
    expect(legend.get_by_text("plus proche avec B")).to_have_count(0)


def test_one_above_the_other_on_a_phone(server, open_page):
    page = open_page(server + LINK, PHONE)
    settled(page)
    frames(page)
    first, second = (one.bounding_box() for one in page.query_selector_all(MAPS))
    assert second["y"] > first["y"] + first["height"]
    assert overflow(page) <= 0


def test_a_map_is_saved_as_an_image_with_its_legend(page):
    frame, _ = frames(page)
    size = frame.evaluate("[window.map.getSize().x, window.map.getSize().y]")
    button = frame.get_by_role("button", name="Enregistrer la carte en image")
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "carte-90.png"
    image = Path(download.value.path()).read_bytes()
    assert image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", image[16:24])
    assert width == 2 * size[0]
    assert height > 2 * size[1] + 200  # title, legend and sources besides the map


def test_on_paper_there_are_maps_and_tables_and_no_controls(page):
    frames(page)
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    for words in ("B moins A", "Lieux des postes fixes", "Imprimé depuis", "page « Données »"):
        assert words in text
    for control in ("Choisir ce plan", "Classeur (XLSX)", "Marquer sur la carte B"):
        assert control not in text
    pictures = [image.image.size for sheet in paper.pages for image in sheet.images]
    assert sum(width > 400 and height > 400 for width, height in pictures) >= 2  # the two maps


def test_a_picture_stands_for_the_map_while_printing(page):
    """A frame on paper is narrower than on the screen: drawn again it would come too late."""
    frame, _ = frames(page)
    stand = """() => [...document.querySelectorAll(".carte-print")]
        .map((one) => [one.width / 2, one.height / 2])"""
    frame.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert frame.evaluate(stand) == [frame.evaluate("[map.getSize().x, map.getSize().y]")]
    frame.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert frame.evaluate(stand) == []


def test_the_plan_is_a_file_to_sign(server, open_page):
    page = open_page(f"{server}/?dep=90&postes=2&tournees=non")
    settled(page)
    drawn(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Rapport à signer (PDF)").click()
    assert download.value.suggested_filename == "plan-90.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-1.")
