"""Travel time by car without a road file: a model of communes and their shared borders.

Road length in kilometres and minutes from the people of a commune *i* to a place *j* of
commune *c*:

    (1)  L_ij = √( s_ic² · max(δ · g_ij,  γ · P_ic)² + ¼ s_i² A_i )     if c ≠ i
    (2)  L_ij = ½ s_i √A_i                                              if c = i
    (3)  t_ij = 60 · [ min(L_ij, 2ℓ) · ½ (1 / v_i + 1 / v_c) + max(L_ij − 2ℓ, 0) / v_road ]
    (4)  s_i = 1 + relief_i / ρ,   s_ic = ½ (s_i + s_c)

*g* is the great-circle distance from the commune's point and *δ* the detour of roads over
it; *P* the shortest path over the graph of communes that share a land border, so that an
estuary is driven round, and *γ* its own smaller detour.  Relief lengthens roads by *s*.
People live around the point of their commune, of area *A*: (2) is their mean trip inside it,
and (1) the root mean square of their trips to a place outside.  The first and the last *ℓ*
kilometres are driven at a local speed *v*, set by the degree of urbanisation; the rest at the
speed of the roads between.  Vans of a tour leave from the points themselves: *A* is then zero.

Sources: δ, mean detour of European cities, https://doi.org/10.1177/23998083231168870 ;
½ √A for trips inside a zone, INRETS practice as described in
http://theses.univ-lyon2.fr/documents/getpart.php?id=lyon2.2011.vanco_f&part=351401 ; ρ and
the speed of urban centres, measured on real roads (:mod:`coverage.calibration`).  γ, the other
speeds and ℓ have no published French value: they are assumptions, kept in :class:`RoadModel`;
the error of the whole stands in :mod:`coverage.accuracy`, and every page that shows its
minutes says that they are modelled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from coverage.sphere import chord_of, great_circle_km, on_sphere
from coverage.travel import FloatArray, IntArray, TravelTimes
from geodata import tables
from geodata.links import RoadLinks, road_links

_SPEEDS_KM_H = MappingProxyType(
    {30: 39.0, 23: 41.0, 22: 43.0, 21: 45.0, 13: 48.0, 12: 50.0, 11: 50.0}
)


@dataclass(frozen=True)
class RoadModel:
    """Parameters of the model; see the module's equations.

    The speed of urban centres is the one that IGN's mean speeds give in Marseille, out of
    traffic jams; that of dispersed rural areas is an assumption, and the classes between stand
    between.

    ``detour`` is δ, ``path_detour`` γ, ``relief_scale_m`` ρ, ``local_km`` ℓ and ``road_km_h``
    v_road.  ``speed_km_h`` is keyed by the class of the degree of urbanisation (level 2 of the
    Global Human Settlement layer: 30 urban centre … 11 very dispersed rural area);
    ``default_speed_km_h`` serves where the class is unknown.
    """

    detour: float = 1.343
    path_detour: float = 1.25
    relief_scale_m: float = 1500.0
    local_km: float = 3.0
    road_km_h: float = 65.0
    default_speed_km_h: float = 45.0
    speed_km_h: Mapping[int, float] = field(default_factory=lambda: _SPEEDS_KM_H)

    def slope_factor(self, points: pd.DataFrame) -> FloatArray:
        """Return by how much relief lengthens roads at each point, ≥ 1, shape (n_point,): (4)."""
        relief_m = points["relief_m"].fillna(0.0).to_numpy(dtype=float)
        factor: FloatArray = 1.0 + relief_m / self.relief_scale_m
        return factor

    def speeds(self, points: pd.DataFrame) -> FloatArray:
        """Return the local speed *v* in km/h at each point, shape (n_point,)."""
        by_class = (
            points["degurba"].map(dict(self.speed_km_h)).to_numpy(dtype=float, na_value=np.nan)
        )
        speed: FloatArray = np.where(np.isnan(by_class), self.default_speed_km_h, by_class)
        return speed


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
    slope_factor: FloatArray
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
            slope_factor=model.slope_factor(points),
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
        i, j, _, minutes = self._pairs(origins, sites, limit_min, spread=True)
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
        i, j, length_km, pair_min = self._pairs(unique, sites, limit_min, spread=False)
        position = np.full(len(self.points), -1, dtype=np.intp)
        position[unique] = np.arange(unique.size)
        minutes = np.full((unique.size, unique.size), np.inf)
        km = np.full_like(minutes, np.inf)
        minutes[position[i], j] = pair_min
        km[position[i], j] = length_km
        np.fill_diagonal(minutes, 0.0)
        np.fill_diagonal(km, 0.0)
        return minutes[np.ix_(back, back)], km[np.ix_(back, back)]

    def from_point(
        self, origin: int, sites: pd.DataFrame, limit_min: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return (minutes, km) from the point of one commune to sites, both of shape (n_site,).

        Both are infinite beyond ``limit_min`` or without a road; see :meth:`minutes`.
        """
        _, j, length_km, pair_min = self._pairs(np.array([origin]), sites, limit_min, spread=False)
        minutes, km = np.full(len(sites), np.inf), np.full(len(sites), np.inf)
        minutes[j], km[j] = pair_min, length_km
        return minutes, km

    def reach_km(self, limit_min: float) -> float:
        """Return how far, in km as the crow flies, nobody gets beyond within some minutes."""
        fastest_km_h = max(self.model.road_km_h, float(self.speed_km_h.max()))
        return limit_min / 60.0 * fastest_km_h / self.model.detour

    def _pairs(
        self, origins: IntArray, sites: pd.DataFrame, limit_min: float, *, spread: bool
    ) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Return (position in ``points``, position of site, km, minutes) of the near pairs.

        ``spread`` tells whether people leave from around their commune's point, or from it.
        """
        commune = self.points.index.get_indexer(pd.Index(sites["commune_code"]))
        place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
        known = np.flatnonzero(commune >= 0)
        parts: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []
        if known.size and origins.size:
            tree = cKDTree(place[known])
            reach_km = self.reach_km(limit_min)
            for group in self._groups(origins):
                i, j = self._near(group, (known, tree, reach_km))
                km = self._length_km(group, (i, j), (commune, place), reach_km)
                if spread:
                    km = self._with_spread(km, i, commune[j])
                minutes = self.minutes_of(km, i, commune[j])
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
        near: Any = tree.query_ball_point(self.sphere[group], chord_of(reach_km))
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
        """Return road lengths in km from commune points, infinite without a road."""
        i, j = pairs
        commune, place = sites
        c = commune[j]
        crow_km = self.model.detour * great_circle_km(self.sphere[i], place[j])
        path_km = self.model.path_detour * self._path_km(group, i, c, reach_km)
        slope = 0.5 * (self.slope_factor[i] + self.slope_factor[c])
        length: FloatArray = slope * np.maximum(crow_km, path_km)
        return length

    def _with_spread(self, km: FloatArray, i: IntArray, c: IntArray) -> FloatArray:
        """Return lengths from where people live, given those from the points: (1) and (2)."""
        area_km2 = self.points["area_km2"].to_numpy(dtype=float)[i]
        inside_km = 0.5 * self.slope_factor[i] * np.sqrt(area_km2)
        length: FloatArray = np.where(c == i, inside_km, np.hypot(km, inside_km))
        return length

    def minutes_of(self, km: FloatArray, i: IntArray, c: IntArray) -> FloatArray:
        """Return minutes for road lengths in km from commune ``i`` to ``c``: equation (3).

        ``i`` and ``c`` are positions in ``points``, of the shape of ``km``.
        """
        local_km = np.minimum(km, 2.0 * self.model.local_km)
        local = local_km * 0.5 * (1.0 / self.speed_km_h[i] + 1.0 / self.speed_km_h[c])
        minutes: FloatArray = 60.0 * (local + (km - local_km) / self.model.road_km_h)
        return minutes

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
