"""What a PDF report is made of besides its tables: figures, paragraphs, notes, maps, signatures."""

from typing import Final

from fpdf.enums import Align

from planning.report import pdf_map
from planning.report.content import Figure, Figures, Map, Paragraph, Sample, Signature
from planning.report.pdf_page import BLUE, FAMILY, GREY, INK, LINE_MM, RULE, Colour, Pages
from planning.report.pdf_table import CELL_MM

CARDS: Final = 3
MAP_TALLEST_MM: Final = 165.0
PALE: Final[Colour] = (246, 246, 246)


def paragraph(pdf: Pages, block: Paragraph) -> None:
    """Write a paragraph after its head."""
    pdf.set_text_color(*INK)
    with pdf.tagged("P"):
        pdf.set_font(FAMILY, "B", 10.5)
        if block.head:
            pdf.write(LINE_MM, pdf.readable(f"{block.head} : "))
        pdf.set_font(FAMILY, size=10.5)
        pdf.write(LINE_MM, pdf.readable(block.text))
    pdf.ln(LINE_MM + 1.5)


def note(pdf: Pages, text: str) -> None:
    """Write what must not be missed, beside a bar."""
    text = pdf.readable(text)
    height = LINE_MM * len(pdf.lines(text, pdf.epw - 4, 10))
    if pdf.will_page_break(height + 3):
        pdf.add_page()
    top = pdf.y
    with pdf.artifact():
        pdf.set_fill_color(*PALE)
        pdf.rect(pdf.l_margin, top, pdf.epw, height + 3, style="F")
        pdf.set_fill_color(*BLUE)
        pdf.rect(pdf.l_margin, top, 1.2, height + 3, style="F")
    pdf.set_text_color(*INK)
    pdf.set_xy(pdf.l_margin + 3.5, top + 1.5)
    with pdf.tagged("P"):
        pdf.multi_cell(pdf.epw - 4, LINE_MM, text, align=Align.L, new_x="LMARGIN")
    pdf.set_y(top + height + 5)


def figures(pdf: Pages, block: Figures) -> None:
    """Draw key figures side by side."""
    gap = 3.0
    width = (pdf.epw - gap * (CARDS - 1)) / CARDS
    for start in range(0, len(block.items), CARDS):
        row = [
            Figure(pdf.readable(f.title), pdf.readable(f.value), pdf.readable(f.note))
            for f in block.items[start:][:CARDS]
        ]
        tallest_title = max(len(pdf.lines(item.title, width - 5, 9)) for item in row)
        tallest_note = max(len(pdf.lines(item.note, width - 5, 9)) for item in row)
        height = 4 * tallest_title + 8.5 + 4 * tallest_note + 4.5
        if pdf.will_page_break(height):
            pdf.add_page()
        top = pdf.y
        for rank, item in enumerate(row):
            left = pdf.l_margin + rank * (width + gap)
            pdf.set_draw_color(*RULE)
            pdf.rect(left, top, width, height)
            at = top + 2 + 4 * tallest_title
            with pdf.tagged("P"):
                _card(pdf, (left + 2.5, top + 2, width - 5), item.title, GREY)
                pdf.set_font(FAMILY, "B", 16)
                pdf.set_text_color(*BLUE)
                pdf.set_xy(left + 2.5, at)
                pdf.cell(width - 5, 8, item.value)
                _card(pdf, (left + 2.5, at + 8.5, width - 5), item.note, INK)
        pdf.set_xy(pdf.l_margin, top + height + gap)


def _card(pdf: Pages, box: tuple[float, float, float], text: str, colour: Colour) -> None:
    pdf.set_font(FAMILY, size=9)
    pdf.set_text_color(*colour)
    pdf.set_xy(box[0], box[1])
    pdf.multi_cell(box[2], 4, text, align=Align.L)


def map_size(pdf: Pages, block: Map) -> tuple[float, float]:
    """Return the width and height of a map on the page, in millimetres."""
    scale = min(pdf.epw / block.drawing.width, MAP_TALLEST_MM / block.drawing.height)
    return block.drawing.width * scale, block.drawing.height * scale


def map_block(pdf: Pages, block: Map) -> None:
    """Draw a map, its legend and its caption."""
    width, height = map_size(pdf, block)
    if pdf.will_page_break(height + 2):
        pdf.add_page()
    left, top = pdf.l_margin + (pdf.epw - width) / 2, pdf.y + 1
    said = f"{block.drawing.title}. {block.caption} Les tableaux disent la même chose."
    with pdf.tagged("Figure", said=said):
        pdf_map.draw(pdf, block.drawing, (left, top, width / block.drawing.width), FAMILY)
    pdf.set_xy(pdf.l_margin, top + height + 3)
    for sample in block.legend:
        _sample(pdf, sample)
    pdf.set_xy(pdf.l_margin, pdf.y + CELL_MM + 1.5)
    pdf.text_block(block.caption, size=9, colour=GREY)


def _sample(pdf: Pages, sample: Sample) -> None:
    """Write one row of the legend after the last, on the same line where there is room."""
    pdf.set_font(FAMILY, size=9)
    pdf.set_text_color(*INK)
    text = pdf.cut(pdf.readable(sample.text), pdf.epw - 12)
    width = 9 + pdf.get_string_width(text) + 4
    if pdf.x + width > pdf.w - pdf.r_margin + 4:
        pdf.set_xy(pdf.l_margin, pdf.y + CELL_MM + 0.6)
        if pdf.will_page_break(CELL_MM + 2):
            pdf.add_page()
    left = pdf.x
    with pdf.artifact():
        pdf_map.swatch(pdf, sample, (left, pdf.y + 0.6, 7.0, 3.2))
    pdf.set_x(left + 8)
    with pdf.tagged("P"):
        pdf.cell(width - 8, CELL_MM, text)


def signature(pdf: Pages, block: Signature) -> None:
    """Draw the places to date and sign."""
    width = (pdf.epw - 6 * (len(block.signatories) - 1)) / len(block.signatories)
    top = pdf.y + 1
    for rank, who in enumerate(block.signatories):
        left = pdf.l_margin + rank * (width + 6)
        pdf.set_draw_color(*GREY)
        pdf.rect(left, top, width, 38)
        pdf.set_xy(left + 3, top + 2)
        pdf.set_font(FAMILY, size=10.5)
        pdf.set_text_color(*INK)
        with pdf.tagged("P"):
            text = pdf.readable(f"{who} :\nLe :\nSignature :")
            pdf.multi_cell(width - 6, 6.5, text, align=Align.L)
    pdf.set_xy(pdf.l_margin, top + 40)
