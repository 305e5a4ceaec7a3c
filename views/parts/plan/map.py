"""The planner's map: one fill, any overlays, their legends; reruns alone."""

from typing import Final

import streamlit as st

from planning.deployment import Deployment
from views.parts import (
    boundary,
    cached,
    legend,
    map_frame,
    overlays,
    selectors,
    state,
    territory_view,
    wording,
)
from views.parts import map as maps
from views.parts.overlays import Overlays
from views.parts.plan import tours as plan_tours
from views.parts.plan import view as plan_view
from views.parts.tables import note

FILLS: Final = {
    "besoin": "Illectronisme",
    "avant": "Accès aujourd'hui",
    "apres": "Accès avec le plan",
    "rien": "Aucun",
}


@st.fragment
@boundary.guarded
def show(department: str, plan: Deployment | None) -> None:
    """Show the map of a département, with a plan's results when there is one."""
    name = cached.departments().at[department, "name"]
    # Fixed places: the map's frame is loaded again when what stands before it changes in number.
    above, drawing, below = st.container(), st.container(), st.container()
    with above:
        fill, chosen = _controls(department, plan)
        van = _van(plan) if "tournees" in chosen and plan else ""
    layers, legends, marks = [], [], []
    if fill == "besoin":
        layer, scale = territory_view.need_layer(department)
        layers.append(layer)
        legends.append(territory_view.need_legend(department, scale))
    elif fill in ("avant", "apres") and plan:
        outline = territory_view.outline(department)
        layer, scale = plan_view.access_layer(plan, outline, after=fill == "apres")
        layers.append(layer)
        legends.append(legend.scale_html(scale))
    else:
        layers.append(territory_view.plain_layer(department))
    if "cantons" in chosen and (cantons := territory_view.canton_lines(department)):
        layers.append(cantons)
    for choice, kind in reversed(territory_view.PLACE_LAYERS.items()):  # the rarest on top
        if choice in chosen:
            layers.append(territory_view.place_layer(department, choice))
            marks.append(kind.mark)
    if "accordes" in chosen:
        layers.append(territory_view.granted_layer(department))
        marks.append(territory_view.GRANTED_MARK)
    if plan and "tournees" in chosen:
        layers += plan_tours.tour_layers(plan, van)
        marks.append(plan_tours.STOP_MARK)
        legends.append(plan_tours.tour_legend(plan, van))
    if plan and "sites" in chosen:
        layers.append(plan_view.site_layer(plan))
        marks.append(plan_view.SITE_MARK)
    layers.append(territory_view.town_labels(department))
    title = f"Carte : {name}. Les tableaux de la page disent la même chose en texte."
    with drawing:
        map_frame.show(maps.specification(department, title, layers), key="plan_map")
    with below:
        st.html(f"<div class='legendes'>{''.join(legends)}{legend.marks_html(marks)}</div>")
        if "tournees" in chosen and plan:
            note("Les lignes relient les arrêts dans l'ordre ; elles ne suivent pas les routes.")


def _controls(department: str, plan: Deployment | None) -> tuple[str, list[str]]:
    fills = list(FILLS)
    if plan is None:
        fills = ["besoin", "rien"]
    elif plan.situation.minutes_before is None:
        fills.remove("avant")
    linked = state.chosen(st.query_params, "couleur", fills, fills[0])
    fill = st.segmented_control(
        "Couleur des communes",
        fills,
        default=linked,
        format_func=FILLS.get,
        required=True,
        key=f"fill_{len(fills)}",
    )
    state.keep(st.query_params, "couleur", fill, fills[0])
    offered = overlays.of(department, plan)
    shown = _overlays(f"{department}_{plan is not None}", offered) if offered.options else []
    for text in offered.notes:
        note(text)
    if offered.absent:
        with st.container(horizontal=True, vertical_alignment="center"):
            note(f"Couches absentes : {wording.joined(offered.absent)}.")
            st.page_link(
                "planner/data.py",
                label="Charger les couches (dossier ou adresse)",
                icon=":material/database:",
            )
    return fill, shown


def _overlays(key: str, offered: Overlays) -> list[str]:
    """Let the user choose overlays; the address follows."""
    linked = selectors.link().layers
    default = offered.default(linked)
    shown = st.pills(
        "Sur la carte",
        list(offered.options),
        selection_mode="multi",
        default=default,
        format_func=offered.options.get,
        key=f"overlays_{key}_{len(offered.options)}",
    )
    if list(shown) != default or linked is not None:
        st.query_params["couches"] = ",".join(name for name in offered.options if name in shown)
    return list(shown)


def _van(plan: Deployment) -> str:
    found = plan_tours.vans(plan)
    if len(found) < 1:
        return ""
    names = {"": "Toutes les tournées", **{van.key: van.title for van in found}}
    linked = list(names).index(state.chosen(st.query_params, "tournee", names))
    van = st.selectbox("Tournée montrée", list(names), linked, format_func=names.get, width=360)
    state.keep(st.query_params, "tournee", van, "")
    return van
