"""The map of tours: a colour a van, a line style a weekday; reruns alone."""

from typing import Final

import numpy as np
import streamlit as st

from planning.tours.plan import DayRoute, TourPlan
from views.parts import boundary, cached, legend, map_frame, territory_view, wording
from views.parts import map as maps
from views.parts.tables import note
from views.parts.tours import view as tours_view
from views.parts.tours.view import Van

# As many as there may be vans, all dark enough on the map's pale ground.
VAN_COLOURS: Final = (
    *maps.TOUR_COLOURS,
    "#00607a", "#5b2a86", "#2f5d00", "#7d0a3d", "#1f2d3a", "#8a3f00",
)  # fmt: skip

STOP_MARK: Final = legend.Mark("arrêt", "circle", "#3a3a3a", 5.0)
BASE_MARK: Final = legend.Mark("point de départ", "square", "#000091", 8.0)


@st.fragment
@boundary.guarded
def show(department: str, plan: TourPlan) -> None:
    """Show the routes of a plan: all vans or one, all weeks or one."""
    name = cached.departments().at[department, "name"]
    found = tours_view.vans(plan)
    names = {-1: "Tous les véhicules", **{van.rank: van.title for van in found}}
    weeks = {-1: "Toutes", **{week: f"Semaine {week + 1}" for week in range(plan.problem.weeks)}}
    left, right = st.columns(2, vertical_alignment="bottom")
    chosen = left.selectbox("Véhicule", list(names), format_func=names.get, key="map_van")
    week = right.segmented_control(
        "Semaine du cycle",
        list(weeks),
        default=0 if 0 in weeks else -1,
        format_func=weeks.get,
        required=True,
        key=f"map_week_{plan.problem.weeks}",
    )
    shown = [van for van in found if chosen in (-1, van.rank)]
    layers = [
        territory_view.plain_layer(department),
        routes_layer(plan, shown, week),
        stops_layer(plan, shown, week),
        bases_layer(plan, shown),
        territory_view.town_labels(department),
    ]
    title = f"Carte des tournées : {name}. Les tableaux de la page disent la même chose en texte."
    map_frame.show(maps.specification(department, title, layers), key="tours_map")
    st.html(f"<div class='legendes'>{legends(plan, shown)}</div>")
    note("Les lignes relient les arrêts dans l'ordre ; elles ne suivent pas les routes.")


def routes_layer(plan: TourPlan, vans: list[Van], week: int) -> maps.Layer:
    """Return the lines of some vans in a week, from 0; in all of them for −1."""
    return {
        "type": "routes",
        "rows": [
            maps.route(
                _path(plan, route),
                van_colour(van.rank),
                maps.TOUR_DASHES[route.weekday % len(maps.TOUR_DASHES)],
                [van.title, _day(route), " · ".join(_names(plan, route))],
            )
            for van in vans
            for route in van.days
            if week in (-1, route.week)
        ],
    }


def stops_layer(plan: TourPlan, vans: list[Van], week: int) -> maps.Layer:
    """Return the stops of some vans with when they are visited."""
    stops: dict[str, list[object]] = {}
    for van in vans:
        for route in van.days:
            if week not in (-1, route.week):
                continue
            for visit in route.visits:
                stop = plan.problem.stops[visit.stop]
                row = [stop.lat, stop.lon, "", f"Arrêt à {stop.name}"]
                when = f"{_day(route)}, {wording.clock(visit.arrive_min)}"
                stops.setdefault(stop.commune_code, row).append(when)
    return maps.points((row for row in stops.values() if np.isfinite(row[0])), STOP_MARK)


def bases_layer(plan: TourPlan, vans: list[Van]) -> maps.Layer:
    """Return where some vans sleep."""
    bases = [plan.problem.bases[base] for base in sorted({van.base for van in vans})]
    rows = [(base.lat, base.lon, "", f"Départ de {base.name}") for base in bases]
    return maps.points((row for row in rows if np.isfinite(row[0])), BASE_MARK)


def van_colour(rank: int) -> str:
    """Return the colour of the van of this rank."""
    return VAN_COLOURS[rank % len(VAN_COLOURS)]


def legends(plan: TourPlan, vans: list[Van]) -> str:
    """Return the legend of some vans: colours, dashes of the weekdays, marks."""
    dashes = maps.TOUR_DASHES
    days = [("#1e1e1e", dashes[d % len(dashes)], wording.DAYS[d]) for d in plan.problem.weekdays]
    colours = [(van_colour(van.rank), "", van.title) for van in vans]
    return (
        legend.lines_html(colours)
        + legend.lines_html(days)
        + legend.marks_html([STOP_MARK, BASE_MARK])
    )


def _path(plan: TourPlan, route: DayRoute) -> list[tuple[float, float]]:
    base = plan.problem.bases[route.base]
    stops = [plan.problem.stops[visit.stop] for visit in route.visits]
    return [(one.lat, one.lon) for one in (base, *stops, base) if np.isfinite(one.lat)]


def _names(plan: TourPlan, route: DayRoute) -> list[str]:
    return [plan.problem.stops[visit.stop].name for visit in route.visits]


def _day(route: DayRoute) -> str:
    return f"Semaine {route.week + 1}, {wording.DAYS[route.weekday]}"
