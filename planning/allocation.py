"""Share the programme's positions over regions, départements and cantons, step by step.

A unit weighs its persons in need, those of priority communes counted ``1 + bonus`` times.
Where need is not estimated (Mayotte), inhabitants stand for it at the national ratio and the
table says so.  Where there is no canton (métropole de Lyon, Martinique, Guyane), the
intercommunality takes its place.

The cascade shares the total over the regions, then each region's over its départements, and
so on: each step is one sharing of :mod:`planning.sharing`, with its floors, caps and
positions already there, and the sums are exact at every step.  A unit's floor is never less,
nor its cap more, than what its parts need or can hold.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from geodata import tables
from geodata.errors import DataError, InfeasibleError
from planning.programme import Assumed, effective_year_h, programme
from planning.sharing import METHODS, Claims, Method, share
from planning.sharing_words import reasons
from planning.situation import national_need

Level = Literal["region", "department", "canton"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
RURAL_CLASSES: Final = (11, 12, 13)
"""Classes of the degree of urbanisation that are rural: dispersed, low density, villages."""


@dataclass(frozen=True)
class Bounds:
    """Limits for one unit, by its code; ``existing`` are positions already there."""

    floor: int = 0
    cap: int | None = None
    existing: int = 0


@dataclass(frozen=True)
class Choices:
    """What a planner chooses.

    Parameters
    ----------
    total
        Positions to share, those already there included.
    level
        Units that receive positions.
    method
        See :mod:`planning.sharing`.
    cascade
        Whether the units above share first; else the units of ``level`` share at once.
    floor, cap
        Fewest and most positions of every unit of ``level``.
    bounds
        Limits of single units of ``level``, by code; they replace ``floor`` and ``cap`` where
        they are stricter.
    bonus
        What a person of a priority commune counts more, as a share (0.2: a fifth more).
    priority
        Codes of the priority communes.
    """

    total: int
    level: Level = "department"
    method: Method = "sainte-lague"
    cascade: bool = True
    floor: int = 0
    cap: int | None = None
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    bonus: float = 0.0
    priority: Collection[str] = ()

    def __post_init__(self) -> None:
        if self.level not in LEVELS or self.method not in METHODS:
            raise ValueError(f"unknown level or method: {self.level}, {self.method}")
        if self.total < 1:
            raise DataError(
                f"Il faut au moins un poste à répartir : {self.total}", remedy="Demandez-en 4 000."
            )
        if not 0 <= self.bonus <= 5:
            raise DataError(
                f"La majoration doit être comprise entre 0 et 500 % : {100 * self.bonus:g} %"
            )
        caps = [self.cap, *(one.cap for one in self.bounds.values())]
        floors = [self.floor, *(one.floor for one in self.bounds.values())]
        if min(floors) < 0 or any(cap is not None and cap < 0 for cap in caps):
            raise DataError("Un minimum ou un plafond de postes ne peut être négatif")

    @property
    def path(self) -> tuple[Level, ...]:
        """Levels of the cascade, from the top."""
        return LEVELS[: LEVELS.index(self.level) + 1] if self.cascade else (self.level,)


@dataclass(frozen=True, eq=False)
class Allocation:
    """Positions of each unit, and how they came about.

    Attributes
    ----------
    choices
        What was asked.
    steps
        One row a unit and level, in the order of the cascade: level, parent, code, name,
        persons (in need; NaN where not estimated), population, estimated (whether
        ``persons`` is), priority_share, rural_share, weight, floor, cap, existing, exact
        (share before rounding), positions, new (above those already there), per_1000
        (positions per 1,000 persons in need), hours_per_person_h (a year, all trained),
        why (French).
    """

    choices: Choices
    steps: pd.DataFrame

    @property
    def units(self) -> pd.DataFrame:
        """Return the rows of the last level, indexed by code."""
        return self.at(self.choices.level)

    def at(self, level: Level) -> pd.DataFrame:
        """Return the rows of a level of the cascade, indexed by code."""
        return self.steps[self.steps["level"] == level].set_index("code")


def allocate(choices: Choices, assumed: Assumed | None = None) -> Allocation:
    """Share the total down to the level asked for.

    Parameters
    ----------
    choices
        What to share and how.
    assumed
        Assumptions of the programme; theirs by default.

    Raises
    ------
    InfeasibleError
        When floors, caps and positions already there leave no sharing.
    """
    assumed = programme().values() if assumed is None else assumed
    levels = [_units(level, choices, assumed) for level in choices.path]
    _limit(levels, choices)
    steps = []
    given = {"": choices.total}
    for level, units in zip(choices.path, levels, strict=True):
        shared = [
            _step(given[str(parent)], group, choices.method)
            for parent, group in units.groupby("parent", sort=True)
        ]
        done = pd.concat(shared).assign(level=level)
        given = {str(code): int(count) for code, count in done["positions"].items()}
        steps.append(done.reset_index())
    return Allocation(choices, _told(pd.concat(steps, ignore_index=True)))


def unit_of(level: Level) -> pd.Series:
    """Return the unit of each demand point at a level, indexed by commune."""
    points = tables.demand_points()
    if level == "canton":
        return points["canton"].where(points["canton"].notna(), points["epci"])
    found: pd.Series = points[level]
    return found


def rural_communes() -> frozenset[str]:
    """Return the communes that the degree of urbanisation holds rural."""
    points = tables.demand_points()
    return frozenset(points.index[points["degurba"].isin(RURAL_CLASSES)])


def _units(level: Level, choices: Choices, assumed: Assumed) -> pd.DataFrame:
    """Return one row a unit: persons, weight, hours and own limits, indexed by code."""
    points = tables.demand_points()
    need = pd.Series(national_need().persons, index=list(national_need().codes))
    persons = need.reindex(points.index)
    known = persons.notna()
    ratio = float(persons[known].sum() / points.loc[known, "population"].sum())
    counted = persons.where(known, points["population"] * ratio)
    first = counted.where(points.index.isin(list(choices.priority)), 0.0)
    rural = counted.where(points["degurba"].isin(RURAL_CLASSES), 0.0)
    group = unit_of(level)
    columns = {
        "counted": counted,
        "persons": persons,
        "population": points["population"],
        "first": first,
        "rural": rural,
    }
    units = pd.DataFrame(columns).groupby(group).sum()
    units.index = units.index.rename("code")
    unknown = (~known).groupby(group).any()
    units["estimated"] = ~unknown.reindex(units.index)
    units["persons"] = units["persons"].where(units["estimated"])
    units["name"] = _names(level).reindex(units.index).astype(str)
    units["parent"] = _parents(level, choices, units.index)
    weighed = units["counted"].replace(0.0, np.nan)
    units["priority_share"] = (units["first"] / weighed).fillna(0.0)
    units["rural_share"] = (units["rural"] / weighed).fillna(0.0)
    units["weight"] = units["counted"] + choices.bonus * units["first"]
    units["hours"] = [effective_year_h(assumed, share) for share in units["rural_share"]]
    return units.drop(columns=["first", "rural"])


def _names(level: Level) -> pd.Series:
    if level == "canton":
        names: pd.Series = pd.concat([tables.cantons()["name"], tables.epcis()["name"]])
    else:
        names = (tables.regions() if level == "region" else tables.departments())["name"]
    return names


def _parents(level: Level, choices: Choices, codes: pd.Index) -> pd.Series:
    above = choices.path.index(level) - 1
    if above < 0:
        return pd.Series("", index=codes)
    pairs = pd.DataFrame({"unit": unit_of(level), "parent": unit_of(choices.path[above])})
    parents: pd.Series = pairs.groupby("unit")["parent"].first().reindex(codes)
    return parents


def _limit(levels: list[pd.DataFrame], choices: Choices) -> None:
    """Set floor, cap and positions already there, from the last level up."""
    last = levels[-1]
    unknown = sorted(set(choices.bounds) - set(last.index))
    if unknown:
        raise DataError(
            f"{len(unknown)} codes ne sont pas des unités de ce niveau",
            where=", ".join(unknown[:5]),
            remedy="Donnez les codes du niveau réparti (régions, départements ou cantons).",
        )
    single = [choices.bounds.get(code, Bounds()) for code in last.index]
    wide = choices.total if choices.cap is None else choices.cap
    last["existing"] = [one.existing for one in single]
    floor = [max(choices.floor, one.floor, one.existing) for one in single]
    cap = [min(wide, wide if one.cap is None else one.cap) for one in single]
    last["floor"] = np.array(floor, dtype=np.int64)
    last["cap"] = np.minimum(np.array(cap, dtype=np.int64), choices.total)
    crossed = last[last["floor"] > last["cap"]]
    if len(crossed):
        unit = crossed.iloc[0]
        raise InfeasibleError(
            f"Le minimum ({unit['floor']}, postes déjà là compris) dépasse le plafond "
            f"({unit['cap']})",
            where=f"{unit['name']} ({crossed.index[0]})",
            remedy="Relevez le plafond, ou ne comptez pas les postes déjà là.",
        )
    for above, below in zip(levels[-2::-1], levels[:0:-1], strict=True):
        for column in ("existing", "floor", "cap"):
            above[column] = below.groupby("parent")[column].sum().reindex(above.index)


def _step(total: int, units: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Share what one unit received over its parts, in the order of their codes."""
    units = units.sort_index()
    claims = Claims(
        weights=units["weight"].to_numpy(dtype=float),
        low=units["floor"].to_numpy(dtype=np.int64),
        high=np.minimum(units["cap"].to_numpy(dtype=np.int64), total),
        hours=units["hours"].to_numpy(dtype=float),
    )
    found = share(total, claims, method)
    return units.assign(
        exact=found.exact, positions=found.positions, why=reasons(total, claims, found, method)
    )


def _told(steps: pd.DataFrame) -> pd.DataFrame:
    persons = steps["persons"].replace(0.0, np.nan)
    counted = steps["counted"].replace(0.0, np.nan)
    steps["new"] = steps["positions"] - steps["existing"]
    steps["per_1000"] = 1000 * steps["positions"] / persons
    steps["hours_per_person_h"] = steps["positions"] * steps["hours"] / counted
    order = [
        "level", "parent", "code", "name", "persons", "population", "estimated",
        "priority_share", "rural_share", "weight", "floor", "cap", "existing", "exact",
        "positions", "new", "per_1000", "hours_per_person_h", "why",
    ]  # fmt: skip
    return steps[order]
