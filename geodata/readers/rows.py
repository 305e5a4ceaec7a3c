"""The rows of a source file, as text, and the sieve that sets bad ones aside.

Only the columns asked for are kept: those of persons' addresses are never in a frame.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import Source
from geodata.errors import DataError
from geodata.readers.sheets import sheet_lines

_ENCODINGS: Final = ("utf-8-sig", "cp1252", "latin-1")
_WRONG_FILE: Final = "Vérifiez que c'est bien le fichier du producteur (voir le catalogue)."


@dataclass
class Rows:
    """The rows of a file.

    Parameters
    ----------
    frame
        The columns of the catalogue, by the first of their names, as stripped text
        (missing when empty); the index is the line as a spreadsheet numbers it: the
        header is line 1.
    source
        The source they come from.
    where
        Name of the file, for messages.
    """

    frame: pd.DataFrame
    source: Source
    where: str
    _faults: list[tuple[pd.Series, pd.Series]] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, column: str) -> pd.Series:
        return self.frame[column]

    def set_aside(self, bad: pd.Series, reason: str | pd.Series) -> None:
        """Set aside the rows where ``bad`` is true, for a reason (French)."""
        if isinstance(reason, str):
            reason = pd.Series(reason, index=self.frame.index)
        self._faults.append((bad.fillna(False).astype(bool), reason))

    def set_repeated_aside(self, keys: pd.Series, reason: str) -> None:
        """Set aside the rows whose key an earlier row has, among those that no reason sets aside.

        Parameters
        ----------
        keys
            One key a row; missing ones are not compared.
        reason
            Beginning of the reason (French); the key ends it.
        """
        sound = keys[self.kept].dropna()
        twice = sound.index[sound.duplicated()]
        self.set_aside(pd.Series(keys.index.isin(twice), keys.index), reason + keys.fillna(""))

    def note(self, what: str, count: int) -> None:
        """Count something that was repaired or left out, in a row that is kept."""
        if count:
            self.notes[what] = self.notes.get(what, 0) + int(count)

    @property
    def kept(self) -> pd.Series:
        """Which rows no reason sets aside."""
        kept = pd.Series(True, index=self.frame.index)
        for bad, _ in self._faults:
            kept &= ~bad
        return kept

    def rejected(self, identifier: str, commune: str) -> pd.DataFrame:
        """Return the rows set aside, with all their reasons (see ``Table.rejected``)."""
        reasons = pd.Series("", index=self.frame.index, dtype="str")
        for bad, reason in self._faults:
            before = reasons.where(reasons == "", reasons + " ; ")
            reasons = reasons.where(~bad, before + reason)
        out = self.frame[reasons != ""]
        return pd.DataFrame(
            {
                "row": out.index.to_numpy(dtype="int64"),
                "id": out[identifier].to_numpy(),
                "commune_code": out[commune].to_numpy(),
                "reason": reasons[out.index].to_numpy(),
            }
        ).astype({"id": "str", "commune_code": "str", "reason": "str"})


def read_rows(path: Path, source: Source, optional: Sequence[str] = ()) -> Rows:
    """Read the columns of ``source`` in a CSV file, a zip of CSV files or a workbook.

    Parameters
    ----------
    path
        The file.
    source
        The layout expected: columns, separators, sheet.
    optional
        Columns read when they are there, all missing otherwise.

    Raises
    ------
    DataError
        When the file cannot be read, or is not of the layout expected: all the missing
        columns are named.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".xlsx":
            return _from_lines(_sheet_from_header(path, source), source, path.name, optional)
        if suffix == ".zip":
            return _from_zip(path, source, optional)
        return _from_text(_decoded(path.read_bytes()), source, path.name, optional)
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(
            "Le fichier est illisible", where=str(path), remedy="Téléchargez-le de nouveau."
        ) from error


def _from_zip(path: Path, source: Source, optional: Sequence[str]) -> Rows:
    """Read the largest member that has the columns.

    Those in ``-COM`` hold the overseas collectivities.
    """
    with zipfile.ZipFile(path) as archive:
        members = [
            info
            for info in archive.infolist()
            if info.filename.lower().endswith(".csv")
            and not Path(info.filename).stem.endswith("-COM")
            and not Path(info.filename).name.lower().startswith("meta")
        ]
        if not members:
            raise DataError(
                "L'archive ne contient aucun tableau CSV", where=path.name, remedy=_WRONG_FILE
            )
        members.sort(key=lambda info: info.file_size, reverse=True)
        fitting = (info for info in members if _fits(archive, info, source))
        chosen = next(fitting, members[0])
        text = _decoded(archive.read(chosen))
    return _from_text(text, source, f"{path.name}/{chosen.filename}", optional)


def _fits(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source) -> bool:
    """Tell whether the header of a member has every column of a source."""
    with archive.open(member) as file:
        header = _decoded(file.readline())
    separator = max(source.separators, key=header.count)
    positions = _positions(next(csv.reader([header], delimiter=separator), []))
    return all(_position(names, positions) is not None for names in source.columns)


def _sheet_from_header(path: Path, source: Source) -> list[list[str]]:
    """Return the lines of the sheet from its header on: the first line that has the key column."""
    lines = sheet_lines(path, source.sheet)
    key = {plain(name) for name in source.columns[0].split("|")}
    start = next((i for i, line in enumerate(lines) if key & set(map(plain, line))), 0)
    return lines[start:]


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(_ENCODINGS[-1])


def _from_text(text: str, source: Source, where: str, optional: Sequence[str]) -> Rows:
    header = text.partition("\n")[0]
    separator = max(source.separators, key=header.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DataError("Le tableau est illisible", where=where, remedy=_WRONG_FILE) from error
    return _from_lines(lines, source, where, optional)


def _from_lines(
    lines: list[list[str]], source: Source, where: str, optional: Sequence[str]
) -> Rows:
    header = lines[0] if lines else []
    positions = _positions(header)
    wanted = {names.partition("|")[0]: _position(names, positions) for names in source.columns}
    missing = [name for name, position in wanted.items() if position is None]
    if missing:
        raise DataError(
            f"Ce n'est pas le fichier attendu pour « {source.title} » : il manque "
            f"{len(missing)} colonne(s) sur {len(wanted)} ({', '.join(missing)})",
            where=where,
            remedy=_WRONG_FILE,
        )
    wanted |= {names.partition("|")[0]: _position(names, positions) for names in optional}
    body = [(number, line) for number, line in enumerate(lines[1:], start=2) if line]
    if not body:
        raise DataError("Le tableau est vide", where=where, remedy=_WRONG_FILE)
    return _filled(body, len(header), wanted, source, where)


def _filled(
    body: list[tuple[int, list[str]]],
    width: int,
    wanted: Mapping[str, int | None],
    source: Source,
    where: str,
) -> Rows:
    numbers = [number for number, _ in body]
    uneven = [len(line) != width for _, line in body]
    frame = pd.DataFrame(
        {
            name: pd.Series(
                None if i is None else [line[i] if i < len(line) else "" for _, line in body],
                dtype="str",
            )
            for name, i in wanted.items()
        },
        index=range(len(body)),
    )
    frame = frame.apply(lambda column: column.str.strip().replace("", None).astype("str"))
    frame.index = pd.Index(numbers)
    rows = Rows(frame, source, where)
    if any(uneven):
        rows.set_aside(
            pd.Series(uneven, index=frame.index),
            f"nombre de champs différent des {width} de l'en-tête",
        )
    return rows


def _positions(header: Sequence[str]) -> dict[str, int]:
    """Return the first position of each plain name of a header."""
    return {plain(name): i for i, name in reversed(list(enumerate(header)))}


def _position(names: str, positions: Mapping[str, int]) -> int | None:
    return next((positions[p] for n in names.split("|") if (p := plain(n)) in positions), None)


def plain(text: str) -> str:
    """Return a text in small letters and digits only, without accents."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(c for c in bare if c.isalnum())


def mapped(values: pd.Series, function: Callable[[str], object]) -> pd.Series:
    """Apply ``function`` once to each distinct value; a missing one stays missing."""
    distinct = values.dropna().unique()
    return values.map({value: function(value) for value in distinct})


def number(values: pd.Series) -> pd.Series:
    """Return texts as finite numbers, decimal comma or point; missing when they are not.

    ``s`` (statistical secrecy) and ``nd`` (not available) are missing values too.
    """
    text = values.str.replace(",", ".", regex=False).str.replace(
        r"[\s\u202f\u00a0]", "", regex=True
    )
    found = pd.to_numeric(text, errors="coerce").astype("float64")
    return found.where(found.abs() < float("inf"))
