"""Opening hours: from the producers' own writings to OpenStreetMap's, and hours a week.

The syntax is that of the ``opening_hours`` key of OpenStreetMap, for example
``Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

Slots = tuple[tuple[int, int], ...]
"""Opening and closing times of a day, in minutes since midnight."""

_SPAN: Final = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})\s*-\s*(\d{1,2})\s*[:hH]\s*(\d{2})")
_OSM_SPAN: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_EMPTY_SPAN: Final = (0, 0)
_FIRST_MONDAY: Final = datetime(2027, 1, 4)
_WEEKS: Final = 52


class Hours(NamedTuple):
    """Opening hours in OSM syntax, and hours open in a week."""

    text: str
    weekly_h: float


class DaySlots(NamedTuple):
    """The slots of a day; ``merged`` when some of those written overlap."""

    slots: Slots
    merged: bool


@lru_cache(maxsize=4096)
def parse_day(text: str) -> DaySlots | None:
    """Read ``09:00 - 12:00 / 13:30 - 17:00``; None when it cannot be understood.

    ``00:00 - 00:00`` stands for an empty slot.  Slots that touch or overlap are united:
    the place says that it is open at both.
    """
    spans = []
    for part in text.split("/"):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            return None
        h1, m1, h2, m2 = map(int, match.groups())
        span = (60 * h1 + m1, 60 * h2 + m2)
        if span == _EMPTY_SPAN:
            continue
        if not span[0] < span[1] <= 24 * 60 or m1 > 59 or m2 > 59:
            return None
        spans.append(span)
    united = _united(spans)
    return DaySlots(united, sum(b - a for a, b in united) < sum(b - a for a, b in spans))


def _united(spans: Sequence[tuple[int, int]]) -> Slots:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return tuple(united)


def write_week(days: Mapping[str, Slots]) -> Hours | None:
    """Return the hours of a week in OSM syntax; None when it is never open.

    Parameters
    ----------
    days
        Slots of each day (``"Mo"`` to ``"Su"``); a day that is absent is closed.
    """
    week = [days.get(day, ()) for day in DAYS]
    rules = []
    for slots, group in groupby(range(7), key=lambda i: week[i]):
        if slots:
            which = list(group)
            name = DAYS[which[0]] if len(which) == 1 else f"{DAYS[which[0]]}-{DAYS[which[-1]]}"
            rules.append(f"{name} {','.join(f'{_clock(a)}-{_clock(b)}' for a, b in slots)}")
    if not rules:
        return None
    return Hours("; ".join(rules), sum(b - a for slots in week for a, b in slots) / 60)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@lru_cache(maxsize=8192)
def check_osm(text: str) -> Hours | None:
    """Return hours already in OSM syntax, with the hours a week; None when they are wrong.

    Wrong are: what does not parse, a time without an end, a span that ends before it
    begins (OSM would read it as open all night), a place never open, or always open.
    The week is the mean of a year, so that alternate weeks count half and July and August a
    sixth.  Holidays are not told apart: whose they are (zone, local feasts) is not known.
    """
    if any(span.group(1, 2) >= span.group(3, 4) for span in _OSM_SPAN.finditer(text)):
        return None
    try:
        hours = OpeningHours(text)
        spans = list(hours.intervals(_FIRST_MONDAY, _FIRST_MONDAY + timedelta(weeks=_WEEKS)))
    except ParserError:
        return None
    opened = sum((end - start).total_seconds() for start, end, state, _ in spans if _open(state))
    weekly_h = opened / 3600 / _WEEKS
    if not 0 < weekly_h < 24 * 7:
        return None
    return Hours(text, weekly_h)


def _open(state: State) -> bool:
    return bool(state == State.OPEN)
