"""The assumptions of the programme as sliders, restored from a link."""

from typing import Final

import streamlit as st

from planning.programme import Assumed, Assumption, programme
from views.parts import state
from views.parts.allocation.programme_view import FORM_OF

VERSIONS: Final = {"V2": "V2 (2023, trois ans)", "V1": "V1 (2021, deux ans)"}
_PARAMETERS: Final = {
    "public_share": "public",
    "bonus_share": "zones",
    "employer_cost_eur": "salaire",
    "continuing_training_h": "continue",
    "travel_h": "trajets",
    "travel_rural_h": "trajets_rural",
    "preparation_h": "preparation",
    "initial_training_h": "formation",
    "opening_quarters": "ouverture",
}
_STEPS: Final = {"part": 1, "€": 500, "h": 1, "trimestres": 1}


def linked() -> Assumed:
    """Return the assumptions as the address says, their own values otherwise."""
    chosen = {}
    for one in programme().assumptions:
        if one.key in _PARAMETERS:
            low, high, value = _whole(one)
            number = state.number_of(st.query_params, _PARAMETERS[one.key], (low, high), value)
            if number != value:
                chosen[one.key] = _back(one, number)
    return programme().values(**chosen)


def sliders(part: str) -> Assumed:
    """Show the sliders of a part ("cost" or "hours"); return all assumptions."""
    wanted = [one for one in programme().assumptions if one.key in FORM_OF[part]]
    with st.expander("Changer les hypothèses", icon=":material/tune:"):
        columns = st.columns(2)
        for rank, one in enumerate(wanted):
            low, high, value = _whole(one)
            name = _PARAMETERS[one.key]
            number = columns[rank % 2].slider(
                one.title + (f" ({'%' if one.unit == 'part' else one.unit})" if one.unit else ""),
                low,
                high,
                state.number_of(st.query_params, name, (low, high), value),
                step=_STEPS[one.unit],
                key=f"programme_{one.key}",
                help=one.source,
            )
            state.keep(st.query_params, name, str(number), str(value))
    return linked()


def version() -> str:
    """Show the choice of an agreement and return it."""
    codes = list(VERSIONS)
    chosen = state.chosen(st.query_params, "convention", codes, "V2")
    found = st.radio(
        "Convention", codes, codes.index(chosen), VERSIONS.get, horizontal=True, key="convention"
    )
    state.keep(st.query_params, "convention", found, "V2")
    return found


def _whole(one: Assumption) -> tuple[int, int, int]:
    """Return low, high and value as whole numbers: shares as percents."""
    scale = 100 if one.unit == "part" else 1
    return round(scale * one.low), round(scale * one.high), round(scale * one.value)


def _back(one: Assumption, number: int) -> float:
    return number / 100 if one.unit == "part" else float(number)
