"""Indicators of digital fragility: what each is, and what this machine knows of it."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.local import LocalData, broad_age_shares, by_commune, gather, loaded
from coverage.need import Need


@dataclass(frozen=True)
class Indicator:
    """A share that is worse when it is higher: its name on screen, and where it comes from.

    ``of_adults`` tells that it is a share of people of 15 and over, not of all people.
    """

    id: str
    title: str
    source: str
    of_adults: bool = False


INDICATORS: Final = (
    Indicator("no_fast_broadband_share", "Locaux sans très haut débit", "fichier importé"),
    Indicator("no_4g_share", "Population sans 4G", "fichier importé"),
    Indicator("aged_65p_share", "Part des 65 ans et plus", "Insee, recensement 2021"),
    Indicator(
        "low_diploma_share",
        "Part des peu ou pas diplômés (CAP, BEP ou moins)",
        "Insee, recensement 2017, ou 2021 s'il est chargé",
        of_adults=True,
    ),
    Indicator("poverty_share", "Taux de pauvreté", "Insee, Filosofi 2021"),
    Indicator(
        "need_rate",
        "Taux d'illectronisme estimé",
        "estimation d'après les chiffres de l'Insee",
        of_adults=True,
    ),
)

IDS: Final = tuple(indicator.id for indicator in INDICATORS)
IMPORTED: Final = ("no_fast_broadband_share", "no_4g_share")
"""Indicators that only a user's file gives."""

IMPORTED_LAYER: Final = "digital_indicators"
"""Layer of the catalogue under which that file is looked for."""

TITLES: Final = {indicator.id: indicator.title for indicator in INDICATORS}
OF_ADULTS: Final = frozenset(indicator.id for indicator in INDICATORS if indicator.of_adults)
"""Indicators that are shares of people of 15 and over."""


def indicator_values(
    points: pd.DataFrame,
    need: Need,
    local: LocalData | None = None,
    imported: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the indicators that this machine knows of each commune.

    Parameters
    ----------
    points, need
        All communes, and their need, in the same order.
    local
        Local figures; what this machine has by default.
    imported
        Shares of a user's file, indexed by the code of the commune; those that were brought
        to this machine by default, where there are some.

    Returns
    -------
    DataFrame
        Index ``code``; one column an indicator of :data:`INDICATORS`, shares (0–1).
    """
    if need.codes != tuple(points.index):
        raise ValueError("need and points must describe the same communes, in the same order")
    local = gather(points) if local is None else local
    imported = loaded(IMPORTED_LAYER) if imported is None else imported
    table = pd.DataFrame(index=points.index)
    for name in IMPORTED:
        given = None if imported is None or name not in imported else imported
        table[name] = by_commune(points, given, name)
    table["aged_65p_share"] = broad_age_shares(points)[1]
    table["low_diploma_share"] = local.low_diploma_share
    table["poverty_share"] = by_commune(points, loaded("income"), "poverty_share")
    table["need_rate"] = need.rate
    return table
