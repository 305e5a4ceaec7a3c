"""A road network as arrays, and travel over it: the minutes that replace the model's.

However a network was read (:mod:`coverage.road_files`), it ends here: the largest part in
which every place can be reached from every other, edge by edge in one direction, with minutes
and kilometres.  Travel is by SciPy's compiled Dijkstra, with a limit.

    (1)  t_ij = 60 · a_i / v_a + d(n_i, n_j) + 60 · a_j / v_a

with *n* the road node nearest to a place, those of motorways left aside, *a* the kilometres to
it as the crow flies, *v_a* the speed on the way to the road, and *d* the quickest way over the
network in minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from coverage.arrays import FloatArray, IntArray
from coverage.travel import TravelTimes
from geodata.distance import km_of_chord, on_sphere
from geodata.errors import DataError

ACCESS_KM_H: Final = 20.0
"""Speed between a place and the road it stands on (an assumption)."""

SNAP_M: Final = 2000.0
"""Metres beyond which a place is not joined to the network: the network stops short of it."""

_BLOCK_CELLS: Final = 4_000_000
_SHORTEST: Final = 1e-7


@dataclass(frozen=True)
class Edges:
    """Directed edges of a network, arrays of shape (n_edge,).

    Parameters
    ----------
    start, end
        Positions of the nodes.
    km, minutes
        Length, and time at the speed driven.
    through
        Which edges one only drives along, such as those of motorways: nobody starts or stops
        there, shape (n_edge,); none by default.
    """

    start: IntArray
    end: IntArray
    km: FloatArray
    minutes: FloatArray
    through: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Snapped:
    """Places joined to a network.

    Parameters
    ----------
    node
        Nearest node of each place, shape (n_place,); −1 where none is near enough.
    km
        Kilometres to it as the crow flies, shape (n_place,).
    """

    node: IntArray
    km: FloatArray


@dataclass(frozen=True)
class RoadTimes:
    """Travel times over a network, and what it could not join.

    Parameters
    ----------
    times
        The minutes.
    far_origins, far_sites
        Codes and identifiers of the places too far from every road: they reach nothing.
    """

    times: TravelTimes
    far_origins: tuple[str, ...]
    far_sites: tuple[str, ...]


@dataclass(frozen=True)
class RoadGraph:
    """A drivable network in which every node reaches every other.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n_node,).
    minutes, km
        Time and length of the edges, shape (n_node, n_node), same structure; of two parallel
        edges each keeps its own smallest.
    doors
        Nodes that a place may be joined to: all but those of motorways alone, shape (n_door,).
    """

    lon: FloatArray
    lat: FloatArray
    minutes: "sparse.csr_array[np.float64]"
    km: "sparse.csr_array[np.float64]"
    doors: IntArray

    @classmethod
    def of(cls, lon: FloatArray, lat: FloatArray, edges: Edges, where: str = "") -> "RoadGraph":
        """Build from nodes and edges, keeping the largest strongly connected part.

        Raises
        ------
        DataError
            If no two nodes can be driven between both ways.
        """
        count = len(lon)
        kept = edges.start != edges.end
        minutes = _smallest(edges, edges.minutes, kept, count)
        km = _smallest(edges, edges.km, kept, count)
        _, part = connected_components(minutes, directed=True, connection="strong")
        sizes = np.bincount(part) if count else np.zeros(1, dtype=int)
        if sizes.max() < 2:
            raise DataError(
                "Ce fichier ne contient pas de réseau routier praticable",
                where=where,
                remedy="Donnez un fichier de routes : .osm, .osm.gz, .osm.pbf, GraphML ou "
                "tronçons de la BD TOPO de l'IGN.",
            )
        nodes = np.flatnonzero(part == int(sizes.argmax()))
        local = np.ones(edges.start.size, dtype=bool) if edges.through is None else ~edges.through
        ends = np.concatenate([edges.start[local], edges.end[local]])
        doors = np.flatnonzero(np.isin(nodes, ends))
        return cls(
            np.asarray(lon)[nodes],
            np.asarray(lat)[nodes],
            sparse.csr_array(minutes[nodes][:, nodes]),
            sparse.csr_array(km[nodes][:, nodes]),
            doors if doors.size else np.arange(nodes.size),
        )

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(on_sphere(self.lon[self.doors], self.lat[self.doors]))

    def snap(self, lon: FloatArray, lat: FloatArray, farthest_m: float = SNAP_M) -> Snapped:
        """Join places to their nearest door, as the crow flies.

        Parameters
        ----------
        lon, lat
            Degrees, shape (n_place,); a missing coordinate joins nothing.
        farthest_m
            Metres beyond which a place is left out.
        """
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        node, km = np.full(len(lon), -1, dtype=np.intp), np.full(len(lon), np.inf)
        chord, found = self._tree.query(on_sphere(np.asarray(lon)[known], np.asarray(lat)[known]))
        km[known] = km_of_chord(np.asarray(chord))
        node[known] = self.doors[found]
        node[km > farthest_m / 1000.0] = -1
        return Snapped(node, km)

    def travel(
        self,
        origins: pd.DataFrame,
        sites: pd.DataFrame,
        limit_min: float,
        farthest_m: float = SNAP_M,
    ) -> RoadTimes:
        """Return minutes by road from origins to sites: equation (1).

        Parameters
        ----------
        origins, sites
            Indexed by unique codes, with ``lon`` and ``lat`` (degrees).
        limit_min
            Beyond it, pairs are left out.
        farthest_m
            Metres beyond which a place is not joined to the network.
        """
        start = self.snap(
            origins["lon"].to_numpy(float), origins["lat"].to_numpy(float), farthest_m
        )
        end = self.snap(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), farthest_m)
        rows, columns, minutes = [], [], []
        column = np.flatnonzero(end.node >= 0)
        end_min = 60.0 * end.km[column] / ACCESS_KM_H
        for row, away in self._from_each(start.node, limit_min):
            total = away[end.node[column]] + end_min + 60.0 * start.km[row] / ACCESS_KM_H
            near = np.flatnonzero(total <= limit_min)
            rows.append(np.full(near.size, row, dtype=np.intp))
            columns.append(column[near])
            minutes.append(total[near])
        empty = np.empty(0, dtype=np.intp)
        pairs = (
            np.concatenate([empty, *rows]),
            np.concatenate([empty, *columns]),
            np.concatenate([np.empty(0), *minutes]),
        )
        names = tuple(map(str, origins.index)), tuple(map(str, sites.index))
        times = TravelTimes.from_pairs(*names, pairs, limit_min)
        return RoadTimes(
            times,
            tuple(np.array(names[0], dtype=object)[start.node < 0]),
            tuple(np.array(names[1], dtype=object)[end.node < 0]),
        )

    def table(self, nodes: IntArray, *, kilometres: bool = False) -> FloatArray:
        """Return minutes (or km) between some nodes, shape (n, n), each its own shortest way."""
        graph = self.km if kilometres else self.minutes
        found: FloatArray = dijkstra(graph, directed=True, indices=nodes)[:, nodes]
        return found

    def _from_each(self, node: IntArray, limit_min: float) -> Iterator[tuple[int, FloatArray]]:
        """Yield each joined place's position and its minutes to every node, one run a node."""
        unique, back = np.unique(node[node >= 0], return_inverse=True)
        places = np.flatnonzero(node >= 0)
        size = max(1, _BLOCK_CELLS // max(1, len(self.lon)))
        for first in range(0, unique.size, size):
            block = unique[first : first + size]
            away = dijkstra(self.minutes, directed=True, indices=block, limit=limit_min)
            inside = (back >= first) & (back < first + size)
            for place, rank in zip(places[inside], back[inside] - first, strict=True):
                yield int(place), away[rank]


def _smallest(
    edges: Edges, value: FloatArray, kept: "np.ndarray", count: int
) -> "sparse.csr_array[np.float64]":
    """Return edges as a matrix: of parallel ones the smallest, never a zero ("no edge")."""
    start, end = edges.start[kept], edges.end[kept]
    weight = np.maximum(value[kept], _SHORTEST)
    order = np.lexsort((weight, end, start))
    start, end, weight = start[order], end[order], weight[order]
    first = np.ones(start.size, dtype=bool)
    first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return sparse.csr_array((weight[first], (start[first], end[first])), shape=(count, count))
