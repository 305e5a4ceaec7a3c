"""Calendars that are really driven: published by someone, dated, and withdrawn when over.

A published calendar is an event of the register (:mod:`planning.store`), one stream a
département: what stood before stays in the register, the latest event counts.  It holds
dated visits, not the plan: what the public reads never changes with a new computation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from geodata.distance import arc_km
from geodata.errors import DataError
from planning.events import Author, Event, Stream
from planning.situation import national_network
from planning.store import Store
from planning.tours.calendar import TourCalendar

KIND: Final = "tours"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
LONGEST_TEXT: Final = 200


@dataclass(frozen=True)
class PublishedStop:
    """A stop as published; ``communes`` are those it serves, its own first."""

    commune_code: str
    name: str
    communes: tuple[str, ...]
    place: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class PublishedVisit:
    """One visit: local times with their zone."""

    stop: PublishedStop
    start: datetime
    end: datetime


@dataclass(frozen=True)
class PublishedTours:
    """The calendar in force in a département.

    Parameters
    ----------
    department
        Code of the département.
    first, last
        Its period, both included.
    service, contact
        Who runs the tours, as the public reads it, and whom to call; the second may be empty.
    author
        Who published it.
    at
        When, UTC.
    version
        Number of its event: what a change must name.
    visits
        In order of time; none on public holidays nor in the periods without tours.
    """

    department: str
    first: date
    last: date
    service: str
    contact: str
    author: Author
    at: datetime
    version: int
    visits: tuple[PublishedVisit, ...]


def publish(
    store: Store,
    calendar: TourCalendar,
    department: str,
    author: Author,
    service: str,
    *,
    contact: str = "",
    after: int | None = None,
) -> PublishedTours:
    """Publish a calendar; it replaces the one in force in the département.

    Parameters
    ----------
    store, calendar, department
        Where, what, and for whom.
    author
        Who publishes.
    service
        Who runs the tours, as the public will read it: a service rather than a person.
    contact
        Whom the public may call; may be empty.
    after
        Number of the last event that the author has seen, 0 for none; ``None`` replaces
        whatever is in force.

    Raises
    ------
    ConflictError
        If someone published or withdrew since.
    DataError
        If the service is missing, a text too long, or the calendar has no visit.
    """
    if not calendar.passages:
        raise DataError(
            "Ce calendrier n'a aucun passage",
            where=f"du {calendar.first:%d/%m/%Y} au {calendar.last:%d/%m/%Y}",
            remedy="Choisissez une période plus longue.",
        )
    _check(service, contact)
    payload = _payload(calendar) | {"service": service.strip(), "contact": contact.strip()}
    event = store.append(Stream(KIND, department), PUBLISHED, author, payload, after=after)
    return _published(event, payload)


def withdraw(store: Store, department: str, author: Author, *, after: int | None = None) -> None:
    """Withdraw the calendar in force; it stays in the register, and is shown no more.

    Raises
    ------
    ConflictError
        If someone published or withdrew since ``after``.
    DataError
        If nothing is published there.
    """
    if current(store, department) is None:
        raise DataError(
            "Aucun calendrier de tournées n'est publié", where=f"département {department}"
        )
    store.append(Stream(KIND, department), WITHDRAWN, author, {}, after=after)


def current(store: Store, department: str) -> PublishedTours | None:
    """Return the calendar in force in a département, ``None`` where there is none."""
    return _in_force(store.latest(Stream(KIND, department)))


def version(store: Store, department: str) -> int:
    """Return the number of the last event of a département, 0 where nothing was published."""
    event = store.latest(Stream(KIND, department))
    return 0 if event is None else event.number


def departments_within(commune_code: str, minutes: float) -> tuple[str, ...]:
    """Return the départements whose vans may pass so near a commune, its own first.

    The others are those with a commune within the kilometres that the fastest modelled road
    covers in that time, as the crow flies: a superset, cheap to make.

    Parameters
    ----------
    commune_code
        A commune or arrondissement of the country.
    minutes
        By car.
    """
    network = national_network()
    points = network.points
    here = points.index.get_loc(commune_code)
    apart_km = arc_km(network.sphere, network.sphere[here])
    near = points["department"][apart_km <= network.reach_km(minutes)]
    own = str(points["department"].iloc[here])
    return (own, *sorted(set(near) - {own}))


def next_passages(
    published: Iterable[PublishedTours], commune_code: str, moment: datetime, limit: int = 3
) -> list[PublishedVisit]:
    """Return the next visits that serve a commune, one in progress included.

    Parameters
    ----------
    published
        Calendars in force.
    commune_code
        A commune, served at its own stop or at a neighbour's.
    moment
        From when, with its time zone.
    limit
        Visits at most.
    """
    coming = (
        visit
        for one in published
        for visit in one.visits
        if commune_code in visit.stop.communes and visit.end > moment
    )
    return sorted(coming, key=lambda visit: (visit.start, visit.stop.commune_code))[:limit]


def _check(service: str, contact: str) -> None:
    if not service.strip():
        raise DataError(
            "Il manque le nom du service qui publie",
            remedy="Indiquez un service ou une fonction, par exemple « Coordination ».",
        )
    if max(len(service), len(contact)) > LONGEST_TEXT:
        raise DataError(f"Texte trop long : {LONGEST_TEXT} caractères au plus")


def _payload(calendar: TourCalendar) -> dict[str, Any]:
    problem = calendar.plan.problem
    served = sorted({passage.visit.stop for passage in calendar.passages})
    rank = {stop: number for number, stop in enumerate(served)}
    return {
        "first": calendar.first.isoformat(),
        "last": calendar.last.isoformat(),
        "time_zone": calendar.time_zone,
        "stops": [
            {
                "commune_code": stop.commune_code,
                "name": stop.name,
                "communes": list(stop.served_communes),
                "place": stop.place,
                "lon": _degrees(stop.lon),
                "lat": _degrees(stop.lat),
            }
            for stop in (problem.stops[number] for number in served)
        ],
        "visits": [
            [
                rank[passage.visit.stop],
                passage.start.replace(tzinfo=None).isoformat(timespec="minutes"),
                passage.end.replace(tzinfo=None).isoformat(timespec="minutes"),
            ]
            for passage in calendar.passages
        ],
    }


def _degrees(value: float) -> float | None:
    return round(value, 5) if value == value else None  # noqa: PLR0124 - NaN is unknown


def _in_force(event: Event | None) -> PublishedTours | None:
    if event is None or event.kind != PUBLISHED or event.payload is None:
        return None
    return _published(event, dict(event.payload))


def _published(event: Event, payload: dict[str, Any]) -> PublishedTours:
    zone = ZoneInfo(payload["time_zone"])
    stops = [
        PublishedStop(**{**stop, "communes": tuple(stop["communes"])}) for stop in payload["stops"]
    ]
    return PublishedTours(
        department=event.stream.id,
        first=date.fromisoformat(payload["first"]),
        last=date.fromisoformat(payload["last"]),
        service=payload["service"],
        contact=payload["contact"],
        author=event.author,
        at=event.at,
        version=event.number,
        visits=tuple(
            PublishedVisit(
                stops[rank],
                datetime.fromisoformat(start).replace(tzinfo=zone),
                datetime.fromisoformat(end).replace(tzinfo=zone),
            )
            for rank, start, end in payload["visits"]
        ),
    )
