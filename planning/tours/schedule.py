"""The clock of one day: when a van leaves, receives, eats and comes back.

For a route (s_1 … s_k) with driving legs l_0 … l_k, with the break at a given place,

    (1)  t_i = e_{i-1} + l_{i-1}                     arrival, e_0 = departure
    (2)  b_i = max(t_i, lunch_from), e = b_i + lunch  where the break stands before i
    (3)  s_i = the first moment ≥ t_i (or e) at which the whole visit fits a window
    (4)  e_i = s_i + service_i

A visit cut by the break, at c, keeps each of its parts within a window and of 30 minutes or more:

    (5)  s_i + 30 ≤ c,   c + lunch ≤ e_i − 30,   e_i = s_i + service_i + lunch

Each step is a non-decreasing function of the departure, so the earliest return found
by leaving as soon as allowed, combined with the latest departure that still reaches
it, is the shortest day [1]_.  All places of the break are tried.

.. [1] M. W. P. Savelsbergh, "The vehicle routing problem with time windows: minimizing
   route duration", ORSA Journal on Computing 4 (1992).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Literal

from planning.tours.limits import WorkingDay

Window = tuple[float, float]
Span = tuple[float, float, float]
"""Earliest and latest moment at which a visit may begin, and the earliest break within it."""

Place = tuple[Literal["none", "before", "within"], int]

_SHORTEST_PART_MIN = 30.0
_EPSILON = 1e-6


@dataclass(frozen=True)
class Timetable:
    """Hours of one day, minutes since midnight; ``visits`` are (arrive, depart)."""

    leave_min: float
    return_min: float
    visits: tuple[tuple[float, float], ...]
    lunch_from_min: float | None
    lunch_visit: int | None
    work_min: float


@dataclass(frozen=True)
class Leg:
    """A visit on a route: minutes to drive to it, minutes there, windows that day in order."""

    drive_min: float
    service_min: float
    windows: tuple[Window, ...]


def timetable(legs: Sequence[Leg], home_min: float, day: WorkingDay) -> Timetable | None:
    """Return the best day that keeps every limit, or None when there is none.

    Parameters
    ----------
    legs
        The visits in order, with the drive that leads to each.
    home_min
        Minutes from the last visit to the base.
    day
        Limits of the day.
    """
    if len(legs) > day.max_stops:
        return None
    drive_min = home_min + sum(leg.drive_min for leg in legs)
    if not drive_min <= day.max_drive_min + _EPSILON:
        return None
    best: Timetable | None = None
    for place, start, end in _places(legs, day):
        found = _shortest(legs, home_min, day, place, (start, end))
        if found is None or found.work_min > day.max_work_min + _EPSILON:
            continue
        if best is None or _preference(found) < _preference(best):
            best = found
    return best


def _preference(found: Timetable) -> tuple[float, float, float]:
    """Shorter days first, to a quarter of an hour; then those that end earlier."""
    return round(found.work_min / 15.0), found.return_min, found.work_min


def _places(legs: Sequence[Leg], day: WorkingDay) -> list[tuple[Place, float, float]]:
    """Places of the break to try, each with the earliest departure and latest return."""
    if day.lunch_min == 0:
        return [(("none", 0), day.start_min, day.end_min)]
    places: list[tuple[Place, float, float]] = [
        (("none", 0), day.start_min, min(day.end_min, day.lunch_until_min - day.lunch_min)),
        (("none", 0), max(day.start_min, day.lunch_from_min + day.lunch_min), day.end_min),
    ]
    for i in range(len(legs) + 1):
        places.append((("before", i), day.start_min, day.end_min))
        if i < len(legs) and legs[i].service_min > day.half_day_min:
            places.append((("within", i), day.start_min, day.end_min))
    return places


def _shortest(
    legs: Sequence[Leg], home_min: float, day: WorkingDay, place: Place, limits: Window
) -> Timetable | None:
    """Forward for the earliest return, backward for the latest departure, forward again."""
    first = _forward(legs, home_min, day, place, limits[0])
    if first is None or first.return_min > limits[1] + _EPSILON:
        return None
    latest = _backward(legs, home_min, day, place, first.return_min)
    return _forward(legs, home_min, day, place, max(limits[0], latest)) or first


def _forward(
    legs: Sequence[Leg], home_min: float, day: WorkingDay, place: Place, leave_min: float
) -> Timetable | None:
    kind, rank = place
    now = leave_min
    visits = []
    lunch: float | None = None
    lunch_visit: int | None = None
    for i, leg in enumerate(legs):
        now += leg.drive_min
        if kind == "before" and rank == i:
            lunch = max(now, day.lunch_from_min)
            now = lunch + day.lunch_min
        within = kind == "within" and rank == i
        begin, break_from = _first_start(now, _spans(leg, day, within), day.round_min)
        if begin == math.inf:
            return None
        now = begin + leg.service_min
        if within:
            lunch = max(break_from, begin + _SHORTEST_PART_MIN)
            lunch_visit = i
            now += day.lunch_min
        visits.append((begin, now))
    if kind == "before" and rank == len(legs):
        lunch = max(now, day.lunch_from_min)
        now = lunch + day.lunch_min
    if lunch is not None and lunch + day.lunch_min > day.lunch_until_min + _EPSILON:
        return None
    now += home_min
    work = now - leave_min - (day.lunch_min if lunch is not None else 0.0)
    return Timetable(leave_min, now, tuple(visits), lunch, lunch_visit, work)


def _backward(
    legs: Sequence[Leg], home_min: float, day: WorkingDay, place: Place, return_min: float
) -> float:
    """Return the latest departure that still comes back at ``return_min``."""
    kind, rank = place
    latest_lunch = day.lunch_until_min - day.lunch_min
    now = return_min - home_min
    if kind == "before" and rank == len(legs):
        now = min(now - day.lunch_min, latest_lunch)
    for i in range(len(legs) - 1, -1, -1):
        leg = legs[i]
        within = kind == "within" and rank == i
        limit = now - leg.service_min - (day.lunch_min if within else 0.0)
        now = _last_start(limit, _spans(leg, day, within), day.round_min)
        if kind == "before" and rank == i:
            now = min(now - day.lunch_min, latest_lunch)
        now -= leg.drive_min
    return now


def _spans(leg: Leg, day: WorkingDay, split: bool) -> list[Span]:
    """Return when a visit may begin; one that the break cuts keeps each part in a window: (5)."""
    if not split:
        return [(opening, closing - leg.service_min, 0.0) for opening, closing in leg.windows]
    found = []
    for morning, afternoon in combinations_with_replacement(leg.windows, 2):
        break_from = max(day.lunch_from_min, afternoon[0] - day.lunch_min)
        break_until = min(day.lunch_until_min - day.lunch_min, morning[1])
        if break_from <= break_until:
            first = max(morning[0], break_from - leg.service_min + _SHORTEST_PART_MIN)
            last = min(
                afternoon[1] - leg.service_min - day.lunch_min, break_until - _SHORTEST_PART_MIN
            )
            found.append((first, last, break_from))
    return found


def _first_start(now: float, spans: Sequence[Span], step: float) -> tuple[float, float]:
    """Return the first moment to begin from ``now`` on, infinite if none; and its break."""
    starts = [
        (begin, break_from)
        for first, last, break_from in spans
        if (begin := math.ceil((max(now, first) - _EPSILON) / step) * step) <= last + _EPSILON
    ]
    return min(starts, default=(math.inf, math.inf))


def _last_start(limit: float, spans: Sequence[Span], step: float) -> float:
    """Return the last moment to begin up to ``limit``, minus infinity if none."""
    starts = [
        begin
        for first, last, _ in spans
        if (begin := math.floor((min(limit, last) + _EPSILON) / step) * step) >= first - _EPSILON
    ]
    return max(starts, default=-math.inf)
