"""A sharing as figures, rows and map layers: no Streamlit here."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from planning.allocation import Allocation, unit_of
from planning.granted import Comparison
from planning.sharing import GUARANTEES, METHODS
from views.parts import wording
from views.parts.tables import Column, Fact, Html, badge

METHOD_NAMES: Final = {
    "sainte-lague": "Sainte-Laguë",
    "largest-remainder": "Plus forts restes",
    "max-min": "Le moins servi d'abord",
}
LEVELS: Final = {
    "department": "Départements",
    "region": "Régions",
    "canton": "Cantons d'un département",
}
UNIT_WORDS: Final = {
    "region": ("région", "régions"),
    "department": ("département", "départements"),
    "canton": ("canton", "cantons"),
}
PROMISES: Final = (
    Column("Méthode"),
    Column("Jamais moins que la part exacte arrondie en dessous"),
    Column("Jamais plus que la part arrondie au-dessus"),
    Column("Personne ne perd de poste quand le total augmente"),
    Column("Le moins servi l'est le mieux possible"),
)
UNIT_COLUMNS: Final = (
    Column("Territoire"),
    Column("Personnes en illectronisme (estimation)", number=True),
    Column("Part exacte", number=True),
    Column("Postes", number=True),
    Column("Pour 1 000 personnes", number=True),
    Column("Minutes par personne et par an", number=True),
)
STEP_COLUMNS: Final = (
    Column("Territoire"),
    Column("Personnes comptées", number=True),
    Column("Minimum", number=True),
    Column("Postes", number=True),
    Column("Pourquoi"),
)
GRANTED_COLUMNS: Final = (
    Column("Territoire"),
    Column("Accordés", number=True),
    Column("Proposés", number=True),
    Column("Écart", number=True),
    Column("Écart à total égal", number=True),
    Column("Accordés pour 1 000", number=True),
    Column("Proposés pour 1 000", number=True),
)


@dataclass(frozen=True)
class Asked:
    """What is shared and how; ``department`` is shown where cantons are."""

    total: int
    level: str
    method: str
    cascade: bool
    floor: int
    cap: int | None
    bonus: float
    keep: bool
    department: str

    @property
    def scope(self) -> str:
        """Name of what is shown, for files: ``FR`` or the département."""
        return self.department if self.level == "canton" else "FR"


def shown(allocation: Allocation, asked: Asked) -> pd.DataFrame:
    """Return the units on screen: all of them, or the cantons of the département."""
    units = allocation.units.sort_index()
    if asked.level != "canton":
        return units
    return units[_in_department(allocation, asked.department).reindex(units.index)]


def _in_department(allocation: Allocation, department: str) -> pd.Series:
    units = allocation.units
    if "department" in allocation.choices.path:
        return units["parent"] == department
    pairs = unit_of("department").groupby(unit_of("canton")).first()
    return pairs.reindex(units.index) == department


def facts(units: pd.DataFrame, asked: Asked, found: Comparison | None) -> list[Fact]:
    """Return the figures that sum up a sharing."""
    positions = int(units["positions"].sum())
    one, many = UNIT_WORDS[asked.level]
    rates = units["per_1000"].dropna()
    rows = [
        Fact(
            "Postes répartis",
            wording.number(positions),
            f"entre {wording.count(len(units), one, many)}, {METHOD_NAMES[asked.method]}",
            strong=True,
        )
    ]
    if len(rates):
        low, high = units.loc[rates.idxmin()], units.loc[rates.idxmax()]
        rows += [
            Fact("Le moins servi", wording.number(low["per_1000"], 2), _least(low)),
            Fact("Le mieux servi", wording.number(high["per_1000"], 2), _least(high)),
        ]
    if int(units["existing"].sum()):
        rows.append(
            Fact("Dont postes déjà là", wording.number(int(units["existing"].sum())), "avril 2023")
        )
    if found is not None and asked.level != "canton":
        rows.append(
            Fact(
                "Inégalité (indice de Gini)",
                wording.number(found.gini_proposed, 3),
                f"postes accordés en 2023 : {wording.number(found.gini_granted, 3)} ; 0 : égalité",
            )
        )
    return rows


def _least(row: pd.Series) -> str:
    return f"{row['name']}, postes pour 1 000 personnes en illectronisme"


def promise_rows(method: str) -> list[tuple[str | Html, ...]]:
    """Return what each method guarantees, the chosen one marked in words."""
    rows: list[tuple[str | Html, ...]] = []
    for one in METHODS:
        kept = GUARANTEES[one]
        name = METHOD_NAMES[one] + (" (choisie)" if one == method else "")
        rare = "presque toujours" if one == "sainte-lague" else "non"
        rows.append(
            (
                name,
                _promise(kept.lower_quota, rare),
                _promise(kept.upper_quota, rare),
                _promise(kept.house_monotone),
                _promise(kept.fairest_minimum),
            )
        )
    return rows


def _promise(kept: bool, otherwise: str = "non") -> Html:
    return badge("oui", "bon") if kept else badge(otherwise)


def unit_rows(units: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the units with what they receive."""
    return [
        (
            f"{row.name} ({row.Index})",
            wording.number(row.persons) if row.estimated else "non estimé",
            wording.number(row.exact, 2),
            wording.number(row.positions),
            wording.number(row.per_1000, 2) if row.estimated else "—",
            wording.number(60 * row.hours_per_person_h, 1),
        )
        for row in units.itertuples()
    ]


def steps(allocation: Allocation, asked: Asked) -> list[tuple[str, pd.DataFrame]]:
    """Return each step that led to what is shown: its title and its rows."""
    found = []
    ours = shown(allocation, asked)
    for level in allocation.choices.path:
        rows = allocation.at(level)
        for parent, group in rows.groupby("parent", sort=True):
            if asked.level == "canton" and not _leads_to(allocation, group, ours, asked):
                continue
            above = "Le pays" if not parent else _parent_name(allocation, level, str(parent))
            total = wording.count(int(group["positions"].sum()), "poste")
            units = wording.count(len(group), *UNIT_WORDS[level])
            found.append((f"{above} : {total} sur {units}", group))
    return found


def _leads_to(
    allocation: Allocation, group: pd.DataFrame, ours: pd.DataFrame, asked: Asked
) -> bool:
    if group.index.isin(ours.index).any():
        return True
    path = allocation.choices.path
    if len(path) < 2:
        return False
    regions = allocation.at("department")["parent"]
    return asked.department in group.index or regions[asked.department] in group.index


def _parent_name(allocation: Allocation, level: str, parent: str) -> str:
    path = allocation.choices.path
    above = path[path.index(level) - 1]
    return str(allocation.at(above).at[parent, "name"])


def step_rows(group: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return one step: what each unit weighs, its floor, what it receives and why."""
    return [
        (
            row.name,
            wording.number(row.weight) + ("" if row.estimated else " (habitants)"),
            wording.number(row.floor),
            wording.number(row.positions),
            wording.capital(row.why),
        )
        for row in group.itertuples(index=False)
    ]


def granted_rows(units: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the comparison, those that would lose most first."""
    ordered = units.sort_values(["same_total", "name"])
    return [
        (
            row.name,
            wording.number(row.granted),
            wording.number(row.proposed),
            wording.signed(row.gain),
            wording.signed(row.same_total, 1),
            rate_text(row.granted_per_1000),
            rate_text(row.proposed_per_1000),
        )
        for row in ordered.itertuples(index=False)
    ]


def rate_text(value: float) -> str:
    """Return positions for 1,000 persons."""
    return "—" if np.isnan(value) else wording.number(value, 2)
