"""Travel time by car without a road file: a model of communes and their shared borders.

Road length in kilometres and minutes from the people of a commune *i* to a place *j* of
commune *c*:

    (1)  L_ij = √( s_ic² · max(δ · g_ij,  γ · P_ic)² + ¼ s_i² A_i )
    (2)  s_i = 1 + relief_i / ρ,   s_ic = ½ (s_i + s_c)
    (3)  t_ij = 60 · [ min(L_ij, 2ℓ) · ½ (1 / v_i + 1 / v_c) + max(L_ij − 2ℓ, 0) / v_road ]

*g* is the great-circle distance from the commune's point and *δ* the detour of roads over
it; *P* the shortest path over the graph of communes that share a land border, so that an
estuary is driven round, and *γ* its own smaller detour.  Relief lengthens roads by *s*.
People live around the point of their commune, of area *A*: ½ √A is their mean trip to that
point, and (1) the root mean square of their trips to a place away from it, in their commune or
outside.  The first and the last *ℓ* kilometres are driven at a local speed *v*, set by the
degree of urbanisation; the rest at the speed of the roads between.  Vans of a tour leave from the
points themselves: *A* is then zero.

Sources: δ, mean detour of European cities, https://doi.org/10.1177/23998083231168870 ;
½ √A for trips inside a zone, INRETS practice as described in
http://theses.univ-lyon2.fr/documents/getpart.php?id=lyon2.2011.vanco_f&part=351401 ; the
speed of urban centres is fitted on one arrondissement of Marseille, and ρ checked on Andorra
(:mod:`coverage.calibration`).  γ, the other speeds and ℓ have no published French value: they are
assumptions, kept in
:class:`coverage.road_model.RoadModel`; the error of the whole stands in :mod:`coverage.accuracy`,
and whatever shows its minutes says that they are modelled.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from coverage.arrays import FloatArray, IntArray
from coverage.contiguity import contiguity_graph, path_km
from coverage.road_model import RoadModel
from coverage.travel import TravelTimes
from geodata import tables
from geodata.distance import arc_km, chord_of, on_sphere
from geodata.links import road_links

_MOST_STARTS = 192
"""Communes that paths are sought from at once: they share the part of the graph around them."""


@dataclass(frozen=True)
class _Ends:
    """One end of many trips: the commune of each place (position), and its unit-sphere point."""

    commune: IntArray
    place: FloatArray


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
        known = np.flatnonzero(commune >= 0)
        place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
        starts = _Ends(origins, self.sphere[origins])
        ends = _Ends(commune[known], place[known])
        # Roads are as long both ways: paths are sought from the side with fewer communes.
        swapped = np.unique(ends.commune).size < np.unique(starts.commune).size
        first, second = (ends, starts) if swapped else (starts, ends)
        parts: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []
        for a, b, road_km in self._near(first, second, limit_min):
            i, j = (b, a) if swapped else (a, b)
            leave, reach = starts.commune[i], ends.commune[j]
            km = np.hypot(road_km, self._inside_km[leave]) if spread else road_km
            minutes = self.minutes_of(km, leave, reach)
            kept = minutes <= limit_min
            parts.append((leave[kept], known[j[kept]], km[kept], minutes[kept]))
        if not parts:
            none = np.empty(0, dtype=np.intp)
            return none, none, np.empty(0), np.empty(0)
        i, j, km, minutes = (np.concatenate(part) for part in zip(*parts, strict=True))
        return i, j, km, minutes

    @cached_property
    def _inside_km(self) -> FloatArray:
        """What people's living around their commune's point adds: ½ s √A of equation (1)."""
        area_km2 = self.points["area_km2"].to_numpy(dtype=float)
        inside_km: FloatArray = 0.5 * self.slope_factor * np.sqrt(area_km2)
        return inside_km

    def _near(
        self, first: _Ends, second: _Ends, limit_min: float
    ) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
        """Yield (positions in ``first``, in ``second``, road km) of the pairs within reach.

        A pair that is out of reach as the crow flies is out of reach by road: see (1) and (3).
        """
        if not first.commune.size or not second.commune.size:
            return
        fastest_km_h = max(self.model.road_km_h, float(self.speed_km_h.max()))
        reach_km = limit_min / 60.0 * fastest_km_h
        tree = cKDTree(second.place)
        order = np.argsort(first.commune, kind="stable")
        communes, begin = np.unique(first.commune[order], return_index=True)
        end = np.append(begin[1:], order.size)
        for group in self._groups(communes):
            rank = np.searchsorted(communes, group)
            members = np.concatenate([order[begin[k] : end[k]] for k in rank])
            a, b = _close(tree, first.place, members, chord_of(reach_km / self.model.detour))
            crow_km = self.model.detour * arc_km(first.place[a], second.place[b])
            lengths, column = path_km(
                self.graph, self.sphere, group, reach_km / self.model.path_detour
            )
            row = np.full(len(self.points), -1, dtype=np.intp)
            row[group] = np.arange(group.size)
            c, d = first.commune[a], second.commune[b]
            path = np.where(column[d] >= 0, lengths[row[c], column[d]], np.inf)
            slope = 0.5 * (self.slope_factor[c] + self.slope_factor[d])
            yield a, b, slope * np.maximum(crow_km, self.model.path_detour * path)

    def _groups(self, communes: IntArray) -> list[IntArray]:
        """Part communes into groups of neighbours, so that each needs a part of the graph."""
        cells = [np.asarray(communes)]
        done: list[IntArray] = []
        while cells:
            cell = cells.pop()
            if cell.size <= _MOST_STARTS:
                done.append(cell)
                continue
            axis = int(np.ptp(self.sphere[cell], axis=0).argmax())
            order = cell[np.argsort(self.sphere[cell, axis], kind="stable")]
            cells += [order[: cell.size // 2], order[cell.size // 2 :]]
        return done

    def minutes_of(self, km: FloatArray, i: IntArray, c: IntArray) -> FloatArray:
        """Return minutes for road lengths in km from commune ``i`` to ``c``: equation (3).

        ``i`` and ``c`` are positions in ``points``, of the shape of ``km``.
        """
        return self.model.minutes(km, (self.speed_km_h[i], self.speed_km_h[c]))


def _close(
    tree: cKDTree, places: FloatArray, members: IntArray, chord: float
) -> tuple[IntArray, IntArray]:
    """Return the pairs (member, point of the tree) within a chord of the unit sphere."""
    near: Any = tree.query_ball_point(places[members], chord)
    count = np.array([len(found) for found in near], dtype=np.intp)
    flat = np.fromiter(itertools.chain.from_iterable(near), np.intp, int(count.sum()))
    return np.repeat(members, count), flat
