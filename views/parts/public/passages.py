"""Next passages of a van near a commune, from the calendars that départements published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from planning.situation import national_network
from planning.store import store_path
from planning.tours import published
from planning.tours.published import PublishedStop, PublishedTours, PublishedVisit
from views.parts import cached, register, wording
from views.parts.tables import badge, note
from views.parts.wording import html_text

SHOWN: Final = 3
REACH_MIN: Final = 30.0


@dataclass(frozen=True)
class Coming:
    """The next visits of one stop: ``minutes`` by car, 0 where the stop serves the commune."""

    tours: PublishedTours
    stop: PublishedStop
    minutes: float
    visits: tuple[PublishedVisit, ...]


def show_passages(commune_code: str) -> bool:
    """Show when a van comes next to a commune or near it; tell whether a calendar is in force.

    A neighbouring département's van counts where it passes near.  Vans are told apart from
    fixed places: they are there on some days only.
    """
    if not store_path().exists():  # nothing was ever published: a reader makes no register
        return False
    own, *others = _departments(commune_code)
    calendars = [tours for one in (own, *others) if (tours := _in_force(one)) is not None]
    found = coming(calendars, commune_code, datetime.now(UTC))
    tours = found.tours if found else next((t for t in calendars if t.department == own), None)
    if tours is None:
        return False
    with st.container(border=True):
        st.html(card_html(tours, found))
    return True


def say_none() -> None:
    """Say that no calendar of tours is in force."""
    note("Passages itinérants : aucun calendrier n'est publié pour votre département.")


@st.cache_data(max_entries=1_000, show_spinner=False)
def _departments(commune_code: str) -> tuple[str, ...]:
    return published.departments_within(commune_code, REACH_MIN)


def _in_force(department: str) -> PublishedTours | None:
    version = published.version(register.store(), department)
    return _read(department, version) if version else None


# Keyed by version: what is published or withdrawn is seen at once.
@st.cache_resource(max_entries=128, show_spinner=False)
def _read(department: str, version: int) -> PublishedTours | None:  # noqa: ARG001
    return published.current(register.store(), department)


def coming(
    calendars: Sequence[PublishedTours], commune_code: str, moment: datetime
) -> Coming | None:
    """Return the next visits to a commune, else to the nearest stop within half an hour.

    Parameters
    ----------
    calendars
        Those in force around, the commune's own first.
    commune_code
        A demand point.
    moment
        From when, with its time zone.
    """
    for tours in calendars:
        served = published.next_passages([tours], commune_code, moment, SHOWN)
        if served:
            return Coming(tours, served[0].stop, 0.0, tuple(served))
    ahead = {
        (tours.department, visit.stop.commune_code): (tours, visit.stop)
        for tours in calendars
        for visit in tours.visits
        if visit.end > moment and visit.stop.lon is not None
    }
    if not ahead:
        return None
    stops = list(ahead.values())
    network = national_network()
    row = network.points.index.get_indexer(pd.Index([commune_code]))
    rows = [(stop.commune_code, stop.lon, stop.lat) for _, stop in stops]
    sites = pd.DataFrame(rows, columns=["commune_code", "lon", "lat"])
    minutes = network.minutes(row, sites, REACH_MIN).dense()[0]
    best = int(np.argmin(minutes))
    if not np.isfinite(minutes[best]):
        return None
    tours, stop = stops[best]
    near = published.next_passages([tours], stop.commune_code, moment, SHOWN)
    return Coming(tours, stop, float(minutes[best]), tuple(near))


def card_html(tours: PublishedTours, found: Coming | None) -> str:
    """Return the card of the next passages."""
    head = (
        '<div class="lieu"><h3>Prochain passage itinérant</h3>'
        f"<p>{badge('itinérant, aux dates indiquées seulement', 'info').text}</p>"
    )
    published_on = f'<p class="note">{html_text(_source(tours))}</p></div>'
    if found is None:
        return (
            f"{head}<p>Aucun passage à venir à moins de {wording.minutes(REACH_MIN)} de votre "
            f"commune dans les calendriers publiés.</p>{published_on}"
        )
    where = f"À <strong>{html_text(found.stop.name)}</strong>"
    if found.minutes:
        where += f', à <span class="temps">{wording.minutes(found.minutes)}</span> en voiture'
    dates = "".join(f"<li>{html_text(visit_text(visit))}</li>" for visit in found.visits)
    place = f"<p>{html_text(found.stop.place)}</p>" if found.stop.place else ""
    contact = f"<p>Contact : {html_text(tours.contact)}</p>" if tours.contact else ""
    return f"{head}<p>{where} :</p><ul>{dates}</ul>{place}{contact}{published_on}"


def visit_text(visit: PublishedVisit) -> str:
    """Return « mardi 5 janvier 2027, de 9 h à 11 h 30 »."""
    day = f"{wording.DAYS[visit.start.weekday()]} {wording.day_text(visit.start)}"
    hours = [wording.clock(60 * at.hour + at.minute) for at in (visit.start, visit.end)]
    return f"{day}, de {hours[0]} à {hours[1]}"


def _source(tours: PublishedTours) -> str:
    department = cached.departments().at[tours.department, "name"]
    return (
        f"Calendrier de {tours.service} ({department}), publié le {wording.day_text(tours.at)}, "
        f"valable jusqu'au {wording.day_text(tours.last)}. Pas de passage les jours fériés. "
        "Confirmez avant de vous déplacer."
    )
