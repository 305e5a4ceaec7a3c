"""Opening hours of a stop in OpenStreetMap's syntax, with the weeks it is served.

``week 01-53/2 Mo 09:00-12:00; PH off`` is every odd ISO week: the rule that the schema
"lieux de médiation numérique" asks for its field ``horaires``.
"""

from typing import Final

from planning.tours.plan import TourPlan, Visit

OSM_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
LAST_WEEK: Final = 53


def opening_hours(plan: TourPlan, commune_code: str) -> str:
    """Return the opening hours of a stop over the year; empty when it is not served.

    Visits at the same hour of the same weekday are joined when they recur evenly.
    """
    weeks_of: dict[tuple[int, str], list[int]] = {}
    for route, visit in plan.stops.get(commune_code, ()):
        key = (route.weekday, _hours(plan, visit))
        weeks_of.setdefault(key, []).append(route.week)
    cycle = plan.problem.weeks
    rules = [
        (start, step, weekday, hours)
        for (weekday, hours), weeks in weeks_of.items()
        for start, step in _recurrences(sorted(weeks), cycle)
    ]
    if not rules:
        return ""
    return "; ".join([*(_rule(*rule) for rule in sorted(rules)), "PH off"])


def _rule(start: int, step: int, weekday: int, hours: str) -> str:
    days = f"{OSM_WEEKDAYS[weekday]} {hours}"
    if step == 1:
        return days
    return f"week {start + 1:02d}-{LAST_WEEK}/{step} {days}"


def _recurrences(weeks: list[int], cycle: int) -> list[tuple[int, int]]:
    """Return (first week, step) pairs that together are the given weeks of the cycle."""
    step = cycle // len(weeks) if cycle % len(weeks) == 0 else 0
    if step and weeks == list(range(weeks[0], cycle, step)):
        return [(weeks[0], step)]
    return [(week, cycle) for week in weeks]


def _hours(plan: TourPlan, visit: Visit) -> str:
    if visit.lunch_from_min is None:
        return f"{clock(visit.arrive_min)}-{clock(visit.depart_min)}"
    back = visit.lunch_from_min + plan.problem.day.lunch_min
    return (
        f"{clock(visit.arrive_min)}-{clock(visit.lunch_from_min)},"
        f"{clock(back)}-{clock(visit.depart_min)}"
    )


def clock(minutes: float) -> str:
    """Return minutes since midnight as ``HH:MM``."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:02d}:{rest:02d}"
