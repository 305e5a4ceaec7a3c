"""Coordinate reference systems: where geometry is stored, and where it is measured."""

from typing import Final

STORED: Final = 4326
"""EPSG code in which every geometry is stored and drawn (longitude, latitude)."""

METROPOLE: Final = 2154

_OVERSEAS: Final = {
    "971": 5490,
    "972": 5490,
    "973": 2972,
    "974": 2975,
    "976": 4471,
}


def legal_projection(department: str) -> int:
    """Return the EPSG code of the legal projection of a département.

    Lengths and areas are measured in it, in metres (décret 2000-1276, as amended).

    Parameters
    ----------
    department
        INSEE code of the département, for example ``"03"``, ``"2A"`` or ``"974"``.
    """
    return _OVERSEAS.get(department, METROPOLE)
