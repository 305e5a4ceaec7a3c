"""Tours as figures and rows: pure functions from a plan to what the page shows."""

from collections.abc import Iterator
from dataclasses import dataclass

from geodata import tables
from planning.tours.calendar import TourCalendar
from planning.tours.making import MadeTours
from planning.tours.plan import DayRoute, TourPlan, Visit
from planning.tours.problem import TourStop
from planning.tours.yearly import TourYear
from views.parts import wording
from views.parts.charts import Pair
from views.parts.tables import Column, Fact, Html, badge

RHYTHMS = {1: "chaque semaine", 2: "toutes les 2 semaines", 4: "toutes les 4 semaines"}

KM = f"{wording.FIXED}km"


@dataclass(frozen=True)
class Van:
    """A van of a plan: its rank among all, its base and its days in order."""

    rank: int
    base: int
    number: int
    title: str
    days: tuple[DayRoute, ...]


def vans(plan: TourPlan) -> list[Van]:
    """Return the vans that go out, in the order of bases and numbers."""
    groups: dict[tuple[int, int], list[DayRoute]] = {}
    for route in plan.days:
        groups.setdefault((route.base, route.van), []).append(route)
    found = []
    for rank, ((base, van), days) in enumerate(sorted(groups.items())):
        name = plan.problem.bases[base].name
        alone = sum(key[0] == base for key in groups) == 1
        title = f"Véhicule de {name}" if alone else f"Véhicule {van + 1} de {name}"
        ordered = tuple(sorted(days, key=lambda route: route.day))
        found.append(Van(rank, base, van, title, ordered))
    return found


def facts(made: MadeTours, plan: TourPlan, year: TourYear, number: int) -> list[Fact]:
    """Return the figures that sum up a plan and its year."""
    communes = {code for stop in _served(plan) for code in stop.served_communes}
    people = "personnes en illectronisme (estimation)"
    if made.effect is not None and made.effect.weight == "population":
        people = "estimation rapportée à la population"
    missing = plan.visits_required - plan.visits_served
    return [
        Fact(
            "Communes desservies",
            wording.number(len(communes)),
            f"sur {wording.count(len(made.found.isolated), 'isolée')}, par "
            f"{wording.count(len(plan.stops), 'arrêt')}",
            strong=True,
        ),
        Fact(
            f"Visites par cycle de {wording.count(plan.problem.weeks, 'semaine')}",
            wording.number(plan.visits_served),
            f"il en manque {wording.number(missing)}" if missing else "toutes celles demandées",
            strong=True,
        ),
        Fact("Personnes aux arrêts", wording.number(year.persons), people),
        Fact(
            f"Route en {number}",
            f"{wording.number(year.km)}{KM}",
            f"{wording.number(year.cost_eur)}{wording.FIXED}€ de frais, barème de 2022 (6-7 CV)",
        ),
        Fact(
            f"Travail en {number}",
            f"{wording.number(year.hours_h)}{wording.FIXED}h",
            f"dont {wording.number(year.drive_h)}{wording.FIXED}h de conduite, en "
            f"{wording.count(year.outings, 'sortie')}",
        ),
    ]


def idle_text(plan: TourPlan) -> str:
    """Say that fewer vans may do, where these stay in often; empty where they do not."""
    vans, busy = sum(base.vans for base in plan.problem.bases), plan.busy_vans
    if plan.left_for_room or not 0 < busy < vans:
        return ""
    return (
        f"{wording.count(vans, 'véhicule')}, {wording.count(len(plan.days), 'sortie')} pour "
        f"{wording.number(plan.van_days)} journées possibles par cycle : autant que "
        f"{wording.count(busy, 'véhicule')} sortant chaque jour. Relancez le calcul avec moins de "
        "véhicules pour savoir si tout tient encore, avec des trajets plus longs."
    )


def _served(plan: TourPlan) -> Iterator[TourStop]:
    left_out = {item.stop for item in plan.unserved}
    return (stop for s, stop in enumerate(plan.problem.stops) if s not in left_out)


WEEK_COLUMNS = (
    Column("Jour"),
    Column("Départ"),
    Column("Permanences"),
    Column("Pause"),
    Column("Retour"),
    Column("Conduite", number=True),
    Column("Distance", number=True),
)


def week_rows(plan: TourPlan, van: Van, week: int) -> list[tuple[str | Html, ...]]:
    """Return the days of a van in a week of the cycle, from 0."""
    return [
        (
            wording.capital(wording.DAYS[route.weekday]),
            wording.clock(route.leave_min),
            Html("<br>".join(_visit_html(plan, visit) for visit in route.visits)),
            "au point de départ"
            if route.lunch_from_min is None
            else wording.clock(route.lunch_from_min),
            wording.clock(route.return_min),
            wording.minutes(route.drive_min),
            f"{wording.number(route.km)}{KM}",
        )
        for route in van.days
        if route.week == week
    ]


def _visit_html(plan: TourPlan, visit: Visit) -> str:
    name = wording.html_text(plan.problem.stops[visit.stop].name)
    hours = f"{wording.clock(visit.arrive_min)} – {wording.clock(visit.depart_min)}"
    return f"<strong>{name}</strong>, {hours}"


STOP_COLUMNS = (
    Column("Arrêt"),
    Column("Rythme"),
    Column("Jours et heures"),
    Column("Dessert aussi"),
    Column("Personnes (estimation)", number=True),
    Column("Lieu possible, à convenir"),
)


def stop_rows(plan: TourPlan) -> list[tuple[str | Html, ...]]:
    """Return the stops served, those with most persons first."""
    names = tables.communes()["name"]
    rows = []
    for visits in plan.stops.values():
        stop = plan.problem.stops[visits[0][1].stop]
        others = [str(names.get(code, code)) for code in stop.served_communes[1:]]
        rows.append(
            (
                stop.persons,
                (
                    stop.name,
                    RHYTHMS[stop.every_weeks],
                    Html("<br>".join(_when(route, visit) for route, visit in visits)),
                    wording.joined(others),
                    wording.number(stop.persons),
                    stop.place or "inconnu",
                ),
            )
        )
    return [row for _, row in sorted(rows, key=lambda one: (-one[0], str(one[1][0])))]


def _when(route: DayRoute, visit: Visit) -> str:
    day = f"Semaine {route.week + 1}, {wording.DAYS[route.weekday]}"
    return f"{day}, {wording.clock(visit.arrive_min)} – {wording.clock(visit.depart_min)}"


LEFT_COLUMNS = (Column("Arrêt"), Column("Visites", number=True), Column("Pourquoi"))


def left_rows(plan: TourPlan) -> list[tuple[str | Html, ...]]:
    """Return the stops left out, and why."""
    return [
        (
            plan.problem.stops[item.stop].name,
            wording.number(item.visits),
            wording.capital(item.reason),
        )
        for item in plan.unserved
    ]


def pairs(made: MadeTours, minutes: int) -> list[Pair]:
    """Return the share of people with a counsellor near, by rhythm, before and after."""
    effect = made.effect
    if effect is None:
        return []
    return [
        Pair(wording.count(weeks, "semaine"), effect.before(minutes), effect.after(minutes, weeks))
        for weeks in RHYTHMS
        if weeks <= made.choice.request.weeks
    ]


def effect_title(made: MadeTours, minutes: int) -> str:
    """Return what the chart of :func:`pairs` measures."""
    people = "personnes en illectronisme"
    if made.effect is not None and made.effect.weight == "population":
        people = "habitants"
    return f"Part des {people} avec un conseiller à {minutes} min ou moins, au moins toutes les :"


CLOSED_COLUMNS = (Column("Date"), Column("Sorties annulées", number=True), Column("Pourquoi"))


def closed_rows(calendar: TourCalendar) -> list[tuple[str | Html, ...]]:
    """Return the days of a calendar on which the vans stay in."""
    days: dict[tuple[str, str], int] = {}
    for outing in calendar.cancelled:
        key = (wording.day_text(outing.day), outing.closed_by)
        days[key] = days.get(key, 0) + 1
    return [(day, wording.number(count), badge(why)) for (day, why), count in days.items()]
