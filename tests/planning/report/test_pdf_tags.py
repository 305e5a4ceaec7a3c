"""What a screen reader is told of a PDF, and what of fpdf2's inside that rests on."""

import io
import re

import fpdf
import pytest
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from pypdf import PdfReader

from planning.report.pdf import report_pdf
from planning.report.pdf_tags import TaggedPages
from planning.report.plan_report import plan_report
from tests.planning.report.conftest import ON


@pytest.fixture(scope="module")
def pdf(report) -> PdfReader:
    return PdfReader(io.BytesIO(report_pdf(report)))


def kids(element) -> list:
    """Return the elements right below one."""
    found = (one.get_object() for one in element["/K"])
    return [one for one in found if not isinstance(one, int)]


def document(pdf):
    return pdf.root_object["/StructTreeRoot"]["/K"][0].get_object()


def every(element):
    for one in kids(element):
        yield one
        yield from every(one)


def test_what_fpdf2_is_asked_for_is_still_there():
    """Fails by name where an upgrade of fpdf2 changes what the tags rest on."""
    pages = fpdf.FPDF()
    pages.add_page()
    assert callable(pages._out), "FPDF._out writes raw operators"
    assert isinstance(pages.struct_builder, StructureTreeBuilder)
    assert hasattr(pages.pages[1], "struct_parents")
    builder = StructureTreeBuilder()
    assert builder.empty()
    assert builder.spid_per_page_number == {}
    assert builder.struct_tree_root.parent_tree.nums[0] == []
    element = StructElem("/P", builder.doc_struct_elem, [], 1)
    assert (list(element.k), element.pg, element.page_number()) == ([], None, 1)
    element.id, builder.doc_struct_elem.id = 7, 3
    assert "/S /P" in element.serialize(), "each attribute of an element is written"


def test_headings_and_the_map_are_told_in_reading_order(pdf, report):
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    roles = [one["/S"] for one in kids(document(pdf))]
    assert roles[0] == "/H1"
    assert roles.count("/H2") == len(report.sections)
    (figure,) = [one for one in kids(document(pdf)) if one["/S"] == "/Figure"]
    assert figure["/Alt"].startswith("Carte du plan")


def test_tables_have_a_caption_rows_and_headings(pdf, report):
    wanted = [one for one in report.tables() if one.rows]
    found = [one for one in kids(document(pdf)) if one["/S"] == "/Table"]
    assert len(found) == len(wanted)
    for table, told in zip(wanted, found, strict=True):
        caption, head, *rows = kids(told)
        assert caption["/S"] == "/Caption"
        assert {one["/S"] for one in (head, *rows)} == {"/TR"}
        assert len(rows) == len(table.rows)
        columns = [(one["/S"], one["/A"]["/Scope"]) for one in kids(head)]
        assert columns == [("/TH", "/Column")] * len(table.columns)
        for row in rows:
            first, *others = kids(row)
            assert (first["/S"], first["/A"]["/Scope"]) == ("/TH", "/Row")
            assert [one["/S"] for one in others] == ["/TD"] * (len(table.columns) - 1)
            assert first["/P"] == row


def test_each_mark_is_opened_closed_and_known_to_its_page_once(pdf):
    root = pdf.root_object["/StructTreeRoot"]
    owners = root["/ParentTree"]["/Nums"]
    for page in pdf.pages:
        content = page.get_contents().get_data()
        assert len(re.findall(rb" B[DM]C", content)) == content.count(b"EMC")
        marks = [int(one) for one in re.findall(rb"/MCID (\d+)>> BDC", content)]
        assert marks == list(range(len(marks)))
        known = owners[owners.index(page["/StructParents"]) + 1]
        assert len(known) == len(marks)
        for mark, one in zip(marks, known, strict=True):
            assert mark in one.get_object()["/K"]
            assert one.get_object().raw_get("/Pg") == page.indirect_reference


def test_a_paragraph_goes_on_over_the_page_and_stays_tagged():
    pages = TaggedPages()
    pages.set_font("helvetica")
    pages.add_page()
    with pages.tagged("P"):
        pages.multi_cell(0, 5, "mot " * 3000)
    found = PdfReader(io.BytesIO(bytes(pages.output())))
    assert len(found.pages) > 1
    parts = kids(document(found))
    assert [one["/S"] for one in parts] == ["/P"] * len(found.pages)


def test_headings_that_are_repeated_are_told_once(crowded):
    report = plan_report(crowded, ON)
    found = PdfReader(io.BytesIO(report_pdf(report)))
    heads = [one for one in every(document(found)) if one.get("/A", {}).get("/Scope") == "/Column"]
    assert len(heads) == sum(len(table.columns) for table in report.tables() if table.rows)
