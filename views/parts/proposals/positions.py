"""Where positions are, as they were moved: on a map, by canton, by place with the reason."""

import pandas as pd
import streamlit as st

from planning.adjust import Adjusted
from planning.deployment import Deployment
from views.parts import downloads, legend, tables, territory_view
from views.parts import map as maps
from views.parts.plan import view as plan_view
from views.parts.proposals import cantons as canton_view


def show_places(plan: Deployment, now: Adjusted) -> None:
    """Show where the positions are, by map, canton and place."""
    _draw(plan, canton_view.adjusted_layer_rows(plan, now))
    cantons, sites = st.tabs(["Par canton", "Lieux et raisons"])
    with cantons:
        tables.show_table(
            canton_view.canton_columns(plan),
            canton_view.canton_rows(plan, now),
            "Postes fixes et accès par canton",
        )
    with sites:
        tables.show_table(
            canton_view.SITE_COLUMNS,
            canton_view.site_rows(plan, now),
            "Postes proposés et raison de chacun",
        )
    downloads.csv_button(
        "Ma proposition (CSV)",
        lambda: _taken_away(plan, now),
        f"proposition-{plan.territory.code}.csv",
    )


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
    maps.show(maps.specification(department, title, layers), key="prefect_map", height=460)
    st.html(
        territory_view.need_legend(department, scale) + legend.marks_html([plan_view.SITE_MARK])
    )
