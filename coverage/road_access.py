"""Access measured over a real road network, in the same shape as over the model's."""

import numpy as np
import pandas as pd

from coverage.measure import LIMIT_MIN, SiteAccess
from coverage.roads import RoadGraph, RoadTimes
from coverage.sites import Sites
from geodata.errors import DataError


def measure_on_roads(
    graph: RoadGraph, points: pd.DataFrame, sites: Sites, limit_min: float = LIMIT_MIN
) -> tuple[SiteAccess, RoadTimes]:
    """Measure the access of some communes to sites over a road network.

    People leave from the point of their commune: nothing is added for where they live in it.
    A commune too far from every road of the file is without road; a site likewise is reached by
    nobody.

    Parameters
    ----------
    graph
        The network; it should reach beyond the territory, else what stands across its border
        is out of reach.
    points
        Communes indexed by code, with lon and lat (degrees).
    sites
        The sites.
    limit_min
        Limit of the travel times.

    Raises
    ------
    DataError
        If the network is elsewhere: no commune is near one of its roads.
    """
    found = graph.travel(points, sites.frame, limit_min)
    if len(found.far_origins) == len(points):
        raise DataError(
            "Ce fichier de routes ne couvre pas le territoire demandé",
            where=f"routes entre {graph.lon.min():.2f}° et {graph.lon.max():.2f}° de longitude, "
            f"{graph.lat.min():.2f}° et {graph.lat.max():.2f}° de latitude",
            remedy="Donnez le fichier de la région où il se trouve.",
        )
    road = ~np.isin(points.index.to_numpy(dtype=str), np.array(found.far_origins, dtype=str))
    road &= bool(len(found.far_sites) < len(sites.frame))
    return SiteAccess(points, sites, found.times, road), found
