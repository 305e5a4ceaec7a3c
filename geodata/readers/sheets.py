"""Workbooks: slow to read (some 8 s for 35,000 rows), so their text is kept by content hash."""

import csv
import logging
import zipfile
from pathlib import Path

from geodata import catalog
from geodata.errors import DataError
from geodata.partial import sha256_of

logger = logging.getLogger(__name__)


def sheet_lines(path: Path, sheet: str) -> list[list[str]]:
    """Return the lines of a sheet as texts; of the first sheet when ``sheet`` is not there.

    Parameters
    ----------
    path
        An ``.xlsx`` file.
    sheet
        Name of the sheet.

    Raises
    ------
    DataError
        When the file is no workbook.
    """
    kept = catalog.parsed_folder() / f"sheet-{sha256_of(path)[:32]}.csv"
    if kept.is_file():
        with kept.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    lines = _read(path, sheet)
    _keep(lines, kept)
    return lines


def _read(path: Path, sheet: str) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DataError(
            "Le classeur est illisible", where=path.name, remedy="Téléchargez-le de nouveau."
        ) from error
    chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
    return [
        ["" if cell is None else str(cell) for cell in line]
        for line in chosen.iter_rows(values_only=True)
    ]


def _keep(lines: list[list[str]], kept: Path) -> None:
    """Write the lines for the next time; a folder that cannot be written is no fault."""
    temporary = kept.with_suffix(".tmp")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        temporary.replace(kept)
    except OSError as error:
        logger.info("%s was not kept: %s", kept, error)
