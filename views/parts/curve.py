"""Curves as an SVG image: shares that grow with minutes, told apart by dashes and by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from views.parts import wording
from views.parts.legend import image

COLOURS: Final = ("#000091", "#b34000", "#00654f", "#8f1d6c", "#6a4a00", "#3a3a3a")
DASHES: Final = ("", "9 5", "2 4", "14 4 2 4", "5 3", "16 6")
WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 46


@dataclass(frozen=True)
class Curve:
    """Shares (0–1) at each of the common minutes, under a name."""

    name: str
    shares: tuple[float, ...]


def curves_image(at_min: Sequence[float], curves: Sequence[Curve], title: str) -> str:
    """Return the curves, their axes and their key; the figures stand in a table beside.

    Parameters
    ----------
    at_min
        Minutes, increasing, shape (n_minute,).
    curves
        At most six.
    title
        What is drawn.
    """
    key_height = 22 * len(curves)
    drawn = "".join(_line(rank, at_min, curve) for rank, curve in enumerate(curves))
    drawing = (
        '<g font-family="system-ui, sans-serif" font-size="14" fill="#1e1e1e">'
        f"{_axes(at_min)}{drawn}</g>"
    )
    halves = "; ".join(_half(at_min, curve) for curve in curves)
    return image(
        drawing,
        WIDTH,
        HEIGHT + key_height,
        f"{title}. {halves}. Les chiffres sont dans le tableau qui suit.",
        "width:100%;max-width:720px;height:auto",
    )


def _x(minutes: float, last: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * minutes / last


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share)


def _axes(at_min: Sequence[float]) -> str:
    last = at_min[-1]
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#d5d5d5"/>')
        text = wording.share(share)
        parts.append(f'<text x="{LEFT - 7}" y="{y + 5:.1f}" text-anchor="end">{text}</text>')
    for minutes in range(0, int(last) + 1, 5):
        x = _x(minutes, last)
        parts.append(f'<path d="M{x:.1f} {_y(0):.1f}v5" stroke="#5c5c5c"/>')
        y = _y(0) + 20
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{minutes}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    label = "minutes en voiture (modélisées)"
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{label}</text>')
    return "".join(parts)


def _line(rank: int, at_min: Sequence[float], curve: Curve) -> str:
    colour, dash = COLOURS[rank % len(COLOURS)], DASHES[rank % len(DASHES)]
    stroke = f'fill="none" stroke="{colour}" stroke-width="2.6" stroke-dasharray="{dash}"'
    pairs = zip(at_min, curve.shares, strict=True)
    path = " ".join(f"{_x(t, at_min[-1]):.1f},{_y(share):.1f}" for t, share in pairs)
    y = HEIGHT + 8 + 22 * rank
    return (
        f'<polyline points="{path}" {stroke}/>'
        f'<path d="M{LEFT} {y}h44" {stroke}/>'
        f'<text x="{LEFT + 54}" y="{y + 5}">{escape(curve.name)}</text>'
    )


def _half(at_min: Sequence[float], curve: Curve) -> str:
    reached = [t for t, share in zip(at_min, curve.shares, strict=True) if share >= 0.5]
    when = f"la moitié à {wording.minutes(reached[0])}" if reached else "moins de la moitié"
    return f"{curve.name} : {when}"


def show_curves(at_min: Sequence[float], curves: Sequence[Curve], title: str) -> None:
    """Show curves."""
    st.html(curves_image(at_min, curves, title))
