"""The model of travel without roads against real roads, on pairs held out of the fit.

Three pieces of evidence, each asking one question (see ``docs/method-access.md``):

- the main roads of a flat département (Val-d'Oise): does the path over the borders of communes
  earn its place beside great circle × detour with its own best parameter?
- the complete roads of a mountain country (Andorra): how much longer does relief make roads?
- a city's segments with IGN's mean speeds (Marseille): how fast are its streets?

Places are parted in two halves: parameters are fitted on the pairs of one, errors are measured
on the pairs of the other, over several partings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar

from coverage.accuracy import Error, relative_error
from coverage.arrays import FloatArray, IntArray
from coverage.network import CommuneNetwork
from coverage.roads import RoadGraph
from geodata.distance import arc_km, on_sphere

PARTINGS: Final = 9


@dataclass(frozen=True)
class Pairs:
    """Real trips between places, arrays of shape (n_place, n_place).

    Parameters
    ----------
    crow_km
        Great circle.
    road
        What roads say: kilometres, or minutes.
    shortest_km
        Great circle below which a pair is left out: both ends are then the same place.
    """

    crow_km: FloatArray
    road: FloatArray
    shortest_km: float = 2.0


def road_pairs(
    graph: RoadGraph,
    lon: FloatArray,
    lat: FloatArray,
    *,
    farthest_m: float,
    kilometres: bool,
    shortest_km: float = 2.0,
) -> tuple[Pairs, IntArray]:
    """Return real trips between the places that join the network, and which places those are."""
    snapped = graph.snap(lon, lat, farthest_m)
    kept = np.flatnonzero(snapped.node >= 0)
    away = graph.table(snapped.node[kept], kilometres=kilometres)
    if kilometres:
        away = away + snapped.km[kept][:, None] + snapped.km[kept]
    sphere = on_sphere(np.asarray(lon)[kept], np.asarray(lat)[kept])
    crow = arc_km(sphere[:, None, :], sphere[None, :, :])
    return Pairs(crow, away, shortest_km), kept


def held_out(
    pairs: Pairs,
    predict: Callable[[float, IntArray, IntArray], FloatArray],
    bounds: tuple[float, float],
) -> tuple[float, Error]:
    """Fit one parameter on half of the places, and measure the error on the other half.

    Parameters
    ----------
    pairs
        Real trips.
    predict
        Modelled trips for a value of the parameter, and the positions of both ends.
    bounds
        Between which the parameter is sought.

    Returns
    -------
    tuple
        The median of the fitted values, and that of the errors, over :data:`PARTINGS` partings.
    """
    values, medians, most = [], [], []
    for fit, test in _partings(pairs):
        value = _fitted(pairs, predict, fit, bounds)
        error = relative_error(predict(value, *test), pairs.road[test])
        values.append(value)
        medians.append(error.median)
        most.append(error.p90)
    return float(np.median(values)), Error(float(np.median(medians)), float(np.median(most)))


def fixed_error(pairs: Pairs, modelled: FloatArray) -> Error:
    """Return the error of trips modelled without any fit, on the same held-out halves."""
    found = [relative_error(modelled[test], pairs.road[test]) for _, test in _partings(pairs)]
    return Error(
        float(np.median([one.median for one in found])),
        float(np.median([one.p90 for one in found])),
    )


def share_between(pairs: Pairs, modelled: FloatArray, bounds: tuple[float, float]) -> float:
    """Return the share (0–1) of real trips between two multiples of the modelled ones."""
    i, j = _inside(np.arange(len(pairs.road)), pairs)
    ratio = pairs.road[i, j] / modelled[i, j]
    return float(np.mean((ratio >= bounds[0]) & (ratio <= bounds[1])))


def _fitted(
    pairs: Pairs,
    predict: Callable[[float, IntArray, IntArray], FloatArray],
    fit: tuple[IntArray, IntArray],
    bounds: tuple[float, float],
) -> float:
    def miss(value: float) -> float:
        error = relative_error(predict(value, *fit), pairs.road[fit])
        return error.median + 0.5 * error.p90

    grid = np.linspace(*bounds, 61)
    best = float(grid[int(np.argmin([miss(value) for value in grid]))])
    step = float(grid[1] - grid[0])
    result = minimize_scalar(miss, bounds=(best - step, best + step), method="bounded")
    return float(result.x)


def _partings(pairs: Pairs) -> list[tuple[tuple[IntArray, IntArray], tuple[IntArray, IntArray]]]:
    """Return the pairs of each half of the places, a few times over."""
    count = len(pairs.road)
    found = []
    for seed in range(PARTINGS):
        order = np.random.default_rng(seed).permutation(count)
        halves = order[: count // 2], order[count // 2 :]
        found.append((_inside(halves[0], pairs), _inside(halves[1], pairs)))
    return found


def _inside(half: IntArray, pairs: Pairs) -> tuple[IntArray, IntArray]:
    first, second = np.nonzero(~np.eye(half.size, dtype=bool))
    i, j = half[first], half[second]
    kept = (pairs.crow_km[i, j] >= pairs.shortest_km) & np.isfinite(pairs.road[i, j])
    return i[kept], j[kept]


def modelled_km(network: CommuneNetwork, codes: list[str]) -> FloatArray:
    """Return the model's kilometres between some communes, shape (n, n)."""
    return network.between(codes, 240.0)[1]
