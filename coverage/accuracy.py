"""How far modelled trips are from real roads: the figures that every page repeats.

Measured by :mod:`coverage.calibration` on trips held out of any fit; the official files that
they come from are named, and a test measures them again.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Accuracy:
    """Relative error of the model on real trips.

    Parameters
    ----------
    where, what
        Place and measure (French), with its source.
    median, p90
        Relative error (share): half of trips stay under the first, nine in ten under the other.
    without_borders
        The same two for great circle × its own best detour, fitted on the other half of the
        places; ``None`` where borders play no part.
    """

    where: str
    what: str
    median: float
    p90: float
    without_borders: tuple[float, float] | None = None


FLAT: Final = Accuracy(
    "Val-d'Oise, 90 communes",
    "kilomètres par les routes principales (DDT 95)",
    0.100,
    0.258,
    (0.111, 0.274),
)

MOUNTAIN: Final = Accuracy(
    "Andorre, 40 bourgs et villages", "kilomètres par la route (OpenStreetMap, 2021)", 0.150, 0.387
)

CITY: Final = Accuracy(
    "Marseille, 10e arrondissement", "minutes aux vitesses moyennes de l'IGN", 0.172, 0.481
)

EVERY: Final = (FLAT, MOUNTAIN, CITY)
