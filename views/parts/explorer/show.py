"""The explorer itself: choices, map, sheet, table; reruns alone."""

import pandas as pd
import streamlit as st

from geodata import tables as data
from views.parts import audience, boundary, legend, map_frame, selectors
from views.parts.explorer import (
    controls,
    drawing,
    figures,
    listing,
    method,
    overlays,
    results,
    sheet,
    zones,
)
from views.parts.explorer import view as views
from views.parts.explorer.measures import MEASURES, TYPES
from views.parts.explorer.view import View
from views.parts.tables import lead, note

_KEPT = "explored"
_WRITTEN = "explored_link"
_IGNORED = "explored_ignored"
MAP_HEIGHT_PX = 600


def restore() -> None:
    """Take up the view of the link, else the one left, else the whole country.

    Called by the page, not by the part that reruns alone: a run cut short by the next choice
    may leave the address behind, which must not be taken for another link.
    """
    said = {name: st.query_params[name] for name in views.PARAMETERS if name in st.query_params}
    linked = said or views.DEPARTMENT_LINK in st.query_params
    if _KEPT in st.session_state and (not linked or said == st.session_state.get(_WRITTEN)):
        return
    controls.forget()
    view, ignored = views.read(st.query_params.to_dict(), View()) if linked else (_first(), ())
    st.session_state[_KEPT] = view
    st.session_state[_IGNORED] = bool(ignored)


def _first() -> View:
    if audience.audience() == "prefect":
        return View(zone=st.session_state.get("department", selectors.DEFAULT)).coherent()
    return View()


def keep(view: View) -> None:
    """Keep the view for the next visit of the page, and put it in the address."""
    link = views.write(view)
    st.session_state[_KEPT] = view
    st.session_state[_WRITTEN] = link
    st.session_state[_IGNORED] = False
    if view.department:
        st.session_state["department"] = view.department
    for name in (*views.PARAMETERS, views.DEPARTMENT_LINK):
        if name not in link and name in st.query_params:
            del st.query_params[name]
    for name, value in link.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


@st.fragment
@boundary.guarded
def show() -> None:
    """Show the explorer."""
    # Fixed places: the map's frame is loaded again when what stands before it changes in number.
    above, middle, below = st.container(), st.container(), st.container()
    with middle:
        left, right = st.columns([3, 2], gap="medium")
        choices, drawn, told = left.container(), left.container(), left.container()
    with above:
        view = st.session_state[_KEPT]
        if st.session_state[_IGNORED]:
            selectors.tell_ignored()
        view = controls.weights(controls.classes(controls.place(view)))
    with choices:
        view, computed = controls.result(controls.over(view))
    with right:
        view = controls.unit(view).coherent()
    table = figures.of_view(view)
    with drawn:
        found = draw(view, table, computed)
    with told:
        show_legend(view, found, computed)
    with right:
        if view.unit:
            sheet.show_facts(view)
        else:
            no_unit(view)
    with below:
        if view.unit:
            sheet.show_table(view)
        results.show_tables(computed)
        if view.measure == TYPES.id:
            method.show_types()
        st.subheader(f"{zones.LEVEL_TITLES[view.level]} : {view.zone_name}")
        listing.show(view, table)
    keep(view)


def draw(view: View, table: pd.DataFrame, computed: results.Drawn) -> drawing.Drawn:
    """Draw the map."""
    if view.measure == TYPES.id:
        found = drawing.type_areas(view, table, figures.types())
    else:
        found = drawing.areas(view, table, MEASURES[view.measure])
    towns = data.communes()
    ours = towns[towns["kind"] == "commune"]
    if view.zone != zones.COUNTRY:
        ours = ours[ours[zones.kind(view.zone)] == view.zone.removeprefix(zones.REGION)]
    named = ours[["name", "lat", "lon", "population"]]
    spec = drawing.specification(view, found, computed.layers, named)
    map_frame.show(spec, key="explorer_map", height=MAP_HEIGHT_PX, on_pick=controls.picker(view))
    return found


def show_legend(view: View, found: drawing.Drawn, computed: results.Drawn) -> None:
    """Show the legends of the areas, of the borders, of the points, of what was computed."""
    lines = legend.lines_html(overlays.lines_of(view.layers))
    marks = legend.marks_html(overlays.marks(view.layers))
    st.html(f"<div class='legendes'>{found.legend}{lines}{marks}{computed.legend}</div>")


def no_unit(view: View) -> None:
    """Say what to do where no unit is chosen."""
    one = zones.ONE_OF[view.level]
    article, it = ("une", "la") if one == "commune" else ("un", "le")
    lead(f"Cliquez sur {article} {one} de la carte, ou choisissez-{it} ici, pour lire sa fiche.")
    note(f"{view.zone_name} :")
    sheet.show_zone(view)
    note("Le tableau plus bas donne les chiffres de tous les territoires, et se trie.")
