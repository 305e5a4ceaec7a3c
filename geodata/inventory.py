"""What this machine has: one line for each layer of the catalogue and table of the snapshot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from geodata import catalog, layers, tables
from geodata.errors import CoverageError
from geodata.schema import STATUS_FR, Provenance, Status


@dataclass(frozen=True)
class Line:
    """The state of one layer.

    Parameters
    ----------
    layer, title, producer, licence, vintage
        As in its provenance.
    status
        Where it is.
    rows, set_aside
        Rows kept and rows set aside; None when it was not read.
    size_mb
        About the size of a download.
    fault
        Why it could not be read (French); empty when all is well or it is missing.
    notes
        What was repaired in the rows kept (French) → how many rows.
    """

    layer: str
    title: str
    producer: str
    licence: str
    vintage: str
    status: Status
    rows: int | None = None
    set_aside: int | None = None
    size_mb: float | None = None
    fault: str = ""
    notes: tuple[tuple[str, int], ...] = ()


def lines() -> Iterator[Line]:
    """Yield the state of every layer, reading those that are there, then of the snapshot."""
    for layer in catalog.sources():
        yield layer_line(layer)
    for name in tables.NAMES:
        yield _snapshot_line(name)


def layer_line(layer: str) -> Line:
    """Return the state of a layer, read if it is there."""
    source = catalog.source(layer)
    found = catalog.locate(layer)
    if found is None or not source.reader:
        return _line(source.provenance(found), source.size_mb, read=False)
    try:
        table = layers.load(layer)
    except CoverageError as error:
        provenance = source.provenance(found)
        return _line(provenance, source.size_mb, read=False, fault=str(error))
    return _line(table.provenance, source.size_mb, notes=tuple(table.notes.items()))


def _snapshot_line(name: str) -> Line:
    try:
        return _line(tables.provenance(name), None)
    except CoverageError as error:
        missing = Provenance(name, "Table de l'instantané", "", "", "", "", "missing")
        return _line(missing, None, read=False, fault=str(error))


def _line(
    provenance: Provenance,
    size_mb: float | None,
    *,
    read: bool = True,
    fault: str = "",
    notes: tuple[tuple[str, int], ...] = (),
) -> Line:
    return Line(
        layer=provenance.layer,
        title=provenance.title,
        producer=provenance.producer,
        licence=provenance.licence,
        vintage=provenance.vintage,
        status=provenance.status,
        rows=provenance.rows if read else None,
        set_aside=provenance.set_aside if read else None,
        size_mb=size_mb,
        fault=fault,
        notes=notes,
    )


def age(vintage: str, today: date) -> str:
    """Return how old data is, in words: « 6 ans »; empty when its date is not known."""
    year, _, month = vintage[:7].partition("-")
    if not year.isdigit():
        return ""
    # A vintage of a year alone counts from its middle.
    months = 12 * (today.year - int(year)) + today.month - (int(month) if month else 6)
    if months >= 24:
        return f"{months // 12} ans"
    if months >= 12:
        return "1 an"
    return f"{max(months, 0)} mois"


def as_text(found: Sequence[Line], today: date) -> str:
    """Return the lines as an aligned table, in French."""
    head = ("Couche", "Titre", "État", "Millésime", "Âge", "Lignes", "Écartées", "Taille")
    body = [
        (
            line.layer,
            line.title,
            "illisible" if line.fault else STATUS_FR[line.status],
            line.vintage,
            "" if line.status == "missing" else age(line.vintage, today),
            _count(line.rows),
            _count(line.set_aside),
            f"{line.size_mb:g} Mo".replace(".", ",") if line.size_mb else "",
        )
        for line in found
    ]
    widths = [max(len(row[i]) for row in (head, *body)) for i in range(len(head))]
    rows = [_aligned(row, widths) for row in (head, tuple("─" * w for w in widths), *body)]
    faults = [f"{line.layer} : {line.fault}" for line in found if line.fault]
    return "\n".join([*rows, *([""] if faults else []), *faults])


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if i >= 5 else cell.ljust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", "\u202f")
