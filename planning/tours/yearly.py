"""What a year of tours amounts to: kilometres, hours, cost, persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from planning.tours.calendar import TourCalendar, make_calendar
from planning.tours.closures import Closure
from planning.tours.plan import TourPlan

Power = Literal["5", "6-7", "8"]

KM_BANDS: Final = (2_000.0, 10_000.0)
"""Upper limits of the first two bands of the allowance, in kilometres a year."""

KM_SCALE_EUR: Final[dict[Power, tuple[float, float, float]]] = {
    "5": (0.32, 0.40, 0.23),
    "6-7": (0.41, 0.51, 0.30),
    "8": (0.45, 0.55, 0.32),
}
"""Allowance in euros a kilometre, by fiscal power (CV) and band (arrêté of 14 March 2022)."""


@dataclass(frozen=True)
class TourYear:
    """A calendar added up; ``cost_eur`` is the allowance for the kilometres alone.

    ``hours_h`` are hours on duty, lunch taken off; of these ``drive_h`` at the wheel
    and ``service_h`` with the public.  ``persons`` live where a stop is served.
    """

    outings: int
    visits: int
    cancelled_visits: int
    km: float
    drive_h: float
    service_h: float
    hours_h: float
    cost_eur: float
    persons: float


def one_year(
    plan: TourPlan,
    year: int,
    *,
    department: str,
    power: Power = "6-7",
    closed: Iterable[Closure] = (),
) -> TourYear:
    """Return the totals of a calendar year; public holidays and closed periods are taken off."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    calendar = make_calendar(plan, first, last, department=department, closed=closed)
    return totals(calendar, power)


def totals(calendar: TourCalendar, power: Power = "6-7") -> TourYear:
    """Return the totals of a calendar; the bands of the scale hold for each van."""
    km_of: dict[tuple[str, int], float] = {}
    drive_min = service_min = duty_min = 0.0
    lunch_min = calendar.plan.problem.day.lunch_min
    for outing in calendar.outings:
        route = outing.route
        van = (route.base_code, route.van)
        km_of[van] = km_of.get(van, 0.0) + route.km
        drive_min += route.drive_min
        pauses = 0.0 if route.lunch_from_min is None else lunch_min
        duty_min += route.return_min - route.leave_min - pauses
        service_min += sum(
            calendar.plan.problem.stops[visit.stop].service_min for visit in route.visits
        )
    return TourYear(
        outings=len(calendar.outings),
        visits=sum(len(outing.route.visits) for outing in calendar.outings),
        cancelled_visits=sum(len(outing.route.visits) for outing in calendar.cancelled),
        km=sum(km_of.values()),
        drive_h=drive_min / 60.0,
        service_h=service_min / 60.0,
        hours_h=duty_min / 60.0,
        cost_eur=sum(km_cost_eur(km, power) for km in km_of.values()),
        persons=calendar.plan.persons_served,
    )


def km_cost_eur(km: float, power: Power = "6-7") -> float:
    """Return the allowance for one vehicle's kilometres in a year, band by band."""
    low, middle, high = KM_SCALE_EUR[power]
    first, second = KM_BANDS
    return (
        low * min(km, first)
        + middle * min(max(km - first, 0.0), second - first)
        + high * max(km - second, 0.0)
    )
