"""Which two plans are compared: from a link, a saved scenario, a département, a form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from planning import saved
from planning.scenario import PROGRAMME_POSITIONS, Scenario
from views.parts import boundary, cached, register, scenario_link, selectors, state
from views.parts.compare import view as compare_view
from views.parts.tables import note

SIDES: Final = ("a", "b")
_KEPT: Final = "compared"


def plans() -> dict[str, Scenario | None]:
    """Return the scenario of each side; the address is read once, then follows."""
    if _KEPT not in st.session_state:
        read = {side: _linked(side) for side in SIDES}
        if any(ignored for _, ignored in read.values()):
            st.warning(
                "Une partie de ce lien n'a pas pu être comprise : elle a été laissée de côté.",
                icon=":material/link_off:",
            )
        st.session_state[_KEPT] = {side: scenario for side, (scenario, _) in read.items()}
    kept = st.session_state[_KEPT]
    if kept["a"] is None:
        kept["a"] = _of_the_plan_page()
    _write(kept)
    return kept


def _of_the_plan_page() -> Scenario:
    """Return the plan seen last on the planner's page."""
    department = st.session_state.get(selectors.KEPT, selectors.DEFAULT)
    chosen = st.session_state.get("scenarios", {}).get(department)
    return chosen or cached.default_scenario(department)


def _linked(side: str) -> tuple[Scenario | None, tuple[str, ...]]:
    prefix = f"{side}_"
    department = str(st.query_params.get(f"{prefix}dep", "")).upper()
    if department in cached.departments().index:
        return scenario_link.read(st.query_params, cached.default_scenario(department), prefix)
    said = bool(department) or scenario_link.present(st.query_params, prefix)
    return None, (f"{prefix}dep",) if said else ()


def _write(kept: dict[str, Scenario | None]) -> None:
    for side, scenario in kept.items():
        prefix = f"{side}_"
        wanted = {}
        if scenario is not None:
            default = cached.default_scenario(scenario.territory)
            wanted = scenario_link.write(scenario, default, prefix)
            wanted[f"{prefix}dep"] = scenario.territory
        for name in ("dep", *scenario_link.PARAMETERS):
            state.keep(st.query_params, prefix + name, wanted.get(prefix + name, ""), "")


def choose(side: str, scenario: Scenario | None) -> None:
    """Show a side: its plan, and how to choose another one."""
    st.subheader(f"Plan {side.upper()}")
    if scenario is None:
        note("À choisir ci-dessous.")
    else:
        place = cached.departments().at[scenario.territory, "name"]
        note(f"{compare_view.name_of(scenario, place)}.")
    with st.expander("Choisir ce plan", expanded=scenario is None, icon=":material/tune:"):
        _start_from(side)
        if scenario is not None:
            changed = selectors.scenario_form(scenario, key=f"scenario_{side}")
            if changed is not None:
                take(side, replace(scenario, **changed))
                st.rerun()


def start(a: Scenario, b: Scenario | None = None) -> None:
    """Compare these two plans when the page opens next; B is chosen there where none is given."""
    st.session_state[_KEPT] = {"a": a, "b": b}


def take(side: str, scenario: Scenario) -> None:
    """Give a side another plan."""
    st.session_state[_KEPT] = {**st.session_state[_KEPT], side: scenario}


def _start_from(side: str) -> None:
    known = {one.id: one for one in saved.list_saved(register.store())
             if one.scenario.territory in cached.departments().index}  # fmt: skip
    names = cached.departments()["name"]
    options = [*known, *names.index]

    def label(option: str) -> str:
        if option in known:
            one = known[option]
            return f"{one.name} ({names[one.scenario.territory]}, scénario enregistré)"
        return f"{option} · {names[option]}, plan par défaut"

    key = f"start_{side}"

    def taken() -> None:
        option = st.session_state[key]
        if option is not None:
            found = known[option].scenario if option in known else cached.default_scenario(option)
            take(side, found)
            st.session_state[key] = None

    st.selectbox(
        "Partir d'un scénario enregistré ou d'un département",
        options,
        index=None,
        placeholder="Nom d'un scénario ou d'un département",
        format_func=label,
        key=key,
        on_change=boundary.guarded(taken),
    )


def offer(a: Scenario) -> None:
    """Offer plans to compare A with, in one click each."""
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
            st.button(label, on_click=boundary.guarded(lambda make=make: take("b", make())))
