"""Two plans side by side: figures, maps in step, sites and communes that differ."""

import streamlit as st

from planning.deployment import Deployment
from planning.report import comparison_report
from views.parts import boundary, cached, downloads, tables, travel_text
from views.parts.compare import choice as compare_choice
from views.parts.compare import map as compare_map
from views.parts.compare import side as compare_side
from views.parts.compare import view as compare_view
from views.parts.compare.side import Side

SHOWN_COMMUNES = 40


def main() -> None:
    st.title("Comparer deux plans")
    tables.lead(
        "Ce que change un autre nombre de postes, un autre but, un autre territoire ou la "
        "proposition d'une préfecture : chiffres, cartes et lieux côte à côte. L'adresse de "
        "cette page rouvre la même comparaison."
    )
    chosen = compare_choice.sides()
    for column, name in zip(st.columns(2), compare_choice.SIDES, strict=True):
        with column:
            compare_choice.choose(name, chosen[name])
    a, b = chosen["a"], chosen["b"]
    if a is None or b is None:
        if a is not None:
            compare_choice.offer(a)
        return
    if a.proposal or b.proposal:
        tables.note(
            "Une proposition garde les tournées du plan dont elle part ; seuls ses postes fixes "
            "changent."
        )
    compared(*run(a, b), (compare_side.name_of(a), compare_side.name_of(b)))


def run(a: Side, b: Side) -> tuple[Deployment, Deployment]:
    """Return both plans; those that are not known are computed at once, side by side."""
    cached.plan_job(b.scenario)  # started beside A's
    first = compare_side.plan_of(a, "Calcul du plan A", key="stop_a")
    return first, compare_side.plan_of(b, "Calcul du plan B", key="stop_b")


def compared(a: Deployment, b: Deployment, names: tuple[str, str]) -> None:
    for text in comparison_report.summary(a, b):
        st.markdown(text)
    compare_view.show_table(comparison_report.figures_table(a, b))
    compare_map.show(a, b)
    st.subheader("Sites")
    compare_view.show_table(comparison_report.sites_table(a, b))
    st.subheader("Communes qui gagnent ou perdent du temps")
    compare_view.show_table(comparison_report.communes_table(a, b, SHOWN_COMMUNES))
    tables.note(travel_text.minutes_note())
    downloads.comparison_buttons(a, b, names)


with boundary.page():
    main()
