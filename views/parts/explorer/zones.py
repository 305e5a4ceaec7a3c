"""What the explorer can show: parts of the country, levels, units; pure look-ups."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import pandas as pd

from coverage.atlas import COUNTRY, group_of, names_of_level
from geodata import tables
from views.parts import assets

REGION: Final = "REG-"
DEPARTMENT: Final = "DEP-"

LEVELS: Final[Mapping[str, str]] = {
    "departements": "department",
    "cantons": "canton",
    "epci": "epci",
    "communes": "commune",
}
"""Word of the link → level."""

LEVEL_TITLES: Final[Mapping[str, str]] = {
    "departements": "Départements",
    "cantons": "Cantons",
    "epci": "EPCI",
    "communes": "Communes",
}

ONE_OF: Final[Mapping[str, str]] = {
    "departements": "département",
    "cantons": "canton",
    "epci": "EPCI",
    "communes": "commune",
}

_OF_COUNTRY: Final = ("departements", "cantons", "epci")
_OF_REGION: Final = ("cantons", "epci")
_OF_DEPARTMENT: Final = ("communes", "cantons", "epci")


@cache
def zones() -> Mapping[str, str]:
    """Return code → name of the parts of the country: the whole, regions, départements."""
    regions = tables.regions()["name"].sort_values()
    departments = tables.departments()["name"].sort_index()
    return {
        COUNTRY: "France entière",
        **{f"{REGION}{code}": f"Région {name}" for code, name in regions.items()},
        **{str(code): f"{code} · {name}" for code, name in departments.items()},
    }


def kind(zone: str) -> str:
    """Return what a zone is: ``country``, ``region`` or ``department``."""
    if zone == COUNTRY:
        return "country"
    return "region" if zone.startswith(REGION) else "department"


def whole_code(zone: str) -> str:
    """Return how a zone is called as a whole, beside the codes of units: ``DEP-03``."""
    return f"{DEPARTMENT}{zone}" if zone in tables.departments().index else zone


@cache
def levels(zone: str) -> tuple[str, ...]:
    """Return the levels that follow a zone; a zone without cantons does not offer them."""
    offered = {"country": _OF_COUNTRY, "region": _OF_REGION, "department": _OF_DEPARTMENT}[
        kind(zone)
    ]
    return tuple(level for level in offered if len(units(zone, level)))


@cache
def members(zone: str) -> pd.DataFrame:
    """Return the communes and arrondissements of a zone."""
    points = tables.demand_points()
    if zone == COUNTRY:
        return points
    column = kind(zone)
    return points[(points[column] == zone.removeprefix(REGION)).to_numpy()]


@cache
def units(zone: str, level: str) -> pd.Index:
    """Return the codes of the units of a zone; an EPCI counts where it has a commune."""
    found = {code for code in group_of(members(zone), LEVELS[level]) if code is not None}
    return pd.Index(sorted(found), name="code")


def outline(zone: str, level: str) -> str:
    """Return the logical name of the outlines that draw a level of a zone."""
    names = {"departements": "departments", "cantons": "cantons", "epci": "epcis"}
    if kind(zone) != "department":
        return names[level]
    return f"{names.get(level, level)}-{zone}"


def borders(zone: str, level: str) -> str:
    """Return the outlines of a level drawn as borders, empty where there are none."""
    name = outline(zone, level)
    return name if name in assets.outlines() else ""


@cache
def names(level: str) -> pd.Series:
    """Return code → name of the units of a level, its département added where names repeat."""
    return names_of_level(LEVELS[level])


@cache
def around(level: str, code: str) -> Mapping[str, str]:
    """Return the larger territories that hold a unit: code for comparison → name."""
    points = tables.demand_points()
    inside = points[[one == code for one in group_of(points, LEVELS[level])]]
    found = {}
    if level != "departements":
        for department in sorted(inside["department"].unique()):
            name = tables.departments()["name"][department]
            found[f"{DEPARTMENT}{department}"] = f"Département {name}"
    for region in sorted(inside["region"].unique()):
        found[f"{REGION}{region}"] = f"Région {tables.regions()['name'][region]}"
    return {**found, COUNTRY: "France"}
