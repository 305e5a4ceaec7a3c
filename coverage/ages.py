"""People by age group of the published rates, from a commune's three broad bands.

The snapshot has 0–19, 20–64 and 65 and over.  Inside a band, each commune is given the
national pyramid of ages; where the pyramid itself must be cut at 60 and at 75, the cut is
an estimate whose doubt :mod:`coverage.need` carries into its interval.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray
from coverage.published import AGE_GROUPS, PYRAMID_2021, SHARE_60_TO_74, SHARE_75_OVER

BANDS = ("pop_0_19", "pop_20_64", "pop_65p")


@dataclass(frozen=True)
class AgeSplit:
    """How a band divides into the published age groups.

    ``matrix``, shape (3 bands, 5 groups): share of each band that belongs to each group;
    the first row sums to less than 1 (children under 15 belong to none).
    """

    matrix: FloatArray


def national_split(
    points: pd.DataFrame,
    share_75_over: float = SHARE_75_OVER.value,
    share_60_to_74: float = SHARE_60_TO_74.value,
) -> AgeSplit:
    """Return the split of the national pyramid.

    Parameters
    ----------
    points
        Communes of France with the three bands, in persons; null where unknown.
    share_75_over, share_60_to_74
        Shares of the whole population (0–1) that cut the pyramid at 75 and at 60.
    """
    pyramid = PYRAMID_2021
    bands = points[list(BANDS)].sum().to_numpy(dtype=float)
    everyone = float(bands.sum())
    over_75 = share_75_over * everyone
    from_65_to_74 = pyramid["65-79"] + pyramid["80+"] - over_75
    from_60_to_64 = float(np.clip(share_60_to_74 * everyone - from_65_to_74, 0, pyramid["55-64"]))
    from_20_to_64 = pyramid["20-24"] + pyramid["25-39"] + pyramid["40-54"] + pyramid["55-64"]
    from_40_to_59 = pyramid["40-54"] + pyramid["55-64"] - from_60_to_64
    matrix = np.zeros((3, len(AGE_GROUPS)))
    matrix[0, 0] = pyramid["15-19"] / bands[0]
    matrix[1, :4] = (
        np.array([pyramid["20-24"], pyramid["25-39"], from_40_to_59, from_60_to_64]) / from_20_to_64
    )
    matrix[2, 3:] = np.array([from_65_to_74, over_75]) / (pyramid["65-79"] + pyramid["80+"])
    return AgeSplit(matrix)


def age_shares(points: pd.DataFrame, split: AgeSplit) -> tuple[FloatArray, FloatArray]:
    """Return the share of each age group, and of people of 15 and over, in each commune.

    Parameters
    ----------
    points
        Communes with the three bands, in persons of the census; null where unknown.
    split
        How the bands divide.

    Returns
    -------
    shares
        Shape (n_commune, 5): share of each group among people of 15 and over; NaN where
        the ages are unknown or nobody lives there.
    share_15p
        Shape (n_commune,): people of 15 and over among all; NaN likewise.
    """
    bands = points[list(BANDS)].to_numpy(dtype=float, na_value=np.nan)
    groups = bands @ split.matrix
    over_15 = groups.sum(axis=1)
    everyone = bands.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = groups / over_15[:, None]
        share_15p = over_15 / everyone
    return shares, share_15p
