"""Modelled minutes against those that INSEE measured by road, commune by commune."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from coverage.accuracy import Error, relative_error
from geodata.errors import DataError

INSEE_KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "france_services": ("A128",),
        "postal_points": ("A206", "A207", "A208"),
        "libraries": ("F307",),
    }
)
"""Layer → types of facility of INSEE's permanent base of facilities (BPE)."""


@dataclass(frozen=True)
class Compared:
    """Modelled minutes beside measured ones.

    Parameters
    ----------
    table
        Index ``commune_code``: people, measured_min, modelled_min (NaN beyond the limit).
    error
        Relative error of the communes that have both and are a minute away at least.
    bias_min
        Mean of modelled minus measured minutes, people weighed, over the communes that have both.
    unreached, unreached_people
        Communes, and their people, that the model puts beyond its limit: no error can be told.
    """

    table: pd.DataFrame
    error: Error
    bias_min: float
    unreached: int
    unreached_people: float


def by_commune(squares: pd.DataFrame) -> pd.DataFrame:
    """Return the mean minutes of each commune's people to the nearest facility.

    Parameters
    ----------
    squares
        As :func:`geodata.readers.car_times.read_car_times` gives them: of several kinds, the
        nearest counts.

    Returns
    -------
    DataFrame
        Index ``commune_code``: people, measured_min (people weighed).
    """
    nearest = squares.groupby("square").agg(
        minutes=("minutes", "min"),
        people=("people", "first"),
        commune_code=("commune_code", "first"),
    )
    spent = (nearest["minutes"] * nearest["people"]).groupby(nearest["commune_code"]).sum()
    people = nearest["people"].groupby(nearest["commune_code"]).sum()
    return pd.DataFrame({"people": people, "measured_min": spent / people})


def compare(squares: pd.DataFrame, modelled_min: "pd.Series[float]") -> Compared:
    """Set modelled minutes beside measured ones.

    Parameters
    ----------
    squares
        INSEE's squares.
    modelled_min
        Minutes to the nearest site, indexed by commune; infinite beyond the limit.

    Raises
    ------
    DataError
        If no commune has both.
    """
    table = by_commune(squares)
    table["modelled_min"] = modelled_min.reindex(table.index).replace(np.inf, np.nan)
    both = table.dropna()
    far = both[both["measured_min"] >= 1.0]
    if far.empty:
        raise DataError(
            "Aucune commune n'a à la fois des minutes mesurées et modélisées",
            where=f"{len(table)} communes dans le fichier de l'Insee",
            remedy="Vérifiez que le fichier porte sur ce département et ce type de site.",
        )
    missed = table[table["modelled_min"].isna()]
    error = relative_error(far["modelled_min"].to_numpy(), far["measured_min"].to_numpy())
    gap = both["modelled_min"] - both["measured_min"]
    bias_min = float(np.average(gap, weights=both["people"]))
    return Compared(table, error, bias_min, len(missed), float(missed["people"].sum()))
