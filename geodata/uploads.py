"""A file brought by a user, read as a table of texts, whatever it claims to be.

CSV, GeoJSON, GeoPackage and XLSX.  Nothing is trusted: neither its name, nor its size once
unpacked, nor its encoding.  What was guessed is told, so that the user may correct it.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import PurePath
from typing import Final

import pandas as pd

from geodata import upload_shapes as shapes
from geodata.errors import DataError
from geodata.readers.sheets import DAMAGED_BOOK, written
from geodata.upload_size import check_size

MOST_BYTES: Final = 60_000_000
MOST_UNPACKED_BYTES: Final = 400_000_000
SUFFIXES: Final = (".csv", ".txt", ".tsv", ".geojson", ".json", ".gpkg", ".xlsx")
ENCODINGS: Final = ("utf-8-sig", "cp1252", "utf-16")
SEPARATORS: Final = (";", ",", "\t", "|")

_ZIP: Final = b"PK\x03\x04"
_HEAD_BYTES: Final = 4096
_LINES_LOOKED_AT: Final = 30
_OTHER: Final = shapes.OTHER


@dataclass(frozen=True)
class Reading:
    """How to read a file; what is empty is guessed.

    Parameters
    ----------
    encoding
        One of :data:`ENCODINGS`, for a CSV file.
    separator
        One of :data:`SEPARATORS`, for a CSV file.
    sheet
        Sheet of a workbook, or layer of a GeoPackage; the first one.
    """

    encoding: str = ""
    separator: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of texts.

    Parameters
    ----------
    frame
        Stripped texts, missing where empty; the index is the row as a spreadsheet numbers
        it, the header being row 1 (or the rank of the feature, from 1).
    kind
        ``"CSV"``, ``"XLSX"``, ``"GeoJSON"`` or ``"GeoPackage"``.
    reading
        How it was read, nothing left to guess.
    sheets
        Sheets or layers of the file.
    """

    frame: pd.DataFrame
    kind: str
    reading: Reading
    sheets: tuple[str, ...] = field(default=())


def read_upload(name: str, content: bytes, reading: Reading | None = None) -> Sheet:
    """Return the table of a file.

    Parameters
    ----------
    name
        Name of the file: its suffix says what it should be.
    content
        The file.
    reading
        What the user corrected.

    Raises
    ------
    DataError
        When the file is empty, too large, of another kind than its name says, or no table.
    """
    reading = reading or Reading()
    where, suffix = PurePath(name).name[:120], PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError("Ce type de fichier n'est pas reconnu", where=where, remedy=_OTHER)
    if not content.strip(b"\x00 \r\n\t"):
        raise DataError("Le fichier est vide : il n'a aucun caractère", where=where, remedy=_OTHER)
    if len(content) > MOST_BYTES:
        raise DataError(
            f"Le fichier dépasse {MOST_BYTES // 10**6} Mo", where=where, remedy="Découpez-le."
        )
    if suffix == ".xlsx":
        sheet = _workbook(content, where, reading)
    elif suffix == ".gpkg":
        names, chosen, frame = shapes.read_geopackage(content, where, reading.sheet)
        sheet = Sheet(_checked(frame, where), "GeoPackage", Reading(sheet=chosen), names)
    elif suffix in (".geojson", ".json"):
        frame = shapes.read_geojson(content, where)
        sheet = Sheet(_checked(frame, where), "GeoJSON", Reading())
    else:
        sheet = _text(content, where, reading)
    if sheet.frame.empty:
        raise DataError("Le tableau n'a aucune ligne", where=where, remedy=_OTHER)
    return sheet


def _text(content: bytes, where: str, reading: Reading) -> Sheet:
    head = content[:_HEAD_BYTES]
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if head.startswith((_ZIP, shapes.SQLITE)) or (b"\x00" in head and not wide):
        raise DataError("Ce fichier n'est pas un texte", where=where, remedy=_OTHER)
    encoding = reading.encoding or ("utf-16" if wide else _encoding(content))
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DataError(
            f"Le texte n'est pas en {encoding}", where=where, remedy="Choisissez un autre encodage."
        ) from error
    separator = reading.separator or _separator(text)
    check_size(1, 1, where, cells=text.count(separator))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = list(_sound(enumerate(lines, start=1), where))
    except csv.Error as error:
        raise DataError(
            "Le tableau est illisible : un champ est sans fin",
            where=where,
            remedy="Vérifiez les guillemets et le séparateur.",
        ) from error
    return Sheet(_framed(rows, where), "CSV", Reading(encoding, separator))


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252" if _decodes(content, "cp1252") else "latin-1"
    return "utf-8-sig"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: str) -> str:
    """Return the separator that parts the first lines into the same number of fields, and most."""
    lines = [line for line in text[:65_536].splitlines()[:_LINES_LOOKED_AT] if line.strip()]

    def score(separator: str) -> tuple[float, int]:
        counts = Counter(line.count(separator) for line in lines)
        common, times = max(counts.items(), key=lambda pair: (pair[0] > 0, pair[1]), default=(0, 0))
        return (times / max(len(lines), 1) if common else 0.0, common)

    return max(SEPARATORS, key=score)


def _workbook(content: bytes, where: str, reading: Reading) -> Sheet:
    from openpyxl import load_workbook

    _check_archive(content, where)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = tuple(book.sheetnames)
        chosen = reading.sheet if reading.sheet in names else names[0]
        page = book[chosen]
        page.reset_dimensions()  # what the file says of its own size may fill the memory
        lines = (
            ["" if cell is None else written(cell) for cell in line]
            for line in page.iter_rows(values_only=True)
        )
        rows = list(_sound(enumerate(lines, start=1), where))
    except DAMAGED_BOOK as error:
        raise DataError("Le classeur est illisible", where=where, remedy=_OTHER) from error
    return Sheet(_framed(rows, where), "XLSX", Reading(sheet=chosen), names)


def _check_archive(content: bytes, where: str) -> None:
    """Refuse what is no workbook, or would fill the memory once unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except zipfile.BadZipFile as error:
        raise DataError("Ce fichier n'est pas un classeur", where=where, remedy=_OTHER) from error
    if "xl/workbook.xml" not in {info.filename for info in infos}:
        raise DataError("Ce fichier n'est pas un classeur", where=where, remedy=_OTHER)
    if sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES:
        raise DataError(
            f"Le classeur dépasse {MOST_UNPACKED_BYTES // 10**6} Mo une fois décompressé",
            where=where,
            remedy="Gardez-en la feuille utile, ou enregistrez-la en CSV.",
        )


def _sound(
    rows: Iterable[tuple[int, Sequence[str]]], where: str
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows that hold something, without the empty cells that end them.

    Raises
    ------
    DataError
        As soon as the table, every row as wide as the widest, is too large.
    """
    width = 0
    for number, row in rows:
        full = len(row)
        while full and not row[full - 1].strip():
            full -= 1
        width = max(width, full)
        check_size(number - 1, width, where)
        if full:
            yield number, row[:full]


def _framed(numbered: Sequence[tuple[int, Sequence[str]]], where: str) -> pd.DataFrame:
    """Return rows as a frame; the header is the first one with two names or more."""
    start = next((k for k, (_, row) in enumerate(numbered) if _names(row) >= 2), None)
    if start is None:
        raise DataError(
            "Aucune ligne ne nomme les colonnes",
            where=where,
            remedy="La première ligne doit donner le nom d'au moins deux colonnes ; vérifiez le "
            "séparateur.",
        )
    body = numbered[start + 1 :]
    width = max(len(row) for _, row in numbered[start:])
    header = _unique(_padded([cell.strip() for cell in numbered[start][1]], width))
    cells = [_padded(row, width) for _, row in body]
    frame = pd.DataFrame(cells, columns=header, index=[number for number, _ in body], dtype="str")
    return _checked(frame, where)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _names(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _unique(header: Sequence[str]) -> list[str]:
    names: dict[str, None] = {}
    for rank, title in enumerate(header, start=1):
        name = title[:80] or f"colonne {rank}"
        numbered = (f"{name} ({n})" for n in count(2))
        names[next(one for one in chain((name,), numbered) if one not in names)] = None
    return list(names)


def _checked(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    check_size(*frame.shape, where)
    text: pd.DataFrame = frame.astype("str").apply(lambda column: column.str.strip())
    return text.where(text != "").astype("str")
