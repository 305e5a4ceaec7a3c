"""Altitude and relief around each commune, from a coarse grid.

The grid (``Altitude.h5`` of the package ``pvlib``; Mapzen terrain tiles) has cells of
1/12° (9 km by 6 km in France) and steps of 28 m: it tells plain from mountain for travel
times, not the altitude of a place.
"""

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapshot.packages import Archive

Floats = NDArray[np.float64]

_MEMBER: Final = "pvlib/data/Altitude.h5"
_NO_DATA: Final = 255
_STEP_M, _LOWEST_M = 28.0, -450.0
CELLS_PER_DEGREE: Final = 12

_SEA_BED_M: Final = -10.0
"""Below it a cell is the bottom of the sea: no land of France is so low."""


def read(archive: Archive) -> Floats:
    """Return the altitudes in metres, null on the sea, shape (2160, 4320), from 90° N, 180° W."""
    import h5py

    with h5py.File(io.BytesIO(archive.read(_MEMBER)), "r") as file:
        steps = file["Altitude"][:]
    metres = steps * _STEP_M + _LOWEST_M
    return np.where((steps == _NO_DATA) | (metres < _SEA_BED_M), np.nan, metres)


def altitude_m(grid: Floats, lon: Floats, lat: Floats) -> Floats:
    """Return the altitude at each point, shape (n,): bilinear over the cells of land.

    Null where the four nearest cells are sea.
    """
    row, column = (90 - lat) * CELLS_PER_DEGREE - 0.5, (lon + 180) * CELLS_PER_DEGREE - 0.5
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = row - top, column - left
    weights = np.stack(
        [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right]
    )
    values = np.stack([grid[top + dy, left + dx] for dy in (0, 1) for dx in (0, 1)])
    weights = np.where(np.isnan(values), 0, weights)
    total = weights.sum(axis=0)
    summed = np.nansum(values * weights, axis=0)
    altitude: Floats = np.divide(summed, total, out=np.full(len(lon), np.nan), where=total > 0)
    return altitude


def relief_m(grid: Floats, lon: Floats, lat: Floats) -> Floats:
    """Return the standard deviation of altitude around each point, in metres, shape (n,).

    It is taken over the cells of land among the 3 x 3 around the point (about 27 km by
    19 km); null where fewer than two are land.
    """
    row = np.floor((90 - lat) * CELLS_PER_DEGREE).astype(int)
    column = np.floor((lon + 180) * CELLS_PER_DEGREE).astype(int)
    around = np.stack(
        [grid[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=1
    )
    enough = (~np.isnan(around)).sum(axis=1) >= 2
    spread = np.full(len(lon), np.nan)
    spread[enough] = np.nanstd(around[enough], axis=1)
    return spread
