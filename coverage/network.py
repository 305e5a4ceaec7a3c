"""Travel time by car without a road file: a model of communes and their shared borders.

For an origin *i* (a commune's point) and a destination *j* (a point in commune *c(j)*)

    (1)  L_ij = max(δ · g_ij,  γ · P_i,c(j))            in kilometres
    (2)  L_ij = max(δ · g_ij,  ½ √A_i)                   if c(j) = i
    (3)  t_ij = 60 · L_ij · ½ (1 / v_i + 1 / v_c(j))     in minutes

where *g* is the great-circle distance, *δ* the detour of roads over it, *P* the length
of the shortest path over the graph of communes that share a land border (so that an
estuary is driven round), *γ* that path's own smaller detour, *A* the area of the commune
and *v* a speed set by the degree of urbanisation and slowed by relief:

    (4)  v_i = v(class_i) / (1 + relief_i / ρ)

Sources: δ, mean detour of European cities, https://doi.org/10.1177/23998083231168870 ;
½ √A for trips inside a zone, INRETS practice as described in
http://theses.univ-lyon2.fr/documents/getpart.php?id=lyon2.2011.vanco_f&part=351401 .
γ, v and ρ have no published French value: they are assumptions of this model, kept in
:class:`RoadModel`, and every page that shows its minutes says that they are modelled.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from coverage.travel import FloatArray, IntArray, TravelTimes
from geodata import tables
from geodata.links import RoadLinks, road_links

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""

_SPEEDS_KM_H = MappingProxyType(
    {30: 25.0, 23: 32.0, 22: 38.0, 21: 42.0, 13: 46.0, 12: 50.0, 11: 50.0}
)


@dataclass(frozen=True)
class RoadModel:
    """Parameters of the model; see the module's equations.

    ``speed_km_h`` is keyed by the class of the degree of urbanisation (level 2 of the
    Global Human Settlement layer: 30 urban centre … 11 very dispersed rural area);
    ``default_speed_km_h`` serves where the class is unknown.
    """

    detour: float = 1.343
    path_detour: float = 1.25
    relief_scale_m: float = 1500.0
    default_speed_km_h: float = 45.0
    speed_km_h: MappingProxyType[int, float] = field(default=_SPEEDS_KM_H)

    def speeds(self, points: pd.DataFrame) -> FloatArray:
        """Return the speed in km/h at each point, shape (n_point,): equation (4)."""
        by_class = (
            points["degurba"].map(dict(self.speed_km_h)).to_numpy(dtype=float, na_value=np.nan)
        )
        flat = np.where(np.isnan(by_class), self.default_speed_km_h, by_class)
        relief_m = points["relief_m"].fillna(0.0).to_numpy(dtype=float)
        slowed: FloatArray = flat / (1.0 + relief_m / self.relief_scale_m)
        return slowed


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


def contiguity_graph(
    points: pd.DataFrame, neighbours: pd.DataFrame, links: RoadLinks
) -> "sparse.csr_array[np.float64]":
    """Return the graph of neighbouring communes, edge lengths in km, shape (n_point, n_point).

    Parameters
    ----------
    points
        Communes indexed by code, with ``lon`` and ``lat``.
    neighbours
        Pairs ``code_a``, ``code_b`` that share a land border.
    links
        Bridges to add, and borders and communes that no road crosses.
    """
    pairs = pd.concat(
        [
            neighbours[["code_a", "code_b"]],
            pd.DataFrame(links.bridges, columns=["code_a", "code_b"]),
        ]
    )
    closed = {frozenset(pair) for pair in links.closed}
    a = points.index.get_indexer(pd.Index(pairs["code_a"]))
    b = points.index.get_indexer(pd.Index(pairs["code_b"]))
    shut = pairs["code_a"].isin(links.without_road) | pairs["code_b"].isin(links.without_road)
    if closed:
        ends = zip(pairs["code_a"], pairs["code_b"], strict=True)
        shut |= np.fromiter((frozenset(pair) in closed for pair in ends), bool, len(pairs))
    open_ = (a >= 0) & (b >= 0) & ~shut.to_numpy()
    a, b = a[open_], b[open_]
    sphere = on_sphere(points["lon"].to_numpy(), points["lat"].to_numpy())
    # Two points may coincide; a stored zero would read as "no edge" to the path finder.
    km = np.maximum(great_circle_km(sphere[a], sphere[b]), 1e-6)
    n = len(points)
    graph = sparse.coo_array((np.r_[km, km], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    return sparse.csr_array(graph)


@dataclass(frozen=True)
class CommuneNetwork:
    """The modelled road network between communes.

    ``points`` are the communes or arrondissements, indexed by code; ``graph`` their
    contiguity in km; ``sphere`` their unit-sphere points, shape (n_point, 3).
    """

    points: pd.DataFrame
    graph: "sparse.csr_array[np.float64]"
    sphere: FloatArray
    speed_km_h: FloatArray
    model: RoadModel

    @classmethod
    def build(
        cls,
        points: pd.DataFrame | None = None,
        model: RoadModel | None = None,
    ) -> "CommuneNetwork":
        """Build from the embedded snapshot, for all of France unless ``points`` are given."""
        points = tables.demand_points() if points is None else points
        model = model or RoadModel()
        return cls(
            points=points,
            graph=contiguity_graph(points, tables.neighbours(), road_links()),
            sphere=on_sphere(points["lon"].to_numpy(), points["lat"].to_numpy()),
            speed_km_h=model.speeds(points),
            model=model,
        )

    def minutes(self, origins: IntArray, sites: pd.DataFrame, limit_min: float) -> TravelTimes:
        """Return modelled minutes from communes to sites, up to ``limit_min``.

        Parameters
        ----------
        origins
            Positions of the origins in ``points``.
        sites
            Indexed by a unique identifier, with ``commune_code``, ``lon`` and ``lat``
            (degrees).  A site whose commune is not among ``points`` is reached by nobody.
        limit_min
            Beyond it, pairs are left out.
        """
        origins = np.asarray(origins, dtype=np.intp)
        i, j, _, minutes = self._pairs(origins, sites, limit_min)
        position = np.full(len(self.points), -1, dtype=np.intp)
        position[origins] = np.arange(origins.size)
        return TravelTimes.from_pairs(
            tuple(self.points.index[origins]),
            tuple(map(str, sites.index)),
            (position[i], j, minutes),
            limit_min,
        )

    def between(self, codes: list[str], limit_min: float) -> tuple[FloatArray, FloatArray]:
        """Return (minutes, km) between some communes, both of shape (n, n), zero on the diagonal.

        Pairs beyond ``limit_min`` or without a road are infinite in both.  Meant for the
        stops of a tour: a few hundred communes at most.

        Raises
        ------
        ValueError
            If a code is not one of ``points``.
        """
        where = self.points.index.get_indexer(pd.Index(codes))
        if (where < 0).any():
            raise ValueError(f"unknown communes: {[codes[k] for k in np.flatnonzero(where < 0)]}")
        unique, back = np.unique(where, return_inverse=True)
        sites = self.points.iloc[unique][["lon", "lat"]]
        sites = sites.assign(commune_code=sites.index)
        i, j, length_km, pair_min = self._pairs(unique, sites, limit_min)
        position = np.full(len(self.points), -1, dtype=np.intp)
        position[unique] = np.arange(unique.size)
        minutes = np.full((unique.size, unique.size), np.inf)
        km = np.full_like(minutes, np.inf)
        minutes[position[i], j] = pair_min
        km[position[i], j] = length_km
        np.fill_diagonal(minutes, 0.0)
        np.fill_diagonal(km, 0.0)
        return minutes[np.ix_(back, back)], km[np.ix_(back, back)]

    def _pairs(
        self, origins: IntArray, sites: pd.DataFrame, limit_min: float
    ) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Return (position in ``points``, position of site, km, minutes) of the near pairs."""
        commune = self.points.index.get_indexer(pd.Index(sites["commune_code"]))
        place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
        known = np.flatnonzero(commune >= 0)
        parts: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []
        if known.size and origins.size:
            tree = cKDTree(place[known])
            reach_km = limit_min / 60.0 * float(self.speed_km_h.max()) / self.model.detour
            for group in self._groups(origins):
                i, j = self._near(group, (known, tree, reach_km))
                km = self._length_km(group, (i, j), (commune, place), reach_km)
                slowness = 0.5 * (1.0 / self.speed_km_h[i] + 1.0 / self.speed_km_h[commune[j]])
                minutes = 60.0 * km * slowness
                kept = minutes <= limit_min
                parts.append((i[kept], j[kept], km[kept], minutes[kept]))
        if not parts:
            empty = np.empty(0, dtype=np.intp)
            return empty, empty, np.empty(0), np.empty(0)
        i, j, km, minutes = (np.concatenate(part) for part in zip(*parts, strict=True))
        return i, j, km, minutes

    def _groups(self, origins: IntArray) -> list[IntArray]:
        """Split origins into groups of neighbours, so that each needs a small part of the graph."""
        size = 192
        cells = [np.asarray(origins)]
        done: list[IntArray] = []
        while cells:
            cell = cells.pop()
            if cell.size <= size:
                done.append(cell)
                continue
            axis = int(np.ptp(self.sphere[cell], axis=0).argmax())
            order = cell[np.argsort(self.sphere[cell, axis], kind="stable")]
            cells += [order[: cell.size // 2], order[cell.size // 2 :]]
        return done

    def _near(
        self, group: IntArray, reach: tuple[IntArray, cKDTree, float]
    ) -> tuple[IntArray, IntArray]:
        """Return (position of origin, position of site) of the pairs within reach as the crow."""
        known, tree, reach_km = reach
        near = tree.query_ball_point(self.sphere[group], chord_of(reach_km))
        count = np.array([len(sites) for sites in near], dtype=np.intp)
        if not count.sum():
            return np.empty(0, np.intp), np.empty(0, np.intp)
        return np.repeat(group, count), known[
            np.concatenate([np.asarray(sites, dtype=np.intp) for sites in near])
        ]

    def _length_km(
        self,
        group: IntArray,
        pairs: tuple[IntArray, IntArray],
        sites: tuple[IntArray, FloatArray],
        reach_km: float,
    ) -> FloatArray:
        """Return modelled road lengths in km, infinite without a road: equations (1) and (2)."""
        i, j = pairs
        commune, place = sites
        c = commune[j]
        crow_km = self.model.detour * great_circle_km(self.sphere[i], place[j])
        path_km = self.model.path_detour * self._path_km(group, i, c, reach_km)
        inside_km = 0.5 * np.sqrt(self.points["area_km2"].to_numpy(dtype=float)[i])
        length: FloatArray = np.maximum(crow_km, np.where(c == i, inside_km, path_km))
        return length

    def _path_km(self, group: IntArray, i: IntArray, c: IntArray, reach_km: float) -> FloatArray:
        """Return path lengths in km over the contiguity graph, infinite beyond reach."""
        limit_km = reach_km * self.model.detour / self.model.path_detour
        centre = self.sphere[group].mean(axis=0)
        centre /= np.linalg.norm(centre)
        spread = float(np.linalg.norm(self.sphere[group] - centre, axis=1).max())
        around = np.linalg.norm(self.sphere - centre, axis=1) <= spread + chord_of(limit_km)
        nodes = np.flatnonzero(around)
        local = np.full(len(self.points), -1, dtype=np.intp)
        local[nodes] = np.arange(nodes.size)
        part = self.graph[nodes][:, nodes]
        lengths = dijkstra(part, directed=False, indices=local[group], limit=limit_km)
        row = np.full(len(self.points), -1, dtype=np.intp)
        row[group] = np.arange(group.size)
        target = local[c]
        found: FloatArray = np.where(target >= 0, lengths[row[i], target], np.inf)
        return found
