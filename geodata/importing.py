"""From a user's file to a layer: matched, checked whole, then kept at once or not at all.

The file is written in the layout of the layer and read by the reader of the layer, so that
what a user brings obeys the rules of what a producer publishes.
"""

import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from geodata import catalog, kept, layers, matching, tables
from geodata.catalog import Source
from geodata.errors import DataError
from geodata.faults import cell_faults, swapped_points
from geodata.kept import Kept
from geodata.readers import indicators
from geodata.readers.reference import Reference
from geodata.readers.rows import number
from geodata.schema import Table
from geodata.uploads import Sheet

SHARES: Final = indicators.SHARES
MOST_SET_ASIDE_SHARE: Final = 0.5
"""Beyond it, the file is not what it says: refused whole."""


@dataclass(frozen=True)
class Options:
    """How the values of a share are written.

    Parameters
    ----------
    percent
        Whether they go from 0 to 100.
    with_access
        Whether they tell the share of those who have, not of those who lack.
    """

    percent: bool = False
    with_access: bool = False


@dataclass(frozen=True)
class Owner:
    """Who brings a file: the name shown, and what tells two people of one name apart."""

    name: str
    id: str


@dataclass(frozen=True)
class Checked:
    """What a file would give, and why it is refused when it is.

    Parameters
    ----------
    layer
        Layer of the catalogue.
    table
        The CSV file in the layout of the layer.
    rows, set_aside
        Rows that would be kept, and set aside.
    departments
        Codes of the départements that it covers.
    faults
        Every fault: ``row`` of the file, ``column``, ``value``, ``reason`` (French).
    notes
        What the reader mended (French) → rows.
    refusal
        Why nothing can be kept (French); empty when it can.
    """

    layer: str
    table: bytes
    rows: int
    set_aside: int
    departments: tuple[str, ...]
    faults: pd.DataFrame
    notes: Mapping[str, int]
    refusal: str = ""


def importable() -> list[Source]:
    """Return the layers that a file may be brought for."""
    contents = ("places", "positions", "communes")
    return [one for one in catalog.sources().values() if one.reader and one.content in contents]


def check(
    layer: str, sheet: Sheet, chosen: Mapping[str, str], options: Options | None = None
) -> Checked:
    """Check a file whole; nothing is kept.

    Parameters
    ----------
    layer
        Layer of the catalogue.
    sheet
        The table of the file.
    chosen
        Field of the layer → column of the file; what is proposed where nothing is chosen.
    options
        How a share is written.

    Raises
    ------
    DataError
        When the layer takes no file.
    """
    source = catalog.source(layer)
    if source not in importable():
        raise DataError("Cette couche ne s'importe pas", where=source.title)
    wanted, headers = matching.fields(source), list(sheet.frame.columns)
    proposed = {name: one.header for name, one in matching.propose(wanted, headers).items()}
    matched = matching.valid(chosen or proposed, wanted, headers)
    frame = _canonical(source, sheet.frame, matched, options or Options())
    faults = cell_faults(sheet.frame, matched)
    content = _as_csv(frame, source.separators[0])
    if swapped_points(sheet.frame, matched):
        what = "La latitude et la longitude sont inversées : échangez leurs deux colonnes."
        return _refused(layer, content, faults, what)
    try:
        table = _read(source, content)
    except DataError as error:
        return _refused(layer, content, faults, str(error))
    faults = pd.concat([faults, _set_aside(table, sheet.frame)], ignore_index=True)
    checked = Checked(
        layer,
        content,
        len(table.frame),
        len(table.rejected),
        _departments(table),
        faults.sort_values(["row", "column"], kind="stable", ignore_index=True),
        table.notes,
    )
    return replace(checked, refusal=_refusal(checked, len(frame)))


def keep(checked: Checked, owner: Owner, *, days: int, name: str = "", vintage: str = "") -> Kept:
    """Keep what was checked in the place of what was brought before for this layer.

    Parameters
    ----------
    checked
        A file that is not refused.
    owner
        Who brings it.
    days
        How long it is kept.
    name
        Name of the file as it was brought.
    vintage
        What the data describes: a year, a month or a day, in ISO; today's year by default.

    Raises
    ------
    DataError
        When the file is refused.
    CoverageError
        When the disk refuses.
    """
    if checked.refusal:
        raise DataError(checked.refusal, where=name, remedy="Rien n'a été gardé.")
    if days not in kept.RETENTION_DAYS:
        raise ValueError(f"{days} days is not one of {kept.RETENTION_DAYS}")
    today = datetime.now(UTC).date()
    known = Kept(
        layer=checked.layer,
        file="",
        name=name[:120],
        owner=owner.name,
        owner_id=owner.id,
        kept_at=kept.now(),
        until=kept.until(days, today),
        vintage=vintage or str(today.year),
        sha256="",
        rows=checked.rows,
        set_aside=checked.set_aside,
        departments=() if covers_country(checked.departments) else checked.departments,
    )
    return kept.keep(catalog.imports_folder(), checked.table, known)


def _canonical(
    source: Source, frame: pd.DataFrame, matched: Mapping[str, str], options: Options
) -> pd.DataFrame:
    """Return the file in the layout of the layer, one row a row; a place without id gets one."""
    names = [one.name for one in matching.fields(source)]
    out = pd.DataFrame(
        {name: frame[matched[name]] if name in matched else None for name in names},
        index=frame.index,
    )
    if source.content == "places" and names[0] not in matched:
        out[names[0]] = [f"import-{row}" for row in frame.index]
    for name in set(SHARES) & set(matched):
        values = number(out[name].astype("str")) / (100 if options.percent else 1)
        values = 1 - values if options.with_access else values
        out[name] = values.map("{:.6g}".format).where(values.notna(), out[name])
    return out


def _as_csv(frame: pd.DataFrame, separator: str) -> bytes:
    text = io.StringIO()
    frame.to_csv(text, index=False, sep=separator, lineterminator="\n")
    return text.getvalue().encode()


def _read(source: Source, content: bytes) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / source.save_as
        path = path.with_suffix(".csv")
        path.write_bytes(content)
        return layers.reader(source)(path, Reference.of_snapshot())


def _set_aside(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the reader set aside, numbered as in the user's file."""
    rejected = table.rejected
    # Line 1 of the table written is its header.
    rows = frame.index.to_numpy()[rejected["row"].to_numpy(dtype=int) - 2]
    reasons = "ligne écartée : " + rejected["reason"]
    return pd.DataFrame(
        {"row": rows, "column": "", "value": rejected["id"].fillna(""), "reason": reasons}
    )


def _departments(table: Table) -> tuple[str, ...]:
    frame = table.frame
    codes = frame["commune_code"] if "commune_code" in frame else frame.index.to_series()
    found = codes.map(Reference.of_snapshot().communes["department"])
    return tuple(sorted(found.dropna().unique()))


def covers_country(departments: Iterable[str]) -> bool:
    """Tell whether a file is of the whole country: it has rows in every département of Europe.

    Overseas départements are not asked for: several national lists have nothing in some.
    """
    every = tables.departments().index
    return set(every[~every.str.startswith("97")]) <= set(departments)


def _refused(layer: str, content: bytes, faults: pd.DataFrame, why: str) -> Checked:
    return Checked(layer, content, 0, 0, (), faults, {}, why)


def _refusal(checked: Checked, rows: int) -> str:
    if not checked.rows:
        return "Aucune ligne ne peut être gardée : voyez la raison de chacune."
    if checked.set_aside > MOST_SET_ASIDE_SHARE * rows:
        return (
            f"{checked.set_aside} lignes sur {rows} seraient écartées : ce fichier n'est sans "
            "doute pas celui de cette couche, ou ses colonnes sont mal reliées."
        )
    return ""
