"""Calendars to subscribe to: one per van, one per commune, in iCalendar (RFC 5545)."""

import math
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Final

from icalendar import Calendar, Event

from geodata.errors import DataError
from planning.tours.calendar import Passage, TourCalendar

_PRODUCT: Final = "-//Inclusion numerique//Tournees//FR"
_NAMESPACE: Final = uuid.UUID("6f1d8f4e-3c1b-5f57-9d0c-2f4f6a1f7b11")


def tours_ics(calendar: TourCalendar) -> bytes:
    """Return all visits of all vans as one calendar."""
    return _calendar(calendar, calendar.passages, "Tournées")


def van_ics(calendar: TourCalendar, base_code: str, van: int) -> bytes:
    """Return the visits of one van; ``van`` counts from 0 at its base."""
    mine = [
        passage
        for passage in calendar.passages
        if (passage.route.base_code, passage.route.van) == (base_code, van)
    ]
    if not mine:
        raise DataError(
            f"Aucune sortie pour le véhicule {van + 1} de {base_code} sur cette période",
            remedy="Choisissez un véhicule du plan ou une période plus longue.",
        )
    base = calendar.plan.problem.bases[mine[0].route.base]
    return _calendar(calendar, mine, f"{base.name}, véhicule {van + 1}")


def commune_ics(calendar: TourCalendar, commune_code: str) -> bytes:
    """Return the visits that serve a commune, at its own stop or at a neighbour's."""
    mine = calendar.passages_for(commune_code)
    if not mine:
        raise DataError(
            f"Aucun passage pour la commune {commune_code} sur cette période",
            remedy="Choisissez une commune desservie ou une période plus longue.",
        )
    stop = calendar.plan.problem.stops[mine[0].visit.stop]
    return _calendar(calendar, mine, f"Passages à {stop.name}")


def _calendar(calendar: TourCalendar, passages: Iterable[Passage], name: str) -> bytes:
    found = Calendar()
    found.add("prodid", _PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    found.add("x-wr-timezone", calendar.time_zone)
    # The stamp is that of the period, so that the same calendar is the same file.
    stamp = datetime.combine(calendar.first, time(0, 0), UTC)
    for passage in passages:
        found.add_component(_event(calendar, passage, stamp))
    if found.events:
        found.add_missing_timezones()
    return bytes(found.to_ical())


def _event(calendar: TourCalendar, passage: Passage, stamp: datetime) -> Event:
    problem = calendar.plan.problem
    stop = problem.stops[passage.visit.stop]
    base = problem.bases[passage.route.base]
    key = f"{passage.start.isoformat()}|{stop.commune_code}|{base.commune_code}"
    event = Event()
    event.add("uid", str(uuid.uuid5(_NAMESPACE, key)))
    event.add("dtstamp", stamp)
    event.add("dtstart", passage.start)
    event.add("dtend", passage.end)
    event.add("summary", f"Permanence numérique : {stop.name}")
    event.add("location", stop.name)
    if math.isfinite(stop.lon) and math.isfinite(stop.lat):
        event.add("geo", (stop.lat, stop.lon))
    about = f"Véhicule {passage.route.van + 1} de {base.name}."
    if len(stop.served_communes) > 1:
        about += f" Communes desservies : {', '.join(stop.served_communes)}."
    if passage.visit.lunch_from_min is not None:
        hours, minutes = divmod(round(passage.visit.lunch_from_min), 60)
        about += f" Fermé {problem.day.lunch_min:.0f} min à partir de {hours} h {minutes:02d}."
    event.add("description", about)
    return event
