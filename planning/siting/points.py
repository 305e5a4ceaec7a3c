"""Minutes between points by great circle, without ever holding the whole matrix."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from geodata.distance import EARTH_RADIUS_KM
from geodata.errors import DataError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PointCosts:
    """Travel minutes = great circle x ``detour`` at ``speed_km_h``; every pair is in reach.

    Parameters
    ----------
    demand_lonlat, candidate_lonlat
        Degrees, shapes (n_demand, 2) and (n_candidate, 2).
    detour
        Road length over great-circle length.
    speed_km_h
        Average speed.
    """

    demand_lonlat: Floats
    candidate_lonlat: Floats
    detour: float = 1.3
    speed_km_h: float = 50.0

    def __post_init__(self) -> None:
        for points in (self.demand_lonlat, self.candidate_lonlat):
            if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
                raise DataError("Des coordonnées manquent ou ne vont pas par deux")
        if not (self.detour > 0 and self.speed_km_h > 0):
            raise DataError("Le détour et la vitesse doivent être supérieurs à 0")

    @property
    def shape(self) -> tuple[int, int]:
        """Number of demand points and of candidates."""
        return len(self.demand_lonlat), len(self.candidate_lonlat)

    @property
    def longest_min(self) -> float:
        """Minutes to the antipodes: no journey is longer."""
        return float(self.minutes(np.array(2.0)))

    @cached_property
    def demand_xyz(self) -> Floats:
        """Demand points on the unit sphere, shape (n_demand, 3)."""
        return _unit(self.demand_lonlat)

    @cached_property
    def candidate_xyz(self) -> Floats:
        """Candidates on the unit sphere, shape (n_candidate, 3)."""
        return _unit(self.candidate_lonlat)

    @cached_property
    def tree(self) -> cKDTree:
        """KD-tree of the candidates; chords order points as great circles do."""
        return cKDTree(self.candidate_xyz)

    def minutes(self, chord: Floats) -> Floats:
        """Turn chords of the unit sphere into minutes, any shape."""
        arc = 2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0))
        return arc * (EARTH_RADIUS_KM * self.detour / self.speed_km_h * 60.0)

    def nearest(self, rows: Ints, k: int) -> tuple[Ints, Floats]:
        """Return the ``k`` nearest candidates of some demand points.

        Returns
        -------
        columns, minutes
            Both of shape (len(rows), k), by increasing minutes.
        """
        chord, columns = self.tree.query(self.demand_xyz[rows], k=k)
        chord, columns = np.reshape(chord, (-1, k)), np.reshape(columns, (-1, k))
        return np.asarray(columns, dtype=np.int64), self.minutes(np.asarray(chord))

    def nearest_open(self, sites: Ints) -> tuple[Ints, Floats]:
        """Return the nearest of some candidates to every demand point.

        Returns
        -------
        position, minutes
            Position in ``sites`` and minutes, both of shape (n_demand,).
        """
        chord, position = cKDTree(self.candidate_xyz[sites]).query(self.demand_xyz)
        return np.asarray(position, dtype=np.int64), self.minutes(np.asarray(chord))

    def within(self, minutes: float) -> sparse.csr_array:
        """Return the pairs at most ``minutes`` apart, shape (n_demand, n_candidate).

        Zeros are stored; indices are sorted.
        """
        per_radian = EARTH_RADIUS_KM * self.detour / self.speed_km_h * 60.0
        chord = 2.0 * np.sin(min(minutes / per_radian, np.pi) / 2.0)
        pairs = cKDTree(self.demand_xyz).query_ball_tree(self.tree, chord * (1 + 1e-12))
        size = np.array([len(pair) for pair in pairs])
        columns = np.concatenate([np.sort(np.array(pair, dtype=np.int64)) for pair in pairs])
        rows = np.repeat(np.arange(len(pairs)), size)
        apart = np.linalg.norm(self.demand_xyz[rows] - self.candidate_xyz[columns], axis=1)
        data = self.minutes(apart)
        keep = data <= minutes
        return sparse.csr_array((data[keep], (rows[keep], columns[keep])), shape=self.shape)


def _unit(lonlat: Floats) -> Floats:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
