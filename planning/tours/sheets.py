"""Sheets to print: one page a day and van, for whoever drives it.

Everything on a sheet comes from the calendar; the place of each stop is the one known for
its commune, to be agreed, and the contact is left blank for the coordinator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from geodata import tables
from planning import french
from planning.tours.calendar import Outing, TourCalendar
from planning.tours.plan import DayRoute, TourPlan


@dataclass(frozen=True)
class Step:
    """One line of a day: what happens from when to when, in minutes since midnight.

    ``kind`` is ``leave``, ``visit``, ``lunch`` or ``return``; ``drive_min`` and ``km`` are
    those of the way that leads here; ``stop`` is the problem's index of a visit's stop.
    """

    kind: str
    from_min: float
    until_min: float
    drive_min: float = 0.0
    km: float = 0.0
    stop: int = -1


def day_steps(plan: TourPlan, route: DayRoute) -> list[Step]:
    """Return the steps of a route in order: departure, visits and break, return."""
    problem = plan.problem
    path = [route.base, *(problem.n_base + visit.stop for visit in route.visits), route.base]
    legs = [(float(problem.minutes[leg]), float(problem.km[leg])) for leg in pairwise(path)]
    steps = [Step("leave", route.leave_min, route.leave_min)]
    for visit, (drive, km) in zip(route.visits, legs, strict=False):
        steps.append(Step("visit", visit.arrive_min, visit.depart_min, drive, km, visit.stop))
    steps.append(Step("return", route.return_min, route.return_min, *legs[-1]))
    if route.lunch_from_min is not None:
        end = route.lunch_from_min + problem.day.lunch_min
        steps.append(Step("lunch", route.lunch_from_min, end))
    # A break within a visit comes after it: the stop is named before it closes.
    return sorted(steps, key=lambda step: (step.from_min, step.kind == "return"))


def day_sheets(calendar: TourCalendar, until: date | None = None, *, contact: str = "") -> str:
    """Return the sheets of a calendar as one HTML page that prints without internet.

    Parameters
    ----------
    calendar
        The dates.
    until
        Last day to print; the calendar's own by default.
    contact
        Whom to call, printed on each sheet; a blank line is left when it is empty.
    """
    last = until or calendar.last
    outings = [outing for outing in calendar.outings if outing.day <= last]
    closed = sorted({(o.day, o.closed_by) for o in calendar.cancelled if o.day <= last})
    return (
        _environment()
        .get_template("sheets.html")
        .render(
            sheets=[_sheet(calendar.plan, outing) for outing in outings],
            closed=[(day_text(day), why) for day, why in closed],
            first=day_text(calendar.first),
            last=day_text(last),
            contact=contact,
        )
    )


def day_text(day: date) -> str:
    """Return a date as « lundi 4 janvier 2027 »."""
    return f"{french.WEEKDAYS[day.weekday()]} {french.day(day)}"


def hour_text(minutes: float) -> str:
    """Return minutes since midnight as « 9 h 05 »."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours}\u00a0h\u00a0{rest:02d}"


def length_text(minutes: float) -> str:
    """Return a length as « 45 min » or « 1 h 05 »."""
    return f"{round(minutes)}\u00a0min" if round(minutes) < 60 else hour_text(minutes)


@dataclass(frozen=True)
class _Line:
    hours: str
    kind: str
    title: str
    details: Sequence[str]
    way: str


@dataclass(frozen=True)
class _Sheet:
    date: str
    base: str
    van: int
    week: int
    lines: Sequence[_Line]
    km: str
    drive: str
    work: str


def _sheet(plan: TourPlan, outing: Outing) -> _Sheet:
    route, problem = outing.route, plan.problem
    base = problem.bases[route.base]
    steps = day_steps(plan, route)
    pause = sum(step.until_min - step.from_min for step in steps if step.kind == "lunch")
    return _Sheet(
        date=day_text(outing.day),
        base=base.name,
        van=route.van + 1,
        week=outing.day.isocalendar().week,
        lines=[_line(plan, base.name, step) for step in steps],
        km=f"{route.km:.0f}\u00a0km",
        drive=length_text(route.drive_min),
        work=length_text(route.return_min - route.leave_min - pause),
    )


def _line(plan: TourPlan, base: str, step: Step) -> _Line:
    title, details = {
        "leave": (f"Départ de {base}", []),
        "return": (f"Retour à {base}", []),
        "lunch": ("Pause de midi", []),
    }.get(step.kind, ("", []))
    hours = hour_text(step.from_min)
    if step.until_min > step.from_min:
        hours += f" à {hour_text(step.until_min)}"
    if step.kind == "visit":
        stop = plan.problem.stops[step.stop]
        title = f"Permanence à {stop.name}"
        names = _names()
        others = [names.get(code, code) for code in stop.served_communes[1:]]
        details = [
            stop.place and f"Lieu possible, à convenir : {stop.place}",
            others and f"Dessert aussi : {', '.join(others)}",
            f"Environ {stop.persons:.0f} personnes en illectronisme (estimation)",
        ]
    way = f"{step.km:.0f}\u00a0km, {length_text(step.drive_min)}" if step.drive_min else ""
    return _Line(hours, step.kind, title, [text for text in details if text], way)


@cache
def _names() -> dict[str, str]:
    names = tables.communes()["name"]
    return dict(zip(names.index.astype(str), names.astype(str), strict=True))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("planning.tours", "."),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
