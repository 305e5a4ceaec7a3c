"""What was really granted, against a sharing: who gains, who loses, how equal both are.

The inequality is the Gini index (:mod:`coverage.equity`) of positions per person in need, over
persons: 0 when everybody has as many, near 1 when one unit has them all.  Units whose need is
not estimated are left out of it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.equity import equity
from geodata import layers
from geodata.schema import Provenance, Table
from planning.allocation import Allocation, Level, unit_of

LAYER = "granted_positions"


@dataclass(frozen=True, eq=False)
class Comparison:
    """A sharing beside the positions granted.

    Attributes
    ----------
    units
        Indexed by code: name, persons, granted, proposed, gain (proposed less granted),
        granted_per_1000, proposed_per_1000 (per 1,000 persons in need), same_total (the gain
        if the proposal shared as many positions as were granted).
    gini_granted, gini_proposed
        Of what was granted and of the sharing, over units whose need is known.
    granted, unplaced
        Positions of the file that stand in a unit; rows of the file that do not: set aside by
        its reader, or at a seat known by its city alone.
    provenance
        Where the file comes from.
    """

    units: pd.DataFrame
    gini_granted: float
    gini_proposed: float
    granted: int
    unplaced: int
    provenance: Provenance


def granted_by(level: Level, table: Table | None = None) -> pd.Series:
    """Return the positions granted in each unit of a level, by the employer's seat.

    Raises
    ------
    SourceError
        When the layer is not on this machine.
    """
    table = layers.load(LAYER) if table is None else table
    units, frame = unit_of(level), table.frame
    group = frame["department"] if level == "department" else frame["commune_code"].map(units)
    counts: pd.Series = frame.groupby(group)["positions"].sum()
    every = pd.Index(sorted(units.dropna().unique()), name="code")
    return counts.reindex(every, fill_value=0).astype(int)


def compare(allocation: Allocation) -> Comparison:
    """Set a sharing beside the positions granted, at its own level.

    Raises
    ------
    SourceError
        When the layer is not on this machine.
    """
    table = layers.load(LAYER)
    rows = allocation.units
    granted = granted_by(allocation.choices.level, table).reindex(rows.index, fill_value=0)
    units = rows[["name", "persons"]].assign(granted=granted, proposed=rows["positions"])
    units["gain"] = units["proposed"] - units["granted"]
    persons = units["persons"].replace(0.0, np.nan)
    for name in ("granted", "proposed"):
        units[f"{name}_per_1000"] = 1000 * units[name] / persons
    scale = granted.sum() / max(1, int(rows["positions"].sum()))
    units["same_total"] = units["proposed"] * scale - units["granted"]
    return Comparison(
        units=units,
        gini_granted=gini(units["granted"], units["persons"]),
        gini_proposed=gini(units["proposed"], units["persons"]),
        granted=int(granted.sum()),
        unplaced=len(table.rejected) + _elsewhere(table, allocation.choices.level),
        provenance=table.provenance,
    )


def _elsewhere(table: Table, level: Level) -> int:
    """Count the rows whose seat is in no unit: a city known without its arrondissement."""
    if level == "department":
        return 0
    return int(table.frame["commune_code"].map(unit_of(level)).isna().sum())


def gini(positions: pd.Series, persons: pd.Series) -> float:
    """Return the inequality of positions per person over persons; NaN when there is none."""
    known = (persons.notna() & (persons > 0)).to_numpy()
    held, people = positions[known].to_numpy(float), persons[known].to_numpy(float)
    return equity(held / people, people, np.zeros(len(held), dtype=np.intp), 0.0).gini
