"""A département's share of the programme and why: what a prefect is told of the sharing."""

from typing import Final

import streamlit as st

from planning.scenario import PROGRAMME_POSITIONS
from planning.sharing import METHODS
from views.parts import tables, wording
from views.parts.allocation import data as allocation_data
from views.parts.allocation.view import METHOD_NAMES, Asked
from views.parts.tables import Column

COLUMNS: Final = (
    Column("Méthode"),
    Column("Postes de la région", number=True),
    Column("Postes du département", number=True),
    Column("Pourquoi"),
)


def show_share(department: str) -> None:
    """Show what the département would receive of the whole programme, and why."""
    asked = _asked(METHODS[1])
    units = allocation_data.allocation(asked).units
    row = units.loc[department]
    positions = wording.count(int(row["positions"]), "poste")
    total = wording.number(PROGRAMME_POSITIONS)
    found = allocation_data.comparison(asked)
    known = ""
    if found is not None:
        granted = int(found.units.at[department, "granted"])
        known = f" ({wording.count(granted, 'accordé')} en avril 2023)"
    with st.expander(
        f"Part du département : {positions} sur {total}, selon le besoin{known}",
        icon=":material/balance:",
    ):
        st.markdown(share_text(department))
        tables.show_table(COLUMNS, share_rows(department), "Selon la méthode de répartition")
        tables.note(
            "La part de la région est partagée entre ses départements. Ce n'est pas une décision : "
            "aucun contingent par département n'a été publié."
        )
        st.page_link(
            "planner/allocation.py",
            label="Voir la répartition et la part de chaque canton",
            icon=":material/balance:",
            query_params={"niveau": "canton", "dep": department},
        )


def share_text(department: str) -> str:
    """Return the share in a paragraph: need, exact share, positions granted (Markdown)."""
    asked = _asked(METHODS[1])
    units = allocation_data.allocation(asked).units
    row = units.loc[department]
    whole = float(units["weight"].sum())
    people = (
        f"{wording.number(row['persons'])} personnes en illectronisme (estimation)"
        if row["estimated"]
        else "un besoin qui n'est pas estimé : ses habitants en tiennent lieu"
    )
    lines = [
        f"Le département compte **{people}**, soit {wording.share(row['weight'] / whole, 2)} du "
        f"pays. À ce prorata, sa part de {wording.number(PROGRAMME_POSITIONS)} postes serait de "
        f"**{wording.number(PROGRAMME_POSITIONS * row['weight'] / whole, 2)}**, avant arrondi.",
    ]
    found = allocation_data.comparison(asked)
    if found is not None:
        one = found.units.loc[department]
        lines.append(
            f"En avril 2023, **{wording.count(int(one['granted']), 'poste')}** y étaient accordés, "
            f"au siège de l'employeur (ANCT) ; à total égal, un partage selon le besoin en "
            f"donnerait {wording.signed(one['same_total'], 1)}."
        )
    return " ".join(lines)


def share_rows(department: str) -> list[tuple[str, ...]]:
    """Return the share by each method, with the reason of the last step."""
    rows = []
    for method in METHODS:
        allocation = allocation_data.allocation(_asked(method))
        row = allocation.units.loc[department]
        region = allocation.at("region").loc[row["parent"]]
        rows.append(
            (
                METHOD_NAMES[method],
                f"{wording.number(region['positions'])} ({region['name']})",
                wording.number(row["positions"]),
                wording.capital(row["why"]),
            )
        )
    return rows


def _asked(method: str) -> Asked:
    return Asked(PROGRAMME_POSITIONS, "department", method, True, 0, None, 0.0, False, "")
