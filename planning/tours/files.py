"""The files of a plan of tours, written whole or not at all: data, calendars, day sheets."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd

from planning.report.spreadsheet import french_csv
from planning.report.whole import write_whole
from planning.tours.calendar import TourCalendar, cycle_week, make_calendar
from planning.tours.closures import Closure
from planning.tours.ics import commune_ics, tours_ics, van_ics
from planning.tours.opening import clock, opening_hours
from planning.tours.plan import TourPlan
from planning.tours.shapes import tours_geojson, tours_gpx
from planning.tours.sheets import day_sheets
from planning.tours.yearly import TourYear, one_year

FILES: Final = ("tours.csv", "tours.ics", "tours.geojson", "tours.html", "tours.json")


def next_cycle(after: date, weeks: int) -> date:
    """Return the first Monday, from a date on, that starts week 0 of a cycle."""
    day = after + timedelta(days=-after.weekday() % 7)
    while cycle_week(day, weeks):
        day += timedelta(weeks=1)
    return day


def tours_dict(plan: TourPlan, calendar: TourCalendar, **more: Any) -> dict[str, Any]:
    """Return a plan as ``tours.json`` holds it; ``days`` are those of one cycle.

    A day on which the vans stay in (a public holiday) keeps its stops and says why in
    ``closed_by``.
    """
    problem = plan.problem
    end = calendar.first + timedelta(weeks=problem.weeks)
    outings = [o for o in (*calendar.outings, *calendar.cancelled) if o.day < end]
    outings.sort(key=lambda o: (o.day, o.route.base_code, o.route.van))
    return {
        **more,
        "cost": round(plan.cost, 2),
        "feasible": plan.feasible,
        "visits_required": plan.visits_required,
        "visits_served": plan.visits_served,
        "visits_out_of_reach": plan.out_of_reach,
        "drive_min": round(plan.drive_min, 1),
        "km": round(plan.km, 1),
        "days": [
            {
                "date": outing.day.isoformat(),
                "base": outing.route.base_code,
                "van": outing.route.van + 1,
                "stops": [
                    {
                        "commune_code": visit.commune_code,
                        "arrive": clock(visit.arrive_min),
                        "depart": clock(visit.depart_min),
                    }
                    for visit in outing.route.visits
                ],
                "leave": clock(outing.route.leave_min),
                "return": clock(outing.route.return_min),
                "closed_by": outing.closed_by or None,
            }
            for outing in outings
        ],
        "stops": [
            {
                "commune_code": stop.commune_code,
                "name": stop.name,
                "communes": list(stop.served_communes),
                "persons": round(stop.persons, 1),
                "every_weeks": stop.every_weeks,
                "hours": opening_hours(plan, stop.commune_code) or None,
                "place": stop.place or None,
            }
            for stop in sorted(problem.stops, key=lambda stop: stop.commune_code)
        ],
        "unserved": [
            {"commune_code": item.commune_code, "visits": item.visits, "reason": item.reason}
            for item in plan.unserved
        ],
        "relaxations": list(plan.relaxations),
        "solver": {
            "seed": plan.seed,
            "iterations": plan.iterations,
            "seconds": round(plan.seconds, 2),
            "stop": {"kind": plan.stop_kind, "value": plan.stop_value},
        },
    }


def year_dict(year: int, found: TourYear) -> dict[str, Any]:
    """Return the totals of a calendar year as ``tours.json`` holds them."""
    return {"year": year, **{name: round(value, 1) for name, value in asdict(found).items()}}


def write_tours(
    plan: TourPlan,
    folder: Path,
    *,
    department: str,
    period: tuple[date, date],
    closed: Sequence[Closure] = (),
    one_by_one: bool = False,
    contact: str = "",
    **more: Any,
) -> list[Path]:
    """Write the files of a plan; ``tours.json`` comes last, so that it stands for all.

    Returns the main files, those of :data:`FILES`.

    Parameters
    ----------
    plan, folder
        What to write, and where; the folder is made.
    department
        Decides public holidays and the time zone.
    period
        First and last day of the calendar.
    closed
        Periods without tours.
    one_by_one
        Also write a calendar and a GPX file for each van (``vehicules/``), and a calendar
        for each commune served (``communes/``).
    contact
        Whom to call, printed on the day sheets.
    more
        Other entries of ``tours.json``.
    """
    calendar = make_calendar(plan, *period, department=department, closed=closed)
    first_cycle = min(calendar.last, calendar.first + timedelta(weeks=plan.problem.weeks, days=-1))
    year = calendar.first.year
    more["year"] = year_dict(year, one_year(plan, year, department=department, closed=closed))
    shapes = json.dumps(tours_geojson(plan), ensure_ascii=False)
    facts = json.dumps(tours_dict(plan, calendar, **more), ensure_ascii=False, indent=1)
    if one_by_one:
        for name, content in parts(calendar).items():
            write_whole(folder / name, content)
    contents = (
        french_csv(visits_table(calendar)),
        tours_ics(calendar),
        shapes.encode(),
        day_sheets(calendar, first_cycle, contact=contact).encode(),
        facts.encode(),
    )
    return [
        write_whole(folder / name, content) for name, content in zip(FILES, contents, strict=True)
    ]


def parts(calendar: TourCalendar) -> dict[str, bytes]:
    """Return the files of each van and of each commune served, by name."""
    vans = sorted({(o.route.base_code, o.route.van) for o in calendar.outings})
    found = {}
    for base, van in vans:
        found[f"vehicules/{base}-{van + 1}.ics"] = van_ics(calendar, base, van)
        found[f"vehicules/{base}-{van + 1}.gpx"] = tours_gpx(calendar.plan, base, van).encode()
    for code in served_communes(calendar):
        found[f"communes/{code}.ics"] = commune_ics(calendar, code)
    return found


def served_communes(calendar: TourCalendar) -> list[str]:
    """Return the codes of the communes that a calendar serves, in order."""
    stops = calendar.plan.problem.stops
    stopped = {passage.visit.stop for passage in calendar.passages}
    return sorted({code for s in stopped for code in stops[s].served_communes})


def visits_table(calendar: TourCalendar) -> pd.DataFrame:
    """Return the dated visits, one a row, under the French titles of a spreadsheet."""
    problem = calendar.plan.problem
    rows = []
    for passage in calendar.passages:
        stop, route = problem.stops[passage.visit.stop], passage.route
        rows.append(
            {
                "date": passage.start.date().isoformat(),
                "debut": f"{passage.start:%H:%M}",
                "fin": f"{passage.end:%H:%M}",
                "code_commune": stop.commune_code,
                "commune": stop.name,
                "communes_desservies": " ".join(stop.served_communes),
                "personnes_estimees": round(stop.persons),
                "lieu_possible": stop.place,
                "depart": problem.bases[route.base].name,
                "vehicule": route.van + 1,
            }
        )
    return pd.DataFrame(rows)
