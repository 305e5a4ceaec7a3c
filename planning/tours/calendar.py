"""From a cycle to dates: which van is where on which day of a real period.

Weeks of the cycle follow the ISO week number, as "semaine paire" and "semaine impaire"
do: week w of a cycle of c weeks falls on ISO weeks w + 1, w + 1 + c, … of each year.
What is published by week number is then always right; in return the rhythm jumps once
after a year of 53 weeks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from geodata.errors import DataError
from planning.tours.plan import DayRoute, TourPlan, Visit

_ALSACE_MOSELLE: Final = {"57": "57", "67": "6AE", "68": "6AE", "6AE": "6AE"}
_TIME_ZONES: Final = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "976": "Indian/Mayotte",
}
_LONGEST_DAYS: Final = 3 * 366


@dataclass(frozen=True)
class Outing:
    """One route of the plan on one date; the van stays in when ``closed_by`` says why."""

    day: date
    route: DayRoute
    closed_by: str = ""


@dataclass(frozen=True)
class Passage:
    """One visit of a stop on one date; hours are local times with their zone."""

    commune_code: str
    start: datetime
    end: datetime
    route: DayRoute
    visit: Visit


@dataclass(frozen=True)
class TourCalendar:
    """A plan over a period, both ends included.

    ``outings`` are the routes driven, by date, base and van; ``cancelled`` those that
    fall on a public holiday or on a closed day, with its name.
    """

    plan: TourPlan
    first: date
    last: date
    time_zone: str
    outings: tuple[Outing, ...]
    cancelled: tuple[Outing, ...]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All visits, in order of date and hour."""
        zone = ZoneInfo(self.time_zone)
        found = [
            Passage(
                visit.commune_code,
                at(outing.day, visit.arrive_min, zone),
                at(outing.day, visit.depart_min, zone),
                outing.route,
                visit,
            )
            for outing in self.outings
            for visit in outing.route.visits
        ]
        return tuple(sorted(found, key=lambda p: (p.start, p.commune_code)))

    def passages_for(self, commune_code: str) -> tuple[Passage, ...]:
        """Return the visits of the stop that serves a commune; empty when none does."""
        stops = self.plan.problem.stops
        holders = {s.commune_code for s in stops if commune_code in s.served_communes}
        return tuple(passage for passage in self.passages if passage.commune_code in holders)


def make_calendar(
    plan: TourPlan,
    first: date,
    last: date,
    *,
    department: str,
    closed: Iterable[tuple[date, date, str]] = (),
) -> TourCalendar:
    """Return the dates of a plan over a period.

    Parameters
    ----------
    plan
        The cycle.
    first, last
        The period, both included.
    department
        Code of the département: decides public holidays and the time zone.
    closed
        Other periods without tours, ``(first, last, name)``: school holidays, leave.

    Raises
    ------
    DataError
        If the period is empty or longer than three years.
    """
    if not 0 <= (last - first).days < _LONGEST_DAYS:
        raise DataError(
            f"Période impossible : du {first:%d/%m/%Y} au {last:%d/%m/%Y}",
            remedy="Donnez une période d'un jour à trois ans.",
        )
    off = public_holidays(department, range(first.year, last.year + 1))
    for begin, end, name in closed:
        for shift in range((end - begin).days + 1):
            off.setdefault(begin + timedelta(days=shift), name)
    driven: list[Outing] = []
    cancelled: list[Outing] = []
    by_place: dict[tuple[int, int], list[DayRoute]] = {}
    for route in plan.days:
        by_place.setdefault((route.week, route.weekday), []).append(route)
    for shift in range((last - first).days + 1):
        day = first + timedelta(days=shift)
        for route in by_place.get((cycle_week(day, plan.problem.weeks), day.weekday()), ()):
            outing = Outing(day, route, off.get(day, ""))
            (cancelled if outing.closed_by else driven).append(outing)
    return TourCalendar(plan, first, last, time_zone(department), tuple(driven), tuple(cancelled))


def cycle_week(day: date, weeks: int) -> int:
    """Return the week of the cycle, from 0, that a date falls in."""
    return (day.isocalendar().week - 1) % weeks


def public_holidays(department: str, years: Iterable[int]) -> dict[date, str]:
    """Return the public holidays of a département and their French names."""
    subdivision = _ALSACE_MOSELLE.get(department)
    if department in _TIME_ZONES:
        subdivision = department
    found = holidays.country_holidays("FR", subdiv=subdivision, years=list(years), language="fr")
    return {day: str(name) for day, name in found.items()}


def time_zone(department: str) -> str:
    """Return the name of the time zone of a département."""
    return _TIME_ZONES.get(department, "Europe/Paris")


def at(day: date, minutes: float, zone: ZoneInfo) -> datetime:
    """Return the moment so many minutes after midnight, to the minute."""
    hours, rest = divmod(round(minutes), 60)
    return datetime.combine(day, time(hours, rest), zone)
