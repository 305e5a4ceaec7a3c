"""The page of sharing: positions by territory, why, at what cost, beside what was granted."""

import streamlit as st

from planning.allocation import Allocation
from planning.granted import Comparison
from views.parts import boundary, legend, map_frame, state, tables
from views.parts.allocation import applications as applications_view
from views.parts.allocation import data as allocation_data
from views.parts.allocation import form as allocation_form
from views.parts.allocation import map as allocation_map
from views.parts.allocation import tabs as allocation_tabs
from views.parts.allocation import view as allocation_view
from views.parts.allocation.view import Asked

PARTS = {
    "territoires": "Territoires",
    "etapes": "Étapes",
    "accordes": "Face aux postes accordés",
    "cout": "Coût",
    "heures": "Heures et capacité",
    "scenarios": "Scénarios",
    "candidatures": "Candidatures",
}
FILLS = {"postes": "Postes", "taux": "Pour 1 000 personnes", "ecart": "Écart avec 2023"}


def main() -> None:
    st.title("Répartition")
    tables.lead(
        "Combien de postes pour chaque territoire, selon le besoin : la méthode, chaque étape, ce "
        "que cela change face aux postes accordés, et ce que cela coûte."
    )
    asked = allocation_form.choose()
    allocation = allocation_data.allocation(asked)
    found = allocation_data.comparison(asked)
    units = allocation_view.shown(allocation, asked)
    tables.show_facts(allocation_view.facts(units, asked, found))
    tables.show_table(
        allocation_view.PROMISES,
        allocation_view.promise_rows(asked.method),
        "Ce que chaque méthode garantit, sans minimums, plafonds ni postes déjà là",
    )
    allocation_tabs.files(allocation, found, asked)
    if allocation_map.has_outline(asked):
        draw(asked)
    details(asked, allocation, found)


@st.fragment
@boundary.guarded
def draw(asked: Asked) -> None:
    """Show the map of the units."""
    allocation = allocation_data.allocation(asked)
    found = allocation_data.comparison(asked)
    units = allocation_view.shown(allocation, asked)
    fills = [fill for fill in FILLS if fill != "ecart" or found is not None]
    fill = st.segmented_control(
        "Couleur des territoires",
        fills,
        default=state.chosen(st.query_params, "couleur", fills, "postes"),
        format_func=FILLS.get,
        required=True,
        key=f"allocation_fill_{len(fills)}",
    )
    state.keep(st.query_params, "couleur", fill, "postes")
    if fill == "ecart" and found is not None:
        layer, scale = allocation_map.gap_layer(units, found, asked)
    elif fill == "taux":
        layer, scale = allocation_map.rate_layer(units, asked)
    else:
        layer, scale = allocation_map.count_layer(units, asked)
    map_frame.show(allocation_map.specification(asked, [layer]), key="allocation_map", height=480)
    missing = "besoin non estimé, ou territoire sans contour"
    st.html(f"<div class='legendes'>{legend.scale_html(scale, missing=missing)}</div>")
    if asked.level != "canton":
        tables.note("L'outre-mer est hors du cadre : ses chiffres sont dans le tableau.")


def details(asked: Asked, allocation: Allocation, found: Comparison | None) -> None:
    """Show one part at a time."""
    part = st.segmented_control(
        "Détail",
        list(PARTS),
        default=state.chosen(st.query_params, "partie", PARTS, "territoires"),
        format_func=PARTS.get,
        required=True,
        key="allocation_part",
    )
    state.keep(st.query_params, "partie", part, "territoires")
    units = allocation_view.shown(allocation, asked)
    positions = int(units["positions"].sum())
    rural = float((units["weight"] * units["rural_share"]).sum() / units["weight"].sum())
    shown = {
        "territoires": lambda: allocation_tabs.units(units, asked),
        "etapes": lambda: allocation_tabs.steps(allocation, asked),
        "accordes": lambda: allocation_tabs.granted(found, asked, units),
        "cout": lambda: allocation_tabs.cost(positions),
        "heures": lambda: allocation_tabs.hours(positions, rural),
        "scenarios": lambda: allocation_tabs.scenarios(
            float(allocation.units["persons"].sum()), rural
        ),
        "candidatures": lambda: applications_view.show(asked),
    }
    shown[part]()


with boundary.page():
    main()
