"""The planner's inbox: proposals of the prefects beside the plan, accepted or returned."""

from collections.abc import Mapping

import streamlit as st

from planning.adjust import adjust, adjusted_plan
from planning.deployment import Deployment
from planning.proposal_content import Content
from planning.proposals import Proposal
from planning.report import comparison_report
from views.parts import boundary, cached, downloads, identity, state, tables, travel_text
from views.parts.allocation import share as share_view
from views.parts.compare import choice as compare_choice
from views.parts.compare import map as compare_map
from views.parts.compare import view as compare_view
from views.parts.following import follow
from views.parts.proposals import effect as effect_view
from views.parts.proposals import inbox as inbox_view
from views.parts.proposals import reading
from views.parts.proposals import view as proposal_view
from views.parts.proposals.desk import Work, plan_positions, possible

STATE, WHICH = "etat", "proposition"  # in the link


def main() -> None:
    st.title("Propositions des préfectures")
    tables.lead(
        "Ce que les préfectures proposent à la place du plan : l'écart, son effet, et votre "
        "réponse. Chaque étape est datée, signée et gardée."
    )
    who = identity.show()
    inbox_view.show_answered()
    if reason := inbox_view.closed_to(who):
        st.info(reason, icon=":material/lock:")
        return
    found = inbox_view.received(chosen_state(), who)
    if not found:
        st.info(inbox_view.EMPTY[st.query_params[STATE]], icon=":material/inbox:")
        return
    tables.show_table(
        inbox_view.LIST_COLUMNS,
        inbox_view.list_rows(found),
        "Propositions, la dernière étape d'abord",
    )
    downloads.csv_button(
        "Cette liste (CSV)", lambda: inbox_view.list_frame(found), "propositions.csv"
    )
    proposal = chosen_proposal(found)
    with boundary.page():  # a fault of one sheet leaves the list
        sheet(proposal, who)


def chosen_state() -> str:
    """Show the choice of states; the address follows."""
    names = list(inbox_view.STATES)
    asked = state.chosen(st.query_params, STATE, names, names[0])
    chosen = st.radio(
        "État",
        names,
        index=names.index(asked),
        format_func=inbox_view.STATE_TITLES.get,
        horizontal=True,
        key="inbox_state",
    )
    st.query_params[STATE] = chosen
    return chosen


def chosen_proposal(found: list[Proposal]) -> Proposal:
    """Show the choice of a proposal; the address follows."""
    by_id = {one.id: one for one in found}
    asked = state.chosen(st.query_params, WHICH, by_id, found[0].id)
    chosen = st.selectbox(
        "Proposition ouverte",
        list(by_id),
        index=list(by_id).index(asked),
        format_func=lambda one: inbox_view.label(by_id[one]),
        width=480,
    )
    st.query_params[WHICH] = chosen
    return by_id[chosen]


def sheet(proposal: Proposal, who: identity.Identity) -> None:
    """Show a proposal beside the plan that it started from, and what can be answered."""
    content = inbox_view.sent(proposal)
    st.header(inbox_view.department_name(content.department))
    history = reading.acts(proposal)
    proposal_view.show_status(proposal, history)
    inbox_view.show_differences(content)
    share_view.show_share(content.department)
    with st.container():
        effect(content)
    compare_choice.proposal_button(proposal, content)
    downloads.csv_button(
        "L'écart au plan (CSV)",
        lambda: inbox_view.differences(content),
        f"ecart-{content.department}.csv",
    )
    answer(proposal, who)
    proposal_view.show_history(history)


@st.fragment
@boundary.guarded
def answer(proposal: Proposal, who: identity.Identity) -> None:
    """Show the comments, then the answer."""
    proposal_view.show_comments(proposal, who)
    inbox_view.show_answer(proposal, who)


def effect(content: Content) -> None:
    """Show the figures of both sides, from the same plan and today's data."""
    st.subheader("Effet sur le département")
    plan = follow(cached.plan_job(content.scenario), "Calcul du plan de départ")
    proposed = possible(plan, Work(content.positions)).positions
    now, start = adjust(plan, proposed), adjust(plan, plan_positions(plan))
    tables.show_table(
        effect_view.SIDES,
        effect_view.side_rows(plan, now, start),
        "Les mêmes mesures, pour le plan et pour la proposition",
    )
    proposal_map(plan, proposed)
    tables.note(
        f"Le plan compte {plan.scenario.positions} postes, dont {plan.mobile.mobile} en tournée. "
        f"{travel_text.minutes_note()} Personnes estimées (Insee, 2021). Le coût suit le barème "
        "de 2023 et des hypothèses de salaire."
    )


def proposal_map(plan: Deployment, proposed: Mapping[str, int]) -> None:
    """Show the positions of the plan and of the proposal on two maps in step, and their table."""
    if not proposed:
        return
    other = adjusted_plan(plan, proposed)
    st.subheader("Où vont les postes")
    compare_map.show(plan, other, ("A : le plan de départ", "B : la proposition"))
    with st.expander("Tous les postes, en tableau", icon=":material/table_rows:"):
        compare_view.show_table(comparison_report.sites_table(plan, other))


with boundary.page():
    main()
