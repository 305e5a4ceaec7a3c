"""A report as PDF, ready to sign: pure Python, fonts embedded, the map as vectors."""

from typing import Final

from planning.french import day
from planning.report import pdf_blocks, pdf_table
from planning.report.content import (
    Block,
    Figures,
    Map,
    Note,
    Paragraph,
    Report,
    Signature,
    Table,
)
from planning.report.pdf_page import BLUE, FAMILY, GREY, LACKING, RULE, Pages

LOST: Final = (
    f"Le signe « {LACKING} » remplace un caractère que la police de ce rapport n'a pas ; la page à "
    "imprimer et le classeur le montrent."
)


def report_pdf(report: Report) -> bytes:
    """Return a report as the bytes of a PDF file."""
    pdf = Pages(report)
    pdf.add_page()
    _heading(pdf, report)
    for section in report.sections:
        if not section.blocks:
            continue
        _title(pdf, section.title, _needed(pdf, section.blocks[0]))
        for block in section.blocks:
            _block(pdf, block)
    if pdf.lacking:
        pdf.ln(3)
        pdf_blocks.note(pdf, LOST)
    return bytes(pdf.output())


def _heading(pdf: Pages, report: Report) -> None:
    pdf.set_font(FAMILY, "B", 20)
    pdf.set_text_color(*BLUE)
    pdf.block("H1", pdf.named, 9)
    author = f" par {report.author}" if report.author else ""
    pdf.text_block(f"Établi le {day(report.on)}{author}", size=10, colour=GREY)
    pdf.ln(1.5)
    pdf.text_block(report.summary)


def _title(pdf: Pages, title: str, needed_mm: float) -> None:
    """Write a section's title and its bookmark, on the page of what follows."""
    pdf.ln(5)
    if pdf.will_page_break(12 + needed_mm):
        pdf.add_page()
    pdf.start_section(title)
    pdf.set_font(FAMILY, "B", 14)
    pdf.set_text_color(*BLUE)
    pdf.block("H2", pdf.readable(title), 7)
    pdf.set_draw_color(*RULE)
    pdf.set_line_width(0.2)
    with pdf.artifact():
        pdf.line(pdf.l_margin, pdf.y, pdf.w - pdf.r_margin, pdf.y)
    pdf.ln(2)


def _needed(pdf: Pages, block: Block) -> float:
    """Return the height without which a block does not start on a page, in millimetres."""
    if isinstance(block, Map):
        return pdf_blocks.map_size(pdf, block)[1] + 4
    if isinstance(block, Signature):
        return 45.0
    return 26.0


def _block(pdf: Pages, block: Block) -> None:
    if isinstance(block, Table) and block.rows:
        pdf_table.draw(pdf, block)
    elif isinstance(block, Table):
        pdf_blocks.note(pdf, f"{block.caption} : {block.empty}")
    elif isinstance(block, Figures):
        pdf_blocks.figures(pdf, block)
    elif isinstance(block, Paragraph):
        pdf_blocks.paragraph(pdf, block)
    elif isinstance(block, Note):
        pdf_blocks.note(pdf, block.text)
    elif isinstance(block, Map):
        pdf_blocks.map_block(pdf, block)
    else:
        pdf_blocks.signature(pdf, block)
