"""A prefect's page: facts and rank of the département, positions by canton, adjustments."""

import pandas as pd
import streamlit as st

from planning.adjust import adjust
from planning.deployment import Deployment
from views.parts import (
    boundary,
    cached,
    canton_view,
    downloads,
    legend,
    plan_view,
    selectors,
    tables,
    territory_view,
)
from views.parts import map as maps
from views.parts.following import follow


def main() -> None:
    st.title("Mon département")
    tables.lead(
        "La situation du département, les postes proposés par canton, et l'effet immédiat de "
        "vos changements."
    )
    department = selectors.department("prefect")
    with st.container():
        tables.show_facts(
            [*selectors.need_facts(department), *territory_view.supply_facts(department)]
        )
        tables.note(territory_view.need_note(department))
    with st.container():
        plan = the_plan(department)
    if plan is not None:
        adjustable(plan)


def the_plan(department: str) -> Deployment | None:
    """Return the plan of the département: at once when it is known, else when asked for."""
    scenario = cached.default_scenario(department)
    plan = cached.known_plan(scenario)
    asked = st.session_state.setdefault("asked", set())
    key = cached.plan_key(scenario)
    if plan is not None:
        return plan
    if department != selectors.DEFAULT and key not in asked:
        st.info("Aucun plan n'est encore calculé pour ce département.", icon=":material/info:")
        st.button(
            f"Calculer une proposition pour {scenario.positions} postes",
            type="primary",
            on_click=asked.add,
            args=(key,),
        )
        return None
    return follow(cached.plan_job(scenario), "Calcul d'une première proposition")


@st.fragment
@boundary.guarded
def adjustable(plan: Deployment) -> None:
    """Show the table to adjust, its effect, the cantons and the map."""
    st.subheader("Postes fixes proposés, à ajuster")
    tables.note(
        f"Le plan prévoit {plan.scenario.positions} postes dont {plan.mobile.mobile} en tournée. "
        "Changez les nombres de la colonne « Postes » ; les lieux sans poste viennent à la suite."
    )
    every = canton_view.editable(plan)
    positions = canton_view.read_positions(_editor(plan, every))
    now, start = adjust(plan, positions), adjust(plan, canton_view.read_positions(every))
    tables.show_facts(canton_view.effect(plan, now, start))
    _draw(plan, canton_view.adjusted_layer_rows(plan, now))
    tables.show_table(
        canton_view.canton_columns(plan),
        canton_view.canton_rows(plan, now),
        "Postes fixes et accès par canton",
    )
    downloads.csv_button(
        "Ma proposition (CSV)",
        lambda: _taken_away(every, positions),
        f"proposition-{plan.territory.code}.csv",
    )


def _editor(plan: Deployment, places: pd.DataFrame) -> pd.DataFrame:
    fixed = ["canton", "commune", "place", "kind"]
    return st.data_editor(
        places,
        key=f"editor_{plan.territory.code}",
        disabled=fixed,
        hide_index=True,
        column_order=["commune", "positions", "place", "kind", "canton"],
        height=min(420, 38 + 35 * len(places)),
        column_config={
            "canton": st.column_config.TextColumn("Canton"),
            "commune": st.column_config.TextColumn("Commune"),
            "place": st.column_config.TextColumn("Lieu"),
            "kind": st.column_config.TextColumn("Type"),
            "positions": st.column_config.NumberColumn("Postes", min_value=0, max_value=50, step=1),
        },
    )


def _taken_away(every: pd.DataFrame, positions: dict[str, int]) -> pd.DataFrame:
    frame = every.assign(
        proposé_par_le_plan=every["positions"],
        postes=[positions.get(code, 0) for code in every.index],
    ).reset_index()
    kept = frame[(frame["postes"] > 0) | (frame["proposé_par_le_plan"] > 0)]
    names = {"code": "code commune", "place": "lieu", "kind": "type"}
    return kept.drop(columns="positions").rename(columns=names)


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


with boundary.page():
    main()
