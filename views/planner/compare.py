"""Two plans side by side: figures, maps in step, sites and communes that differ."""

import streamlit as st

from planning.deployment import Deployment
from planning.report import comparison_report
from planning.scenario import Scenario
from views.parts import boundary, cached, downloads, tables
from views.parts.compare import choice as compare_choice
from views.parts.compare import map as compare_map
from views.parts.compare import view as compare_view
from views.parts.following import follow

SHOWN_COMMUNES = 40


def main() -> None:
    st.title("Comparer deux plans")
    tables.lead(
        "Ce que change un autre nombre de postes, un autre but ou un autre territoire : chiffres, "
        "cartes et lieux côte à côte. L'adresse de cette page rouvre la même comparaison."
    )
    chosen = compare_choice.plans()
    for column, side in zip(st.columns(2), compare_choice.SIDES, strict=True):
        with column:
            compare_choice.choose(side, chosen[side])
    a, b = chosen["a"], chosen["b"]
    if a is None or b is None:
        if a is not None:
            compare_choice.offer(a)
        return
    plans = run(a, b)
    compared(*plans)


def run(a: Scenario, b: Scenario) -> tuple[Deployment, Deployment]:
    """Return both plans; those that are not known are computed at once, side by side."""
    jobs = [cached.plan_job(scenario) for scenario in (a, b)]
    first = follow(jobs[0], "Calcul du plan A", key="stop_a")
    return first, follow(jobs[1], "Calcul du plan B", key="stop_b")


def compared(a: Deployment, b: Deployment) -> None:
    for text in comparison_report.summary(a, b):
        st.markdown(text)
    compare_view.show_table(comparison_report.figures_table(a, b))
    compare_map.show(a, b)
    st.subheader("Sites")
    compare_view.show_table(comparison_report.sites_table(a, b))
    st.subheader("Communes qui gagnent ou perdent du temps")
    compare_view.show_table(comparison_report.communes_table(a, b, SHOWN_COMMUNES))
    names = tuple(compare_view.name_of(plan.scenario, plan.territory.name) for plan in (a, b))
    downloads.comparison_buttons(a, b, names)


with boundary.page():
    main()
