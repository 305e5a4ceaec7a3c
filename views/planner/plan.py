"""The planner's page: a finished plan, its map, its reasons, and a form for another one."""

from dataclasses import replace

import streamlit as st

from planning.deployment import Deployment
from planning.scenario import Scenario
from views.parts import (
    boundary,
    cached,
    charts,
    debate,
    downloads,
    selectors,
    tables,
    travel_text,
    wording,
)
from views.parts.following import follow
from views.parts.plan import map as plan_map
from views.parts.plan import scenarios as scenarios_view
from views.parts.plan import tours as plan_tours
from views.parts.plan import view as plan_view


def main() -> None:
    st.title("Plan de déploiement")
    tables.lead(
        "Où poster des conseillers numériques, et où faire passer des tournées : une proposition "
        "calculée à partir de données publiques, à discuter avec le terrain."
    )
    # Fixed places: the map's frame is loaded again when what stands before it changes in number.
    choice, figures, drawing, rest = (st.container() for _ in range(4))
    with choice:
        department = selectors.department("plan")
    scenario = chosen_scenario(department)
    with figures:
        plan = cached.known_plan(scenario)
        if plan is None and (department == selectors.DEFAULT or asked(scenario)):
            plan = follow(cached.plan_job(scenario), "Calcul du plan")
        summary(department, plan)
    with drawing:
        plan_map.show(department, plan)
    with rest:
        if plan is None:
            offer(scenario)
        else:
            details(plan)
            scenarios_view.compare_button(scenario)
        form(scenario)
        scenarios_view.show(scenario, plan)


def chosen_scenario(department: str) -> Scenario:
    """Return what was chosen for this département: by its form, by a link, else by default."""
    default = cached.default_scenario(department)
    kept = st.session_state.setdefault("scenarios", {})
    linked = selectors.linked_scenario()
    if department not in kept and linked and linked.territory == department:
        ask(linked)
    scenario = kept.get(department, default)
    selectors.keep_scenario(scenario, default)
    return scenario


def asked(scenario: Scenario) -> bool:
    """Tell whether someone asked for this plan in this visit or by a link."""
    return cached.plan_key(scenario) in st.session_state.get("asked", set())


def ask(scenario: Scenario) -> None:
    st.session_state.setdefault("scenarios", {})[scenario.territory] = scenario
    st.session_state.setdefault("asked", set()).add(cached.plan_key(scenario))


def summary(department: str, plan: Deployment | None) -> None:
    if plan is None:
        tables.show_facts(selectors.need_facts(department))
        return
    tables.show_facts(plan_view.facts(plan))
    if origin := cached.positions_origin(department, plan.scenario.positions):
        tables.note(f"Nombre de postes : {origin}.")
    selectors.show_data_status(plan.situation.provenance)
    scenarios_view.show_reopened(plan)


def offer(scenario: Scenario) -> None:
    st.info(
        f"Aucun plan n'est encore calculé pour ce département. Il compterait "
        f"{wording.count(scenario.positions, 'poste')} : "
        f"{cached.positions_origin(scenario.territory, scenario.positions)}.",
        icon=":material/info:",
    )
    st.button(
        "Calculer le plan (environ 15 secondes)",
        type="primary",
        on_click=boundary.guarded(ask),
        args=(scenario,),
    )


def details(plan: Deployment) -> None:
    sites, tours, effect, method = st.tabs(["Sites", "Tournées", "Avant et après", "Méthode"])
    with sites:
        tables.show_table(
            plan_view.SITE_COLUMNS,
            plan_view.site_rows(plan),
            "Lieux proposés pour les postes fixes",
        )
    with tours:
        show_tours(plan)
    with effect:
        charts.show_before_after(
            plan_view.access_pairs(plan),
            f"Part des {plan_view.persons_text(plan)} proches d'un lieu d'accompagnement",
        )
        tables.note(f"{travel_text.minutes_note()} Les tournées n'y sont pas comptées.")
    with method:
        st.markdown(plan_view.method_text(plan))
        debate.show_debate()
    downloads.plan_buttons(plan)


def show_tours(plan: Deployment) -> None:
    if plan.touring.note:
        st.info(plan.touring.note, icon=":material/info:")
    st.markdown(plan.mobile_why)
    for van in plan_tours.vans(plan):
        tables.show_table(plan_tours.TOUR_COLUMNS, plan_tours.tour_rows(van), van.title)


def form(scenario: Scenario) -> None:
    with st.expander("Calculer un autre plan", icon=":material/tune:"):
        changed = selectors.scenario_form(scenario)
        if changed is not None:
            ask(replace(scenario, **changed))
            st.rerun()


with boundary.page():
    main()
