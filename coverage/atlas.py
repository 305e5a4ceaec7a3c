"""Territories of one level side by side: need, index and access of each, for the whole country."""

from typing import Final

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray
from coverage.index import FragilityIndex
from coverage.need import Need
from geodata import tables

LEVELS: Final = ("commune", "canton", "epci", "department", "region", "country")
COUNTRY: Final = "FR"

FEW_PEOPLE: Final = 100
"""Inhabitants under which persons are shown rounded: the figure is not that precise."""


def group_of(points: pd.DataFrame, level: str) -> list[str | None]:
    """Return the unit of each commune at a level, ``None`` where it has none."""
    if level == "country":
        return [COUNTRY] * len(points)
    if level == "commune":
        return [str(code) for code in points.index]
    column = points[level]
    return [
        str(code) if known else None for code, known in zip(column, column.notna(), strict=True)
    ]


def names_of_level(level: str) -> pd.Series:
    """Return code → name of the units of a level."""
    readers = {
        "commune": tables.demand_points,
        "canton": tables.cantons,
        "epci": tables.epcis,
        "department": tables.departments,
        "region": tables.regions,
    }
    if level == "country":
        return pd.Series({COUNTRY: "France"}, name="name")
    names: pd.Series = readers[level]()["name"]
    return names


def units_table(
    points: pd.DataFrame, need: Need, index: FragilityIndex, level: str
) -> pd.DataFrame:
    """Return the figures of every unit of a level.

    Parameters
    ----------
    points, need, index
        All communes of France, their need and their indicators, in the same order.
    level
        One of :data:`LEVELS`.

    Returns
    -------
    DataFrame
        Index ``code``; name, population, the columns of :meth:`coverage.need.Need.by`,
        low_rate and high_rate (shares; the interval of the rate), then those of
        :meth:`coverage.index.FragilityIndex.by`.  Sums are exact and intervals computed.
    """
    if need.codes != tuple(points.index):
        raise ValueError("need and points must describe the same communes, in the same order")
    groups = group_of(points, level)
    if level == "commune":
        table, scores = need.frame(), index.frame()
    else:
        table, scores = need.by(groups), index.by(groups)
    people = points["population"].astype(float).groupby(np.array(groups, dtype=object)).sum()
    table = table.join(scores.drop(columns=["persons_15p"], errors="ignore"))
    table.insert(0, "population", people.rename(index=str).reindex(table.index))
    table.insert(0, "name", names_of_level(level).reindex(table.index))
    adults = table["persons_15p"].where(table["persons_15p"] > 0)
    return table.assign(
        low_rate=table["low"] / adults,
        high_rate=table["high"] / adults,
    )


def minutes_by_unit(
    points: pd.DataFrame, minutes: FloatArray, people: FloatArray, level: str
) -> pd.Series:
    """Return the minutes that half of the people of each unit do not exceed, indexed by code.

    A median, because beyond the limit of the travel times minutes are not known: a mean would
    have to make them up.

    Parameters
    ----------
    points
        All communes.
    minutes
        Minutes to the nearest site, shape (n_commune,); infinite beyond the limit.
    people
        People at each commune, shape (n_commune,); NaN leaves a commune out.
    level
        One of :data:`LEVELS`.

    Returns
    -------
    Series
        Infinite where more than half of the people are beyond the limit; NaN where there is
        nobody, but at the level of communes.
    """
    if level == "commune":
        return pd.Series(minutes, index=points.index.rename("code"))
    group, names = pd.factorize(np.array(group_of(points, level), dtype=object), sort=True)
    kept = np.flatnonzero((group >= 0) & (people > 0))
    order = kept[np.lexsort((minutes[kept], group[kept]))]
    table = pd.DataFrame({"minutes": minutes[order], "people": people[order]})
    by_group = table.groupby(group[order])
    reached = by_group["people"].cumsum() >= (0.5 - 1e-12) * by_group["people"].transform("sum")
    half = table["minutes"][reached].groupby(group[order][reached]).first()
    found: pd.Series = half.reindex(range(len(names))).set_axis(pd.Index(names, dtype=str))
    return found.rename_axis("code")


def counts_by_unit(points: pd.DataFrame, places: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return how many places of each layer stand in each unit.

    Parameters
    ----------
    points
        All communes; a place in a city of arrondissements is not counted in one of them.
    places
        ``layer`` and ``commune_code``.
    level
        One of :data:`LEVELS`.

    Returns
    -------
    DataFrame
        Index ``code``, one column a layer; 0 where there is none.
    """
    unit = pd.Series(group_of(points, level), index=points.index, dtype="object")
    if level != "commune":
        whole = tables.communes()
        parents = whole.loc[whole.index.difference(points.index)]
        more = pd.Series(group_of(parents, level), index=parents.index, dtype="object")
        unit = pd.concat([unit, more])
    where = unit.reindex(places["commune_code"]).to_numpy()
    found = pd.crosstab(where, places["layer"].to_numpy())
    units = sorted(unit.dropna().unique())
    return found.reindex(units, fill_value=0).rename_axis("code").rename_axis(columns=None)


def ranks(values: pd.Series) -> pd.Series:
    """Return the rank of each value, 1 for the highest; equal values share the better rank."""
    return values.rank(ascending=False, method="min")
