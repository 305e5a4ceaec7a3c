"""Composite index of digital fragility: several indicators on one scale from 0 to 10.

For the communes *i* and the indicators *k* in use, each a share x_ik (0–1) that is worse when
it is higher:

    (1)  s_ik = 10 · clip((x_ik − a_k) / (b_k − a_k), 0, 1)
    (2)  S_i  = Σ_k w_k s_ik / Σ_k w_k      over the indicators known in i

*a_k* and *b_k* are the quantiles 5 % and 95 % of the indicator over the people of the whole
country (communes weighed by them): a min–max scale between robust ends, so that
a few extreme villages do not flatten all others.  The same ends serve every level: the share
of a canton is that of its people, put on the scale of the communes.  An indicator that is not
known somewhere is left out of (2) there, and named; it never counts as 0.  Two places scored
on different indicators are not quite comparable, which is why ``missing`` goes with the score.

The five first indicators, and their equal weights, are those of the indice de fragilité
numérique of La Mednum and Ansa (2019), https://infos.fragilite-numerique.fr/ressources-cgu,
whose own scale is graduated from 1 to 10 (https://infos.fragilite-numerique.fr/tutoriels);
this is not that index: data, years, ends and scale differ.  The sixth, the estimated rate of
:mod:`coverage.need`, already rests on ages and diplomas: with it they count more than once,
and a weight of 0 leaves it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray
from coverage.indicators import IDS, OF_ADULTS, TITLES
from geodata.errors import DataError

LOW_QUANTILE: Final = 0.05
HIGH_QUANTILE: Final = 0.95
TOP_SCORE: Final = 10.0

FEWEST_KNOWN_SHARE: Final = 0.5
"""A group has an indicator when it is known for at least this share of its people."""


@dataclass(frozen=True)
class Scale:
    """The values that score 0 and 10: *a* and *b* of equation (1), as shares."""

    low: float
    high: float

    def scores(self, values: FloatArray) -> FloatArray:
        """Return scores from 0 to 10, NaN where the value is unknown; same shape."""
        if self.high <= self.low:  # everywhere the same: nothing sets a place apart
            return np.where(np.isnan(values), np.nan, TOP_SCORE / 2)
        scaled: FloatArray = TOP_SCORE * np.clip((values - self.low) / (self.high - self.low), 0, 1)
        return scaled


@dataclass(frozen=True)
class FragilityIndex:
    """Indicators of each commune and what it takes to score any set of them.

    Parameters
    ----------
    values
        Shares, indexed by the code of the commune, one column an indicator in use; NaN where
        unknown.
    people, adults
        Inhabitants of each commune, and those of 15 and over, shape (n_commune,).
    scales
        Indicator → its scale; an indicator known nowhere has none.
    weights
        Indicator → its weight, above 0.
    """

    values: pd.DataFrame
    people: FloatArray
    adults: FloatArray
    scales: Mapping[str, Scale]
    weights: Mapping[str, float]

    @property
    def absent(self) -> tuple[str, ...]:
        """Indicators in use that are known nowhere."""
        return tuple(name for name in self.weights if name not in self.scales)

    def frame(self) -> pd.DataFrame:
        """Return the index of each commune.

        Returns
        -------
        DataFrame
            Index ``code``; score (0–10, NaN where nothing is known or nobody lives),
            n_indicators, missing (ids joined by ``;``), then for each indicator in use its
            value, and its score as ``<id>_score``.
        """
        inhabited = self.values.where(pd.Series(self.people > 0, index=self.values.index), np.nan)
        return self._scored(inhabited)

    def by(self, groups: Sequence[str | None]) -> pd.DataFrame:
        """Return the index of groups of communes; same columns as :meth:`frame`.

        The share of a group is the mean of its communes weighed by the people (or those of
        15 and over) that it counts, over those where it is known if they hold at least half.

        Parameters
        ----------
        groups
            Code of the group of each commune; ``None`` or NaN leaves a commune out.
        """
        of_group = pd.Series(list(groups), index=self.values.index, dtype="object")
        columns = {}
        for name in self.weights:
            counted = pd.Series(_counted(name, self.people, self.adults), index=of_group.index)
            weight = counted.where(self.values[name].notna(), 0.0)
            amount = (self.values[name].fillna(0.0) * weight).groupby(of_group).sum()
            base, total = weight.groupby(of_group).sum(), counted.groupby(of_group).sum()
            enough = (base > 0) & (base >= FEWEST_KNOWN_SHARE * total)
            columns[name] = (amount / base.where(base > 0)).where(enough)
        table = pd.DataFrame(columns).rename(index=str).rename_axis("code")
        return self._scored(table.sort_index())

    def _scored(self, values: pd.DataFrame) -> pd.DataFrame:
        names = list(self.weights)
        scores = np.full((len(values), len(names)), np.nan)
        for k, name in enumerate(names):
            if name in self.scales:
                scores[:, k] = self.scales[name].scores(values[name].to_numpy(dtype=float))
        known = np.isfinite(scores)
        weights = np.array([self.weights[name] for name in names])
        base = known @ weights
        with np.errstate(invalid="ignore", divide="ignore"):
            score = np.where(base > 0, np.nan_to_num(scores) @ weights / base, np.nan)
        table = pd.DataFrame(
            {
                "score": score,
                "n_indicators": known.sum(axis=1),
                "missing": [
                    ";".join(name for name, here in zip(names, row, strict=True) if not here)
                    for row in known
                ],
            },
            index=values.index,
        )
        for k, name in enumerate(names):
            table[name] = values[name]
            table[f"{name}_score"] = scores[:, k]
        return table


def _counted(name: str, people: FloatArray, adults: FloatArray) -> FloatArray:
    """Return the people that an indicator is a share of, shape (n_commune,)."""
    return adults if name in OF_ADULTS else people


def checked_weights(weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the weights in use, in the order of the indicators; all 1 by default.

    Parameters
    ----------
    weights
        Indicator → weight; 0, or absent, leaves it out.

    Raises
    ------
    DataError
        When a weight is negative or not a number, an indicator unknown, or all are zero.
    """
    if weights is None:
        return dict.fromkeys(IDS, 1.0)
    unknown = sorted(set(weights) - set(IDS))
    if unknown:
        raise DataError(
            f"Indicateur inconnu : {', '.join(unknown)}",
            remedy=f"Choisissez parmi {', '.join(IDS)}.",
        )
    wrong = [name for name, weight in weights.items() if not (0 <= weight < np.inf)]
    if wrong:
        raise DataError(
            "Un poids doit être un nombre positif ou nul",
            where=", ".join(f"{TITLES[name]} : {weights[name]:g}" for name in wrong),
            remedy="Donnez 0 pour écarter un indicateur.",
        )
    used = {name: float(weights[name]) for name in IDS if weights.get(name, 0.0) > 0}
    if not used:
        raise DataError(
            "Tous les poids sont nuls",
            remedy="Donnez un poids supérieur à 0 à au moins un indicateur.",
        )
    return used


def weighted_quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """Return the smallest value below or at which ``share`` of the weight lies."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    # A hair less, so that a share that falls on a value does not depend on rounding.
    rank = np.searchsorted(cumulated, share * cumulated[-1] * (1 - 1e-12))
    return float(values[order[min(int(rank), len(order) - 1)]])


def fragility(
    values: pd.DataFrame,
    people: FloatArray,
    adults: FloatArray | None = None,
    weights: Mapping[str, float] | None = None,
) -> FragilityIndex:
    """Put indicators on their scales.

    Parameters
    ----------
    values
        Shares (0–1) of **all** communes, indexed by code: the scales are national.  Columns
        among :data:`coverage.indicators.IDS`; one that is absent is unknown everywhere.
    people, adults
        Inhabitants, and those of 15 and over (all inhabitants when not given), shape
        (n_commune,).  NaN counts as nobody.
    weights
        See :func:`checked_weights`.

    Raises
    ------
    DataError
        When the weights are refused, or a share is outside 0–1.
    """
    used = checked_weights(weights)
    kept = values.reindex(columns=list(used)).astype(float)
    people = np.nan_to_num(np.asarray(people, dtype=float))
    adults = people if adults is None else np.nan_to_num(np.asarray(adults, dtype=float))
    scales = {}
    for name in used:
        column, counted = kept[name].to_numpy(), _counted(name, people, adults)
        known = np.isfinite(column) & (counted > 0)
        if not known.any():
            continue
        if column[known].min() < 0 or column[known].max() > 1:
            raise DataError(
                "Un indicateur doit être une part entre 0 et 1",
                where=TITLES[name],
                remedy="Divisez les pourcentages par 100.",
            )
        low, high = (
            weighted_quantile(column[known], counted[known], share)
            for share in (LOW_QUANTILE, HIGH_QUANTILE)
        )
        scales[name] = Scale(low, high)
    return FragilityIndex(kept.rename_axis("code"), people, adults, scales, used)
