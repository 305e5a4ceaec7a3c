"""Bars with their range as an SVG image; the figures stand in a table beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from views.parts import wording
from views.parts.legend import image

LINE, LEFT, WIDTH = 34, 120, 680
FILL: Final = "#4a5ccb"


@dataclass(frozen=True)
class Bar:
    """A value with the range it may take."""

    label: str
    value: float
    low: float
    high: float


def bars_image(bars: Sequence[Bar], title: str, unit: str) -> str:
    """Return one bar a row, its range as a line with ends, its value in text."""
    top = max((bar.high for bar in bars), default=1.0) or 1.0
    span = WIDTH - LEFT - 190
    parts = [_row(rank, bar, span / top, unit) for rank, bar in enumerate(bars)]
    drawing = (
        f'<g font-family="system-ui, sans-serif" font-size="14" fill="#1e1e1e">{"".join(parts)}</g>'
    )
    said = "; ".join(f"{bar.label} : {wording.number(bar.value)} {unit}" for bar in bars)
    return image(
        drawing,
        WIDTH,
        LINE * len(bars) + 6,
        f"{title}. {said}",
        "width:100%;max-width:680px;height:auto",
    )


def _row(rank: int, bar: Bar, scale: float, unit: str) -> str:
    y = 6 + LINE * rank
    low, high = LEFT + scale * bar.low, LEFT + scale * bar.high
    line = f'<path d="M{low:.1f} {y + 11}H{high:.1f}M{low:.1f} {y + 5}v12M{high:.1f} {y + 5}v12"'
    text = f"{wording.number(bar.value)} {unit}"
    return (
        f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">{escape(bar.label)}</text>'
        f'<rect x="{LEFT}" y="{y}" width="{max(0.5, scale * bar.value):.1f}" height="22" rx="2"'
        f' fill="{FILL}"/>{line} stroke="#1e1e1e" stroke-width="1.5" fill="none"/>'
        f'<text x="{high + 8:.1f}" y="{y + 16}">{escape(text)}</text>'
    )


def show_bars(bars: Sequence[Bar], title: str, unit: str) -> None:
    """Show bars."""
    st.html(bars_image(bars, title, unit))
