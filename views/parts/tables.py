"""Tables and facts as plain HTML: readable by screen readers, on phones and on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from views.parts.wording import html_text as escape


@dataclass(frozen=True)
class Column:
    """A column of a table: its French title, and whether it holds numbers."""

    title: str
    number: bool = False


@dataclass(frozen=True)
class Fact:
    """A figure with its title and what explains it: unit, year, source, comparison."""

    title: str
    value: str
    note: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Html:
    """A cell that is already HTML, made by us; anything else is escaped."""

    text: str


def table_html(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str | Html]],
    caption: str,
    *,
    scrolls: bool = False,
) -> str:
    """Return a table; its first column names the rows.

    With ``scrolls`` a long table keeps to part of the screen, its header in view.
    """
    head = "".join(
        f'<th scope="col"{_class(column)}>{escape(column.title)}</th>' for column in columns
    )
    body = "".join(_row(columns, row) for row in rows)
    # The box scrolls sideways on narrow screens, so it must be reachable with the keyboard.
    kind = "tableau long" if scrolls else "tableau"
    return (
        f'<div class="{kind}" tabindex="0" role="group" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def facts_html(facts: Iterable[Fact]) -> str:
    """Return figures side by side."""
    cards = []
    for fact in facts:
        note = f'<p class="suite">{escape(fact.note)}</p>' if fact.note else ""
        strong = " fort" if fact.strong else ""
        cards.append(
            f'<div class="fait{strong}"><p class="titre">{escape(fact.title)}</p>'
            f'<p class="valeur">{escape(fact.value)}</p>{note}</div>'
        )
    return f'<div class="faits">{"".join(cards)}</div>'


def badge(text: str, tone: str = "") -> Html:
    """Return a small label; ``tone`` is "bon", "alerte", "info" or nothing."""
    return Html(f'<span class="badge {escape(tone)}">{escape(text)}</span>')


def show_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | Html]],
    caption: str,
    empty: str = "Aucune ligne.",
    *,
    scrolls: bool = False,
) -> None:
    """Show a table, or what is to be known when it is empty."""
    if rows:
        st.html(table_html(columns, rows, caption, scrolls=scrolls))
    else:
        st.info(empty, icon=":material/info:")


def show_facts(facts: Iterable[Fact]) -> None:
    """Show figures side by side."""
    st.html(facts_html(facts))


def lead(text: str) -> None:
    """Show the sentence that says what a page is for."""
    st.html(f'<p class="chapeau">{escape(text)}</p>')


def note(text: str) -> None:
    """Show a small text: source, method, caution."""
    st.html(f'<p class="note">{escape(text)}</p>')


def _class(column: Column) -> str:
    return ' class="nombre"' if column.number else ""


def _row(columns: Sequence[Column], cells: Sequence[str | Html]) -> str:
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} cells for {len(columns)} columns")
    parts = []
    for rank, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        text = cell.text if isinstance(cell, Html) else escape(cell)
        if rank == 0:
            parts.append(f'<th scope="row">{text}</th>')
        else:  # the title serves where a phone shows rows as sheets
            parts.append(f'<td data-titre="{escape(column.title)}"{_class(column)}>{text}</td>')
    return f"<tr>{''.join(parts)}</tr>"
