"""The two maps of a comparison, in step; they rerun alone."""

import uuid
from typing import Final

import streamlit as st

from planning.comparison import minute_gaps, site_gaps
from planning.deployment import Deployment
from views.parts import boundary, legend, map_frame, state, territory_view
from views.parts import map as maps
from views.parts.compare import view as compare_view
from views.parts.plan import view as plan_view
from views.parts.tables import note

FILLS: Final = {
    "acces": "Temps avec chaque plan",
    "besoin": "Illectronisme",
    "rien": "Aucun",
}
SYMBOLS: Final = {"oui": True, "non": False}
HEIGHT: Final = 430


@st.fragment
@boundary.guarded
def show(a: Deployment, b: Deployment, titles: tuple[str, str] = ("Plan A", "Plan B")) -> None:
    """Show both plans on two maps that move together when they are of one territory."""
    above, drawing, below = st.container(), st.container(), st.container()
    apart = compare_view.plans_apart(a, b)
    with above:
        fill, symbols = _controls(apart)
    gaps = [] if apart else site_gaps(a, b)
    step = "" if apart else st.session_state.setdefault("compare_step", uuid.uuid4().hex[:12])
    extra, marks = compare_view.gap_layers(minute_gaps(a, b)) if symbols else ([], [])
    with drawing, st.container(key="cartes-cote-a-cote"):
        for column, plan, side, name in zip(st.columns(2), (a, b), "ab", titles, strict=True):
            layers = [*_fill(plan, fill), *(extra if side == "b" else [])]
            layers += (
                [plan_view.site_layer(plan)] if apart else compare_view.site_layers(gaps, side)
            )
            layers.append(territory_view.town_labels(plan.territory.code))
            title = f"Carte : {name}, {plan.territory.name}. Les tableaux disent la même chose."
            with column:
                st.markdown(f"**{name}**")
                spec = maps.specification(plan.territory.code, title, layers, step=step)
                map_frame.show(spec, key=f"compare_{side}", height=HEIGHT)
    with below:
        _legends(a, fill, [*_site_marks(apart, gaps), *marks], apart=apart)
        if marks:
            note("Croix et triangles disent ce que B change par rapport à A : carte B seulement.")


def _controls(apart: bool) -> tuple[str, bool]:
    linked = state.chosen(st.query_params, "couleur", FILLS, "acces")
    fill = st.segmented_control(
        "Couleur des communes",
        list(FILLS),
        default=linked,
        format_func=FILLS.get,
        required=True,
        key="compare_fill",
    )
    state.keep(st.query_params, "couleur", fill, "acces")
    if apart:
        return fill, False
    linked = SYMBOLS[state.chosen(st.query_params, "ecarts", SYMBOLS, "oui")]
    symbols = st.checkbox(
        "Marquer sur la carte B les communes qui y gagnent ou y perdent du temps",
        linked,
        key="compare_symbols",
    )
    state.keep(st.query_params, "ecarts", "oui" if symbols else "non", "oui")
    return fill, symbols


def _fill(plan: Deployment, fill: str) -> list[maps.Layer]:
    code = plan.territory.code
    if fill == "acces":
        layer, _ = plan_view.access_layer(plan, territory_view.outline(code), after=True)
    elif fill == "besoin":
        layer, _ = territory_view.need_layer(code)
    else:
        layer = territory_view.plain_layer(code)
    cantons = territory_view.canton_lines(code)
    return [layer, *([cantons] if cantons else [])]


def _site_marks(apart: bool, gaps: list) -> list[legend.Mark]:
    return [plan_view.SITE_MARK] if apart else compare_view.side_marks(gaps)


def _legends(a: Deployment, fill: str, marks: list[legend.Mark], *, apart: bool) -> None:
    scale = ""
    if fill == "acces":
        scale = legend.scale_html(plan_view.minutes_scale("Minutes vers le lieu le plus proche"))
    elif fill == "besoin":
        _, classes = territory_view.need_layer(a.territory.code)
        scale = territory_view.need_legend(a.territory.code, classes)
    st.html(f"<div class='legendes'>{scale}{legend.marks_html(marks)}</div>")
    if apart:
        note("Les plans sont de deux territoires : chaque carte se déplace seule.")
    else:
        note(
            "Les deux cartes se déplacent et s'agrandissent ensemble, à la souris comme au clavier."
        )
