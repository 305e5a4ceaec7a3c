"""A network from bare lines of roads, whose pieces do not quite meet.

Some producers draw only main roads, cut where a smaller road would join them.  A loose end is
linked to the nearest points of other pieces within a distance, so that the whole can be driven.
Good for measuring a model's lengths, not for travel: there is neither direction nor speed.
"""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from coverage.arrays import FloatArray, IntArray
from coverage.roads import Edges, RoadGraph

_JOIN_M = 0.5


def network_of_lines(lines: gpd.GeoDataFrame, link_m: float, speed_km_h: float = 50.0) -> RoadGraph:
    """Return the largest network that lines make once loose ends are linked.

    Parameters
    ----------
    lines
        Lines in any projection that is known; every vertex is a node.
    link_m
        Metres within which a loose end is linked to other pieces.
    speed_km_h
        Speed given to all of them.
    """
    metric = lines.to_crs(lines.estimate_utm_crs())
    coordinates, of_line = shapely.get_coordinates(
        shapely.get_parts(shapely.line_merge(metric.geometry.to_numpy())), return_index=True
    )
    same = of_line[1:] == of_line[:-1]
    cells = np.round(coordinates / _JOIN_M).astype(np.int64)
    places, node = np.unique(cells, axis=0, return_inverse=True)
    node = node.reshape(-1)
    where = (places * _JOIN_M).astype(np.float64)
    start, end = node[:-1][same], node[1:][same]
    more_start, more_end = _links(where, start, end, link_m)
    start, end = np.concatenate([start, more_start]), np.concatenate([end, more_end])
    km = np.linalg.norm(where[start] - where[end], axis=1) / 1000.0
    degrees = gpd.GeoSeries.from_xy(where[:, 0], where[:, 1], crs=metric.crs).to_crs(4326)
    both = np.concatenate([km, km])
    edges = Edges(
        np.concatenate([start, end]), np.concatenate([end, start]), both, 60.0 * both / speed_km_h
    )
    return RoadGraph.of(degrees.x.to_numpy(), degrees.y.to_numpy(), edges)


def _links(
    where: FloatArray, start: IntArray, end: IntArray, link_m: float
) -> tuple[IntArray, IntArray]:
    """Return the edges from loose ends to points of other pieces within ``link_m``."""
    count = len(where)
    joined = sparse.coo_array((np.ones(start.size), (start, end)), shape=(count, count))
    _, piece = connected_components(joined, directed=False)
    loose = np.flatnonzero(np.bincount(np.concatenate([start, end]), minlength=count) == 1)
    near: Any = cKDTree(where).query_ball_point(where[loose], link_m)
    pairs = [
        (int(a), int(b))
        for a, found in zip(loose, near, strict=True)
        for b in found
        if piece[a] != piece[b]
    ]
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]
