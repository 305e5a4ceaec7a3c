"""Charts as SVG images: drawn on the server, the same on screen and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from views.parts import wording
from views.parts.legend import image

AFTER: Final = "#000091"


@dataclass(frozen=True)
class Pair:
    """A share (0–1) before and after; ``before`` is ``None`` when it is not known."""

    label: str
    before: float | None
    after: float


def before_after_image(pairs: Sequence[Pair], title: str) -> str:
    """Return two bars a row, before (hatched) and after (full), with their values in text."""
    line, left, width = 46, 142, 664
    span = width - left - 62
    height = line * len(pairs) + 26
    parts = [_key(left, "avant", "url(#avant)"), _key(left + 84, "après", AFTER)]
    for rank, pair in enumerate(pairs):
        top = 26 + line * rank
        label = escape(pair.label)
        parts.append(f'<text x="{left - 10}" y="{top + 22}" text-anchor="end">{label}</text>')
        parts.append(_bar(left, top + 2, span, pair.before, "url(#avant)"))
        parts.append(_bar(left, top + 19, span, pair.after, AFTER))
    said = "; ".join(
        f"{pair.label} : avant {wording.share(pair.before)}, après {wording.share(pair.after)}"
        for pair in pairs
    )
    drawing = (
        '<g font-family="system-ui, sans-serif" font-size="14" fill="#1e1e1e">'
        '<defs><pattern id="avant" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#d9dcec"/><path d="M-1 7 7-1" stroke="#5a5f85"/>'
        f"</pattern></defs>{''.join(parts)}</g>"
    )
    return image(
        drawing, width, height, f"{title}. {said}", "width:100%;max-width:640px;height:auto"
    )


def _key(x: int, text: str, fill: str) -> str:
    return (
        f'<rect x="{x}" y="3" width="14" height="11" fill="{fill}"/>'
        f'<text x="{x + 20}" y="13">{text}</text>'
    )


def _bar(x: int, y: int, span: int, value: float | None, fill: str) -> str:
    if value is None:
        return f'<text x="{x + 4}" y="{y + 13}" font-style="italic">offre actuelle inconnue</text>'
    length = max(1.0, span * min(1.0, value))
    return (
        f'<rect x="{x}" y="{y}" width="{length:.1f}" height="16" rx="2" fill="{fill}"/>'
        f'<text x="{x + length + 7:.1f}" y="{y + 13}">{wording.share(value)}</text>'
    )


def show_before_after(pairs: Sequence[Pair], title: str) -> None:
    """Show shares before and after."""
    st.html(before_after_image(pairs, title))
