"""A report as a workbook: a first sheet to read, then one sheet a table."""

import io
import math
import re
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell as XlsxCell
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from planning.french import day
from planning.report.content import (
    Cell,
    Column,
    Figures,
    Kind,
    Map,
    Note,
    Paragraph,
    Quantity,
    Report,
    Table,
)
from planning.report.writing import UNKNOWN

FORMATS: Final[dict[Kind, str]] = {
    "count": "#,##0",
    "share": "0.0%",
    "points": '+0.0" pt";-0.0" pt";0.0" pt"',
    "minutes": '0.0" min"',
    "km": '0.0" km"',
    "euros": '#,##0" €"',
    "decimal": "0.00",
}

_HEAD: Final = PatternFill("solid", fgColor="FFEEEFFB")
_TITLE: Final = Font(bold=True, size=14, color="FF000091")
_BOLD: Final = Font(bold=True)
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME: Final = 31


def report_workbook(report: Report, *more: Table) -> bytes:
    """Return a report as the bytes of an XLSX file.

    Texts stay texts: one that begins like a formula is never one.

    Parameters
    ----------
    report
        The report.
    more
        Tables too long for paper, such as every commune; they come last.
    """
    book = Workbook()
    book.properties.title = f"{report.title} : {report.territory}"
    book.properties.creator = report.author
    book.properties.language = "fr-FR"
    book.remove(book.worksheets[0])
    _first_sheet(book.create_sheet("À lire"), report)
    names = {"à lire"}
    for table in (*report.tables(), *more):
        name = _sheet_name(table.name, names)
        _table_sheet(book.create_sheet(name), table)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that spreadsheets accept and that no other sheet has."""
    base = _NOT_IN_NAMES.sub(" ", text).strip() or "Tableau"
    name, rank = base[:_LONGEST_NAME], 2
    while name.lower() in taken:
        suffix = f" ({rank})"
        name, rank = base[: _LONGEST_NAME - len(suffix)] + suffix, rank + 1
    taken.add(name.lower())
    return name


def _first_sheet(sheet: Worksheet, report: Report) -> None:
    sheet.column_dimensions["A"].width = 44
    sheet.column_dimensions["B"].width = 26
    sheet.column_dimensions["C"].width = 80
    author = f" par {report.author}" if report.author else ""
    _put(sheet, 1, 1, f"{report.title} : {report.territory}").font = _TITLE
    _put(sheet, 2, 1, f"Établi le {day(report.on)}{author}")
    _put(sheet, 3, 1, report.summary)
    row = 5
    for section in report.sections:
        lines = [line for block in section.blocks for line in _lines(block)]
        if not lines:
            continue
        _put(sheet, row, 1, section.title).font = _BOLD
        for line in lines:
            row += 1
            for column, text in enumerate(line, start=1):
                _put(sheet, row, column, text).alignment = _WRAP
        row += 2


def _lines(block: Any) -> list[tuple[str, ...]]:
    """Return what the first sheet says of a block: tables have their own sheets."""
    if isinstance(block, Figures):
        return [(item.title, item.value, item.note) for item in block.items]
    if isinstance(block, Paragraph):
        return [(block.head, "", block.text)]
    if isinstance(block, Note):
        return [("Attention", "", block.text)]
    if isinstance(block, Map):
        return [("La carte est dans le PDF et la page à imprimer.", "", "")]
    return []


def _table_sheet(sheet: Worksheet, table: Table) -> None:
    _put(sheet, 1, 1, table.caption).font = _BOLD
    for rank, column in enumerate(table.columns, start=1):
        head = _put(sheet, 2, rank, column.title)
        head.font, head.fill, head.alignment = _BOLD, _HEAD, _WRAP
        sheet.column_dimensions[get_column_letter(rank)].width = _width(column, table, rank - 1)
    for line, row in enumerate(table.rows, start=3):
        for rank, cell in enumerate(row, start=1):
            _put(sheet, line, rank, cell).alignment = Alignment(vertical="top")
    if not table.rows:
        _put(sheet, 3, 1, table.empty)
    last = get_column_letter(len(table.columns))
    sheet.freeze_panes = "B3"
    sheet.auto_filter.ref = f"A2:{last}{2 + max(1, len(table.rows))}"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(column: Column, table: Table, rank: int) -> float:
    """Return a column's width in characters: as its texts, within reason."""
    if column.number:
        return max(12.0, len(column.title) + 2.0)
    longest = max((len(str(row[rank])) for row in table.rows), default=0)
    return float(min(60, max(10, len(column.title) + 2, longest + 2)))


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> XlsxCell | MergedCell:
    """Write a cell as a number with its format, or as a text that is nothing else."""
    cell = sheet.cell(row, column)
    if isinstance(value, Quantity) and value.value is not None and math.isfinite(value.value):
        cell.value = round(100 * value.value, 3) if value.kind == "points" else value.value
        cell.number_format = FORMATS[value.kind]
        return cell
    text = value if isinstance(value, str) else UNKNOWN
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@")
    return cell
