"""What is compared: from a link, a saved scenario, a proposal, a département, a form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from planning import saved
from planning.proposal_content import Content
from planning.proposals import Proposal
from planning.scenario import PROGRAMME_POSITIONS, Scenario
from views.parts import boundary, cached, register, selectors
from views.parts.compare import side
from views.parts.compare.side import Side
from views.parts.tables import note

SIDES: Final = ("a", "b")
_KEPT: Final = "compared"


def sides() -> dict[str, Side | None]:
    """Return each side; the address is read once, then follows."""
    if _KEPT not in st.session_state:
        read = {name: side.linked(name) for name in SIDES}
        _warn([one for _, ignored in read.values() for one in ignored])
        st.session_state[_KEPT] = {name: found for name, (found, _) in read.items()}
    kept = st.session_state[_KEPT]
    for name in [name for name, one in kept.items() if one is not None and one.proposal]:
        kept[name] = side.of_proposal(kept[name].proposal)  # it may have changed, or be gone
        if kept[name] is None:
            _warn([side.PROPOSAL])
    if kept["a"] is None:
        kept["a"] = Side(_of_the_plan_page())
    for name, one in kept.items():
        side.keep(name, one)
    return kept


def _warn(ignored: list[str]) -> None:
    """Say what of the link was left out."""
    if any(one.endswith(side.PROPOSAL) for one in ignored):
        st.warning(
            "Cette proposition n'existe plus, ou ne se lit pas avec votre compte : seules sa "
            "préfecture et, une fois transmise, la planification la lisent.",
            icon=":material/lock:",
        )
    elif ignored:
        st.warning(
            "Une partie de ce lien n'a pas pu être comprise : elle a été laissée de côté.",
            icon=":material/link_off:",
        )


def _of_the_plan_page() -> Scenario:
    """Return the plan seen last on the planner's page."""
    department = st.session_state.get(selectors.KEPT, selectors.DEFAULT)
    chosen = st.session_state.get("scenarios", {}).get(department)
    return chosen or cached.default_scenario(department)


def choose(name: str, chosen: Side | None) -> None:
    """Show a side: its plan, and how to choose another one."""
    st.subheader(f"Plan {name.upper()}")
    note("À choisir ci-dessous." if chosen is None else f"{side.name_of(chosen)}.")
    with st.expander("Choisir ce plan", expanded=chosen is None, icon=":material/tune:"):
        _start_from(name)
        if chosen is None or chosen.proposal:
            return  # a proposal is changed on its own page
        changed = selectors.scenario_form(chosen.scenario, key=f"scenario_{name}")
        if changed is not None:
            take(name, Side(replace(chosen.scenario, **changed)))
            st.rerun()


def start(a: Side, b: Side | None = None) -> None:
    """Compare these two when the page opens next; B is chosen there where none is given."""
    st.session_state[_KEPT] = {"a": a, "b": b}


def take(name: str, chosen: Side) -> None:
    """Give a side another plan."""
    st.session_state[_KEPT] = {**st.session_state[_KEPT], name: chosen}


def proposal_button(proposal: Proposal, content: Content) -> None:
    """Offer to compare a proposal with the plan that it started from, or with anything else."""
    if st.button("Comparer au plan, ou à une autre proposition", icon=":material/compare_arrows:"):
        start(Side(content.scenario), Side(content.scenario, proposal.id))
        st.switch_page("planner/compare.py")


def _start_from(name: str) -> None:
    known = {one.id: one for one in saved.list_saved(register.store())
             if one.scenario.territory in cached.departments().index}  # fmt: skip
    proposed = side.readable()
    places = cached.departments()["name"]
    key = f"start_{name}"

    def label(option: str) -> str:
        if option in proposed:
            return proposed[option]
        if option in known:
            one = known[option]
            return f"{one.name} ({places[one.scenario.territory]}, scénario enregistré)"
        return f"{option} · {places[option]}, plan par défaut"

    def found(option: str) -> Side | None:
        if option in proposed:
            return side.of_proposal(option)
        return Side(known[option].scenario if option in known else cached.default_scenario(option))

    def taken() -> None:
        option = st.session_state[key]
        chosen = None if option is None else found(option)
        if chosen is not None:
            take(name, chosen)
            st.session_state[key] = None

    st.selectbox(
        "Partir d'un scénario enregistré, d'une proposition ou d'un département",
        [*proposed, *known, *places.index],
        index=None,
        placeholder="Nom d'un scénario ou d'un département",
        format_func=label,
        key=key,
        on_change=boundary.guarded(taken),
    )


def offer(chosen: Side) -> None:
    """Offer plans to compare A with, in one click each."""
    a = chosen.scenario
    more = min(PROGRAMME_POSITIONS, max(a.positions + 1, round(1.2 * a.positions)))
    less = max(1, (a.mobile or 0) + 1, min(a.positions - 1, round(0.8 * a.positions)))
    other = "max-cover" if a.model == "p-median" else "p-median"
    aims = {
        "max-cover": "Le plus de personnes sous le seuil",
        "p-median": "Le trajet le plus court",
    }
    st.info(
        "Choisissez le plan B ci-dessus, ou partez du plan A :", icon=":material/compare_arrows:"
    )
    offers: list[tuple[str, Callable[[], Scenario]]] = [
        *([("Le plan dont elle part", lambda: a)] if chosen.proposal else []),
        (f"{more} postes au lieu de {a.positions}", lambda: replace(a, positions=more)),
        (f"{aims[other]}", lambda: replace(a, model=other)),
        ("Sans tournées", lambda: replace(a, tours=False, mobile=None)),
    ]
    if less < a.positions:
        offers.insert(
            1, (f"{less} postes au lieu de {a.positions}", lambda: replace(a, positions=less))
        )
    with st.container(horizontal=True):
        for label, make in offers:
            st.button(label, on_click=boundary.guarded(lambda make=make: take("b", Side(make()))))
