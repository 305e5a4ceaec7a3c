"""The estimate against published figures that it was not given.

Regions are left out one at a time: the rate of a region is predicted without its own figure,
so with the synthetic estimate alone and the national level that the other regions leave.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.benchmark import benchmark, regional_misses
from coverage.local import LocalData
from coverage.need import regional_shift
from coverage.published import TOTAL_2021
from coverage.reading import Reading
from coverage.synthetic import Population, synthetic_rates

CORSE = "94"


@dataclass(frozen=True)
class Line:
    """One figure checked: names in French, rates as shares (0–1), ``miss`` in points."""

    name: str
    published: float
    estimated: float
    bound: bool = False

    @property
    def miss(self) -> float:
        """Estimate less figure, in points; 0 when a lower bound is kept."""
        miss = 100.0 * (self.estimated - self.published)
        return min(miss, 0.0) if self.bound else miss


@dataclass(frozen=True)
class Validation:
    """Lines checked, and the mean absolute errors of the regions in points."""

    national: Line
    regions: tuple[Line, ...]
    mean_error: float
    mean_error_without_corse: float


def validate(points: pd.DataFrame, local: LocalData, names: pd.Series) -> Validation:
    """Check the national total, then each region left out of the benchmarking.

    Parameters
    ----------
    points
        All communes of France.
    local
        Local figures.
    names
        Region → name.
    """
    population = Population.of(points, local)
    central = synthetic_rates(population, Reading())
    persons = np.nan_to_num(central.persons_15p)
    regions = tuple(points["region"].astype(str))
    of_region = np.asarray(regions)
    misses = regional_misses(central.rate, persons, regions)
    lines = []
    for left_out in misses:
        others = [m for m in misses if m is not left_out]
        shift = regional_shift(central, regions, benchmark(others).effects)
        members = (of_region == left_out.figure.region) & (persons > 0)
        odds = central.rate[members] / (1 - central.rate[members]) * np.exp(shift[members])
        estimated = float(odds / (1 + odds) @ persons[members] / persons[members].sum())
        name = str(names.loc[left_out.figure.region])
        lines.append(Line(name, left_out.wanted, estimated, left_out.figure.bound))
    errors = [
        (m.figure.region, abs(line.miss))
        for m, line in zip(misses, lines, strict=True)
        if not line.bound
    ]
    known = np.isfinite(central.rate) & (persons > 0)
    national = float(central.rate[known] @ persons[known] / persons[known].sum())
    return Validation(
        national=Line("France (hors Mayotte)", TOTAL_2021.value, national),
        regions=tuple(lines),
        mean_error=float(np.mean([e for _, e in errors])),
        mean_error_without_corse=float(np.mean([e for r, e in errors if r != CORSE])),
    )


def report(checked: Validation) -> str:
    """Return the validation as aligned French text."""
    lines = [
        "Taux d'illectronisme : estimation et chiffres publiés (15 ans et plus, niveau 2021)",
        f"{'':28}{'publié':>9}{'estimé':>9}{'écart':>8}",
        _row(checked.national),
        "Régions, chacune laissée hors du calage (chiffres de 2019, en écart à la France) :",
        *(_row(line) for line in checked.regions),
        f"Écart absolu moyen : {_points(checked.mean_error)} point ; sans la Corse : "
        f"{_points(checked.mean_error_without_corse)} point.",
        "La Corse n'est pas expliquée par les âges, les diplômes, les ménages et le niveau de vie.",
    ]
    return "\n".join(lines)


def _row(line: Line) -> str:
    sign = "≥" if line.bound else " "
    published, estimated = _points(100 * line.published), _points(100 * line.estimated)
    miss = f"{line.miss:+.1f}".replace(".", ",")
    return f"{line.name:28}{sign}{published:>6} %{estimated:>7} %{miss:>8}"


def _points(value: float) -> str:
    return f"{value:.2f}".replace(".", ",") if abs(value) < 10 else f"{value:.1f}".replace(".", ",")
