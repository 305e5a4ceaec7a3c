"""The parameters of travel without a road file: detours, relief, speeds.

What each stands for is told by the equations of :mod:`coverage.network`; sources and errors in
``docs/method-access.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray

_SPEEDS_KM_H = MappingProxyType(
    {30: 39.0, 23: 41.0, 22: 43.0, 21: 45.0, 13: 48.0, 12: 50.0, 11: 50.0}
)


@dataclass(frozen=True)
class RoadModel:
    """Parameters of the model; see the equations of :mod:`coverage.network`.

    The speed of urban centres is the one that IGN's mean speeds give out of traffic jams in the
    10th arrondissement of Marseille, the only city measured; that of dispersed rural areas is an
    assumption, and the classes between stand between.

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
        """Return by how much relief lengthens roads at each point, ≥ 1, shape (n_point,): (2)."""
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

    def minutes(self, km: FloatArray, ends_km_h: tuple[FloatArray, FloatArray]) -> FloatArray:
        """Return minutes for road lengths in km, of the shape of ``km``: equation (3).

        ``ends_km_h`` are the local speeds at both ends.
        """
        local_km = np.minimum(km, 2.0 * self.local_km)
        local_h = local_km * 0.5 * (1.0 / ends_km_h[0] + 1.0 / ends_km_h[1])
        minutes: FloatArray = 60.0 * (local_h + (km - local_km) / self.road_km_h)
        return minutes
