"""The measures that the explorer maps: what each is, its unit, its source."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage import accuracy
from coverage.indicators import INDICATORS
from coverage.measure import LIMIT_MIN
from views.parts import wording

OUT_OF_10: Final = "/ 10"
PUBLISHED: Final = "Estimation d'après les chiffres de l'Insee (2021), calée sur les régions (2019)"


@dataclass(frozen=True)
class Measure:
    """A measure of territories.

    Parameters
    ----------
    id
        Word of the link.
    column
        Column of the figures.
    label
        French name in the choices.
    title
        What the legend says.
    unit
        French unit of what is shown.
    source
        Source and year.
    factor
        What the column is multiplied by: 100 for a share shown in percent.
    digits
        Decimals shown; ``None`` rounds bounds to two figures, for counts.
    estimated
        Whether it is an estimate with an interval.
    """

    id: str
    column: str
    label: str
    title: str
    unit: str
    source: str
    factor: float = 1.0
    digits: int | None = 1
    estimated: bool = False

    def shown(self, value: float | None) -> str:
        """Return a value of the column as French text with its unit."""
        if wording.is_missing(value):
            return wording.UNKNOWN
        if math.isinf(float(value)):
            return beyond()
        text = wording.number(self.factor * float(value), self.digits or 0)
        return f"{text}{wording.FIXED}{self.unit}".rstrip(wording.FIXED)

    def gap(self, value: float) -> str:
        """Return a difference with its sign; that of two shares is in points."""
        if not math.isfinite(value):
            return "—"
        text = wording.signed(self.factor * value, self.digits or 0)
        unit = "points" if self.unit in ("%", OUT_OF_10) else self.unit
        return f"{text}{wording.FIXED}{unit}".rstrip(wording.FIXED)


def beyond() -> str:
    """Return what is said of minutes farther than the travel times go."""
    return f"plus de {wording.minutes(LIMIT_MIN)}"


def _indicator(id_: str, column: str, title: str, source: str) -> Measure:
    return Measure(id_, column, title, title, "%", source, 100.0)


_WORDS: Final = {
    "no_fast_broadband_share": "sans-thd",
    "no_4g_share": "sans-4g",
    "aged_65p_share": "65-ans",
    "low_diploma_share": "diplome",
    "poverty_share": "pauvrete",
}

RATE: Final = Measure(
    "taux",
    "rate",
    "Taux d'illectronisme",
    "Part estimée des 15 ans ou plus en illectronisme (2021)",
    "%",
    PUBLISHED,
    100.0,
    estimated=True,
)
PERSONS: Final = Measure(
    "personnes",
    "persons",
    "Personnes en illectronisme",
    "Nombre estimé de personnes de 15 ans ou plus en illectronisme (2021)",
    "personnes",
    PUBLISHED,
    digits=None,
    estimated=True,
)
INDEX: Final = Measure(
    "indice",
    "score",
    "Indice de fragilité",
    "Indice de fragilité numérique, de 0 (faible) à 10 (forte)",
    OUT_OF_10,
    "Moyenne des indicateurs connus, aux poids choisis",
)
FRANCE_SERVICES: Final = Measure(
    "acces-fs",
    "france_services_min",
    "Trajet jusqu'à France Services",
    "Trajet que la moitié des personnes en illectronisme ne dépassent pas, vers un France Services",
    "min",
    accuracy.SHORT_NOTE,
)
HELP: Final = Measure(
    "acces-aide",
    "help_min",
    "Trajet jusqu'à un lieu d'aide",
    "Trajet que la moitié des personnes en illectronisme ne dépassent pas, jusqu'à un lieu d'aide",
    "min",
    accuracy.SHORT_NOTE,
)
TYPES: Final = Measure(
    "types",
    "type",
    "Types de territoire",
    "Types de cantons",
    "",
    "Classement statistique des cantons (k-moyennes)",
    digits=0,
)

SHARES: Final = tuple(
    _indicator(_WORDS[one.id], one.id, one.title, one.source)
    for one in INDICATORS
    if one.id in _WORDS
)
ACCESS: Final = (FRANCE_SERVICES, HELP)
MEASURES: Final[Mapping[str, Measure]] = {
    one.id: one for one in (RATE, PERSONS, INDEX, *SHARES, *ACCESS, TYPES)
}


def known(table: pd.DataFrame, measures: tuple[Measure, ...]) -> list[Measure]:
    """Return the measures of which a table knows at least one value."""
    return [one for one in measures if one.column in table and table[one.column].notna().any()]
