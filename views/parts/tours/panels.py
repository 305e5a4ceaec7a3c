"""Panels of the page of tours: what does not fit, weeks of a van, who is reached."""

from typing import Final

import streamlit as st

from planning.tours.making import MadeTours
from planning.tours.plan import TourPlan
from views.parts import boundary, cached, charts, tables, travel_text, wording
from views.parts.tours import view as tours_view

REACHES_MIN: Final = (5, 10, 15, 20, 30)


def show_missing(made: MadeTours, plan: TourPlan) -> None:
    """Say what does not fit, and what would make it fit."""
    if made.found.without_road:
        names = cached.communes()["name"]
        cut_off = wording.joined(str(names.get(code, code)) for code in made.found.without_road)
        tables.note(f"Sans route connue depuis un point de départ : {cut_off}.")
    if idle := tours_view.idle_text(plan):
        tables.note(idle)
    if not plan.unserved:
        return
    if plan.relaxations:
        advice = "\n".join(f"- {wording.plain(text)}" for text in plan.relaxations)
        st.warning(f"Tout ne tient pas. Ce qui a été essayé :\n\n{advice}", icon=":material/rule:")
    tables.show_table(tours_view.LEFT_COLUMNS, tours_view.left_rows(plan), "Arrêts laissés de côté")


@st.fragment
@boundary.guarded
def show_weeks(plan: TourPlan) -> None:
    found = tours_view.vans(plan)
    names = {van.rank: van.title for van in found}
    rank = st.selectbox("Véhicule montré", list(names), format_func=names.get, key="week_van")
    for week in range(plan.problem.weeks):
        tables.show_table(
            tours_view.WEEK_COLUMNS,
            tours_view.week_rows(plan, found[rank], week),
            f"{names[rank]}, semaine {week + 1}",
            empty=f"Semaine {week + 1} : ce véhicule ne sort pas.",
        )


@st.fragment
@boundary.guarded
def show_effect(made: MadeTours) -> None:
    minutes = st.select_slider(
        "Trajet accepté (minutes)", REACHES_MIN, 15, key="tours_reach", width=360
    )
    pairs = tours_view.pairs(made, minutes)
    charts.show_before_after(pairs, tours_view.effect_title(made, minutes))
    rows = [
        (pair.label, wording.share(pair.before, 1), wording.share(pair.after, 1)) for pair in pairs
    ]
    columns = (
        tables.Column("Au moins toutes les"),
        tables.Column("Avant", True),
        tables.Column("Après", True),
    )
    tables.show_table(columns, rows, tours_view.effect_title(made, minutes))
    tables.note(
        f"{travel_text.short_note()} Besoin estimé. Un lieu fixe compte comme "
        "ouvert chaque semaine ; là où l'offre fixe est inconnue, seules les tournées comptent."
    )
