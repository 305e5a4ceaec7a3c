"""Who reaches a site without a car: on foot or by bicycle.

People are taken as spread evenly over a disc as large as their commune, around its point.  With
*d* the distance covered, *δ* the detour, *g* the great circle from the commune's point to the
site and R = √(A/π):

    (1)  share_i = max_j  | disc(i, R) ∩ disc(j, d/δ) | / A_i

The largest over sites, not the union: a lower bound where several sites stand near each other.
In a commune whose people live in one village the share is too low when the site is in it.
"""

from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from coverage.arrays import FloatArray
from geodata.distance import arc_km, chord_of, on_sphere

WALK_KM_H: Final = 5.0
"""Walking speed (an assumption)."""

CYCLE_KM_H: Final = 15.0
"""Speed of a bicycle or of a moped on small roads (an assumption)."""

MINUTES: Final = 30.0


def share_without_car(
    points: pd.DataFrame, sites: pd.DataFrame, reach_km: float, detour: float
) -> FloatArray:
    """Return the share (0–1) of each commune's people within reach of a site, shape (n_point,).

    Parameters
    ----------
    points
        Communes indexed by code, with lon, lat (degrees) and area_km2.
    sites
        With lon and lat (degrees).
    reach_km
        Kilometres by road that people cover.
    detour
        Road over great circle.
    """
    crow_km = reach_km / detour
    radius_km = np.sqrt(np.maximum(points["area_km2"].to_numpy(dtype=float), 0.01) / np.pi)
    share = np.zeros(len(points))
    if sites.empty or not len(points):
        return share
    here = on_sphere(points["lon"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float))
    place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    chords = np.array([chord_of(crow_km + r) for r in radius_km])
    near = cKDTree(place).query_ball_point(here, chords)
    count = np.array([len(found) for found in near], dtype=np.intp)
    i = np.repeat(np.arange(len(points)), count)
    j = np.concatenate([np.asarray(found, dtype=np.intp) for found in near])
    apart_km = arc_km(here[i], place[j])
    common = _overlap_km2(radius_km[i], crow_km, apart_km) / (np.pi * radius_km[i] ** 2)
    np.maximum.at(share, i, np.clip(common, 0.0, 1.0))
    return share


def _overlap_km2(r: FloatArray, s: float, d: FloatArray) -> FloatArray:
    """Return the area common to discs of radii ``r`` and ``s`` whose centres are ``d`` apart."""
    smaller = np.pi * np.minimum(r, s) ** 2
    between = (d < r + s) & (d > np.abs(r - s))
    apart = np.where(between, d, r + s)  # any value that keeps the formula defined
    a = np.arccos(np.clip((apart**2 + r**2 - s**2) / (2 * apart * r), -1.0, 1.0))
    b = np.arccos(np.clip((apart**2 + s**2 - r**2) / (2 * apart * s), -1.0, 1.0))
    lens = r**2 * (a - np.sin(2 * a) / 2) + s**2 * (b - np.sin(2 * b) / 2)
    found: FloatArray = np.where(between, lens, np.where(d >= r + s, 0.0, smaller))
    return found
