"""The postal accessibility rule of the law, by département.

Loi n° 90-568 of 2 July 1990, art. 6: except in exceptional circumstances, no more than 10 % of
the people of a département may live farther than 5 km **and** more than 20 minutes by car from
the nearest contact point of La Poste.  Distances are by road, as modelled:

    (1)  d_i = √( (δ g_i)² + ¼ A_i ),  g_i the great circle to the nearest point outside i
    (2)  d_i = ½ √A_i                  where i has a point
"""

from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from coverage.arrays import FloatArray
from coverage.measure import SiteAccess
from geodata.distance import km_of_chord, on_sphere

RULE_KM: Final = 5.0
RULE_MIN: Final = 20.0
RULE_SHARE: Final = 0.10


def nearest_km(points: pd.DataFrame, sites: pd.DataFrame, detour: float) -> FloatArray:
    """Return kilometres by road to the nearest site, shape (n_point,); infinite without any.

    Parameters
    ----------
    points
        Communes indexed by code, with lon, lat (degrees) and area_km2.
    sites
        With commune_code, lon and lat.
    detour
        Road over great circle.
    """
    if sites.empty:
        return np.full(len(points), np.inf)
    place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    here = on_sphere(points["lon"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float))
    chord, _ = cKDTree(place).query(here)
    crow_km = km_of_chord(np.asarray(chord))
    inside_km = 0.5 * np.sqrt(points["area_km2"].to_numpy(dtype=float))
    own = points.index.isin(sites["commune_code"])
    km: FloatArray = np.where(own, inside_km, np.hypot(detour * crow_km, inside_km))
    return km


def postal_rule(access: SiteAccess, detour: float) -> pd.DataFrame:
    """Return how each département stands against the rule.

    Parameters
    ----------
    access
        Access to the postal points.
    detour
        Road over great circle.

    Returns
    -------
    DataFrame
        Index ``code`` of the département; population, far (inhabitants both farther than 5 km
        and more than 20 min), share (0–1), met (whether at most 10 % are).
    """
    points = access.points
    km = nearest_km(points, access.sites.frame, detour)
    far = (km > RULE_KM) & (access.minutes > RULE_MIN)
    people = points["population"].astype(float)
    by = points["department"]
    found = pd.DataFrame(
        {
            "population": people.groupby(by).sum(),
            "far": people.where(far, 0.0).groupby(by).sum(),
        }
    )
    found["share"] = found["far"] / found["population"]
    found["met"] = found["share"] <= RULE_SHARE
    return found.rename_axis("code")
