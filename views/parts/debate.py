"""The numbers in public debate side by side, so that none is held against another unread."""

from html import escape

from coverage.reconcile import LEFT_OUT, PUBLIC_FIGURES
from views.parts import tables
from views.parts.tables import Column, Html
from views.parts.wording import number

COLUMNS = (
    Column("Chiffre"),
    Column("Année"),
    Column("Ce qui est compté"),
    Column("En quoi il diffère"),
    Column("Source"),
)


def show_debate() -> None:
    """Show the public figures, then what they leave out."""
    rows = [
        (
            figure.figure,
            figure.year,
            f"{figure.definition} Unité : {figure.unit}.",
            figure.differs,
            _source(figure.source, figure.address),
        )
        for figure in PUBLIC_FIGURES
    ]
    tables.show_table(COLUMNS, rows, "15,4 %, 17 %, 13 millions, 16 millions : que compte chacun ?")
    for left_out in LEFT_OUT:
        persons = "" if left_out.persons is None else f" ({number(left_out.persons)} personnes)"
        tables.note(
            f"Non couverts — {left_out.who}{persons}, {left_out.year} : {left_out.effect} "
            f"Source : {left_out.source}."
        )


def _source(name: str, address: str) -> Html:
    if not address.startswith("https://"):
        return Html(escape(name))
    return Html(f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(name)}</a>')
