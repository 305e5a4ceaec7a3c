"""What is known of each commune beside its age bands, by tier.

Tier 1 is the snapshot alone; tier 2 adds the census rates of 2017 (and the living standard of
2021 where loaded); tier 3 the official counts by age and diploma.  A commune that a file
leaves out, or whose figure is secret, falls back to the tier below.

Two of these figures do not say what the model needs, so that they enter relative to the
nation: ``low_diploma_share`` counts the CAP and the BEP as low, and is tilted, not copied;
``one_person_share`` counts households, and is turned into persons.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ages import BANDS
from coverage.arrays import FloatArray, IntArray
from coverage.published import PYRAMID_2021
from geodata import layers
from geodata.errors import SourceError

PERSONS_OF_OTHER_HOUSEHOLDS = 2.85
"""Mean size of households of two and more that makes 2.2 persons a household in all, with the
34 % of one-person households of the census of 2017 (an assumption)."""

LOCAL_LAYERS = ("census_rates", "income", "census_ages", "census_diplomas", "census_households")
"""Layers that refine the estimate where they are loaded."""

_EMPTY = float("nan")


@dataclass(frozen=True)
class LocalData:
    """Local figures in the order of the communes; NaN where unknown; shape (n_commune,).

    Parameters
    ----------
    low_diploma_share
        Share (0–1) with the CAP, the BEP or less of people of 15+ out of school.
    living_alone_share
        Share (0–1) of persons who live alone.
    log_income
        Natural logarithm of the median living standard in euros a year.
    age_shares
        Shares of the five age groups among people of 15+, shape (n_commune, 5), from the
        official counts; NaN rows where they are not loaded.
    share_15p
        People of 15 and over among all, from the official counts.
    tier
        1, 2 or 3.
    """

    low_diploma_share: FloatArray
    living_alone_share: FloatArray
    log_income: FloatArray
    age_shares: FloatArray
    share_15p: FloatArray
    tier: IntArray


def nothing_local(points: pd.DataFrame) -> LocalData:
    """Return local data in which nothing is known: tier 1 everywhere."""
    n = len(points)
    unknown = np.full(n, _EMPTY)
    return LocalData(
        unknown, unknown, unknown, np.full((n, 5), _EMPTY), unknown, np.ones(n, dtype=np.intp)
    )


def gather(points: pd.DataFrame) -> LocalData:
    """Return what the layers on this machine say of each commune.

    Parameters
    ----------
    points
        Communes and arrondissements indexed by code, with ``parent``.
    """
    rates, income = loaded("census_rates"), loaded("income")
    ages, diplomas = loaded("census_ages"), loaded("census_diplomas")
    households = loaded("census_households")
    low = by_commune(points, rates, "low_diploma_share")
    alone = by_commune(points, rates, "one_person_households_share")
    if diplomas is not None:
        levels = diplomas[["no_diploma", "brevet", "cap_bep"]].sum(axis=1)
        finer = by_commune(points, (levels / diplomas["out_of_school_15p"]).to_frame("low"), "low")
        low = np.where(np.isfinite(finer), finer, low)
    if households is not None:
        share = households["one_person_households"] / households["households"]
        finer = by_commune(points, share.to_frame("alone"), "alone")
        alone = np.where(np.isfinite(finer), finer, alone)
    age_shares, share_15p = _ages(points, ages)
    tier = np.where(np.isfinite(low), 2, 1)
    if diplomas is not None:
        tier = np.where(np.isfinite(low) & np.isfinite(share_15p), 3, tier)
    with np.errstate(divide="ignore"):
        log_income = np.log(by_commune(points, income, "median_income_eur"))
    return LocalData(
        low_diploma_share=low,
        living_alone_share=alone / (alone + PERSONS_OF_OTHER_HOUSEHOLDS * (1 - alone)),
        log_income=log_income,
        age_shares=age_shares,
        share_15p=share_15p,
        tier=tier.astype(np.intp),
    )


def loaded(layer: str) -> pd.DataFrame | None:
    """Return the table of a layer, ``None`` where this machine does not have it."""
    try:
        return layers.load(layer).frame
    except SourceError:
        return None


def by_commune(points: pd.DataFrame, frame: pd.DataFrame | None, name: str) -> FloatArray:
    """Return a column in the order of the communes; an arrondissement may take its city's."""
    if frame is None:
        return np.full(len(points), _EMPTY)
    own = frame[name].reindex(points.index)
    city = frame[name].reindex(points["parent"]).to_numpy()
    values: FloatArray = own.fillna(pd.Series(city, index=points.index)).to_numpy(dtype=float)
    return values


def _ages(points: pd.DataFrame, ages: pd.DataFrame | None) -> tuple[FloatArray, FloatArray]:
    """Return the five published groups from the official bands of fifteen years."""
    n = len(points)
    if ages is None:
        return np.full((n, 5), _EMPTY), np.full(n, _EMPTY)
    own = ages.reindex(points.index)
    pyramid = PYRAMID_2021
    from_15_to_24 = pyramid["15-19"] + pyramid["20-24"]
    # Every year of age from 25 to 39 counts the same, and likewise from 40 to 54.
    under_25 = from_15_to_24 / (from_15_to_24 + pyramid["25-39"] / 3)
    over_40 = (pyramid["40-54"] / 3) / (pyramid["25-39"] * 2 / 3 + pyramid["40-54"] / 3)
    counts = np.column_stack(
        [
            own["pop_15_29"] * under_25,
            own["pop_15_29"] * (1 - under_25) + own["pop_30_44"] * (1 - over_40),
            own["pop_30_44"] * over_40 + own["pop_45_59"],
            own["pop_60_74"],
            own["pop_75_89"] + own["pop_90p"],
        ]
    ).astype(float)
    over_15 = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = counts / over_15[:, None]
        share_15p = over_15 / own["population"].to_numpy(dtype=float)
    return shares, share_15p


def residual(values: FloatArray, explained_by: list[FloatArray], weights: FloatArray) -> FloatArray:
    """Return what some figures leave unexplained of another, 0 where it is unknown.

    A weighted least-squares fit over the communes where all are known; shape (n_commune,).
    """
    known = np.isfinite(values) & (weights > 0)
    for other in explained_by:
        known &= np.isfinite(other)
    left = np.zeros_like(values)
    if known.sum() < 2 * (len(explained_by) + 2):
        return left
    design = np.column_stack([np.ones(int(known.sum())), *(o[known] for o in explained_by)])
    root = np.sqrt(weights[known])
    fit, *_ = np.linalg.lstsq(design * root[:, None], values[known] * root, rcond=None)
    left[known] = values[known] - design @ fit
    return left


def broad_age_shares(points: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return the shares (0–1) of people under 20 and over 65, shape (n_commune,) each."""
    bands = points[list(BANDS)].to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = bands / bands.sum(axis=1, keepdims=True)
    return shares[:, 0], shares[:, 2]
