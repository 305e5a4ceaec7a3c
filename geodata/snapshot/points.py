"""One point for each commune: its town hall, repaired, or where people likely live."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.snapshot.territories import split

Floats = NDArray[np.float64]

TOLERANCE_M: Final = 300.0
"""How far outside its commune a town hall may stand (the outlines are generalised)."""

MANUAL: Final = {
    "44047": (-1.7270, 47.2150),
    "56098": (-3.3420, 47.7640),
    "75056": (2.3522, 48.8566),
    "77108": (2.5930, 48.8820),
    "91223": (2.1610, 48.4345),
    "92064": (2.2190, 48.8440),
    "93029": (2.4450, 48.9235),
    "93078": (2.5420, 48.9610),
    "94076": (2.3610, 48.7930),
}
"""Town halls of cities whose point is wrong or missing in the source (longitude, latitude)."""

WITHOUT_OUTLINE: Final = {
    "15031": (2.9547, 45.1158, 18.35),
    "15035": (2.9331, 45.1558, 27.55),
    "15047": (2.8828, 45.1544, 16.58),
    "15171": (2.9708, 45.1733, 15.88),
}
"""Village (longitude, latitude) and published area (km²) of the communes without outline."""


def place(units: gpd.GeoSeries, town_halls: gpd.GeoSeries, fallback: pd.DataFrame) -> pd.DataFrame:
    """Return one point for each commune and arrondissement.

    Parameters
    ----------
    units
        Outlines: index ``code``, in EPSG:4326.
    town_halls
        Points of the source: index ``code``, in EPSG:4326; missing ones may be absent.
    fallback
        A point inside each unit where people likely live: index ``code``; lon, lat.

    Returns
    -------
    DataFrame
        Index ``code`` (the units and the communes without outline); lon, lat and
        point_source: ``"town_hall"``, ``"flipped"`` (a sign was wrong), ``"manual"``,
        ``"inside"`` (town hall unknown or too far outside) or ``"village"`` (without outline).
    """
    given = town_halls.reindex(units.index)
    lon, lat = given.x.to_numpy(), given.y.to_numpy()
    found = fallback.reindex(units.index).assign(point_source="inside")
    tries = (
        ("flipped", lon, -lat),
        ("flipped", -lon, lat),
        ("town_hall", lon, lat),
    )
    for source, x, y in tries:
        near = outside_m(units, x, y) <= TOLERANCE_M
        found.loc[near, ["lon", "lat"]] = np.column_stack([x, y])[near]
        found.loc[near, "point_source"] = source
    by_hand = pd.DataFrame.from_dict(MANUAL, orient="index", columns=["lon", "lat"])
    by_hand = by_hand[by_hand.index.isin(found.index)].assign(point_source="manual")
    found.update(by_hand)
    villages = {code: (x, y, "village") for code, (x, y, _) in WITHOUT_OUTLINE.items()}
    extra = pd.DataFrame.from_dict(villages, orient="index", columns=list(found.columns))
    both = pd.concat([found, extra]).sort_index().rename_axis("code")
    return both.astype({"lon": "float64", "lat": "float64"}).round({"lon": 5, "lat": 5})


def outside_m(units: gpd.GeoSeries, lon: Floats, lat: Floats) -> Floats:
    """Return how far each point is from its unit, in metres; 0 inside, infinite if unknown.

    Parameters
    ----------
    units
        In EPSG:4326, shape (n_unit,).
    lon, lat
        Degrees, shape (n_unit,); null where unknown.
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    metres = np.full(len(units), np.inf)
    for epsg, mask in split(units.index):
        rows = np.flatnonzero(mask & known)
        points = gpd.GeoSeries(gpd.points_from_xy(lon[rows], lat[rows]), crs=units.crs)
        shapes = units.iloc[rows].to_crs(epsg).to_numpy()
        with np.errstate(invalid="ignore"):
            metres[rows] = shapely.distance(shapes, points.to_crs(epsg).to_numpy())
    return np.where(np.isnan(metres), np.inf, metres)


def areas_km2(units: gpd.GeoSeries) -> pd.Series:
    """Return the area of each unit, in km² of the legal projection: index ``code``.

    Where an outline still holds communes that were re-established, their published
    areas are taken from it.
    """
    area = pd.Series(np.nan, index=units.index)
    for epsg, mask in split(units.index):
        area[mask] = units[mask].to_crs(epsg).area / 1e6
    inside = pd.Series({code: km2 for code, (_, _, km2) in WITHOUT_OUTLINE.items()})
    if "15141" in area.index:
        area["15141"] -= inside.sum()
    return pd.concat([area, inside]).sort_index().round(4).rename_axis("code")
