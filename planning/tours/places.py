"""Places of stops: the town hall where a van may park, and whether a point is on land."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coverage.arrays import FloatArray
from geodata import tables
from geodata.distance import km_of_chord, on_sphere

AT_SEA_KM: Final = 15.0
"""Farther than this from the edge of every commune near it, a point is in no commune."""

_NEAREST: Final = 8


@cache
def town_hall_places() -> dict[str, str]:
    """Return commune code → name, address and telephone of its town hall, what is known of it."""
    halls = tables.town_halls().drop_duplicates("commune_code")
    columns = ("name", "address", "phone")
    rows = zip(halls["commune_code"], *(halls[column] for column in columns), strict=True)
    return {
        str(code): ", ".join(part.strip() for part in parts if isinstance(part, str) and part)
        for code, *parts in rows
    }


def at_sea(lon: FloatArray, lat: FloatArray) -> NDArray[np.bool_]:
    """Tell which points are far from every commune: at sea, or out of the country.

    A commune is taken as round, with its area.  Unknown coordinates (NaN) are not at sea.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326, shape (n,).
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    found = np.zeros(len(lon), dtype=bool)
    if known.any():
        tree, radius_km = _communes()
        chord, near = tree.query(on_sphere(lon[known], lat[known]), k=_NEAREST)
        edge_km = km_of_chord(np.asarray(chord)) - radius_km[near]
        found[known] = edge_km.min(axis=1) > AT_SEA_KM
    return found


@cache
def _communes() -> tuple[cKDTree, FloatArray]:
    """Return the communes' points on the sphere, and their radii in km, shape (n_commune,)."""
    table = tables.demand_points()
    points = on_sphere(table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float))
    radius_km = np.sqrt(table["area_km2"].fillna(0.0).to_numpy(dtype=float) / np.pi)
    return cKDTree(points), radius_km
