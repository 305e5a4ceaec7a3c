"""Speeds driven by class of road, and which roads a car may take.

No French source gives speeds driven by OpenStreetMap class: the table is an assumption of this
tool, below the legal limits as traffic is.  A posted limit lowers it, never raises it.  IGN's
segments carry their own mean speeds.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SPEED_KM_H: Final[Mapping[str, float]] = MappingProxyType(
    {
        "motorway": 110.0,
        "trunk": 80.0,
        "primary": 65.0,
        "secondary": 58.0,
        "tertiary": 50.0,
        "unclassified": 40.0,
        "residential": 25.0,
        "road": 30.0,
        "living_street": 12.0,
        "service": 15.0,
    }
)
"""Kilometres an hour by value of ``highway``; slip roads (``…_link``) at two thirds."""

DEFAULT_KM_H: Final = 30.0

_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(mph)?")
_MILE_KM: Final = 1.609344
_ACCESS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
"""Tags that tell who may drive, the most specific first: it wins."""

_NO_CAR: Final = frozenset({"no", "private", "agricultural", "forestry", "delivery"})


def drivable(tags: Mapping[str, str]) -> bool:
    """Tell whether a car of the public may take a way of OpenStreetMap."""
    highway = tags.get("highway", "").removesuffix("_link")
    if highway not in SPEED_KM_H or tags.get("area") == "yes":
        return False
    written = (tags[name] for name in _ACCESS if name in tags)
    return next(written, "yes") not in _NO_CAR


def speed_km_h(highway: str, posted: str = "") -> float:
    """Return the speed driven on a way.

    Parameters
    ----------
    highway
        Class of the way.
    posted
        Its ``maxspeed`` as written: a number, in miles an hour when it says so; words say
        nothing.
    """
    base = highway.removesuffix("_link")
    usual = SPEED_KM_H.get(base, DEFAULT_KM_H) * (2 / 3 if base != highway else 1.0)
    match = _NUMBER.match(posted.strip())
    if match is None:
        return usual
    limit = float(match.group(1)) * (_MILE_KM if match.group(2) else 1.0)
    return min(usual, limit) if limit > 0 else usual
