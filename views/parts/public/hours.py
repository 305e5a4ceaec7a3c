"""Opening hours of a place, in its own time zone and in French.

Hours follow the syntax of OpenStreetMap; they are evaluated by opening-hours-py with the
public holidays of France.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError

from views.parts import wording

_ZONES: Final = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "976": "Indian/Mayotte",
}


@dataclass(frozen=True)
class Opening:
    """Whether a place is open: ``state`` is "open", "closed" or "unknown"; ``text`` says it."""

    state: str
    text: str


def zone(commune_code: str) -> ZoneInfo:
    """Return the time zone of a commune."""
    return ZoneInfo(_ZONES.get(commune_code[:3], "Europe/Paris"))


@lru_cache(maxsize=4096)
def _parsed(hours: str, zone_name: str) -> OpeningHours | None:
    """Return parsed hours; what cannot be read is unknown, not an error."""
    try:
        return OpeningHours(hours, timezone=ZoneInfo(zone_name), country="FR")
    except ParserError:
        return None


def at(hours: str | None, commune_code: str, moment: datetime) -> Opening:
    """Tell whether a place is open at a moment (with its time zone), and until or from when."""
    place_zone = zone(commune_code)
    parsed = _parsed(hours, str(place_zone)) if hours else None
    if parsed is None:
        return Opening("unknown", "Horaires non connus")
    local = moment.astimezone(place_zone)
    if parsed.is_unknown(local):
        return Opening("unknown", "Horaires à confirmer")
    change = parsed.next_change(local)
    if parsed.is_open(local):
        if change is None:
            return Opening("open", "Ouvert en permanence")
        return Opening("open", f"Ouvert, ferme {_when(change, local)}")
    if change is None or change - local > timedelta(days=60):
        return Opening("closed", "Fermé")
    return Opening("closed", f"Fermé, ouvre {_when(change, local)}")


def is_known(hours: str | None) -> bool:
    """Tell whether hours are given and can be read."""
    return bool(hours) and _parsed(hours, "Europe/Paris") is not None


def opens_on(hours: str | None, commune_code: str, moment: datetime, weekdays: set[int]) -> bool:
    """Tell whether a place opens on one of these days (0 is Monday) in the coming week."""
    place_zone = zone(commune_code)
    parsed = _parsed(hours, str(place_zone)) if hours else None
    if parsed is None:
        return False
    local = moment.astimezone(place_zone)
    spans = parsed.intervals(local, local + timedelta(days=7))
    return any(str(state) == "open" and start.weekday() in weekdays for start, _, state, _ in spans)


def week(hours: str | None, commune_code: str, moment: datetime) -> list[tuple[str, str]]:
    """Return the seven coming days as (« lundi 24 », « 9 h – 12 h, 14 h – 17 h »)."""
    place_zone = zone(commune_code)
    parsed = _parsed(hours, str(place_zone)) if hours else None
    if parsed is None:
        return []
    today = moment.astimezone(place_zone).replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    rows = []
    for shift in range(7):
        start = today + shift * day
        spans = [
            "toute la journée" if end - begin >= day else f"{_clock(begin)} – {_clock(end)}"
            for begin, end, state, _ in parsed.intervals(start, start + day)
            if str(state) == "open"
        ]
        name = f"{wording.DAYS[start.weekday()]} {start.day}"
        rows.append((name, ", ".join(spans) or "fermé"))
    return rows


def _clock(moment: datetime) -> str:
    return wording.clock(60 * moment.hour + moment.minute)


def _when(moment: datetime, now: datetime) -> str:
    days = (moment.date() - now.date()).days
    if days == 0:
        return f"à {_clock(moment)}"
    if days == 1:
        return f"demain à {_clock(moment)}"
    if days < 7:
        return f"{wording.DAYS[moment.weekday()]} à {_clock(moment)}"
    return f"le {wording.day_text(moment.date())} à {_clock(moment)}"
