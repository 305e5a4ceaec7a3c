"""Minutes by car from one exact point, such as an address, to places around it.

People of a commune leave from around its point; someone at an address leaves from there.
With *g* the great-circle distance, *δ* the detour of roads over it and *km_ic* the road
length between the points of communes *i* and *c* (:mod:`coverage.network`), the length from
a point *a* of commune *i* to a place *j* of commune *c* is

    (1)  L_aj = δ · g_aj + max(0, km_ic − δ · g_ic)

that is, the straight way at the usual detour, and what an estuary or a mountain adds between
the two communes.  Minutes follow from lengths by equation (3) of :mod:`coverage.network`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray
from coverage.network import CommuneNetwork
from geodata.distance import arc_km, on_sphere


@dataclass(frozen=True)
class Doorstep:
    """A point in a commune: its code, and degrees."""

    commune_code: str
    lon: float
    lat: float


def minutes_from(
    network: CommuneNetwork, point: Doorstep, sites: pd.DataFrame, limit_min: float
) -> FloatArray:
    """Return modelled minutes from a point to places.

    Parameters
    ----------
    network
        The communes and their speeds.
    point
        Where someone leaves from.
    sites
        ``commune_code``, ``lon`` and ``lat`` (degrees).
    limit_min
        Beyond it, a place is infinitely far.

    Returns
    -------
    FloatArray
        Minutes, shape (n_site,), infinite beyond the limit or without a road.

    Raises
    ------
    ValueError
        If the commune is not one of the network.
    """
    home = int(network.points.index.get_indexer(pd.Index([point.commune_code]))[0])
    if home < 0:
        raise ValueError(f"unknown commune: {point.commune_code}")
    there = network.points.index.get_indexer(pd.Index(sites["commune_code"]))
    here = on_sphere(np.array([point.lon]), np.array([point.lat]))
    place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    straight_km = network.model.detour * arc_km(here, place)
    fastest_km_h = max(network.model.road_km_h, float(network.speed_km_h.max()))
    near = np.flatnonzero((there >= 0) & (straight_km <= limit_min / 60.0 * fastest_km_h))
    minutes = np.full(len(sites), np.inf)
    if near.size:
        km = straight_km[near] + _excess_km(network, home, there[near], limit_min)
        reached = np.isfinite(km)
        near, km = near[reached], km[reached]
        minutes[near] = network.minutes_of(km, np.full(near.size, home), there[near])
    minutes[minutes > limit_min] = np.inf
    return minutes


def _excess_km(
    network: CommuneNetwork, home: int, there: np.ndarray, limit_min: float
) -> FloatArray:
    """Return what roads add to the usual detour between communes: second term of (1)."""
    communes, back = np.unique(np.r_[home, there], return_inverse=True)
    points = network.points.iloc[communes]
    sites = points[["lon", "lat"]].assign(commune_code=points.index)
    _, km = network.from_point(home, sites, 2.0 * limit_min)
    sphere = network.sphere
    straight = network.model.detour * arc_km(sphere[[home]], sphere[communes])
    excess: FloatArray = np.maximum(0.0, km - straight)
    excess[communes == home] = 0.0
    return excess[back[1:]]
