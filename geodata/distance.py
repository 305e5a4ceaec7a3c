"""Distances on the Earth, taken as a sphere: between degrees, or points of the unit sphere."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def great_circle_km(
    lon_a: FloatArray,
    lat_a: FloatArray,
    lon_b: FloatArray,
    lat_b: FloatArray,
) -> FloatArray:
    """Return the distances between points, in kilometres; NaN where a point is missing.

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b
        Degrees; shapes that broadcast together.
    """
    a, b = np.radians(lat_a), np.radians(lat_b)
    half = (
        np.sin((b - a) / 2) ** 2
        + np.cos(a) * np.cos(b) * np.sin(np.radians(np.asarray(lon_b) - lon_a) / 2) ** 2
    )
    distances: FloatArray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return distances


def on_sphere(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return points of the unit sphere, shape (n, 3), from degrees."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


def arc_km(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return great-circle distances in km between matching rows of unit-sphere points."""
    return km_of_chord(np.linalg.norm(a - b, axis=-1))


def km_of_chord(chord: FloatArray) -> FloatArray:
    """Return the kilometres of great circle that chords of the unit sphere span, any shape."""
    arc: FloatArray = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))
    return arc


def chord_of(km: float) -> float:
    """Return the chord on the unit sphere that spans ``km`` kilometres of great circle."""
    return float(2.0 * np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2.0))
