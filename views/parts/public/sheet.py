"""A sheet of paper to hand to someone: places to go to, in large type, nothing to click."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pandas as pd

from views.parts import travel_text, wording
from views.parts.public import cards, hours
from views.parts.public.nearby import Near
from views.parts.wording import html_text

ON_A_SHEET: Final = 3

_STYLE: Final = """
@page { size: A4; margin: 14mm; }
body { font: 16pt/1.4 sans-serif; color: #000; background: #fff; max-width: 48rem;
  margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 24pt; line-height: 1.2; margin: 0 0 .3em; }
h2 { font-size: 20pt; line-height: 1.2; margin: 0 0 .2em; }
p { margin: .2em 0; }
section { border: 2pt solid #000; padding: .6em .8em; margin: .8em 0; break-inside: avoid; }
.tel { font-size: 22pt; font-weight: 700; }
table { border-collapse: collapse; font-size: 14pt; }
th { text-align: left; font-weight: 400; padding: 0 1em 0 0; }
.petit { font-size: 12pt; }
"""


def sheet_html(town: pd.Series, places: Sequence[Near], moment: datetime) -> str:
    """Return the sheet: a whole page that needs nothing else, to be printed.

    Parameters
    ----------
    town
        The commune asked for (``name``).
    places
        The places to show, the nearest first.
    moment
        When it is made, with its time zone.
    """
    name = html_text(str(town["name"]))
    body = "".join(_place(place, moment) for place in places[:ON_A_SHEET])
    made = wording.day_text(moment.date())
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Aide au numérique près de {name}</title><style>{_STYLE}</style></head><body>"
        f"<h1>Une aide gratuite pour internet, près de {name}</h1>"
        "<p>Quelqu'un peut vous aider à utiliser un ordinateur, un téléphone ou internet. "
        "Téléphonez avant de vous déplacer.</p>"
        f'<main>{body}</main><p class="petit">Fiche faite le {html_text(made)}. '
        f"{html_text(travel_text.plain_note())} "
        "Horaires donnés par le lieu : ils peuvent avoir changé.</p>"
        "</body></html>"
    )


def _place(place: Near, moment: datetime) -> str:
    where = ", ".join(part for part in (place.address, place.town) if part)
    phone = f'<p class="tel">Tél. {html_text(place.phone)}</p>' if place.phone else ""
    moves = "<p>Ce lieu se déplace : demandez où il sera.</p>" if place.mobile else ""
    return (
        f"<section><h2>{html_text(place.title)}</h2><p>{html_text(where)}</p>{phone}"
        f"<p>{html_text(wording.capital(cards.away_text(place)))}.</p>{moves}"
        f"{_week(place, moment)}</section>"
    )


def _week(place: Near, moment: datetime) -> str:
    rows = hours.week(place.hours, place.commune_code, moment)
    if not rows:
        return "<p>Horaires non connus.</p>"
    lines = "".join(
        f'<tr><th scope="row">{html_text(day)}</th><td>{html_text(text)}</td></tr>'
        for day, text in rows
    )
    return f"<table>{lines}</table>"
