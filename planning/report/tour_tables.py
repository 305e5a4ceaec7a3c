"""The tours of a plan in its report: one table a van."""

from planning.deployment import Deployment
from planning.report.content import Cell, Column, Note, Quantity, Table
from planning.tours.plan import DayRoute, TourPlan
from planning.tours.problem import WEEKDAYS_FR

Van = tuple[str, int, int]
"""Département, base and number of a van."""


def vans(deployment: Deployment) -> dict[Van, list[DayRoute]]:
    """Return the days of each van, in the order in which the map colours them."""
    found: dict[Van, list[DayRoute]] = {}
    for department, plan in deployment.touring.plans.items():
        for route in plan.days:
            found.setdefault((department, route.base, route.van), []).append(route)
    return found


def van_title(deployment: Deployment, van: Van) -> str:
    """Return the name of a van's tour."""
    department, base, rank = van
    plan = deployment.touring.plans[department]
    several = sum(1 for d, b, _ in vans(deployment) if (d, b) == (department, base)) > 1
    number_ = f" ({rank + 1})" if several else ""
    return f"Tournée de {plan.problem.bases[base].name}{number_}"


def tour_blocks(deployment: Deployment) -> list[Note | Table]:
    """Return the tours, van by van, or why there is none."""
    blocks: list[Note | Table] = []
    if deployment.touring.note:
        blocks.append(Note(deployment.touring.note))
    names: set[str] = set()
    for van, days in vans(deployment).items():
        title = van_title(deployment, van)
        name = title if title not in names else f"{title} {van[0]}"
        names.add(name)
        blocks.append(_tour_table(name, deployment.touring.plans[van[0]], days))
    return blocks


def _tour_table(title: str, plan: TourPlan, days: list[DayRoute]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for route in sorted(days, key=lambda one: one.day):
        stops = " ; ".join(
            f"{plan.problem.stops[v.stop].name} {_clock(v.arrive_min)}–{_clock(v.depart_min)}"
            for v in route.visits
        )
        day = f"Semaine {route.week + 1}, {WEEKDAYS_FR[route.weekday]}"
        drive, km = Quantity(route.drive_min, "minutes"), Quantity(route.km, "km")
        rows.append((day, stops, drive, km))
    return Table(
        name=title,
        caption=title,
        columns=(
            Column("Jour", 1.4),
            Column("Arrêts", 4.2),
            Column("Conduite", 0.9, number=True),
            Column("Distance", 0.9, number=True),
        ),
        rows=tuple(rows),
    )


def _clock(minutes_of_day: float) -> str:
    whole = round(minutes_of_day)
    return f"{whole // 60}\u00a0h\u00a0{whole % 60:02d}"
