"""The nation by age and diploma: the weights of the national marginals.

No table crosses age and diploma for the whole country.  This one is pieced together from
three published ones, and what none of them gives is a quantity of :class:`Unknowns`, moved
between its ends when the interval is made.

Rows are :data:`coverage.published.AGE_GROUPS`, columns :data:`coverage.published.DIPLOMAS`.
"""

from dataclasses import dataclass

import numpy as np

from coverage.arrays import FloatArray
from coverage.published import (
    DIPLOMA_BY_AGE_2023,
    DIPLOMA_SHARES_2020,
    OUT_OF_SCHOOL_2020,
    PYRAMID_2021,
)


@dataclass(frozen=True)
class Unknowns:
    """What no published table gives.

    Parameters
    ----------
    brevet_share
        Share (0–1) of the brevet among "none or brevet" under 65; between the share among
        everyone (5.4 / 26.5) and what it would be if no one over 65 had only the brevet.
    old_tilt
        How much lower the diplomas of people of 75 and over are than those of 65–74: log-odds
        for each step from one level to the next.
    """

    brevet_share: float = 0.34
    old_tilt: float = 0.3


@dataclass(frozen=True)
class NationalStructure:
    """Persons by age and diploma.

    Parameters
    ----------
    age
        Persons of each age group, shape (5,).
    diploma_of_age
        Shares (0–1) of the diplomas in each age group, shape (5, 4); rows sum to 1.  That of
        15–24 is that of the few who left school.
    out_of_school
        Persons out of school of each age group, shape (5,).
    """

    age: FloatArray
    diploma_of_age: FloatArray
    out_of_school: FloatArray

    @property
    def low_of_age(self) -> FloatArray:
        """Share of each age group with the CAP, the BEP or less, shape (5,)."""
        low: FloatArray = self.diploma_of_age[:, :2].sum(axis=1)
        return low


def national_structure(age: FloatArray, unknowns: Unknowns) -> NationalStructure:
    """Piece the table together.

    Parameters
    ----------
    age
        Persons of each age group, shape (5,): :func:`coverage.ages.national_split`.
    unknowns
        What is not published.
    """
    rows = {name: _four_levels(row, unknowns) for name, row in DIPLOMA_BY_AGE_2023.items()}
    # Inside a group each year of age counts the same.
    young = 2 / 3 * rows["25-34"] + 1 / 3 * rows["35-44"]
    middle = 0.25 * rows["35-44"] + 0.5 * rows["45-54"] + 0.25 * rows["55-64"]
    before_65 = float(PYRAMID_2021["55-64"])
    from_60_to_64 = PYRAMID_2021["40-54"] + before_65 - age[2]
    over_65 = np.array([age[3] - from_60_to_64, age[4]])
    out_of_school = age.copy()
    out_of_school[0] = max(OUT_OF_SCHOOL_2020 - age[1:].sum(), 0.0)
    shares = DIPLOMA_SHARES_2020
    bac_2 = DIPLOMA_BY_AGE_2023["55-64"][3]
    above = DIPLOMA_BY_AGE_2023["55-64"][4]
    middle_of_higher = bac_2 / (bac_2 + above)
    everyone = OUT_OF_SCHOOL_2020 * np.array(
        [shares["none"], shares["brevet"] + shares["cap"], shares["bac"], shares["higher"]]
    )
    under_65 = (
        out_of_school[0] * _bac_and_higher(rows["25-34"], DIPLOMA_BY_AGE_2023["25-34"])
        + age[1] * _bac_and_higher(young, DIPLOMA_BY_AGE_2023["25-34"])
        + age[2] * _bac_and_higher(middle, DIPLOMA_BY_AGE_2023["45-54"])
        + from_60_to_64 * _bac_and_higher(rows["55-64"], DIPLOMA_BY_AGE_2023["55-64"])
    )
    left = np.maximum(everyone - under_65, 0.01 * everyone)
    old = left / left.sum()
    old = np.array(
        [old[0], old[1], old[2] + old[3] * middle_of_higher, old[3] * (1 - middle_of_higher)]
    )
    from_65, from_75 = _split_old(old, over_65, unknowns.old_tilt)
    from_60 = (from_60_to_64 * rows["55-64"] + over_65[0] * from_65) / age[3]
    return NationalStructure(
        age=age,
        diploma_of_age=np.vstack([rows["25-34"], young, middle, from_60, from_75]),
        out_of_school=out_of_school,
    )


def _four_levels(row: tuple[float, ...], unknowns: Unknowns) -> FloatArray:
    none_or_brevet, cap, bac, bac_2, above = row
    brevet = none_or_brevet * unknowns.brevet_share
    levels = np.array([none_or_brevet - brevet, brevet + cap, bac + bac_2, above])
    shares: FloatArray = levels / levels.sum()
    return shares


def _bac_and_higher(levels: FloatArray, row: tuple[float, ...]) -> FloatArray:
    """Turn (none, low, bac to bac+2, above) into (none, low, bac, higher)."""
    bac = levels[2] * row[2] / (row[2] + row[3])
    return np.array([levels[0], levels[1], bac, levels[2] - bac + levels[3]])


def _split_old(old: FloatArray, persons: FloatArray, tilt: float) -> tuple[FloatArray, FloatArray]:
    """Split the diplomas of people over 65 between 65–74 and 75 and over."""
    weight = persons / persons.sum()
    older = old * np.exp(-tilt * np.arange(4.0))
    older /= older.sum()
    younger = np.maximum((old - weight[1] * older) / weight[0], 1e-3)
    return younger / younger.sum(), older
