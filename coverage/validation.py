"""The estimate against published figures that it was not given.

Regions are left out one at a time: the rate of a region is predicted without its own figure,
so with the synthetic estimate alone and the national level that the other regions leave.

The urban hierarchy is checked on the estimate as it is shown: its figures of 2019 are read as
differences to the metropole of the same year (16 %), carried to the level of the estimate.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.arrays import FloatArray
from coverage.benchmark import RegionalMiss, benchmark, regional_misses
from coverage.effects import share_of
from coverage.hierarchy import KINDS, urban_kind
from coverage.local import LocalData, loaded
from coverage.need import OVERSEAS_REGIONS, regional_shift
from coverage.published import METROPOLE_2019, TOTAL_2021, URBAN_HIERARCHY_2019, logit
from coverage.reading import Reading
from coverage.synthetic import Population, Synthetic, synthetic_rates

CORSE = "94"

FAR_POINTS = 3.0
"""Points of miss beyond which a region is named."""

NO_ZONING = (
    "non comparés, faute du zonage en aires d'attraction des villes : chargez la table\n"
    "  d'appartenance géographique des communes (Insee). Les données embarquées n'ont que le\n"
    "  degré d'urbanisation, qui est un autre zonage."
)


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
    """Lines checked, and the mean absolute errors of the regions in points.

    ``hierarchy`` is empty where the zoning is not on this machine.
    """

    national: Line
    regions: tuple[Line, ...]
    hierarchy: tuple[Line, ...]
    mean_error: float
    mean_error_without_corse: float


def validate(
    points: pd.DataFrame,
    local: LocalData,
    names: pd.Series,
    membership: pd.DataFrame | None = None,
) -> Validation:
    """Check the national total, each region left out of the benchmarking, then the cities.

    Parameters
    ----------
    points
        All communes of France.
    local
        Local figures.
    names
        Region → name.
    membership
        Area of attraction and urban unit of the communes (:func:`membership_here`), ``None``
        where they are not known.
    """
    population = Population.of(points, local)
    central = synthetic_rates(population, Reading())
    persons = np.nan_to_num(central.persons_15p)
    regions = tuple(points["region"].astype(str))
    misses = regional_misses(central.rate, persons, regions)
    lines = tuple(_left_out(central, regions, misses, one, names) for one in misses)
    errors = [
        (m.figure.region, abs(line.miss))
        for m, line in zip(misses, lines, strict=True)
        if not line.bound
    ]
    national = _mean_rate(central.rate, persons, np.ones(len(points), dtype=bool))
    shown = _moved(central.rate, regional_shift(central, regions, benchmark(misses).effects))
    cities = () if membership is None else _cities(points, membership, shown, persons)
    return Validation(
        national=Line("France (hors Mayotte)", TOTAL_2021.value, national),
        regions=lines,
        hierarchy=cities,
        mean_error=float(np.mean([e for _, e in errors])),
        mean_error_without_corse=float(np.mean([e for r, e in errors if r != CORSE])),
    )


def membership_here() -> pd.DataFrame | None:
    """Return the areas that communes belong to, ``None`` where this machine lacks them."""
    return loaded("membership")


def _left_out(
    central: Synthetic,
    regions: tuple[str, ...],
    misses: list[RegionalMiss],
    left_out: RegionalMiss,
    names: pd.Series,
) -> Line:
    """Predict a region without its own figure."""
    others = [m for m in misses if m is not left_out]
    rate = _moved(central.rate, regional_shift(central, regions, benchmark(others).effects))
    members = np.asarray(regions) == left_out.figure.region
    estimated = _mean_rate(rate, np.nan_to_num(central.persons_15p), members)
    name = str(names.loc[left_out.figure.region])
    return Line(name, left_out.wanted, estimated, left_out.figure.bound)


def _cities(
    points: pd.DataFrame, membership: pd.DataFrame, rate: FloatArray, persons: FloatArray
) -> tuple[Line, ...]:
    """Check the urban hierarchy of the metropole."""
    kind = urban_kind(points, membership).to_numpy()
    home = ~points["region"].astype(str).isin(OVERSEAS_REGIONS).to_numpy()
    level = logit(_mean_rate(rate, persons, home)) - logit(METROPOLE_2019.value)
    lines = []
    for name, title in KINDS.items():
        wanted = share_of(np.array(logit(URBAN_HIERARCHY_2019[name].value) + level))
        lines.append(Line(title, float(wanted), _mean_rate(rate, persons, kind == name)))
    return tuple(lines)


def _moved(rate: FloatArray, shift: FloatArray) -> FloatArray:
    """Return rates whose log-odds are shifted, shape (n_commune,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = rate / (1 - rate) * np.exp(shift)
        moved: FloatArray = odds / (1 + odds)
    return moved


def _mean_rate(rate: FloatArray, persons: FloatArray, members: NDArray[np.bool_]) -> float:
    """Return the rate of the people of some communes."""
    known = members & np.isfinite(rate) & (persons > 0)
    return float(rate[known] @ persons[known] / persons[known].sum())


def report(checked: Validation) -> str:
    """Return the validation as aligned French text."""
    lines = [
        "Taux d'illectronisme : estimation et chiffres publiés (15 ans et plus, niveau 2021)",
        f"{'':36}{'publié':>9}{'estimé':>9}{'écart':>8}",
        _row(checked.national),
        "Régions, chacune laissée hors du calage (chiffres de 2019, en écart à la France) :",
        *(_row(line) for line in checked.regions),
        f"Écart absolu moyen : {_points(checked.mean_error)} point ; sans la Corse : "
        f"{_points(checked.mean_error_without_corse)} point.",
        _far_report(checked.regions),
        *_hierarchy_report(checked.hierarchy),
    ]
    return "\n".join(lines)


def _far_report(regions: tuple[Line, ...]) -> str:
    far = [f"{one.name} ({_signed(one.miss)})" for one in regions if abs(one.miss) > FAR_POINTS]
    if not far:
        return f"Aucune région n'est retrouvée à plus de {FAR_POINTS:g} points."
    return f"Retrouvée à plus de {FAR_POINTS:g} points : {', '.join(far)}."


def _hierarchy_report(lines: tuple[Line, ...]) -> list[str]:
    title = "Villes et campagnes de métropole (chiffres de 2019, en écart à la métropole)"
    if not lines:
        return [f"{title} :", f"  {NO_ZONING}"]
    error = float(np.mean([abs(line.miss) for line in lines]))
    worst = max(lines, key=lambda line: abs(line.miss))
    return [
        f"{title} :",
        *(_row(line) for line in lines),
        f"Écart absolu moyen : {_points(error)} point. Le moins bien retrouvé : "
        f"{worst.name[:1].lower()}{worst.name[1:]} ({_signed(worst.miss)}).",
    ]


def _row(line: Line) -> str:
    sign = "≥" if line.bound else " "
    published, estimated = _points(100 * line.published), _points(100 * line.estimated)
    return f"{line.name:36}{sign}{published:>6} %{estimated:>7} %{_signed(line.miss):>8}"


def _signed(points: float) -> str:
    return f"{points:+.1f}".replace(".", ",")


def _points(value: float) -> str:
    return f"{value:.2f}".replace(".", ",") if abs(value) < 10 else f"{value:.1f}".replace(".", ",")
