"""The finer choices of the page of access: thresholds, isolation rule, weight of distance."""

from typing import Final

import streamlit as st

from coverage.catchment import Decay
from coverage.isolation import IsolationRule
from views.parts import selectors, state
from views.parts.access.view import Choices

DECAYS: Final = {
    "douce": Decay("gaussian", 30.0),
    "paliers": Decay("stepped", 30.0),
    "egale": Decay("flat", 30.0),
}
DECAY_NAMES: Final = {
    "douce": "de moins en moins, jusqu'à 30 min",
    "paliers": "par paliers de 10 min, jusqu'à 30 min",
    "egale": "autant, jusqu'à 30 min",
}


BOUNDS: Final = {
    "seuil": (5, 45),
    "isole": (5, 45),
    "canton": (0, 1),
    "habitants": (0, 100_000),
    "plancher": (1, 60),
}


def choose(kind: str) -> Choices:
    """Show the finer choices, folded; return them all."""
    link = st.query_params
    linked = state.Reader(link)
    read = state.number_of
    for name, bounds in BOUNDS.items():
        linked.number(name, bounds, bounds[0])
    linked.chosen("poids", list(DECAYS))
    if linked.ignored:
        selectors.tell_ignored()
    with st.expander("Seuils et règles", icon=":material/tune:"):
        left, right = st.columns(2)
        near = left.slider(
            "Seuil de proximité (minutes)",
            5,
            45,
            read(link, "seuil", BOUNDS["seuil"], 20),
            key="access_near",
        )
        far = right.slider(
            "Une commune est isolée au-delà de (minutes)",
            5,
            45,
            read(link, "isole", BOUNDS["isole"], 15),
            key="access_far",
        )
        alone = right.checkbox(
            "… et seulement si son canton n'a aucun site",
            bool(read(link, "canton", BOUNDS["canton"], 0)),
            key="access_canton",
        )
        small = right.number_input(
            "… et seulement jusqu'à (habitants ; 0 : sans condition)",
            0,
            100_000,
            read(link, "habitants", BOUNDS["habitants"], 0),
            step=100,
            key="access_small",
        )
        decays = list(DECAYS)
        decay = left.selectbox(
            "Un site compte pour une personne",
            decays,
            decays.index(state.chosen(link, "poids", decays, "douce")),
            DECAY_NAMES.get,
            key="access_decay",
        )
        floor = left.number_input(
            "Plancher d'accueil (minutes par semaine et par personne)",
            1,
            60,
            read(link, "plancher", BOUNDS["plancher"], 1),
            key="access_floor",
        )
    given = {"seuil": (near, 20), "isole": (far, 15), "canton": (int(alone), 0)}
    given |= {"habitants": (int(small), 0), "plancher": (int(floor), 1)}
    for name, (value, default) in given.items():
        state.keep(link, name, str(value), str(default))
    state.keep(link, "poids", decay, "douce")
    rule = IsolationRule(float(far), alone, int(small) or None)
    return Choices(kind, DECAYS[decay], rule, float(floor), int(near))
