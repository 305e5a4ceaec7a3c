"""A drawing as plain shapes: what the page draws as SVG and the PDF as vectors.

Coordinates are in units of the drawing, from its top left corner; ``y`` goes down.
"""

from dataclasses import dataclass

from coverage.arrays import FloatArray


@dataclass(frozen=True)
class Area:
    """One filled outline: its rings (outer ones, and holes), each of shape (n, 2)."""

    rings: tuple[FloatArray, ...]
    fill: str
    title: str = ""


@dataclass(frozen=True)
class Areas:
    """Filled outlines with one edge."""

    items: tuple[Area, ...]
    edge: str
    width: float


@dataclass(frozen=True)
class Lines:
    """Lines, each of shape (n, 2), drawn alike; ``dash`` alternates lengths drawn and not."""

    paths: tuple[FloatArray, ...]
    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Disc:
    """A disc with a white edge, and a short white text in it."""

    x: float
    y: float
    radius: float
    fill: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class Square:
    """A square with a white edge, ``half`` its side around its centre."""

    x: float
    y: float
    half: float
    fill: str
    title: str = ""


@dataclass(frozen=True)
class Text:
    """A text that starts at ``x`` on the line ``y``, with a white halo."""

    x: float
    y: float
    text: str
    size: float


Shape = Areas | Lines | Disc | Square | Text


@dataclass(frozen=True)
class Drawing:
    """Shapes in drawing order.

    Parameters
    ----------
    width, height
        Size in units of the drawing.
    title
        What it shows, for those who do not see it.
    shapes
        The shapes, the lowest first.
    """

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]
