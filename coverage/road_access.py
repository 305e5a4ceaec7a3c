"""Access measured over a real road network, in the same shape as over the model's."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.arrays import FloatArray
from coverage.catchment import Decay, catchment
from coverage.measure import LIMIT_MIN, SiteAccess, measure
from coverage.network import CommuneNetwork
from coverage.roads import SNAP_M, RoadGraph
from coverage.sites import Sites
from geodata.errors import DataError

KM_PER_DEGREE = 111.0
MOST_CHANGE = 0.05
"""Change of the minutes shared out beyond which a file stops too near the territory."""


@dataclass(frozen=True)
class RoadAccess:
    """Access over a road file.

    Parameters
    ----------
    access
        Access of the territory's communes and of those that the file holds around them.
    joined, sites_joined
        Which of its points, and which sites, stand near a road, shape (n_point,) and (n_site,).
    """

    access: SiteAccess
    joined: NDArray[np.bool_]
    sites_joined: NDArray[np.bool_]


def measure_on_roads(
    graph: RoadGraph,
    points: pd.DataFrame,
    territory: pd.Index,
    sites: Sites,
    limit_min: float = LIMIT_MIN,
) -> RoadAccess:
    """Measure the access of a territory, and of its neighbours, over a road network.

    Neighbours are measured too because they share the hours of the same sites.  People leave
    from the point of their commune: nothing is added for where they live in it.  A commune too
    far from every road of the file is without road; a site likewise is reached by nobody.

    Parameters
    ----------
    graph
        The network; it should reach beyond the territory, else what stands across its border
        is out of reach.
    points
        All communes indexed by code, with lon and lat (degrees).
    territory
        Codes of the territory's communes.
    sites
        The sites.
    limit_min
        Limit of the travel times.

    Raises
    ------
    DataError
        If the network is elsewhere: no commune of the territory is near one of its roads.
    """
    margin = SNAP_M / 1000.0 / KM_PER_DEGREE * 2.0
    inside = points["lon"].between(graph.lon.min() - margin, graph.lon.max() + margin)
    inside &= points["lat"].between(graph.lat.min() - margin, graph.lat.max() + margin)
    measured = points[inside | points.index.isin(territory)]
    found = graph.travel(measured, sites.frame, limit_min)
    joined = ~measured.index.isin(found.far_origins)
    if not joined[measured.index.isin(territory)].any():
        raise DataError(
            "Ce fichier de routes ne couvre pas le territoire demandé",
            where=f"routes entre {graph.lon.min():.2f}° et {graph.lon.max():.2f}° de longitude, "
            f"{graph.lat.min():.2f}° et {graph.lat.max():.2f}° de latitude",
            remedy="Donnez le fichier de la région où il se trouve.",
        )
    sites_joined = ~sites.frame.index.isin(found.far_sites)
    road = joined & bool(sites_joined.any())
    return RoadAccess(SiteAccess(measured, sites, found.times, road), joined, sites_joined)


def change_of_sharing(
    network: CommuneNetwork,
    found: RoadAccess,
    territory: pd.Index,
    people: FloatArray,
    decay: Decay,
) -> float:
    """Return by how much minutes shared out change for want of what a file leaves out.

    The hours of sites are shared among all who can come: a file that stops at the border of a
    territory hides its neighbours, and their sites.  The model, which knows both, tells how much
    that matters:

        Σ P_i |A'_i − A_i| / Σ P_i A_i  over the territory

    with *A* the minutes shared out by the model among everyone, *A'* among those that the file
    holds.

    Parameters
    ----------
    network
        The model, of the whole country.
    found
        What was measured over the file.
    territory
        Codes of the territory's communes.
    people
        People at each point of the network, shape (n_point,).
    decay
        How much a site counts by its distance.
    """
    times = measure(network, found.access.sites, decay.limit_min).times
    held = network.points.index.isin(found.access.points.index[found.joined])
    supply_h = found.access.sites.supply_h
    whole = catchment(times, people, supply_h, decay).weekly_min
    part = catchment(
        times, np.where(held, people, 0.0), np.where(found.sites_joined, supply_h, 0.0), decay
    ).weekly_min
    ours = network.points.index.isin(territory)
    total = float(people[ours] @ whole[ours])
    return float(people[ours] @ np.abs(part - whole)[ours]) / total if total > 0 else 0.0
