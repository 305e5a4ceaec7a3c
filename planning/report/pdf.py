"""A report as PDF, ready to sign: pure Python, fonts embedded, the map as vectors."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final, cast

from fpdf.enums import Align, TableBordersLayout
from fpdf.fonts import FontFace
from fpdf.prefs import ViewerPreferences

from planning.report import pdf_map
from planning.report.content import (
    Block,
    Figure,
    Figures,
    Map,
    Note,
    Paragraph,
    Report,
    Sample,
    Signature,
    Table,
)
from planning.report.pdf_tags import TaggedPages
from planning.report.writing import day, typo, written

FONTS: Final = Path(__file__).parents[2] / "static" / "vendor" / "source-sans-3-0.4.1"
FAMILY: Final = "Source Sans 3"

INK: Final = (22, 22, 22)
BLUE: Final = (0, 0, 145)
GREY: Final = (90, 90, 90)
RULE: Final = (204, 204, 204)
HEAD: Final = (238, 239, 251)

LINE_MM: Final = 5.0
CELL_MM: Final = 4.3
CELL_PADDING_MM: Final = 1.2
CARDS: Final = 3
LONGEST_CELL: Final = 2_000
TALLEST_CELL: Final = 35
"""Characters, and lines, beyond which a cell of a table is cut."""
MAP_TALLEST_MM: Final = 165.0


class _Pages(TaggedPages):
    """Pages of A4 with the report's name and number at their foot."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.named = typo(f"{report.title} : {report.territory}")
        self.add_font(FAMILY, "", FONTS / "SourceSans3_400Regular.ttf")
        self.add_font(FAMILY, "B", FONTS / "SourceSans3_700Bold.ttf")
        self.set_margins(16, 16)
        self.set_auto_page_break(True, 20)
        self.set_title(self.named)
        self.set_author(report.author or "Établi avec « Où déployer les conseillers numériques »")
        self.set_subject(report.summary)
        self.set_lang("fr-FR")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        # The same report gives the same file, whenever it is made.
        self.set_creation_date(datetime.combine(report.on, time(12), UTC))

    def footer(self) -> None:
        """Write the name of the report and the page's number."""
        self.set_y(-14)
        self.set_font(FAMILY, size=8.5)
        self.set_text_color(*GREY)
        with self.role(None):
            self.cell(self.epw * 0.8, 5, _cut(self, self.named, self.epw * 0.8))
            self.cell(0, 5, f"page {self.page_no()} sur {{nb}}", align=Align.R)


def report_pdf(report: Report) -> bytes:
    """Return a report as the bytes of a PDF file."""
    pdf = _Pages(report)
    pdf.add_page()
    _heading(pdf, report)
    for section in report.sections:
        if not section.blocks:
            continue
        _title(pdf, section.title, _needed(pdf, section.blocks[0]))
        for block in section.blocks:
            _block(pdf, block)
    return bytes(pdf.output())


def _heading(pdf: _Pages, report: Report) -> None:
    pdf.set_font(FAMILY, "B", 20)
    pdf.set_text_color(*BLUE)
    with pdf.role("H1"):
        pdf.multi_cell(0, 9, pdf.named, align=Align.L, new_x="LMARGIN")
    author = f" par {report.author}" if report.author else ""
    _text(pdf, f"Établi le {day(report.on)}{author}", size=10, colour=GREY)
    pdf.ln(1.5)
    _text(pdf, report.summary)


def _text(
    pdf: TaggedPages, text: str, *, size: float = 10.5, colour: tuple[int, int, int] = INK
) -> None:
    pdf.set_font(FAMILY, size=size)
    pdf.set_text_color(*colour)
    with pdf.role("P"):
        pdf.multi_cell(0, LINE_MM, typo(text), align=Align.L, new_x="LMARGIN")


def _title(pdf: TaggedPages, title: str, needed_mm: float) -> None:
    """Write a section's title and its bookmark, on the page of what follows."""
    pdf.ln(5)
    if pdf.will_page_break(12 + needed_mm):
        pdf.add_page()
    pdf.start_section(title)
    pdf.set_font(FAMILY, "B", 14)
    pdf.set_text_color(*BLUE)
    with pdf.role("H2"):
        pdf.multi_cell(0, 7, title, align=Align.L, new_x="LMARGIN")
    pdf.set_draw_color(*RULE)
    pdf.set_line_width(0.2)
    pdf.line(pdf.l_margin, pdf.y, pdf.w - pdf.r_margin, pdf.y)
    pdf.ln(2)


def _needed(pdf: TaggedPages, block: Block) -> float:
    """Return the height without which a block does not start on a page, in millimetres."""
    if isinstance(block, Map):
        return _map_size(pdf, block)[1] + 4
    if isinstance(block, Signature):
        return 45.0
    return 26.0


def _block(pdf: TaggedPages, block: Block) -> None:
    if isinstance(block, Table):
        _table(pdf, block)
    elif isinstance(block, Figures):
        _figures(pdf, block)
    elif isinstance(block, Paragraph):
        _paragraph(pdf, block)
    elif isinstance(block, Note):
        _note(pdf, block.text)
    elif isinstance(block, Map):
        _map(pdf, block)
    else:
        _signature(pdf, block)


def _paragraph(pdf: TaggedPages, block: Paragraph) -> None:
    pdf.set_text_color(*INK)
    with pdf.role("P"):
        pdf.set_font(FAMILY, "B", 10.5)
        if block.head:
            pdf.write(LINE_MM, typo(f"{block.head} : "))
        pdf.set_font(FAMILY, size=10.5)
        pdf.write(LINE_MM, typo(block.text))
    pdf.ln(LINE_MM + 1.5)


def _note(pdf: TaggedPages, text: str) -> None:
    text = typo(text)
    height = LINE_MM * len(_lines(pdf, text, pdf.epw - 4, 10))
    if pdf.will_page_break(height + 3):
        pdf.add_page()
    top = pdf.y
    pdf.set_fill_color(246, 246, 246)
    pdf.rect(pdf.l_margin, top, pdf.epw, height + 3, style="F")
    pdf.set_fill_color(*BLUE)
    pdf.rect(pdf.l_margin, top, 1.2, height + 3, style="F")
    pdf.set_text_color(*INK)
    pdf.set_xy(pdf.l_margin + 3.5, top + 1.5)
    with pdf.role("P"):
        pdf.multi_cell(pdf.epw - 4, LINE_MM, text, align=Align.L, new_x="LMARGIN")
    pdf.set_y(top + height + 5)


def _figures(pdf: TaggedPages, block: Figures) -> None:
    gap = 3.0
    width = (pdf.epw - gap * (CARDS - 1)) / CARDS
    for start in range(0, len(block.items), CARDS):
        row = [Figure(typo(f.title), f.value, typo(f.note)) for f in block.items[start:][:CARDS]]
        notes = [_lines(pdf, item.note, width - 5, 9) for item in row]
        titles = [_lines(pdf, item.title, width - 5, 9) for item in row]
        tallest_title = max(map(len, titles))
        height = 4 * tallest_title + 8.5 + 4 * max(map(len, notes)) + 4.5
        if pdf.will_page_break(height):
            pdf.add_page()
        top = pdf.y
        for rank, item in enumerate(row):
            left = pdf.l_margin + rank * (width + gap)
            pdf.set_draw_color(*RULE)
            pdf.rect(left, top, width, height)
            at = top + 2 + 4 * tallest_title
            with pdf.role("P"):
                _card(pdf, (left + 2.5, top + 2, width - 5), item.title, 9, GREY)
                pdf.set_font(FAMILY, "B", 16)
                pdf.set_text_color(*BLUE)
                pdf.set_xy(left + 2.5, at)
                pdf.cell(width - 5, 8, item.value)
                _card(pdf, (left + 2.5, at + 8.5, width - 5), item.note, 9, INK)
        pdf.set_xy(pdf.l_margin, top + height + gap)


def _card(
    pdf: TaggedPages,
    box: tuple[float, float, float],
    text: str,
    size: float,
    colour: tuple[int, int, int],
) -> None:
    pdf.set_font(FAMILY, size=size)
    pdf.set_text_color(*colour)
    pdf.set_xy(box[0], box[1])
    pdf.multi_cell(box[2], 4, text, align=Align.L)


def _lines(pdf: TaggedPages, text: str, width: float, size: float) -> list[str]:
    pdf.set_font(FAMILY, size=size)
    found = pdf.multi_cell(width, 4, text, align=Align.L, dry_run=True, output="LINES")
    return cast("list[str]", found)


def _cut(pdf: TaggedPages, text: str, width: float) -> str:
    """Shorten a text that is wider than ``width``."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def _table(pdf: TaggedPages, block: Table) -> None:
    if not block.rows:
        _note(pdf, f"{block.caption} : {block.empty}")
        return
    pdf.set_font(FAMILY, "B", 10.5)
    pdf.set_text_color(*INK)
    if pdf.will_page_break(30):
        pdf.add_page()
    with pdf.role("P"):
        pdf.multi_cell(0, LINE_MM, typo(block.caption), align=Align.L, new_x="LMARGIN")
    pdf.ln(1)
    pdf.set_font(FAMILY, size=9)
    pdf.set_draw_color(*RULE)
    pdf.set_line_width(0.2)
    whole = sum(column.weight for column in block.columns)
    widths = [pdf.epw * column.weight / whole - 2 * CELL_PADDING_MM for column in block.columns]
    pdf.set_fill_color(255, 255, 255)
    with (
        pdf.role("P", whole=False),
        pdf.table(
            col_widths=tuple(column.weight for column in block.columns),
            text_align=tuple("RIGHT" if column.number else "LEFT" for column in block.columns),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="BOLD", fill_color=HEAD),
            line_height=CELL_MM,
            padding=(0.8, CELL_PADDING_MM),
            v_align="TOP",
        ) as table,
    ):
        table.row([column.title for column in block.columns])
        for row in block.rows:
            cells = zip(row, widths, strict=True)
            table.row([_hyphened(pdf, written(cell), width) for cell, width in cells])
    pdf.ln(4)


def _hyphened(pdf: TaggedPages, text: str, width: float) -> str:
    """Break words wider than ``width`` after a hyphen, as « Saint-Pourçain-sur-Sioule ».

    A text that would not fit on a page is cut: the page and the workbook have it whole.
    """
    text = _cut(pdf, text[:LONGEST_CELL], TALLEST_CELL * width)
    words = []
    for word in text.split(" "):
        if pdf.get_string_width(word) <= width or "-" not in word:
            words.append(word)
            continue
        line = ""
        for part in word.replace("-", "-\n").split("\n"):
            if line and pdf.get_string_width(line.rpartition("\n")[2] + part) > width:
                line += "\n"
            line += part
        words.append(line)
    return " ".join(words)


def _map_size(pdf: TaggedPages, block: Map) -> tuple[float, float]:
    """Return the width and height of a map on the page, in millimetres."""
    scale = min(pdf.epw / block.drawing.width, MAP_TALLEST_MM / block.drawing.height)
    return block.drawing.width * scale, block.drawing.height * scale


def _map(pdf: TaggedPages, block: Map) -> None:
    width, height = _map_size(pdf, block)
    if pdf.will_page_break(height + 2):
        pdf.add_page()
    left, top = pdf.l_margin + (pdf.epw - width) / 2, pdf.y + 1
    with pdf.picture(f"{block.drawing.title}. {block.caption} Les tableaux disent la même chose."):
        pdf_map.draw(pdf, block.drawing, (left, top, width / block.drawing.width), FAMILY)
    pdf.set_xy(pdf.l_margin, top + height + 3)
    for sample in block.legend:
        _sample(pdf, sample)
    pdf.set_xy(pdf.l_margin, pdf.y + CELL_MM + 1.5)
    _text(pdf, block.caption, size=9, colour=GREY)


def _sample(pdf: TaggedPages, sample: Sample) -> None:
    """Write one row of the legend after the last, on the same line where there is room."""
    pdf.set_font(FAMILY, size=9)
    pdf.set_text_color(*INK)
    text = _cut(pdf, typo(sample.text), pdf.epw - 12)
    width = 9 + pdf.get_string_width(text) + 4
    if pdf.x + width > pdf.w - pdf.r_margin + 4:
        pdf.set_xy(pdf.l_margin, pdf.y + CELL_MM + 0.6)
        if pdf.will_page_break(CELL_MM + 2):
            pdf.add_page()
    left = pdf.x
    pdf_map.swatch(pdf, sample, (left, pdf.y + 0.6, 7.0, 3.2))
    pdf.set_x(left + 8)
    with pdf.role("P"):
        pdf.cell(width - 8, CELL_MM, text)


def _signature(pdf: TaggedPages, block: Signature) -> None:
    width = (pdf.epw - 6 * (len(block.signatories) - 1)) / len(block.signatories)
    top = pdf.y + 1
    for rank, who in enumerate(block.signatories):
        left = pdf.l_margin + rank * (width + 6)
        pdf.set_draw_color(*GREY)
        pdf.rect(left, top, width, 38)
        pdf.set_xy(left + 3, top + 2)
        pdf.set_font(FAMILY, size=10.5)
        pdf.set_text_color(*INK)
        with pdf.role("P"):
            pdf.multi_cell(width - 6, 6.5, typo(f"{who} :\nLe :\nSignature :"), align=Align.L)
    pdf.set_xy(pdf.l_margin, top + 40)
