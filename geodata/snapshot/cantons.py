"""The canton of each commune: the INSEE unit "canton-ou-ville".

A city split between several cantons is one unit, which stands for its fractions.  The
métropole de Lyon, Martinique and Guyane have no cantons.
"""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.snapshot.codes import OUTLINED_INSIDE

PARIS: Final = "7599"
_CITY_WITHOUT_SHAPE: Final = {"75": PARIS}


def assign(units: gpd.GeoSeries, shapes: gpd.GeoSeries, departments: pd.Series) -> "pd.Series[str]":
    """Return the canton of each unit.

    Parameters
    ----------
    units
        Outlines of the communes and arrondissements: index ``code``, in EPSG:4326.
    shapes
        Outlines of the cantons: index ``code``, in EPSG:4326.
    departments
        Département of each unit: index ``code``.

    Returns
    -------
    Series
        Index ``code`` (the units and the communes without outline); null where there
        is no canton.
    """
    points = shapely.point_on_surface(units.to_numpy())
    unit, canton = shapes.sindex.query(points, predicate="within")
    found = pd.Series(None, index=units.index, dtype="str")
    found.iloc[unit] = shapes.index[canton]
    city = departments.reindex(units.index).map(_CITY_WITHOUT_SHAPE)
    found = found.where(found.notna(), city)
    for code, holder in OUTLINED_INSIDE.items():
        found[code] = found[holder]
    return found.sort_index()


def table(rows: pd.DataFrame, canton_of: "pd.Series[str]", communes: pd.DataFrame) -> pd.DataFrame:
    """Return the cantons in use: index ``code``; name, department, population."""
    whole = communes[communes["kind"] == "commune"]
    people = whole["population"].groupby(canton_of.reindex(whole.index)).sum()
    department = whole["department"].groupby(canton_of.reindex(whole.index)).first()
    names = rows.set_index("code")["nom"]
    frame = pd.DataFrame(
        {
            "name": names.reindex(people.index),
            "department": department,
            "population": people.astype("int64"),
        }
    )
    return frame.rename_axis("code").sort_index()
