"""A prefect's page: facts and rank of the département, positions to move, a proposal to submit."""

import streamlit as st

from planning.adjust import adjust
from planning.deployment import Deployment
from planning.proposals import Proposal
from views.parts import (
    boundary,
    cached,
    identity,
    selectors,
    tables,
    territory_view,
    travel_text,
    wording,
)
from views.parts.allocation import share as share_view
from views.parts.compare import choice as compare_choice
from views.parts.following import follow
from views.parts.proposals import adjust as adjust_view
from views.parts.proposals import author as proposal_desk
from views.parts.proposals import effect as effect_view
from views.parts.proposals import positions as positions_view
from views.parts.proposals import view as proposal_view


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
        proposal = proposal_desk.choose(department, who)
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
        proposal_view.show_status(proposal, proposal.history)
        proposal_desk.show_changed_data(plan, proposal)
    if origin := cached.positions_origin(plan.territory.code, plan.scenario.positions):
        tables.note(f"Nombre de postes : {origin}.")
    tables.note(
        f"Le plan prévoit {plan.scenario.positions} postes dont {plan.mobile.mobile} en tournée."
        + (f" {adjust_view.HOW_TO}" if open_ else "")
    )
    tools = st.container()  # filled once the table has told what was typed
    with st.container(key="a-ajuster"):  # not on paper: the places and reasons say the same
        adjust_view.show_table(plan, desk, readonly=not open_)
    if open_:
        with tools:
            adjust_view.show_tools(plan, desk)
            st.markdown(adjust_view.balance_text(desk))
        adjust_view.show_moving(plan, desk)
    now, start = adjust(plan, desk.now.positions), adjust(plan, desk.start.positions)
    tables.show_facts(effect_view.facts(plan, now, start))
    st.markdown(wording.plain(effect_view.changed_text(plan, now, start)))
    tables.note(travel_text.minutes_note())
    if open_:
        proposal_desk.show_actions(plan, desk, who)
    else:
        proposal_desk.show_closed(plan, desk, who)
    positions_view.show_places(plan, now)
    positions_view.show_files(plan, now, proposal_view.to_sign(now, proposal, who))
    if proposal is not None:
        compare_choice.proposal_button(proposal, proposal.content)
        proposal_view.show_history(proposal.history)
        proposal_view.show_comments(proposal, who)


with boundary.page():
    main()
