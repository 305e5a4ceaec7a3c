"""How far modelled trips are from real roads: the figures, and what is said of them everywhere.

Measured by :mod:`coverage.calibration` on the files that are named, and again by a test.  Nothing
was fitted to the first three; the speed of cities is fitted on half of Marseille's places and the
error is that of the other half.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coverage.arrays import FloatArray


@dataclass(frozen=True)
class Error:
    """Relative error of a model against roads: median, and what nine pairs in ten stay under."""

    median: float
    p90: float


def relative_error(modelled: FloatArray, real: FloatArray) -> Error:
    """Return the relative error of modelled trips."""
    error = np.abs(modelled / real - 1.0)
    return Error(float(np.median(error)), float(np.quantile(error, 0.9)))


@dataclass(frozen=True)
class Accuracy:
    """Relative error of the model on real trips.

    Parameters
    ----------
    where, what
        Place and measure (French), with its source.
    median, p90
        Relative error (share): half of trips stay under the first, nine in ten under the other.
    in_plain_range
        Share (0–1) of real trips between :data:`PLAIN_RANGE` times the modelled one.
    by_crow
        The same two for great circle × its own best detour there, fitted on the other half of
        the places; ``None`` where that was not measured.
    """

    where: str
    what: str
    median: float
    p90: float
    in_plain_range: float
    by_crow: tuple[float, float] | None = None


PLAIN_RANGE: Final = (0.75, 1.5)
"""Between how many times its modelled minutes a trip lasts most often: 15 to 30 for 20."""

_BY_CROW: Final = (0.111, 0.274)

FLAT: Final = Accuracy(
    "Val-d'Oise, 90 communes",
    "kilomètres par les routes principales (DDT 95)",
    0.100,
    0.258,
    0.945,
    _BY_CROW,
)

MOUNTAIN: Final = Accuracy(
    "Andorre, 40 bourgs et villages",
    "kilomètres par la route (OpenStreetMap, 2021)",
    0.150,
    0.387,
    0.848,
    (0.132, 0.359),
)

MOUNTAIN_MINUTES: Final = Accuracy(
    MOUNTAIN.where,
    "minutes aux vitesses supposées par type de route (OpenStreetMap, 2021)",
    0.137,
    0.362,
    0.857,
)

CITY: Final = Accuracy(
    "Marseille, 10e arrondissement",
    "minutes aux vitesses moyennes de l'IGN",
    0.184,
    0.569,
    0.745,
)

EVERY: Final = (FLAT, MOUNTAIN, MOUNTAIN_MINUTES, CITY)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


NOTE: Final = (
    "Minutes en voiture modélisées, hors embouteillages, sans fichier de routes. La longueur d'un "
    f"trajet est juste à {_percent(FLAT.median)} près une fois sur deux et à {_percent(FLAT.p90)} "
    f"près neuf fois sur dix en plaine, à {_percent(MOUNTAIN.median)} et {_percent(MOUNTAIN.p90)} "
    "près en montagne. Les minutes elles-mêmes n'ont été comparées que dans un arrondissement de "
    f"Marseille (vitesses de l'IGN) : à {_percent(CITY.median)} et {_percent(CITY.p90)} près."
)
"""What stands beside modelled minutes, in French: in pages, reports, and after commands."""

SHORT_NOTE: Final = (
    "Minutes en voiture modélisées, hors embouteillages ; longueurs justes neuf fois sur dix à "
    f"{_percent(FLAT.p90)} près en plaine, à {_percent(MOUNTAIN.p90)} près en montagne"
)
"""The same in a few words, without a full stop: for legends, tables and files."""

COARSE_NOTE: Final = (
    "Minutes à vol d'oiseau × 1,3, à 50\u00a0km/h : ni eau ni montagne n'y font de détour, et même "
    f"en plaine la longueur d'un trajet n'est juste, au mieux, qu'à {_percent(_BY_CROW[1])} près "
    "neuf fois sur dix."
)
"""What stands beside the minutes of siting in the whole country, which know no roads."""

PLAIN_NOTE: Final = (
    "Temps en voiture estimés, sans bouchons : pour 20\u00a0min, comptez entre "
    f"{20 * PLAIN_RANGE[0]:.0f} et {20 * PLAIN_RANGE[1]:.0f}\u00a0min, parfois plus en ville ou en "
    "montagne."
)
"""The same for anyone: what to make of a number of minutes."""
