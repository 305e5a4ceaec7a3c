"""Published figures on illectronism and on the population, each with its source.

Rates are shares (0–1) of people of 15 and over in ordinary dwellings, France without
Mayotte, survey "TIC ménages" of INSEE, unless said otherwise.  A figure that no source
gives is absent here: it is solved for, never invented.
"""

from dataclasses import dataclass
from typing import Final

AGE_GROUPS: Final = ("15-24", "25-39", "40-59", "60-74", "75+")
"""Age groups of the published rates, in years."""


@dataclass(frozen=True)
class Published:
    """A published rate: ``value`` and half the width of its rounding, as shares (0–1)."""

    value: float
    rounding: float
    year: int
    source: str


_IP1953 = "Insee Première n° 1953, juin 2023, https://www.insee.fr/fr/statistiques/7633654"
_IP1953_PRESS = (
    "Insee Première n° 1953, juin 2023, repris par "
    "https://www.causecommune-larevue.fr/la_fracture_num_rique_toujours_une_r_alit"
)
_DOM = (
    "Insee Première n° 1953, juin 2023, repris par "
    "https://lesfrancais.press/illectronisme-15-de-la-population-concernee-en-france"
)

TOTAL_2021: Final = Published(0.154, 0.0005, 2021, _IP1953)

AGE_2021: Final = {
    "15-24": Published(0.02, 0.005, 2021, _IP1953_PRESS),
    "25-39": Published(0.04, 0.005, 2021, _IP1953_PRESS),
    # 40-59 is not published: it is solved for under TOTAL_2021.
    "60-74": Published(0.24, 0.005, 2021, _IP1953_PRESS),
    "75+": Published(0.62, 0.005, 2021, _IP1953_PRESS),
}

METROPOLE_2021: Final = Published(0.15, 0.005, 2021, _DOM)
OVERSEAS_2021: Final = Published(0.20, 0.005, 2021, _DOM)

PYRAMID_SOURCE: Final = (
    "Insee, recensement 2021 (POP3), https://www.insee.fr/fr/statistiques/8200791?geo=FE-1"
)
PYRAMID_2021: Final = {
    "15-19": 4_164_063,
    "20-24": 3_819_841,
    "25-39": 12_108_410,
    "40-54": 13_104_453,
    "55-64": 8_538_467,
    "65-79": 9_722_536,
    "80+": 4_101_248,
}
"""Persons by age, France with overseas départements, all dwellings, census of 2021."""

SHARE_75_OVER: Final = Published(
    0.097,
    0.003,
    2021,
    "Interpolation entre 8,8 % (2010) et 10,4 % (2024) de la population, "
    "https://evaluation.securite-sociale.fr/home/retraite/1-5-vieillissement-de-la-populat.html",
)
"""Share of people of 75 and over among all people: interpolated, hence its width."""

SHARE_60_TO_74: Final = Published(
    0.168,
    0.004,
    2021,
    "Auvergne-Rhône-Alpes 2021, pris comme ordre de grandeur national, "
    "https://auvergne-rhone-alpes.handidonnees.fr/page/population/evolution",
)
"""Share of people of 60–74 among all people: a region's figure, hence its width."""
