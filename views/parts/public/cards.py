"""Places as cards: what a person needs to go there, and where that is on the map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
import streamlit as st

from coverage.doorstep import Doorstep
from views.parts import boundary, legend, territory_view, wording
from views.parts import map as maps
from views.parts.public import hours
from views.parts.public.nearby import Near, ProposedStop
from views.parts.tables import badge
from views.parts.wording import html_text

HERE_MARK: Final = legend.Mark("votre commune", "star", "#b3001b", 9)
PLACE_MARK: Final = legend.Mark("lieu d'accompagnement", "circle", "#000091", 10)
CHOSEN_MARK: Final = legend.Mark("lieu choisi dans la liste", "diamond", "#b34000", 14)

DIRECTIONS: Final = "https://www.openstreetmap.org/directions?to="

_FRESH: Final = ("recent", "year")
_TONES: Final = {"open": "bon", "closed": "alerte", "unknown": ""}


@dataclass(frozen=True)
class Numbered:
    """A place in the list: its number, whether it is chosen, whether it passes the filters.

    ``unsure`` places do not say all that the filters ask.
    """

    rank: int
    place: Near
    chosen: bool = False
    unsure: bool = False


def place_card(one: Numbered, moment: datetime, choose: Callable[[Near], None]) -> None:
    """Show a place: how far, open or not, where, whom to call; and the button that chooses it."""
    with st.container(border=True):
        st.html(card_html(one, moment))
        if one.chosen:
            _ways(one.place)
            return
        st.button(
            f"Montrer le n° {one.rank} sur la carte, y aller",
            key=f"show_{one.rank}",
            type="tertiary",
            icon=":material/location_on:",
            on_click=boundary.guarded(choose),
            args=(one.place,),
        )


def _ways(place: Near) -> None:
    """Offer the ways to go to a place: the phone's own map, its address to copy."""
    at = f"{place.lat:.5f},{place.lon:.5f}"
    name = quote(place.title)
    with st.container(horizontal=True):
        st.link_button("Carte du téléphone (Android)", f"geo:{at}?q={at}({name})")
        st.link_button("Plans (iPhone)", f"maps://?daddr={at}&q={name}")
    st.caption("Adresse à copier, par exemple pour un GPS ou un taxi :")
    st.code(_where(place) or at, language=None, wrap_lines=True)


def _where(place: Near) -> str:
    return ", ".join(part for part in (place.address, place.town) if part)


def away_text(place: Near) -> str:
    """Return how far a place is: on foot, or by car."""
    if place.walkable:
        metres = max(100, round(place.metres, -2))
        return f"environ {wording.number(metres)}{wording.FIXED}m à vol d'oiseau"
    return f"{wording.minutes(place.minutes)} en voiture"


def card_html(one: Numbered, moment: datetime) -> str:
    """Return a place's card."""
    rank, place = one.rank, one.place
    contact = _contact(place.phone, place.website)
    dated = f"Fiche du {wording.day_text(place.record)}" if place.record else "Fiche sans date"
    ask = "par téléphone" if place.phone else "avant de vous déplacer"
    record = f"{dated}, à confirmer {ask}."
    what = f"{place.what}, itinérant : demandez le lieu du jour" if place.mobile else place.what
    terms = ", ".join(_terms(place.access))
    access = f"<p>{html_text(terms)}</p>" if terms else ""
    marks = [badge("montré sur la carte (losange)", "info").text] if one.chosen else []
    if place.of_residents:
        marks.append(badge("d'après son nom, peut-être réservé à ses résidents", "alerte").text)
    if one.unsure:
        marks.append(badge("ne dit pas tout ce que vous cherchez").text)
    return (
        f'<div class="lieu"><h3>{rank}. {html_text(place.title)}</h3>'
        f"<p>{html_text(what)}</p>"
        f'<p><span class="temps">{html_text(away_text(place))}</span> '
        f"{_opening(place, moment)} {' '.join(marks)}</p>"
        f"<p>{html_text(_where(place))}</p>{contact}{_directions(place)}{access}"
        f"{_week(place.hours, place.commune_code, moment)}"
        f'<p class="note">{html_text(record)}</p></div>'
    )


def _opening(place: Near, moment: datetime) -> str:
    """Return whether a place is open; hours written over a year ago are called what they are."""
    now = place.opening
    if now.state == "unknown" or wording.age_class(place.record, moment.date()) in _FRESH:
        return badge(now.text, _TONES[now.state]).text
    dated = f"horaires de {place.record[:4]}" if place.record else "horaires sans date"
    return badge(f"{now.text} ({dated}, à vérifier)").text


def town_hall_card(hall: pd.Series | None, moment: datetime) -> None:
    """Show the town hall, apart from the places of help."""
    if hall is None:
        return
    code = str(hall["commune_code"])
    known = hall["hours"] if isinstance(hall["hours"], str) else None
    opening = hours.at(known, code, moment)
    with st.container(border=True):
        st.html(
            f'<div class="lieu"><h3>{html_text(str(hall["name"]))}</h3>'
            "<p>Ce n'est pas un lieu d'accompagnement au numérique, mais elle peut vous "
            f"orienter.</p><p>{badge(opening.text, _TONES[opening.state]).text}</p>"
            f"<p>{html_text(_known(hall['address']))}</p>"
            f"{_contact(_known(hall['phone']), _known(hall['website']))}"
            f"{_week(known, code, moment)}</div>"
        )


def proposed_stop_card(stop: ProposedStop | None) -> None:
    """Show the nearest stop of a proposed tour, which is not in service."""
    if stop is None:
        return
    times = "".join(f"<li>{html_text(text)}</li>" for text in stop.times)
    with st.container(border=True):
        st.html(
            '<div class="lieu"><h3>Passage itinérant proposé</h3>'
            f"<p>{badge('projet, pas encore en service', 'alerte').text}</p>"
            f"<p>Un plan propose un arrêt à {html_text(stop.town)}, à "
            f'<span class="temps">{wording.minutes(stop.minutes)}</span> :</p>'
            f"<ul>{times}</ul></div>"
        )


def map_specification(
    code: str, town: pd.Series, shown: Sequence[Numbered], door: Doorstep | None = None
) -> dict[str, Any]:
    """Return the map of the places, with the numbers of the list; the chosen one stands out."""
    department = str(town["department"])
    rows = [_row(one) for one in shown if not one.chosen]
    chosen = [_row(one) for one in shown if one.chosen]
    here = (float(town["lat"]), float(town["lon"])) if door is None else (door.lat, door.lon)
    start = "votre commune" if door is None else "votre adresse"
    layers = [
        territory_view.plain_layer(department),
        territory_view.town_labels(department),
        maps.points([(*here, "", str(town["name"]), start)], HERE_MARK),
        maps.points(reversed(rows), PLACE_MARK),
        maps.points(chosen, CHOSEN_MARK),
    ]
    framed = [here, *((one.place.lat, one.place.lon) for one in shown)]
    span = max(max(at) - min(at) for at in zip(*framed, strict=True))
    margin = max(0.008, 0.12 * span) if shown else 0.12
    bounds = [
        (min(lat for lat, _ in framed) - margin, min(lon for _, lon in framed) - margin),
        (max(lat for lat, _ in framed) + margin, max(lon for _, lon in framed) + margin),
    ]
    title = f"Carte des lieux près de {town['name']} ; la liste donne les mêmes lieux."
    view = f"{code}-{'-'.join(f'{value:.2f}' for corner in bounds for value in corner)}"
    return maps.specification(view, title, layers, bounds)


def _row(one: Numbered) -> tuple[Any, ...]:
    place = one.place
    text = str(one.rank)
    return place.lat, place.lon, text, place.title, place.town, away_text(place)


def _terms(access: str) -> list[str]:
    """Return what a place asks and offers; « Gratuit : » is explained at length by its source."""
    parts = [part.strip() for part in access.replace(", ", ";").split(";")]
    return [part.partition(" : ")[0] for part in parts if part]


def _directions(place: Near) -> str:
    """Return a way to go there: an outside map, which is opened when it is asked for only."""
    at = f"{place.lat:.5f}%2C{place.lon:.5f}"
    return (
        f'<p><a href="{DIRECTIONS}{at}" rel="noopener noreferrer" target="_blank">'
        "Itinéraire (ouvre OpenStreetMap)</a></p>"
    )


def _known(value: object) -> str:
    return value if isinstance(value, str) else ""


def _contact(phone: str, website: str) -> str:
    parts = []
    if phone:
        digits = "".join(char for char in phone if char.isdigit() or char == "+")
        parts.append(f'<a href="tel:{html_text(digits)}">{html_text(phone)}</a>')
    if website.startswith(("http://", "https://")):
        short = website.split("://", 1)[1].rstrip("/")
        parts.append(
            f'<a href="{html_text(website)}" rel="noopener noreferrer" target="_blank">'
            f"{html_text(short)}</a>"
        )
    return f"<p>{' · '.join(parts)}</p>" if parts else "<p>Téléphone non connu</p>"


def _week(known: str | None, code: str, moment: datetime) -> str:
    rows = hours.week(known, code, moment)
    if not rows:
        return ""
    lines = "".join(f"<dt>{html_text(day)}</dt><dd>{html_text(text)}</dd>" for day, text in rows)
    return (
        f"<details><summary>Horaires des sept prochains jours</summary><dl>{lines}</dl></details>"
    )
