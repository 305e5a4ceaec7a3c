"""What sets cantons apart: the features that types of territory are made of."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray
from coverage.local import broad_age_shares
from coverage.need import Need


@dataclass(frozen=True)
class Feature:
    """A feature: how it is called, shown, and what a type high or low on it is said to be.

    Parameters
    ----------
    id
        Column of :func:`canton_features`.
    title
        French name.
    high, low
        French words for a type well above or well below the other cantons.
    unit
        French unit; ``%`` for a share (0–1).
    logarithm
        Whether types are made on its logarithm (of 1 + the value).
    decimals
        Digits shown.
    """

    id: str
    title: str
    high: str
    low: str
    unit: str = ""
    logarithm: bool = False
    decimals: int = 0

    def shown(self, value: float) -> str:
        """Return a value with its unit, as French text."""
        number = f"{100 * value if self.unit == '%' else value:,.{self.decimals}f}"
        number = number.replace(",", "\u202f").replace(".", ",")
        return f"{number} {self.unit}".strip()


FEATURES: Final = (
    Feature(
        "need_rate",
        "taux d'illectronisme estimé",
        high="besoin fort",
        low="besoin faible",
        unit="%",
        decimals=1,
    ),
    Feature(
        "aged_65p_share",
        "part des 65 ans et plus",
        high="population âgée",
        low="population jeune",
        unit="%",
        decimals=1,
    ),
    Feature(
        "density_km2", "densité", high="dense", low="peu dense", unit="hab./km²", logarithm=True
    ),
    Feature(
        "median_income_eur",
        "niveau de vie médian",
        high="revenus élevés",
        low="revenus modestes",
        unit="€",
    ),
    Feature(
        "access_min",
        "trajet jusqu'au lieu d'aide le plus proche",
        high="loin des lieux d'aide",
        low="près des lieux d'aide",
        unit="min",
        logarithm=True,
        decimals=1,
    ),
    Feature(
        "places_per_1000",
        "lieux d'aide pour 1 000 personnes en illectronisme",
        high="nombreux lieux d'aide",
        low="peu de lieux d'aide",
        logarithm=True,
        decimals=1,
    ),
)

FEWEST_KNOWN_SHARE: Final = 0.5
"""A canton has a feature when it is known for at least this share of its people."""


@dataclass(frozen=True)
class Offer:
    """Places of help as known, by commune; shape (n_commune,) each.

    Parameters
    ----------
    nearest_min
        Minutes to the nearest; infinite beyond ``limit_min``.
    places
        Number of places in the commune.
    limit_min
        Limit of the travel times: what lies beyond counts this much.
    """

    nearest_min: FloatArray
    places: FloatArray
    limit_min: float


def canton_features(
    points: pd.DataFrame,
    need: Need,
    log_income: FloatArray | None = None,
    offer: Offer | None = None,
) -> pd.DataFrame:
    """Return the features of the cantons, NaN where one is unknown.

    Parameters
    ----------
    points, need
        All communes and their need, in the same order.
    log_income
        Logarithm of the living standard in euros a year, shape (n_commune,), as in
        :class:`coverage.local.LocalData`.
    offer
        Places of help; their two features are unknown without it.

    Returns
    -------
    DataFrame
        Index ``code``; the columns of :data:`FEATURES`, and ``population``.  Minutes are
        the mean of persons in need; the living standard is the mean, by inhabitants, of the
        medians of the communes.
    """
    if need.codes != tuple(points.index):
        raise ValueError("need and points must describe the same communes, in the same order")
    canton = points["canton"].where(points["canton"].notna(), None)
    people = points["population"].to_numpy(dtype=float)
    sums = pd.DataFrame({"people": people, "area_km2": points["area_km2"]}).groupby(canton).sum()
    table = pd.DataFrame({"population": sums["people"]})
    table["need_rate"] = need.by(canton.tolist())["rate"]
    table["aged_65p_share"] = _mean(broad_age_shares(points)[1], people, canton)
    table["density_km2"] = sums["people"] / sums["area_km2"]
    income = np.full(len(points), np.nan) if log_income is None else np.exp(log_income)
    table["median_income_eur"] = _mean(income, people, canton)
    minutes, places = np.full(len(points), np.nan), np.full(len(points), np.nan)
    if offer is not None:
        minutes, places = np.minimum(offer.nearest_min, offer.limit_min), offer.places
    table["access_min"] = _mean(minutes, np.nan_to_num(need.persons), canton)
    persons = need.by(canton.tolist())["persons"]
    counted = pd.Series(places, index=points.index).groupby(canton).sum(min_count=1)
    table["places_per_1000"] = 1000.0 * counted / persons
    return table.rename_axis("code")[[*(f.id for f in FEATURES), "population"]].sort_index()


def _mean(values: FloatArray, weights: FloatArray, groups: pd.Series) -> pd.Series:
    """Return the weighted mean of each group, NaN where too little of it is known."""
    known = np.isfinite(values) & (weights > 0)
    parts = pd.DataFrame(
        {
            "amount": np.where(known, np.nan_to_num(values) * weights, 0.0),
            "known": np.where(known, weights, 0.0),
            "all": weights,
        },
        index=groups.index,
    )
    sums = parts.groupby(groups).sum()
    enough = (sums["known"] > 0) & (sums["known"] >= FEWEST_KNOWN_SHARE * sums["all"])
    mean: pd.Series = (sums["amount"] / sums["known"].where(sums["known"] > 0)).where(enough)
    return mean
