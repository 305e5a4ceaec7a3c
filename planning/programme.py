r"""The programme's rules and money: subsidies, hours and capacity, with their sources.

The figures stand in ``programme.toml``.  A position serves only once it is trained, and then
for the hours of a week that training, travel and preparation leave:

.. math:: h = 35 - F/S - (t + r\,(t_r - t)) - q \tag{1}

with *F* hours of training and *S* weeks worked a year, *t* and :math:`t_r` hours of travel
in towns and in the country, *r* the rural share of the persons served, *q* of preparation.

A cohort of :math:`P/Q` positions opens at the start of each of the first *Q* quarters; with
*m* months of training, quarter *k* of *P* positions gives

.. math:: H_k = \sum_{j=0}^{\min(k, Q-1)} \frac{P}{Q}\, h\,\frac{S}{12}
          \min(3, \max(0, 3 (k - j + 1) - m)) \tag{2}

The State pays a position its subsidy of the year, never more than its salary; the host pays
the rest of the salary.  Travel, equipment and vehicles are the host's too, and unknown.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast

import pandas as pd

from geodata.errors import DataError

FILE: Final = Path(__file__).with_name("programme.toml")
SCENARIOS: Final = (4000, 2800, 1000)
"""Announced; occupied at the end of 2025; sustainable without the State, by an estimate."""

Version = Literal["V1", "V2"]
Host = Literal["public", "private"]
Assumed = Mapping[str, float]

MONTHS_PER_QUARTER: Final = 3


@dataclass(frozen=True)
class Subsidy:
    """What the State pays for a position; ``months`` is the length of the agreement."""

    version: Version
    host: Host
    months: int
    by_year_eur: tuple[float, ...]
    bonus_by_year_eur: tuple[float, ...]
    note: str
    date: str
    source: str


@dataclass(frozen=True)
class Assumption:
    """A number that nobody measured, with the range it may take and its source."""

    key: str
    title: str
    unit: str
    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Figure:
    """A published figure in all its readings: (value, date, source)."""

    title: str
    unit: str
    readings: tuple[tuple[str, str, str], ...]
    disagree: bool


@dataclass(frozen=True)
class Programme:
    """All that is known of the programme."""

    subsidies: tuple[Subsidy, ...]
    assumptions: tuple[Assumption, ...]
    figures: tuple[Figure, ...]

    def values(self, **chosen: float) -> Assumed:
        """Return the value of each assumption, some of them chosen.

        Raises
        ------
        DataError
            When a chosen value is out of its range.
        """
        found = {one.key: one.value for one in self.assumptions}
        for one in self.assumptions:
            if one.key in chosen and not one.low <= chosen[one.key] <= one.high:
                raise DataError(
                    f"{one.title} : {chosen[one.key]:g} {one.unit} est hors de l'intervalle",
                    remedy=f"Donnez une valeur entre {one.low:g} et {one.high:g}.",
                )
        unknown = set(chosen) - set(found)
        if unknown:
            raise ValueError(f"unknown assumptions: {sorted(unknown)}")
        return MappingProxyType(found | chosen)

    def extremes(self) -> tuple[Assumed, Assumed]:
        """Return the assumptions that make hours scarcest, then most abundant."""
        scarce_when_high = {
            "continuing_training_h",
            "travel_h",
            "travel_rural_h",
            "preparation_h",
            "initial_training_h",
        }
        keep = {"opening_quarters", "public_share", "bonus_share", "employer_cost_eur"}
        worst, best = {}, {}
        for one in self.assumptions:
            ends = (one.low, one.high)
            if one.key in keep:
                ends = (one.value, one.value)
            elif one.key in scarce_when_high:
                ends = (one.high, one.low)
            worst[one.key], best[one.key] = ends
        return worst, best

    def subsidy(self, version: Version, host: Host) -> Subsidy:
        """Return a subsidy."""
        return next(s for s in self.subsidies if (s.version, s.host) == (version, host))


@cache
def programme() -> Programme:
    """Read ``programme.toml``."""
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Programme(
        tuple(_subsidy(row) for row in content["subsidy"]),
        tuple(Assumption(**row) for row in content["assumption"]),
        tuple(_figure(row) for row in content["figure"]),
    )


def _subsidy(row: dict[str, object]) -> Subsidy:
    by_year = tuple(float(x) for x in cast(list[float], row["by_year_eur"]))
    bonus = tuple(float(x) for x in cast(list[float], row.get("bonus_by_year_eur", [])))
    return Subsidy(
        version=cast(Version, row["version"]),
        host=cast(Host, row["host"]),
        months=cast(int, row["months"]),
        by_year_eur=by_year,
        bonus_by_year_eur=bonus or (0.0,) * len(by_year),
        note=str(row["note"]),
        date=str(row["date"]),
        source=str(row["source"]),
    )


def _figure(row: dict[str, object]) -> Figure:
    readings = cast(list[dict[str, str]], row["readings"])
    told = tuple((one["value"], one["date"], one["source"]) for one in readings)
    return Figure(str(row["title"]), str(row["unit"]), told, bool(row.get("disagree", False)))


def effective_week_h(assumed: Assumed, rural_share: float = 0.0) -> float:
    """Return the hours of a week that reach people, by equation (1)."""
    travel = assumed["travel_h"]
    travel += rural_share * (assumed["travel_rural_h"] - travel)
    training = assumed["continuing_training_h"] / assumed["weeks_per_year"]
    return max(0.0, assumed["week_h"] - training - travel - assumed["preparation_h"])


def effective_year_h(assumed: Assumed, rural_share: float = 0.0) -> float:
    """Return the hours that a trained position gives in a year."""
    return effective_week_h(assumed, rural_share) * assumed["weeks_per_year"]


def training_months(assumed: Assumed) -> float:
    """Return how long a new position is in training before it serves."""
    return assumed["initial_training_h"] / assumed["training_h_per_month"]


def capacity(
    positions: int, quarters: int, assumed: Assumed, rural_share: float = 0.0
) -> pd.Series:
    """Return the hours given in each quarter by equation (2), from quarter 1.

    Parameters
    ----------
    positions
        Positions once all are open.
    quarters
        How many quarters from the first opening.
    """
    opening = max(1, round(assumed["opening_quarters"]))
    month_h = effective_year_h(assumed, rural_share) / 12
    served = _months_served(opening, quarters, training_months(assumed))
    index = pd.RangeIndex(1, quarters + 1, name="quarter")
    return pd.Series([positions / opening * month_h * months for months in served], index=index)


def _months_served(opening: int, quarters: int, training: float) -> list[float]:
    """Return the months that all cohorts together serve in each quarter."""

    def of_cohort(age: int) -> float:
        return min(MONTHS_PER_QUARTER, max(0.0, MONTHS_PER_QUARTER * (age + 1) - training))

    return [sum(of_cohort(k - j) for j in range(min(k + 1, opening))) for k in range(quarters)]


def yearly_cost(positions: int, version: Version, assumed: Assumed) -> pd.DataFrame:
    """Return what a plan costs by year of its agreements, then the first year without aid.

    Returns
    -------
    DataFrame
        Index ``year`` from 1; state_eur, host_eur, and ``aided`` (false for the last row).
    """
    public = positions * assumed["public_share"]
    salary = assumed["employer_cost_eur"]
    subsidies = [programme().subsidy(version, host) for host in ("public", "private")]
    years = max(len(one.by_year_eur) for one in subsidies)
    rows = []
    for year in range(years + 1):
        state = 0.0
        for one, count in zip(subsidies, (public, positions - public), strict=True):
            if year < len(one.by_year_eur):
                plain, bonus = one.by_year_eur[year], one.bonus_by_year_eur[year]
                state += count * (1 - assumed["bonus_share"]) * min(plain, salary)
                state += count * assumed["bonus_share"] * min(plain + bonus, salary)
        rows.append((state, positions * salary - state, year < years))
    index = pd.RangeIndex(1, years + 2, name="year")
    return pd.DataFrame(rows, columns=["state_eur", "host_eur", "aided"], index=index)


def scenarios(
    persons_in_need: float, version: Version, assumed: Assumed, rural_share: float = 0.0
) -> pd.DataFrame:
    """Return the sizes that are talked of, side by side.

    Parameters
    ----------
    persons_in_need
        Persons to serve.
    version, assumed
        Rules of the subsidy, and the assumptions.
    rural_share
        Share (0–1) of these persons in rural communes, where more time goes into travel.

    Returns
    -------
    DataFrame
        Index ``positions``; hours_h a year once trained, minutes_per_person a year,
        interventions a year, persons_per_position, state_eur and host_eur of all the years
        of an agreement.
    """
    rows = []
    for positions in SCENARIOS:
        hours = positions * effective_year_h(assumed, rural_share)
        cost = yearly_cost(positions, version, assumed)
        aided = cost[cost["aided"]].sum()
        rows.append(
            {
                "positions": positions,
                "hours_h": hours,
                "minutes_per_person": 60 * hours / persons_in_need,
                "interventions": 12 * positions * assumed["interventions_per_month"],
                "persons_per_position": persons_in_need / positions,
                "state_eur": float(aided["state_eur"]),
                "host_eur": float(aided["host_eur"]),
            }
        )
    return pd.DataFrame(rows).set_index("positions")
