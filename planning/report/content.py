"""What a report says, apart from how it is printed: one content for the page, PDF and XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from planning.report.drawing import Drawing

Kind = Literal["count", "share", "points", "minutes", "km", "euros", "decimal"]
"""What a number is: shares and points are 0–1, minutes and kilometres have one
decimal, other decimal numbers two."""


@dataclass(frozen=True)
class Quantity:
    """A number with its kind; ``None`` is unknown."""

    value: float | None
    kind: Kind = "count"


Cell = str | Quantity


@dataclass(frozen=True)
class Column:
    """A column: its title, its share of the page's width, whether it holds numbers."""

    title: str
    weight: float = 1.0
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a caption.

    Parameters
    ----------
    name
        Short name: the sheet of a workbook.
    caption
        What the table shows, with unit, year and source where they differ from the report's.
    columns, rows
        As many cells in each row as columns.
    empty
        What is said instead when there is no row.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Aucune ligne."

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.name!r}: a row has not {len(self.columns)} cells")


@dataclass(frozen=True)
class Figure:
    """A key figure: title, value already written, and what explains it."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """Key figures side by side."""

    items: tuple[Figure, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, with a word in bold before it."""

    text: str
    head: str = ""


@dataclass(frozen=True)
class Note:
    """What must not be missed: a caution, a missing layer, a licence."""

    text: str


@dataclass(frozen=True)
class Sample:
    """A row of a map's legend: an area, a disc, a square or a line, and its meaning."""

    shape: Literal["area", "hatched", "disc", "square", "line"]
    colour: str
    text: str
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Map:
    """A map, its legend and what must be known to read it."""

    drawing: Drawing
    legend: tuple[Sample, ...]
    caption: str


@dataclass(frozen=True)
class Signature:
    """Places to date and sign."""

    signatories: tuple[str, ...]


Block = Table | Figures | Paragraph | Note | Map | Signature


@dataclass(frozen=True)
class Section:
    """A titled part."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report.

    Parameters
    ----------
    title, territory
        What it is, and of where.
    on
        Day of the report.
    author
        Who established it; empty leaves a line to fill in.
    summary
        First sentence.
    sections
        In reading order.
    """

    title: str
    territory: str
    on: date
    author: str
    summary: str
    sections: tuple[Section, ...]

    def tables(self) -> list[Table]:
        """Return every table, in reading order."""
        return [b for section in self.sections for b in section.blocks if isinstance(b, Table)]
