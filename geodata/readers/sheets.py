"""Workbooks: slow to read (some 8 s for 35,000 rows), so their text is kept by content hash."""

import csv
import hashlib
import logging
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from openpyxl.utils.exceptions import InvalidFileException

from geodata import catalog
from geodata.errors import DataError
from geodata.partial import sha256_of

logger = logging.getLogger(__name__)

DAMAGED_BOOK: Final = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, OSError, EOFError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, NotImplementedError),
)
"""What a damaged workbook makes its reader raise."""


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
        When the file is no workbook, or is damaged.
    """
    key = hashlib.sha256(f"{sha256_of(path)} {sheet}".encode()).hexdigest()
    kept = catalog.parsed_folder() / f"sheet-{key[:32]}.csv"
    if kept.is_file():
        with kept.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    lines = _read(path, sheet)
    _keep(lines, kept)
    return lines


def _read(path: Path, sheet: str) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file, closing(load_workbook(file, True, data_only=True)) as book:
            chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
            return [
                ["" if cell is None else written(cell) for cell in line]
                for line in chosen.iter_rows(values_only=True)
            ]
    except DAMAGED_BOOK as error:
        raise DataError(
            "Le classeur est illisible", where=path.name, remedy="Téléchargez-le de nouveau."
        ) from error


def written(cell: object) -> str:
    """Return a cell as text; a whole number keeps no decimals."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _keep(lines: list[list[str]], kept: Path) -> None:
    """Write the lines for the next time; a folder that cannot be written is no fault."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(
            "w", dir=kept.parent, suffix=".tmp", delete=False, encoding="utf-8", newline=""
        ) as file:
            csv.writer(file).writerows(lines)
        Path(file.name).replace(kept)
    except OSError as error:
        logger.info("%s was not kept: %s", kept, error)
