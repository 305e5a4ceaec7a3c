"""Regional benchmarking: pulling the estimate towards the published regional figures.

    (1)  y_r = logit(R_r) − logit(R) + logit(r)         the figure of 2019, as a difference
    (2)  u_r = τ² / (τ² + ψ_r²) · (y_r − logit r̂_r)     shrunk by how precise it is

with *R_r* and *R* the regional and national rates of 2019, *r* the national rate of 2021 and
*r̂_r* the synthetic rate of the region (Rao and Molina, *Small Area Estimation*, 2nd ed.,
Wiley, 2015, ch. 6).  Vintages are not chained: only the difference to the nation of the same
year is used.  *ψ* is the standard error of the figure on the logit scale, *τ* the spread of
the regions around the synthetic rates, by the median so that one region does not make it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coverage.arrays import FloatArray
from coverage.effects import share_of
from coverage.published import NATIONAL_2019, REGIONAL_2019, TOTAL_2021, RegionalRate, logit


@dataclass(frozen=True)
class RegionalMiss:
    """A published figure against the synthetic rate of its region, both brought to 2021.

    ``miss`` and ``psi`` are on the logit scale; a bound that is kept has no miss.
    """

    figure: RegionalRate
    wanted: float
    synthetic: float
    miss: float
    psi: float


@dataclass(frozen=True)
class Benchmark:
    """Regional effects on the logit scale.

    Parameters
    ----------
    effects
        Region → *u_r*.
    sigma
        Region → standard error left after benchmarking; *τ* for the regions without a figure.
    tau
        Spread of the regions around the synthetic rates.
    """

    effects: dict[str, float]
    sigma: dict[str, float]
    tau: float


def regional_misses(
    rate: FloatArray, persons: FloatArray, regions: Sequence[str]
) -> list[RegionalMiss]:
    """Compare synthetic rates with the published figures.

    Parameters
    ----------
    rate, persons
        Rates (0–1) and people of 15 and over, shape (n_commune,).
    regions
        Region of each commune.
    """
    of_region = np.asarray(regions)
    found = []
    for figure in REGIONAL_2019:
        members = (of_region == figure.region) & np.isfinite(rate) & (persons > 0)
        if not members.any():
            continue
        synthetic = float(rate[members] @ persons[members] / persons[members].sum())
        wanted = logit(figure.value) - logit(NATIONAL_2019.value) + logit(TOTAL_2021.value)
        miss = wanted - logit(synthetic)
        if figure.bound:
            miss = max(miss, 0.0)
        psi = figure.sigma / (figure.value * (1 - figure.value))
        found.append(RegionalMiss(figure, float(share_of(np.array(wanted))), synthetic, miss, psi))
    return found


def benchmark(misses: Sequence[RegionalMiss]) -> Benchmark:
    """Shrink the misses into regional effects: equation (2)."""
    exact = np.array([abs(m.miss) for m in misses if not m.figure.bound])
    tau = float(1.4826 * np.median(exact)) if exact.size else 0.0
    effects, sigma = {}, {}
    for m in misses:
        kept = tau**2 / (tau**2 + m.psi**2) if tau else 0.0
        effects[m.figure.region] = kept * m.miss
        sigma[m.figure.region] = float(np.sqrt(kept) * m.psi)
    return Benchmark(effects, sigma, tau)
