"""The choices of a sharing, from the form or from a link."""

from typing import Final

import streamlit as st

from planning.scenario import PROGRAMME_POSITIONS
from views.parts import cached, selectors, state
from views.parts.allocation.view import LEVELS, METHOD_NAMES, Asked

MOST: Final = 20_000
MOST_EACH: Final = 500


def choose() -> Asked:
    """Show the choices and return them; the address follows."""
    link = st.query_params
    _tell_left_out()
    first, second, third = st.columns([1, 1, 1])
    total = first.number_input(
        "Postes à répartir",
        1,
        MOST,
        state.number_of(link, "total", (1, MOST), PROGRAMME_POSITIONS),
        step=50,
        key="allocation_total",
        help="Tout le pays : 4 000 postes annoncés, 2 800 occupés fin 2025.",
    )
    state.keep(link, "total", str(total), str(PROGRAMME_POSITIONS))
    method = _one_of(second, "Méthode", "methode", METHOD_NAMES)
    level = _one_of(third, "Entre", "niveau", LEVELS)
    department = selectors.DEFAULT
    if level == "canton":
        department = selectors.department("allocation")
    with st.expander("Minimums, plafonds, majoration, postes déjà là", icon=":material/tune:"):
        floor, cap = _limits()
        bonus = _bonus()
        keep, cascade = _switches(level)
    return Asked(int(total), level, method, cascade, floor, cap, bonus, keep, department)


def _tell_left_out() -> None:
    """Say that a part of the link that was followed makes no sense."""
    link = state.Reader(st.query_params)
    link.number("total", (1, MOST), 1)
    for name in ("min", "max"):
        link.number(name, (0, MOST_EACH), 0)
    link.number("rural", (0, 100), 0)
    for name, choices in (
        ("methode", list(METHOD_NAMES)),
        ("niveau", list(LEVELS)),
        ("acquis", ["0", "1"]),
        ("cascade", ["0", "1"]),
    ):
        link.chosen(name, choices)
    if link.ignored:
        selectors.tell_ignored()


def _one_of(place, label: str, name: str, choices: dict[str, str]) -> str:
    codes = list(choices)
    chosen = state.chosen(st.query_params, name, codes, codes[0])
    found = place.selectbox(
        label, codes, codes.index(chosen), choices.get, key=f"allocation_{name}"
    )
    state.keep(st.query_params, name, found, codes[0])
    return found


def _limits() -> tuple[int, int | None]:
    link = st.query_params
    left, right = st.columns(2)
    floor = left.number_input(
        "Postes au moins, par territoire",
        0,
        MOST_EACH,
        state.number_of(link, "min", (0, MOST_EACH), 0),
        key="allocation_floor",
    )
    cap = right.number_input(
        "Postes au plus, par territoire (0 : sans plafond)",
        0,
        MOST_EACH,
        state.number_of(link, "max", (0, MOST_EACH), 0),
        key="allocation_cap",
    )
    state.keep(link, "min", str(floor), "0")
    state.keep(link, "max", str(cap), "0")
    return int(floor), int(cap) or None


def _bonus() -> float:
    link = st.query_params
    percent = st.slider(
        "Majoration du rural : une personne d'une commune rurale compte en plus (%)",
        0,
        100,
        min(100, state.number_of(link, "rural", (0, 100), 0)),
        step=5,
        key="allocation_bonus",
        help="Rural : bourgs ruraux, habitat dispersé ou très dispersé de la grille de densité.",
    )
    state.keep(link, "rural", str(percent), "0")
    return percent / 100


def _switches(level: str) -> tuple[bool, bool]:
    link = st.query_params
    known = len(cached.granted_positions()) > 0
    keep = st.checkbox(
        "Garder les postes accordés en avril 2023",
        known and state.chosen(link, "acquis", ("0", "1"), "0") == "1",
        disabled=not known,
        key=f"allocation_keep_{known}",
        help=None if known else "La couche des postes accordés est absente : page Données.",
    )
    state.keep(link, "acquis", str(int(keep)), "0")
    cascade = True
    if level != "region":
        cascade = st.checkbox(
            "Passer par les régions (et les départements)",
            state.chosen(link, "cascade", ("0", "1"), "1") == "1",
            key="allocation_cascade",
        )
        state.keep(link, "cascade", str(int(cascade)), "1")
    return keep, cascade
