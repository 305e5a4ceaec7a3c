import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from planning.deployment import deploy
from planning.report.pdf import report_pdf
from planning.report.plan_report import plan_report
from planning.scenario import Scenario
from tests.planning.report.conftest import ON


def read(report) -> PdfReader:
    return PdfReader(io.BytesIO(report_pdf(report)))


def words(pdf: PdfReader) -> str:
    """Return the text of all pages, every space alike."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.fixture(scope="module")
def pdf(report) -> PdfReader:
    return read(report)


def test_it_is_named_in_french_and_dated(pdf):
    assert pdf.metadata.title.replace("\u00a0", " ") == "Plan de déploiement : Allier"
    assert pdf.metadata.author == "Préfecture de l'Allier"
    assert pdf.root_object["/Lang"] == "fr-FR"
    assert pdf.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Établi le 24 novembre 2026 par Préfecture de l'Allier" in words(pdf)


def test_every_section_has_its_bookmark(pdf, report):
    assert [mark.title for mark in pdf.outline] == [section.title for section in report.sections]


def test_fonts_are_embedded(pdf):
    fonts = [
        font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_it_says_what_the_report_says(pdf, report):
    text = words(pdf)
    for section in report.sections:
        assert section.title in text
    for figure in report.sections[0].blocks[0].items:
        assert figure.value.replace("\u202f", " ") in text.replace("\u202f", " ")
    for word in ("Couches absentes", "estimation", "modélis", "Licence Ouverte", "Signature"):
        assert word in text
    assert f"page 1 sur {len(pdf.pages)}" in text


def test_the_map_is_drawn_as_vectors(pdf):
    page = next(one for one in pdf.pages if "Couleur : minutes" in words_of(one))
    assert not page.images
    assert page.get_contents().get_data().count(b" l\n") > 1000


def words_of(page) -> str:
    return " ".join(page.extract_text().split())


def test_the_same_report_gives_the_same_file(report):
    assert report_pdf(report) == report_pdf(report)


def test_a_crowded_plan_repeats_its_headings_and_loses_nothing(crowded):
    pdf = read(plan_report(crowded, ON))
    text = words(pdf)
    assert len(pdf.pages) > 15
    assert text.count("Pourquoi") > 10
    assert all(f"Lieu n° {k} " in text for k in (0, 150, 297))
    assert "œuvre, ÿ, ŒUVRE" in text


def test_no_text_is_too_long_or_too_odd(allier):
    first = allier.sites[0]
    odd = (
        replace(first, name="X" * 600, why="mot " * 900),
        replace(first, name="Ж 😀 漢 \x07\n**a**"),
    )
    report = plan_report(replace(allier, sites=odd), ON, "Ж 😀 **gras**")
    text = words(read(report))
    assert re.search(r"mot m?o?t?…", text)
    assert "**a**" in text
    assert "Ж □ □" in text  # nothing is lost in silence
    assert "remplace un caractère" in text
    assert "remplace un caractère" not in words(read(plan_report(allier, ON)))


def test_a_plan_without_any_site_says_so(allier):
    bare = replace(allier, sites=(), touring=replace(allier.touring, plans={}, note="Rien."))
    assert "Aucun poste fixe" in words(read(plan_report(bare, ON)))


def test_overseas_where_need_is_not_estimated(bare_machine):
    mayotte = deploy(Scenario(territory="976", positions=4, tours=False))
    text = words(read(plan_report(mayotte, ON)))
    assert "non estimé" in text
    assert "offre actuelle inconnue" in text.lower()
    assert "inconnu" in text
