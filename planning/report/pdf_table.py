"""A table in a PDF: drawn row by row, so that its cells are tagged with their headings."""

from collections.abc import Sequence
from typing import Final

from fpdf.enums import Align

from planning.report.content import Column, Table
from planning.report.pdf_page import FAMILY, HEAD, INK, LINE_MM, RULE, Pages
from planning.report.pdf_tags import Role, Scope
from planning.report.writing import written

CELL_MM: Final = 4.3
SIZE: Final = 9.0
PADDING_MM: Final = (0.8, 1.2)
"""Above and below a cell's text, and beside it."""
LONGEST_CELL: Final = 2_000
TALLEST_CELL: Final = 35
"""Characters, and lines, beyond which a cell is cut: the page and the workbook have it whole."""


def draw(pdf: Pages, block: Table) -> None:
    """Draw a table with its caption; its headings are repeated on each page."""
    if pdf.will_page_break(30):
        pdf.add_page()
    pdf.set_font(FAMILY, "B", 10.5)
    pdf.set_text_color(*INK)
    margin, pdf.c_margin = pdf.c_margin, 0.0  # cells have a padding of their own
    with pdf.element("Table"):
        pdf.block("Caption", pdf.readable(block.caption), LINE_MM)
        pdf.ln(1)
        _Grid(pdf, block.columns).rows(block)
    pdf.c_margin = margin
    pdf.ln(4)


class _Grid:
    """Draws rows under one another."""

    def __init__(self, pdf: Pages, columns: Sequence[Column]) -> None:
        whole = sum(column.weight for column in columns)
        self.pdf = pdf
        self.columns = columns
        self.widths = [pdf.epw * column.weight / whole for column in columns]

    def rows(self, block: Table) -> None:
        """Draw the headings, then the rows."""
        titles = self.broken([column.title for column in block.columns], "B")
        self.row(titles, "B")
        for row in block.rows:
            cells = self.broken([written(cell) for cell in row], "")
            if self.pdf.will_page_break(_height(cells)):
                self.pdf.add_page()
                with self.pdf.artifact():
                    self.cells(titles, "B")
            self.row(cells, "")

    def broken(self, texts: Sequence[str], style: str) -> list[list[str]]:
        """Return the lines of each cell of a row."""
        self.pdf.set_font(FAMILY, style, SIZE)
        found = []
        for text, column_mm in zip(texts, self.widths, strict=True):
            width = column_mm - 2 * PADDING_MM[1]
            shown = hyphened(self.pdf, self.pdf.readable(text), width)
            found.append(self.pdf.lines(shown, width, SIZE, style) or [""])
        return found

    def row(self, cells: Sequence[list[str]], style: str) -> None:
        """Draw a row and tag it: the headings of columns, else that of the row and its cells."""
        with self.pdf.element("TR"):
            self.cells(cells, style, tagged=True)

    def cells(self, cells: Sequence[list[str]], style: str, *, tagged: bool = False) -> None:
        """Draw the cells of a row, and the line under it."""
        pdf, top, height = self.pdf, self.pdf.y, _height(cells)
        if style:
            pdf.set_fill_color(*HEAD)
            pdf.rect(pdf.l_margin, top, pdf.epw, height, style="F")
        pdf.set_font(FAMILY, style, SIZE)
        pdf.set_text_color(*INK)
        left = pdf.l_margin
        for rank, (lines, width) in enumerate(zip(cells, self.widths, strict=True)):
            pdf.set_xy(left + PADDING_MM[1], top + PADDING_MM[0])
            if tagged:
                with pdf.tagged(*_role(rank, style)):
                    self.lines(lines, rank)
            else:
                self.lines(lines, rank)
            left += width
        pdf.set_draw_color(*RULE)
        pdf.set_line_width(0.2)
        pdf.line(pdf.l_margin, top + height, pdf.l_margin + pdf.epw, top + height)
        pdf.set_xy(pdf.l_margin, top + height)

    def lines(self, lines: Sequence[str], rank: int) -> None:
        """Write the lines of a cell."""
        align = Align.R if self.columns[rank].number else Align.L
        width = self.widths[rank] - 2 * PADDING_MM[1]
        for line in lines:
            self.pdf.cell(width, CELL_MM, line, align=align, new_x="LEFT", new_y="NEXT")


def _role(rank: int, style: str) -> tuple[Role, Scope]:
    if style:
        return "TH", "Column"
    return ("TD", "") if rank else ("TH", "Row")


def _height(cells: Sequence[list[str]]) -> float:
    return CELL_MM * max(map(len, cells)) + 2 * PADDING_MM[0]


def hyphened(pdf: Pages, text: str, width: float) -> str:
    """Break words wider than ``width`` after a hyphen, as « Saint-Pourçain-sur-Sioule ».

    A text that would not fit on a page is cut.
    """
    if len(text) > LONGEST_CELL:
        text = f"{text[:LONGEST_CELL]}…"
    text = pdf.cut(text, TALLEST_CELL * width)
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
