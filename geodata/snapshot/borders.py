"""Shared borders of a coverage: who touches whom, and along how many metres."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.snapshot.codes import OUTLINED_INSIDE
from geodata.snapshot.territories import split

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def neighbours(units: gpd.GeoSeries) -> pd.DataFrame:
    """Return the pairs of units that share a land border.

    In a valid coverage two neighbours share the same vertices, so their border is the
    set of segments that both outlines hold: no geometry is intersected.

    Parameters
    ----------
    units
        Index ``code``, in EPSG:4326; no unit covers another.

    Returns
    -------
    DataFrame
        code_a, code_b (``code_a < code_b``), border_m in the legal projection.  The
        re-established communes that have no outline are joined to the commune whose
        outline still holds them, with a null border_m.
    """
    units = units.sort_index()
    found = [_pairs(units[mask], units[mask].to_crs(epsg)) for epsg, mask in split(units.index)]
    inside = pd.DataFrame(
        [
            (min(pair), max(pair), float("nan"))
            for pair in OUTLINED_INSIDE.items()
            if pair[1] in units.index
        ],
        columns=["code_a", "code_b", "border_m"],
    )
    every = pd.concat([*found, inside], ignore_index=True)
    return every.sort_values(["code_a", "code_b"], ignore_index=True)


def _pairs(stored: gpd.GeoSeries, projected: gpd.GeoSeries) -> pd.DataFrame:
    """Return the pairs of one territory (the same units, stored and projected)."""
    start, end, owner = _segments(stored)
    metres = _lengths(projected)
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start[swap], end[swap] = end[swap], start[swap].copy()
    segments = pd.DataFrame(
        {
            "x1": start[:, 0],
            "y1": start[:, 1],
            "x2": end[:, 0],
            "y2": end[:, 1],
            "owner": owner,
            "metres": metres,
        }
    )
    both = segments.merge(segments, on=["x1", "y1", "x2", "y2"], suffixes=("_a", "_b"))
    both = both[both["owner_a"] < both["owner_b"]]
    length = both.groupby(["owner_a", "owner_b"])["metres_a"].sum().round()
    codes = stored.index.to_numpy()
    return pd.DataFrame(
        {
            "code_a": codes[length.index.get_level_values(0)],
            "code_b": codes[length.index.get_level_values(1)],
            "border_m": length.to_numpy(),
        }
    )


def _segments(units: gpd.GeoSeries) -> tuple[Floats, Floats, Integers]:
    """Return the segments of all rings: start and end (n_segment, 2), owner (n_segment)."""
    rings, unit = _rings(units)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[:-1] == ring[1:]
    return points[:-1][inside], points[1:][inside].copy(), unit[ring[:-1][inside]]


def _lengths(units: gpd.GeoSeries) -> Floats:
    """Return the length of each segment of all rings, in the units of the projection."""
    start, end, _ = _segments(units)
    metres: Floats = np.hypot(*(end - start).T)
    return metres


def _rings(units: gpd.GeoSeries) -> tuple[NDArray[np.object_], Integers]:
    parts, unit = shapely.get_parts(units.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, unit[part]
