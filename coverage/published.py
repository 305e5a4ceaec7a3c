"""Published figures on illectronism and on the population, each with its source.

Rates are shares (0–1) of people of 15 and over in ordinary dwellings, France without
Mayotte, survey "TIC ménages" of INSEE, unless said otherwise.  A figure that no source
gives is absent here: it is solved for, never invented.
"""

import math
from dataclasses import dataclass
from typing import Final

AGE_GROUPS: Final = ("15-24", "25-39", "40-59", "60-74", "75+")
"""Age groups of the published rates, in years."""

DIPLOMAS: Final = ("none", "low", "middle", "high")
"""None or CEP; brevet, CAP or BEP; baccalauréat to bac+2; bac+3 and more."""


@dataclass(frozen=True)
class Published:
    """A figure: ``value`` and half the width within which it may lie."""

    value: float
    rounding: float
    year: int
    source: str


_IP1953 = "Insee Première n° 1953, juin 2023, https://www.insee.fr/fr/statistiques/7633654"
_IP1953_PRESS = (
    "Insee Première n° 1953, juin 2023, repris par "
    "https://www.causecommune-larevue.fr/la_fracture_num_rique_toujours_une_r_alit"
)
_IP1953_PRESS_2 = (
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

DIPLOMA_2021: Final = {
    "none": Published(0.42, 0.005, 2021, _IP1953_PRESS),
    "high": Published(0.03, 0.005, 2021, _IP1953_PRESS),
}

METROPOLE_2021: Final = Published(0.15, 0.005, 2021, _IP1953_PRESS_2)
OVERSEAS_2021: Final = Published(0.20, 0.005, 2021, _IP1953_PRESS_2)

RISK_RATIO_LIVING_ALONE: Final = Published(3.2, 0.05, 2021, _IP1953_PRESS_2)
"""Living alone against couples with children, all else equal."""

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

# Insee, recensement 2020 (FOR T2), https://www.insee.fr/fr/statistiques/7633108?geo=FE-1
OUT_OF_SCHOOL_2020: Final = 49_245_375
DIPLOMA_SHARES_2020: Final = {
    "none": 0.211,
    "brevet": 0.054,
    "cap": 0.244,
    "bac": 0.174,
    "higher": 0.317,
}
"""Of people of 15 and over out of school, France 2020; "higher" is the difference."""

# Insee, enquête Emploi 2023, https://www.insee.fr/fr/statistiques/2416872
DIPLOMA_BY_AGE_2023: Final = {
    "25-34": (0.107, 0.146, 0.226, 0.121, 0.396),
    "35-44": (0.129, 0.182, 0.205, 0.162, 0.319),
    "45-54": (0.164, 0.229, 0.183, 0.164, 0.259),
    "55-64": (0.245, 0.329, 0.141, 0.122, 0.163),
}
"""None or brevet, CAP-BEP, bac, bac+2, above; ordinary dwellings, France without Mayotte."""


@dataclass(frozen=True)
class RegionalRate:
    """A regional rate of 2019, to be read against the national rate of the same year.

    ``sigma`` is the standard error given to the figure, as a share: the rounding of what is
    published ("19 %", "une personne sur six") and the survey behind it.  ``bound`` tells that
    only a lower bound is published.
    """

    region: str
    value: float
    sigma: float
    source: str
    bound: bool = False


NATIONAL_2019: Final = Published(
    0.165, 0.005, 2019, "Insee Première n° 1780, octobre 2019 (16,5 % arrondi à 17 %)"
)

REGIONAL_2019: Final = (
    RegionalRate("11", 0.12, 0.007, "Insee Analyses Île-de-France n° 170, 2023"),
    RegionalRate("52", 0.15, 0.006, "Insee Flash Pays de la Loire n° 132, 2022"),
    RegionalRate("27", 0.19, 0.006, "Insee Analyses Bourgogne-Franche-Comté n° 97, 2022"),
    RegionalRate("24", 0.19, 0.006, "Insee Flash Centre-Val de Loire n° 56, 2022"),
    RegionalRate("32", 1 / 6, 0.010, "Insee Analyses Hauts-de-France n° 118, 2020"),
    RegionalRate("75", 1 / 6, 0.010, "Insee Analyses Nouvelle-Aquitaine n° 129, 2023"),
    RegionalRate("94", 0.25, 0.012, "Insee Flash Corse n° 77, 2023"),
    RegionalRate("28", 0.19, 0.010, "Insee Analyses n° 85 et Flash CVL n° 56", bound=True),
)

METROPOLE_2019: Final = Published(0.16, 0.005, 2019, "Insee Analyses n° 85, juin 2023")

URBAN_HIERARCHY_2019: Final = {
    "largest": Published(0.13, 0.005, 2019, "Insee Analyses n° 85, juin 2023"),
    "small_pole": Published(0.24, 0.005, 2019, "Insee Analyses n° 85, juin 2023"),
    "outside": Published(0.22, 0.005, 2019, "Insee Analyses n° 85, juin 2023"),
}
"""Attraction areas of cities, against :data:`METROPOLE_2019`; checks, not constraints, but for
half of the first and last gaps, which tier 1 takes over because it knows no diploma."""


def logit(share: float) -> float:
    """Return the log-odds of a share (0–1)."""
    return math.log(share / (1.0 - share))
