"""Faults of a user's file, cell by cell: told all at once, with their row and column."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from geodata.readers.rows import number, plain

FAULT_COLUMNS: Final = ("row", "column", "value", "reason")

_MOSTLY_SHARE: Final = 0.8
"""A column whose texts are mostly numbers holds numbers: the others are faults."""

_SWAPPED_SHARE: Final = 0.6
_LAT: Final = frozenset(map(plain, ("latitude", "lat")))
_LON: Final = frozenset(map(plain, ("longitude", "lon", "lng", "long")))
_NOT_PUBLISHED: Final = frozenset({"s", "nd", "n/a", "na", "-", "nc"})

# Where France is: (south, north, west, east) in degrees.
_BOXES: Final = (
    (41.2, 51.2, -5.3, 9.7),
    (14.3, 16.6, -61.9, -60.7),
    (2.0, 6.0, -54.7, -51.5),
    (-21.5, -20.8, 55.1, 55.9),
    (-13.1, -12.5, 44.9, 45.4),
)


def cell_faults(frame: pd.DataFrame, matched: Mapping[str, str]) -> pd.DataFrame:
    """Return the cells that are not of the kind of their column.

    Parameters
    ----------
    frame
        The table of the file, as texts.
    matched
        Field of the layer → column of the file.

    Returns
    -------
    DataFrame
        ``row`` of the file, ``column`` of the file, ``value``, ``reason`` (French).
    """
    lat, lon = _point_columns(matched)
    found = [
        _column_faults(frame[header], header, least=0.0 if header in (lat, lon) else _MOSTLY_SHARE)
        for header in dict.fromkeys(matched.values())
    ]
    if lat and lon:
        found.append(_outside(frame, lat, lon))
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in FAULT_COLUMNS})
    return pd.concat([empty, *found], ignore_index=True)


def swapped_points(frame: pd.DataFrame, matched: Mapping[str, str]) -> bool:
    """Tell whether the points of a file would be in France only if their axes were exchanged."""
    lat, lon = _point_columns(matched)
    if not (lat and lon):
        return False
    north, east = number(frame[lat]), number(frame[lon])
    known = north.notna() & east.notna()
    if not known.any():
        return False
    straight = _in_france(north, east)[known].mean()
    exchanged = _in_france(east, north)[known].mean()
    return bool(exchanged > _SWAPPED_SHARE and straight < 1 - _SWAPPED_SHARE)


def _point_columns(matched: Mapping[str, str]) -> tuple[str, str]:
    lat = next((header for name, header in matched.items() if plain(name) in _LAT), "")
    lon = next((header for name, header in matched.items() if plain(name) in _LON), "")
    return lat, lon


def _in_france(north: pd.Series, east: pd.Series) -> pd.Series:
    inside = pd.Series(False, index=north.index)
    for south_end, north_end, west_end, east_end in _BOXES:
        inside |= north.between(south_end, north_end) & east.between(west_end, east_end)
    return inside


def _column_faults(column: pd.Series, header: str, least: float) -> pd.DataFrame:
    written = column[column.notna() & ~column.str.casefold().isin(_NOT_PUBLISHED)]
    numbers = number(written).notna()
    if written.empty or not least <= numbers.mean() < 1:
        return _faults(written[:0], header, "")
    return _faults(written[~numbers], header, "n'est pas un nombre, lu comme absent")


def _outside(frame: pd.DataFrame, lat: str, lon: str) -> pd.DataFrame:
    north, east = number(frame[lat]), number(frame[lon])
    out = north.notna() & east.notna() & ~_in_france(north, east)
    written = frame.loc[out, lat] + " ; " + frame.loc[out, lon]
    return _faults(written, f"{lat} ; {lon}", "point hors de France (en mer ou à l'étranger)")


def _faults(written: pd.Series, header: str, reason: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": written.index,
            "column": header,
            "value": written.to_numpy(),
            "reason": reason,
        }
    )
