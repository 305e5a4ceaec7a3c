"""One side of a comparison: a plan by its choices, or a proposal; and how an address names it."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from geodata.errors import DataError
from planning import proposals
from planning.adjust import adjusted_plan
from planning.deployment import Deployment
from planning.proposal_content import Content
from planning.proposal_steps import STATE_FR
from planning.proposals import Proposal
from planning.scenario import Scenario
from views.parts import cached, identity, register, scenario_link, state, wording
from views.parts.compare import view as compare_view
from views.parts.following import follow
from views.parts.proposals import reading
from views.parts.proposals.desk import Work, possible

PROPOSAL: Final = "proposition"
_LONGEST_ID: Final = 64


@dataclass(frozen=True)
class Side:
    """A side: the choices of its plan, and the proposal that moves its positions, if any."""

    scenario: Scenario
    proposal: str = ""


def linked(name: str) -> tuple[Side | None, tuple[str, ...]]:
    """Return the side that the address names, and the parameters that make no sense."""
    prefix = f"{name}_"
    asked = str(st.query_params.get(prefix + PROPOSAL, ""))
    if asked:
        found = of_proposal(asked)
        return found, () if found else (prefix + PROPOSAL,)
    department = str(st.query_params.get(f"{prefix}dep", "")).upper()
    if department in cached.departments().index:
        default = cached.default_scenario(department)
        scenario, ignored = scenario_link.read(st.query_params, default, prefix)
        return Side(scenario), ignored
    said = bool(department) or scenario_link.present(st.query_params, prefix)
    return None, (f"{prefix}dep",) if said else ()


def keep(name: str, side: Side | None) -> None:
    """Put a side in the address."""
    prefix = f"{name}_"
    wanted: dict[str, str] = {}
    if side is not None and side.proposal:
        wanted = {prefix + PROPOSAL: side.proposal}
    elif side is not None:
        default = cached.default_scenario(side.scenario.territory)
        wanted = scenario_link.write(side.scenario, default, prefix)
        wanted[f"{prefix}dep"] = side.scenario.territory
    for key in (PROPOSAL, "dep", *scenario_link.PARAMETERS):
        state.keep(st.query_params, prefix + key, wanted.get(prefix + key, ""), "")


def of_proposal(proposal_id: str) -> Side | None:
    """Return the side of a proposal; ``None`` where there is none that the visitor may read."""
    if not proposal_id.isalnum() or len(proposal_id) > _LONGEST_ID:
        return None
    try:
        content = reading.content(
            proposals.reopen(register.store(), proposal_id), identity.current()
        )
    except DataError:
        return None
    return None if content is None else Side(content.scenario, proposal_id)


def readable() -> dict[str, str]:
    """Return the proposals that the visitor may compare: name of the stream → label."""
    who = identity.current()
    found = {}
    for one in proposals.list_proposals(register.store()):
        content = reading.content(one, who)
        if content is not None and content.positions:
            found[one.id] = _label(one)
    return found


def name_of(side: Side) -> str:
    """Return what a side is called."""
    place = str(cached.departments().at[side.scenario.territory, "name"])
    if not side.proposal:
        return compare_view.name_of(side.scenario, place)
    proposal, content = _read(side)
    count = wording.count(sum(content.positions.values()), "poste fixe", "postes fixes")
    return f"{_label(proposal)}, {count}"


def plan_of(side: Side, title: str, key: str) -> Deployment:
    """Return the plan of a side, computed where it is not known; a proposal's positions moved.

    Raises
    ------
    DataError
        If the proposal is gone, or has no position that the data of today knows.
    """
    plan = follow(cached.plan_job(side.scenario), title, key=key)
    if not side.proposal:
        return plan
    return adjusted_plan(plan, possible(plan, Work(_read(side)[1].positions)).positions)


def _read(side: Side) -> tuple[Proposal, Content]:
    proposal = proposals.reopen(register.store(), side.proposal)
    content = reading.content(proposal, identity.current())
    if content is None:
        raise DataError(
            "Cette proposition vient d'être supprimée", remedy="Rechargez la page de comparaison."
        )
    return proposal, content


def _label(proposal: Proposal) -> str:
    last = proposal.history[-1] if proposal.sent is None else reading.acts(proposal)[-1]
    place = cached.departments().at[proposal.content.department, "name"]
    return (
        f"{place}, proposition {STATE_FR[proposal.state]}, {wording.moment_text(last.at)}, "
        f"{identity.signature(last.author)}"
    )
