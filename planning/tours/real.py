"""A published tour, rebuilt as a plan, beside what the planner makes of the same service."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata.readers.tours import read_bus_tour
from planning.situation import national_network
from planning.stopping import Stop
from planning.tours.limits import WorkingDay
from planning.tours.periodic import solve
from planning.tours.plan import DayRoute, TourPlan, Visit
from planning.tours.problem import FloatArray, TourBase, TourProblem, TourStop

FILE: Final = "bus-france-services-charente.json"
RUFFEC: Final = "16292"
LONGEST_LEG_MIN: Final = 120.0

_WEEK_OF = {"odd": 0, "even": 1}
_MIDDAY = 750.0
"""Where the break of a whole day stands: 12:30, as the published hours have it."""


@dataclass(frozen=True)
class Comparison:
    """Two plans of the same service side by side, over one cycle."""

    outings: tuple[int, int]
    visits: tuple[int, int]
    km: tuple[float, float]
    drive_h: tuple[float, float]
    duty_h: tuple[float, float]


def same_service(
    stops: pd.DataFrame,
    base: TourBase,
    minutes: FloatArray,
    km: FloatArray,
    day: WorkingDay | None = None,
) -> TourProblem:
    """Return the problem of serving the stops of a published fortnightly tour anew.

    Each stop keeps the length of its visit and its fortnight; days and order are free.

    Parameters
    ----------
    stops
        Rows of :func:`geodata.readers.tours.read_bus_tour`, a stop each.
    base
        Where the vans sleep.
    minutes, km
        Between the base and the stops, shape (1 + n, 1 + n), the base first.
    day
        Limits; by default those within which the published tour itself stands: its
        earliest and latest hours, and its shortest midday break.
    """
    day = day or WorkingDay(
        public_from_min=float(stops["open_min"].min()),
        public_until_min=float(stops["close_min"].max()),
        lunch_min=_shortest_break(stops, np.asarray(minutes, dtype=float)),
        max_work_min=540.0,
    )
    rows: list[Any] = list(stops.itertuples(index=False))
    return TourProblem(
        stops=tuple(
            TourStop(
                commune_code=str(row.commune_code),
                name=str(row.name),
                service_min=float(row.service_min),
                every_weeks=1 if row.week == "every" else 2,
                lon=float(row.lon),
                lat=float(row.lat),
            )
            for row in rows
        ),
        bases=(base,),
        minutes=np.asarray(minutes, dtype=float),
        km=np.asarray(km, dtype=float),
        weeks=2,
        day=day,
    )


def _shortest_break(stops: pd.DataFrame, minutes: FloatArray) -> float:
    """Return the break that the published hours leave at midday, an hour at most."""
    left = 60.0
    for _, places in stops.reset_index(drop=True).groupby(["week", "weekday"]):
        rows: list[Any] = list(places.sort_values("open_min").itertuples())
        for row in rows:
            pause = row.close_min - row.open_min - row.service_min
            if pause > 0:
                left = min(left, pause)
        for one, two in pairwise(rows):
            drive = minutes[1 + one.Index, 1 + two.Index]
            left = min(left, two.open_min - one.close_min - drive)
    return float(np.floor(max(left, 0.0)))


def as_published(problem: TourProblem, stops: pd.DataFrame) -> TourPlan:
    """Return the published tour as a plan: one van, the hours it gives, shortest drives.

    The van is taken to leave just in time and to come straight back: the published
    calendar does not say. A break stands where the hours leave one.
    """
    days: dict[tuple[int, int], list[tuple[int, Visit]]] = {}
    rows: list[Any] = list(stops.itertuples(index=False))
    for s, row in enumerate(rows):
        weeks = (0, 1) if row.week == "every" else (_WEEK_OF[str(row.week)],)
        pause = float(row.close_min) - float(row.open_min) - float(row.service_min)
        visit = Visit(
            stop=s,
            commune_code=str(row.commune_code),
            arrive_min=float(row.open_min),
            depart_min=float(row.close_min),
            lunch_from_min=_MIDDAY if pause > 0 else None,
        )
        for week in weeks:
            days.setdefault((week, int(row.weekday)), []).append((s, visit))
    routes = tuple(
        _route(problem, place, [visit for _, visit in sorted(found, key=_opening)])
        for place, found in sorted(days.items())
    )
    costs = problem.costs
    cost = sum(
        r.km * costs.eur_per_km + r.drive_min / 60 * costs.eur_per_h + costs.eur_per_van_day
        for r in routes
    )
    return TourPlan(
        problem=problem,
        days=routes,
        unserved=(),
        cost=cost,
        relaxations=(),
        iterations=0,
        seconds=0.0,
        seed=0,
        stop_kind="published",
        stop_value=0.0,
    )


def compare(one: TourPlan, other: TourPlan) -> Comparison:
    """Return both plans' outings, visits, kilometres and hours."""
    plans = (one, other)
    return Comparison(
        outings=(len(one.days), len(other.days)),
        visits=(one.visits_served, other.visits_served),
        km=(one.km, other.km),
        drive_h=(one.drive_min / 60, other.drive_min / 60),
        duty_h=(_duty_h(plans[0]), _duty_h(plans[1])),
    )


def _duty_h(plan: TourPlan) -> float:
    """Hours from leaving to coming back, breaks included."""
    return sum(route.return_min - route.leave_min for route in plan.days) / 60


def _opening(item: tuple[int, Visit]) -> float:
    return item[1].arrive_min


def _route(problem: TourProblem, place: tuple[int, int], visits: list[Visit]) -> DayRoute:
    week, weekday = place
    path = [0, *(problem.n_base + visit.stop for visit in visits), 0]
    legs = list(pairwise(path))
    lunch = next((v.lunch_from_min for v in visits if v.lunch_from_min is not None), None)
    if lunch is None and len(visits) > 1:
        lunch = visits[1].arrive_min - problem.day.lunch_min
    return DayRoute(
        day=week * len(problem.weekdays) + problem.weekdays.index(weekday),
        week=week,
        weekday=weekday,
        base=0,
        base_code=problem.bases[0].commune_code,
        van=0,
        visits=tuple(visits),
        leave_min=visits[0].arrive_min - float(problem.minutes[legs[0]]),
        return_min=visits[-1].depart_min + float(problem.minutes[legs[-1]]),
        lunch_from_min=lunch,
        drive_min=float(sum(problem.minutes[leg] for leg in legs)),
        km=float(sum(problem.km[leg] for leg in legs)),
    )


@dataclass(frozen=True)
class RealTour:
    """A published tour, the plan of the same service, and both side by side.

    ``notes`` are what was mended in the published file, and on how many rows.
    """

    published: TourPlan
    planned: TourPlan
    comparison: Comparison
    notes: dict[str, int]


def ruffecois(path: Path, stop: Stop, *, seed: int = 0) -> RealTour:
    """Return the bus of the Ruffécois as published and planned anew, from Ruffec.

    The base is an assumption: the file does not say where the bus sleeps.

    Parameters
    ----------
    path
        ``bus-france-services-charente.json``, as published.
    stop, seed
        See :mod:`planning.stopping`.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    table = read_bus_tour(path)
    stops = table.frame
    points = national_network().points
    minutes, km = national_network().between([RUFFEC, *stops["commune_code"]], LONGEST_LEG_MIN)
    base = TourBase(RUFFEC, str(points.at[RUFFEC, "name"]))
    problem = same_service(stops, base, minutes, km)
    real = as_published(problem, stops)
    plan = solve(problem, stop, seed=seed)
    return RealTour(real, plan, compare(real, plan), dict(table.notes))
