"""Classes of values, marks of points, and their legend in HTML.

A class is told apart by its lightness and its bounds, a mark by its shape: never by
colour alone.
"""

import base64
import html
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from views.parts import wording

BLUES: Final = ("#eef1fb", "#c3cdf0", "#8b9be0", "#4a5ccb", "#000091")
OCHRES: Final = ("#fff3df", "#fcd9a6", "#f7b16a", "#e27f35", "#a84a14", "#5f2200")
NO_VALUE: Final[Mapping[str, str]] = {"fill": "#ffffff", "hatch": "lines", "ink": "#b0b0b0"}

_SHAPES: Final[Mapping[str, str]] = {
    "circle": '<circle cx="8" cy="8" r="5"/>',
    "square": '<rect x="3.4" y="3.4" width="9.2" height="9.2"/>',
    "diamond": '<path d="M8 1.6 14.4 8 8 14.4 1.6 8Z"/>',
    "triangle": '<path d="M8 2.4 14 13H2Z"/>',
    "star": '<path d="m8 1 2 4.7 5 .4-3.8 3.3 1.2 5L8 11.7l-4.4 2.7 1.2-5L1 6.1l5-.4Z"/>',
    "cross": '<path d="M6 2h4v4h4v4h-4v4H6v-4H2V6h4Z"/>',
}


@dataclass(frozen=True)
class Scale:
    """How values become classes.

    Parameters
    ----------
    title
        What is measured, with its unit and year.
    bounds
        Inner bounds of the classes, increasing, shape (n_class − 1,); a value equal to a
        bound belongs to the class above it.
    colours
        One colour a class, from light to dark, shape (n_class,).
    texts
        One text a class, shape (n_class,).
    note
        Source, or how the figure was obtained.
    hatched
        Classes drawn with dots besides their colour.
    """

    title: str
    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    texts: tuple[str, ...]
    note: str = ""
    hatched: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not len(self.colours) == len(self.texts) == len(self.bounds) + 1:
            raise ValueError("a scale needs one more colour and text than bounds")
        if any(low >= high for low, high in zip(self.bounds, self.bounds[1:], strict=False)):
            raise ValueError("bounds must increase")

    def classes(self, values: Sequence[float] | np.ndarray) -> np.ndarray:
        """Return the class of each value, shape (n_value,); −1 where there is no value."""
        numbers = np.asarray(values, dtype=float)
        return np.where(np.isnan(numbers), -1, np.searchsorted(self.bounds, numbers, side="right"))

    def styles(self) -> list[dict[str, str]]:
        """Return how the map fills each class."""
        return [
            {"fill": colour, "hatch": "dots", "ink": "#ffffff"}
            if rank in self.hatched
            else {"fill": colour}
            for rank, colour in enumerate(self.colours)
        ]


@dataclass(frozen=True)
class Mark:
    """How a kind of point is drawn; ``size`` is its radius in pixels."""

    label: str
    shape: str
    colour: str
    size: float = 6.0


def quantile_scale(
    title: str, values: Sequence[float] | np.ndarray, unit: str, note: str, *, digits: int = 1
) -> Scale:
    """Return a scale whose classes hold about as many values each; bounds have ``digits``.

    Values that are all alike give one class.
    """
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    cuts = np.quantile(numbers, [0.2, 0.4, 0.6, 0.8]) if numbers.size else np.array([])
    low = numbers.min() if numbers.size else 0.0
    bounds = tuple(float(cut) for cut in np.unique(np.round(cuts, digits)) if cut > low)
    colours = BLUES[len(BLUES) - len(bounds) - 1 :] if bounds else (BLUES[2],)
    return Scale(title, bounds, colours, _texts(bounds, unit, digits), note)


def bounded_scale(title: str, bounds: Sequence[float], unit: str, note: str) -> Scale:
    """Return a scale of the bounds given, at most six, from pale to dark blue."""
    chosen = tuple(float(bound) for bound in bounds)
    texts = _texts(chosen, unit) if chosen else ("une seule classe",)
    return Scale(title, chosen, ramp(len(chosen) + 1), texts, note)


def ramp(n: int) -> tuple[str, ...]:
    """Return ``n`` blues from pale to dark, evenly spaced along :data:`BLUES`."""
    if n == 1:
        return (BLUES[2],)
    at = np.linspace(0, len(BLUES) - 1, n)
    known = np.array([[int(one[k : k + 2], 16) for k in (1, 3, 5)] for one in BLUES])
    channels = [np.interp(at, np.arange(len(BLUES)), known[:, k]) for k in range(3)]
    return tuple(
        "#" + "".join(f"{round(value):02x}" for value in one) for one in zip(*channels, strict=True)
    )


def fixed_scale(
    title: str, bounds: Sequence[float], unit: str, note: str, *, hatch_last: bool = False
) -> Scale:
    """Return a scale of at most five chosen bounds, from pale to dark ochre."""
    chosen = tuple(float(bound) for bound in bounds)
    colours = OCHRES[: len(chosen) + 1]
    hatched = frozenset({len(chosen)}) if hatch_last else frozenset()
    return Scale(title, chosen, colours, _texts(chosen, unit), note, hatched)


def _texts(bounds: tuple[float, ...], unit: str, digits: int = 1) -> tuple[str, ...]:
    whole = all(bound == round(bound) for bound in bounds)
    shown = [wording.number(bound, 0 if whole else digits) for bound in bounds]
    after = f"{wording.FIXED}{unit}"
    if not shown:
        return ("toutes les communes",)
    middle = [f"{low} à {high}{after}" for low, high in itertools.pairwise(shown)]
    return (f"moins de {shown[0]}{after}", *middle, f"{shown[-1]}{after} et plus")


def scale_html(scale: Scale, *, missing: str = "", marked: str = "") -> str:
    """Return the legend of an area layer.

    ``missing`` names the hatched class without value, ``marked`` what lines over a colour mean.
    """
    rows = [
        _row(_swatch(colour, dotted=rank in scale.hatched), text)
        for rank, (colour, text) in enumerate(zip(scale.colours, scale.texts, strict=True))
    ]
    if marked:
        rows.append(_row(_swatch(BLUES[1], lined=True, ink="#3a3a3a"), marked))
    if missing:
        rows.append(_row(_swatch("#ffffff", lined=True), missing))
    note = f"<p class='note'>{html.escape(scale.note)}</p>" if scale.note else ""
    title = f"<p class='legend-title'>{html.escape(scale.title)}</p>"
    return f"<div class='legend'>{title}<ul>{''.join(rows)}</ul>{note}</div>"


def styles_html(title: str, rows: Sequence[tuple[Mapping[str, str], str]]) -> str:
    """Return the legend of named fillings: (how the map fills it, name)."""
    items = [
        _row(
            _swatch(
                style["fill"],
                dotted=style.get("hatch") == "dots",
                lined=style.get("hatch") == "lines",
                ink=style.get("ink", "#b0b0b0"),
            ),
            text,
        )
        for style, text in rows
    ]
    heading = f"<p class='legend-title'>{html.escape(title)}</p>"
    return f"<div class='legend'>{heading}<ul>{''.join(items)}</ul></div>"


def marks_html(marks: Sequence[Mark]) -> str:
    """Return the legend of the point layers."""
    rows = [_row(mark_image(mark), mark.label) for mark in marks]
    return f"<div class='legend'><ul>{''.join(rows)}</ul></div>" if rows else ""


def lines_html(lines: Sequence[tuple[str, str, str]]) -> str:
    """Return the legend of lines given as (colour, dashes, text)."""
    rows = [_row(line_image(colour, dash), text) for colour, dash, text in lines]
    return f"<div class='legend'><ul>{''.join(rows)}</ul></div>" if rows else ""


def mark_image(mark: Mark) -> str:
    """Return a mark, small when it is small; decorative, since its text stands beside it."""
    scale = min(1.0, max(0.5, mark.size / 8))
    centred = f"translate(8 8) scale({scale:.2f}) translate(-8 -8)"
    shape = f'<g transform="{centred}" fill="{mark.colour}" stroke="#fff">{_SHAPES[mark.shape]}</g>'
    return image(shape, 16, 16)


def line_image(colour: str, dash: str) -> str:
    """Return a sample of a tour's line; decorative."""
    line = f'<path d="M1 5H35" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}"/>'
    return image(line, 36, 10)


def image(drawing: str, width: int, height: int, alt: str = "", style: str = "") -> str:
    """Return an SVG drawing as an image: pages let no other SVG through."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">{drawing}</svg>'
    )
    data = base64.b64encode(svg.encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{data}" width="{width}" height="{height}"'
        f' alt="{html.escape(alt)}" style="{style}">'
    )


def _row(sample: str, text: str) -> str:
    return f"<li>{sample}<span>{html.escape(text)}</span></li>"


def _swatch(colour: str, *, dotted: bool = False, lined: bool = False, ink: str = "#b0b0b0") -> str:
    extra = ""
    if dotted:
        dot = "#fff" if ink == "#b0b0b0" else ink
        extra = "".join(
            f'<circle cx="{x}" cy="{y}" r="1.3" fill="{dot}"/>'
            for x in (5, 11, 17)
            for y in (4, 10)
        )
    if lined:
        extra = f'<path d="M-1 14 14-1M5 14 20-1M11 14 26-1" stroke="{ink}"/>'
    box = f'<rect x=".5" y=".5" width="21" height="13" fill="{colour}" stroke="#767676"/>'
    return image(box + extra, 22, 14)
