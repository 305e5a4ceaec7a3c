"""Distances on the Earth, taken as a sphere."""

import numpy as np

from coverage.arrays import FloatArray

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def on_sphere(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return points of the unit sphere, shape (n, 3), from degrees."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


def great_circle_km(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return great-circle distances in km between matching rows of unit-sphere points."""
    chord = np.linalg.norm(a - b, axis=-1)
    arc: FloatArray = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))
    return arc


def chord_of(km: float) -> float:
    """Return the chord on the unit sphere that spans ``km`` kilometres of great circle."""
    return float(2.0 * np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2.0))
