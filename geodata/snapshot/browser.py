"""Outlines for the browser: TopoJSON files whose names hold the hash of their content.

Each file has one object, ``units``; each geometry has the code as ``id`` and the name as
property ``n``.  ``index.json`` tells, for each logical name (``communes-03``,
``cantons-03``, ``epcis-03``, ``cantons``, ``epcis``, ``departments``, ``regions``, ``base``),
the file and its size.  An EPCI that spreads over several départements has its part of each in
their own files, and its whole in ``epcis``.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.readers.reference import PARENTS
from geodata.snapshot.territories import dissolve, in_metres
from geodata.snapshot.topology import encode

OBJECT: Final = "units"
DEPARTMENT_STEPS: Final = 10_000
"""Grid of a département: about 13 m."""

COUNTRY_STEPS: Final = 400_000
"""Grid of a national file, overseas included: about 30 m."""

GROUPS: Final = ("canton", "epci")
"""Columns of the communes whose groups are drawn besides départements and regions."""

GROUP_TOLERANCE_M: Final = 200.0
DEPARTMENT_TOLERANCE_M: Final = 500.0

Files = dict[str, bytes]
"""Logical name → content."""


def simplify(units: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    """Return a coverage with fewer corners, shared borders staying shared."""
    return in_metres(units, lambda shapes: shapely.coverage_simplify(shapes, tolerance_m))


def files(tables: Mapping[str, pd.DataFrame], base: Mapping[str, Any]) -> Files:
    """Return every file, by logical name.

    Parameters
    ----------
    tables
        The tables of the snapshot.
    base
        The base map, ready for JSON.
    """
    outlines = tables["outlines"].geometry
    units = outlines[~outlines.index.isin(PARENTS)]
    found = {"base": _bytes(base), **dict(_national(units, tables))}
    for department in tables["departments"].index:
        found.update(of_department(department, units, tables))
    return found


def of_department(
    department: str, units: gpd.GeoSeries, tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a département: its communes, its cantons and EPCI where it has some."""
    communes = tables["communes"].reindex(units.index)
    here = units[(communes["department"] == department).to_numpy()]
    yield f"communes-{department}", _units(here, communes["name"], DEPARTMENT_STEPS)
    for level in GROUPS:
        groups = dissolve(here, communes[level])
        if len(groups):
            name = f"{level}s-{department}"
            yield name, _units(groups, tables[f"{level}s"]["name"], DEPARTMENT_STEPS)


def _national(
    units: gpd.GeoSeries, tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, bytes]]:
    communes = tables["communes"]
    for level in GROUPS:
        groups = simplify(dissolve(units, communes[level]), GROUP_TOLERANCE_M)
        yield f"{level}s", _units(groups, tables[f"{level}s"]["name"], COUNTRY_STEPS)
    departments = simplify(dissolve(units, communes["department"]), DEPARTMENT_TOLERANCE_M)
    yield "departments", _units(departments, tables["departments"]["name"], COUNTRY_STEPS)
    regions = dissolve(departments, tables["departments"]["region"])
    yield "regions", _units(regions, tables["regions"]["name"], COUNTRY_STEPS)


def _units(shapes: gpd.GeoSeries, names: pd.Series, steps: int) -> bytes:
    frame = gpd.GeoDataFrame({"n": names.reindex(shapes.index)}, geometry=shapes)
    return _bytes(encode(frame, name=OBJECT, steps=steps))


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def write(content: Files, folder: Path) -> int:
    """Write the files and ``index.json``, remove those of another build, return their size."""
    folder.mkdir(parents=True, exist_ok=True)
    file_of = {
        name: f"{name}-{hashlib.sha256(data).hexdigest()[:8]}.json"
        for name, data in sorted(content.items())
    }
    for name, file in file_of.items():
        (folder / file).write_bytes(content[name])
    index = {name: {"file": file, "bytes": len(content[name])} for name, file in file_of.items()}
    text = json.dumps(index, indent=1, sort_keys=True) + "\n"
    (folder / "index.json").write_text(text, encoding="utf-8")
    for path in folder.glob("*.json"):
        if path.name not in {"index.json", *file_of.values()}:
            path.unlink()
    return sum(map(len, content.values()))
