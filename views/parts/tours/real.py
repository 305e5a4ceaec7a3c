"""A real tour beside the plan of the same service: the bus of the Ruffécois (Charente)."""

from pathlib import Path
from typing import Final

import streamlit as st

from geodata import catalog
from planning.stopping import after_iterations
from planning.tours.real import FILE, RealTour, ruffecois
from views.parts import boundary, tables, travel_text, wording

DEPARTMENT: Final = "16"
_ITERATIONS: Final = 1_500
_KM: Final = f"{wording.FIXED}km"
_H: Final = f"{wording.FIXED}h"


@st.fragment
@boundary.guarded
def show(department: str) -> None:
    """Offer the comparison in the Charente, where the published file is on this machine."""
    folder = catalog.folder()
    if department != DEPARTMENT or folder is None or not (folder / FILE).is_file():
        return
    with st.expander("Comparer avec une tournée réelle : le bus du Ruffécois", expanded=False):
        if not st.toggle("Montrer la comparaison", key="real_tour"):
            return
        path = folder / FILE
        found = _compared(str(path), path.stat().st_mtime_ns)
        columns = (
            tables.Column("Sur deux semaines"),
            tables.Column("Publiée", number=True),
            tables.Column("Calculée", number=True),
        )
        tables.show_table(columns, rows(found), "Tournée publiée en 2024 et même service calculé")
        for text, count in found.notes.items():
            tables.note(f"Corrigé dans le fichier : {text} ({wording.count(count, 'ligne')}).")
        tables.note(
            "Mêmes arrêts, mêmes durées ; jours et ordre libres. Le départ de Ruffec est une "
            "hypothèse, les temps et les distances sont modélisés pour les deux tournées. "
            f"{travel_text.short_note()}"
        )


def rows(found: RealTour) -> list[tuple[str, str, str]]:
    """Return both tours side by side."""
    sides = found.comparison
    return [
        ("Sorties", *(wording.number(n) for n in sides.outings)),
        ("Permanences", *(wording.number(n) for n in sides.visits)),
        ("Route", *(f"{wording.number(km)}{_KM}" for km in sides.km)),
        ("Conduite", *(f"{wording.number(hours, 1)}{_H}" for hours in sides.drive_h)),
        ("Du départ au retour", *(f"{wording.number(hours, 1)}{_H}" for hours in sides.duty_h)),
    ]


@st.cache_resource(max_entries=1, show_spinner="Calcul de la même tournée…")
def _compared(path: str, changed_ns: int) -> RealTour:  # noqa: ARG001 - a changed file is read again
    return ruffecois(Path(path), after_iterations(_ITERATIONS), seed=1)
