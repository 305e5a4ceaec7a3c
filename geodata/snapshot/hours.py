"""Opening hours of the town halls, as the source writes them."""

import json
from typing import Final

from geodata.readers.hours import DAYS, Hours, parse_day, write_week

_DAYS_FR: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def town_hall_hours(text: str) -> Hours | None:
    """Return the hours that a town hall's record describes; ``None`` when it has none.

    Parameters
    ----------
    text
        JSON of ``[first day, last day, [[opening, closing], …]]``, days in French (the
        last day may be empty), hours like ``"09:00:00"``.  A span that does not close
        after it opens is left out.
    """
    spans: dict[str, list[str]] = {day: [] for day in DAYS}
    for first, last, clocks in json.loads(text):
        start = _DAYS_FR.index(first)
        stop = _DAYS_FR.index(last or first)
        for day in DAYS[start : stop + 1]:
            spans[day].extend(
                f"{opens[:5]} - {closes[:5]}" for opens, closes in clocks if opens < closes
            )
    week = {day: parse_day(" / ".join(written)) for day, written in spans.items() if written}
    return write_week({day: slots.slots for day, slots in week.items() if slots is not None})
