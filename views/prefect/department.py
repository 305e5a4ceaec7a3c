"""A prefect's page: facts and rank of the département, positions to move, a proposal to submit."""

import pandas as pd
import streamlit as st

from planning.adjust import Adjusted, adjust
from planning.deployment import Deployment
from planning.proposals import Proposal
from views.parts import (
    adjust_view,
    boundary,
    cached,
    canton_view,
    downloads,
    effect_view,
    identity,
    legend,
    plan_view,
    proposal_desk,
    proposal_view,
    selectors,
    share_view,
    tables,
    territory_view,
)
from views.parts import map as maps
from views.parts.following import follow


def main() -> None:
    st.title("Mon département")
    tables.lead(
        "La situation du département, les postes proposés par canton, et l'effet immédiat de "
        "vos changements."
    )
    mine = identity.own_department(identity.current(), cached.departments().index)
    department = selectors.department("prefect", home=mine)
    with st.container():
        tables.show_facts(
            [*selectors.need_facts(department), *territory_view.supply_facts(department)]
        )
        tables.note(territory_view.need_note(department))
        share_view.show_share(department)
    with st.container():
        who = identity.show()
        proposal = proposal_desk.choose(department)
        plan = the_plan(department, proposal)
    if plan is not None:
        adjustable(plan, proposal, who)


def the_plan(department: str, proposal: Proposal | None) -> Deployment | None:
    """Return the plan worked on: at once when it is known or needed, else when asked for."""
    if proposal is not None:
        return follow(cached.plan_job(proposal.content.scenario), "Calcul du plan de départ")
    scenario = cached.default_scenario(department)
    plan = cached.known_plan(scenario)
    asked = st.session_state.setdefault("asked", set())
    key = cached.plan_key(scenario)
    if plan is not None:
        return plan
    if department != selectors.DEFAULT and key not in asked:
        st.info("Aucun plan n'est encore calculé pour ce département.", icon=":material/info:")
        st.button(
            f"Calculer une proposition pour {scenario.positions} postes",
            type="primary",
            on_click=asked.add,
            args=(key,),
        )
        return None
    return follow(cached.plan_job(scenario), "Calcul d'une première proposition")


@st.fragment
@boundary.guarded
def adjustable(plan: Deployment, proposal: Proposal | None, who: identity.Identity) -> None:
    """Show the table to adjust, its effect, the cantons and the map, and the proposal."""
    desk = proposal_desk.desk_for(plan, proposal)
    open_ = bool(desk.newer) or proposal is None or proposal.editable
    st.subheader("Postes fixes proposés, à ajuster" if open_ else "Postes fixes proposés")
    if proposal is not None:
        proposal_view.show_status(proposal)
        proposal_desk.show_changed_data(plan, proposal)
    tables.note(
        f"Le plan prévoit {plan.scenario.positions} postes dont {plan.mobile.mobile} en tournée. "
        "Changez les nombres de la colonne « Postes » ; les lieux sans poste viennent à la suite. "
        "Cochez « Verrouillé » ce que le calcul doit laisser tel quel."
    )
    tools = st.container()  # filled once the table has told what was typed
    adjust_view.show_table(plan, desk, readonly=not open_)
    if open_:
        with tools:
            adjust_view.show_tools(plan, desk)
        adjust_view.show_moving(plan, desk)
    now, start = adjust(plan, desk.now.positions), adjust(plan, desk.start.positions)
    tables.show_facts(effect_view.facts(plan, now, start))
    if open_:
        proposal_desk.show_actions(plan, desk, who)
    else:
        proposal_desk.show_closed(plan, desk)
    show_places(plan, now)
    downloads.report_buttons(plan, proposal_view.to_sign(now, proposal, who))
    if proposal is not None:
        proposal_view.show_history(proposal)
        proposal_view.show_comments(proposal, who)


def show_places(plan: Deployment, now: Adjusted) -> None:
    """Show where the positions are, by map, canton and place."""
    _draw(plan, canton_view.adjusted_layer_rows(plan, now))
    cantons, sites = st.tabs(["Par canton", "Lieux et raisons"])
    with cantons:
        tables.show_table(
            canton_view.canton_columns(plan),
            canton_view.canton_rows(plan, now),
            "Postes fixes et accès par canton",
        )
    with sites:
        tables.show_table(
            canton_view.SITE_COLUMNS,
            canton_view.site_rows(plan, now),
            "Postes proposés et raison de chacun",
        )
    downloads.csv_button(
        "Ma proposition (CSV)",
        lambda: _taken_away(plan, now),
        f"proposition-{plan.territory.code}.csv",
    )


def _taken_away(plan: Deployment, now: Adjusted) -> pd.DataFrame:
    return pd.DataFrame(
        canton_view.site_rows(plan, now),
        columns=[column.title for column in canton_view.SITE_COLUMNS],
    )


def _draw(plan: Deployment, rows: list[tuple[object, ...]]) -> None:
    department = plan.territory.code
    layer, scale = territory_view.need_layer(department)
    cantons = territory_view.canton_lines(department)
    layers = [layer, *([cantons] if cantons else [])]
    layers += [maps.points(rows, plan_view.SITE_MARK), territory_view.town_labels(department)]
    title = f"Carte des postes : {plan.territory.name}. Le tableau par canton dit la même chose."
    maps.show(maps.specification(department, title, layers), key="prefect_map", height=460)
    st.html(
        territory_view.need_legend(department, scale) + legend.marks_html([plan_view.SITE_MARK])
    )


with boundary.page():
    main()
