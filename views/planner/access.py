"""The page of access: who reaches which site, where nobody does, how fairly time is shared."""

import streamlit as st

from views.parts import boundary, cached, selectors, state, tables
from views.parts.access import data as access_data
from views.parts.access import map as access_map
from views.parts.access import rules as access_rules
from views.parts.access import tabs as access_tabs
from views.parts.access import view as access_view
from views.parts.access.data import KINDS
from views.parts.access.view import Choices
from views.parts.travel_text import minutes_note


def main() -> None:
    st.title("Accès")
    tables.lead(
        "À combien de minutes les personnes éloignées du numérique sont d'un lieu d'aide, quelles "
        "communes restent isolées, et comment le temps d'accueil se partage."
    )
    department, choices, other = chosen()
    found = access_data.of_territory(department, choices.kind, choices.decay)
    if not access_data.known_offer(found):
        st.info(
            f"L'offre de ce département est inconnue sur cette machine pour « "
            f"{KINDS[choices.kind].title} » : inconnue ne veut pas dire nulle. Chargez les couches "
            "officielles depuis la page « Données », ou choisissez un autre département.",
            icon=":material/info:",
        )
        return
    tables.show_facts(access_view.facts(found, choices))
    tables.note(f"{access_view.source_text(found)} {minutes_note()}")
    access_map.show(department, choices)
    details(department, other, choices)


def chosen() -> tuple[str, Choices, str]:
    """Show the choices; return the département, what is measured, and what to compare with."""
    kinds = access_data.available()
    names = access_data.compared()
    link = st.query_params
    first, second, third = st.columns(3)
    with first:
        department = selectors.department("access")
    kind = state.chosen(link, "lieux", kinds, kinds[0])
    kind = second.selectbox(
        "Type de lieu", kinds, kinds.index(kind), lambda one: KINDS[one].title, key="access_kind"
    )
    state.keep(link, "lieux", kind, kinds[0])
    others = list(names)
    other = others.index(state.chosen(link, "face", others, "FR"))
    other = third.selectbox("Comparer à", others, other, names.get, key="access_other")
    state.keep(link, "face", other, "FR")
    return department, access_rules.choose(kind), other


@st.fragment
@boundary.guarded
def details(department: str, other_code: str, choices: Choices) -> None:
    """Show one part at a time: what is not looked at is not computed."""
    parts = {
        "courbe": "Courbe",
        "isolees": "Communes isolées",
        "cantons": "Cantons",
        "comparaison": "Comparaison",
        "equite": "Équité",
        "sans-voiture": "Sans voiture",
        "poste": "Règle postale",
        "plan": "Avec le plan",
    }
    default = state.chosen(st.query_params, "partie", parts, "courbe")
    part = st.segmented_control(
        "Détail",
        list(parts),
        default=default,
        format_func=parts.get,
        required=True,
        key="access_part",
    )
    state.keep(st.query_params, "partie", part, "courbe")
    found = access_data.of_territory(department, choices.kind, choices.decay)
    other = access_data.of_territory(other_code, choices.kind, choices.decay)
    plan = cached.known_plan(cached.default_scenario(department)) if part == "plan" else None
    if part in access_tabs.COMPARING and not access_data.known_offer(other):
        access_tabs.unknown_there(other)
        other = None
    shown = {
        "courbe": lambda: access_tabs.curves(found, other, choices),
        "isolees": lambda: access_tabs.isolated(found, choices),
        "cantons": lambda: access_tabs.cantons(found, choices),
        "comparaison": lambda: access_tabs.compared(found, other, choices),
        "equite": lambda: access_tabs.fairness(found, choices),
        "sans-voiture": lambda: access_tabs.no_car(found, other, choices),
        "poste": lambda: access_tabs.postal(found),
        "plan": lambda: access_tabs.with_a_plan(found, plan, choices),
    }
    shown[part]()
    if part in access_tabs.COMPARING and other is not None:
        access_tabs.left_out(other)


with boundary.page():
    main()
