"""Where positions are, as they were moved: on a map, by canton, by place with the reason."""

import pandas as pd
import streamlit as st

from planning.adjust import Adjusted, adjusted_plan, positions_of
from planning.deployment import Deployment
from planning.report.proposal_report import Adjustment
from views.parts import downloads, legend, map_frame, tables, territory_view
from views.parts import map as maps
from views.parts.plan import view as plan_view
from views.parts.proposals import cantons as canton_view


def show_places(plan: Deployment, now: Adjusted) -> None:
    """Show where the positions are, by map, canton and place."""
    _draw(plan, canton_view.adjusted_layer_rows(plan, now))
    tables.show_table(  # one under the other, not in tabs: paper has no tabs
        canton_view.canton_columns(plan),
        canton_view.canton_rows(plan, now),
        "Postes fixes et accès par canton",
    )
    tables.show_table(
        canton_view.SITE_COLUMNS,
        canton_view.site_rows(plan, now),
        "Postes proposés et raison de chacun",
    )


def show_files(plan: Deployment, now: Adjusted, to_sign: Adjustment) -> None:
    """Offer what can be taken away: the report to sign, and files for other tools."""
    st.subheader("Rapport à signer et fichiers")
    tables.note(
        "Le rapport dit tout de la proposition : chiffres, carte, postes et raisons, tournées, "
        "coût, méthode et sources. En PDF pour signer, en page pour imprimer ou transmettre."
    )
    downloads.report_buttons(plan, to_sign)
    name = f"proposition-{plan.territory.code}"
    held = positions_of(plan, now)
    with st.container(horizontal=True):
        downloads.csv_button("Postes (CSV)", lambda: _taken_away(plan, now), f"{name}.csv")
        if held:
            downloads.map_buttons(lambda: adjusted_plan(plan, held), name)


def _taken_away(plan: Deployment, now: Adjusted) -> pd.DataFrame:
    return pd.DataFrame(
        canton_view.site_rows(plan, now),
        columns=[column.title for column in canton_view.SITE_COLUMNS],
    )


def _draw(plan: Deployment, rows: list[tuple[object, ...]]) -> None:
    department = plan.territory.code
    layer, scale = territory_view.need_layer(department)
    cantons = territory_view.canton_lines(department)
    layers = [layer, *([cantons] if cantons else [])]
    layers += [maps.points(rows, plan_view.SITE_MARK), territory_view.town_labels(department)]
    title = f"Carte des postes : {plan.territory.name}. Le tableau par canton dit la même chose."
    map_frame.show(maps.specification(department, title, layers), key="prefect_map", height=460)
    st.html(
        territory_view.need_legend(department, scale) + legend.marks_html([plan_view.SITE_MARK])
    )
