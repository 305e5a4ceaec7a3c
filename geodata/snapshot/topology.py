"""TopoJSON: polygons as shared arcs on a grid, small and without gaps.

Follows the TopoJSON format 1.0: each line shared by two polygons is written once, as
differences between whole numbers of a grid; a reversed arc ``i`` is written ``~i``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import STORED

Ring = NDArray[np.int64]
"""Corner numbers of a closed ring, the first not repeated at the end."""

Path = NDArray[np.float64]
"""Positions of a line in degrees, shape (n, 2)."""


@dataclass(frozen=True)
class Grid:
    """A grid of ``steps`` positions along each axis of a box of degrees."""

    west: float
    south: float
    x_step: float
    y_step: float

    @classmethod
    def around(cls, bounds: Sequence[float], steps: int) -> "Grid":
        """Return the grid of ``steps`` positions a side over west, south, east, north."""
        west, south, east, north = (float(bound) for bound in bounds)
        return cls(
            west,
            south,
            (east - west) / (steps - 1) or 1.0,
            (north - south) / (steps - 1) or 1.0,
        )

    def place(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the positions of points, shape (n, 2), on the grid."""
        origin, step = (self.west, self.south), (self.x_step, self.y_step)
        return np.rint((points - origin) / step).astype(np.int64)


def encode(shapes: gpd.GeoDataFrame, *, name: str, steps: int) -> dict[str, Any]:
    """Return a TopoJSON topology of polygons that form a coverage.

    Parameters
    ----------
    shapes
        Polygons, in EPSG:4326; the index becomes ``id``, the columns the properties.
    name
        Name of the object.
    steps
        Positions of the grid along each side of the bounding box.
    """
    grid = Grid.around(shapes.total_bounds, steps)
    cutter = _Cutter(*_rings(shapes.geometry, grid))
    geometries = [
        {
            "type": "MultiPolygon",
            "id": code,
            "properties": properties,
            "arcs": cutter.polygons(unit),
        }
        for unit, (code, properties) in enumerate(_properties(shapes))
    ]
    return {
        "type": "Topology",
        "transform": {
            "scale": [grid.x_step, grid.y_step],
            "translate": [grid.west, grid.south],
        },
        "objects": {name: {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": cutter.arcs(),
    }


def _properties(shapes: gpd.GeoDataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    frame = pd.DataFrame(shapes.drop(columns="geometry"))
    for code, row in zip(frame.index, frame.itertuples(index=False), strict=True):
        yield str(code), dict(zip(frame.columns, row, strict=True))


def _rings(
    shapes: gpd.GeoSeries, grid: Grid
) -> tuple[NDArray[np.int64], list[Ring], list[tuple[int, int]]]:
    """Return the corners, the rings on them, and the (unit, polygon) of each ring.

    A ring that falls on fewer than three corners of the grid is left out, unless it is
    the only one left to draw of its unit.
    """
    parts, unit = shapely.get_parts(shapes.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    corners, corner = np.unique(grid.place(points), axis=0, return_inverse=True)
    starts = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    found, owner = [], []
    for number, closed in enumerate(np.split(corner.ravel(), starts[1:])):
        kept = closed[np.r_[True, closed[1:] != closed[:-1]]][:-1]
        if len(kept) >= 3:
            found.append(kept)
            owner.append((int(unit[part[number]]), int(part[number])))
    return corners, found, owner


class _Cutter:
    """Cuts rings into arcs where lines meet, each arc being numbered once."""

    def __init__(
        self,
        corners: NDArray[np.int64],
        rings: list[Ring],
        owner: list[tuple[int, int]],
    ) -> None:
        self._corners = corners
        self._number: dict[tuple[int, ...], int] = {}
        junction = _junctions(rings, len(corners))
        self._polygons: dict[int, dict[int, list[list[int]]]] = {}
        for ring, (unit, polygon) in zip(rings, owner, strict=True):
            arcs = [self._arc(arc) for arc in _cut(ring, junction)]
            self._polygons.setdefault(unit, {}).setdefault(polygon, []).append(arcs)

    def polygons(self, unit: int) -> list[list[list[int]]]:
        """Return the polygons of a unit: rings of arc numbers, the outer ring first."""
        return list(self._polygons.get(unit, {}).values())

    def arcs(self) -> list[list[list[int]]]:
        """Return the arcs: their first position, then differences."""
        written = []
        for arc in self._number:
            path = self._corners[list(arc)]
            written.append(np.diff(path, axis=0, prepend=np.zeros((1, 2), np.int64)).tolist())
        return written

    def _arc(self, arc: tuple[int, ...]) -> int:
        backward = arc[::-1]
        if backward < arc:
            return ~self._number.setdefault(backward, len(self._number))
        return self._number.setdefault(arc, len(self._number))


def _junctions(rings: list[Ring], n_corner: int) -> NDArray[np.bool_]:
    """Return the corners where lines meet or part: rings cross them from different sides."""
    here = np.concatenate(rings)
    before = np.concatenate([np.roll(ring, 1) for ring in rings])
    after = np.concatenate([np.roll(ring, -1) for ring in rings])
    sides = pd.DataFrame(
        {"low": np.minimum(before, after), "high": np.maximum(before, after)}
    ).groupby(here)
    differs = (sides.min() != sides.max()).any(axis=1)
    junction = np.zeros(n_corner, dtype=bool)
    junction[differs.index[differs]] = True
    return junction


def _cut(ring: Ring, junction: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Return the arcs of a ring, from junction to junction; a free ring is one arc.

    A free ring starts at its lowest corner, so that both its sides write it alike.
    """
    stops = np.flatnonzero(junction[ring])
    start = stops[0] if len(stops) else int(ring.argmin())
    turned = np.roll(ring, -start)
    closed = [*turned.tolist(), int(turned[0])]
    ends = [*(stops[1:] - start).tolist(), len(turned)] if len(stops) else [len(turned)]
    arcs, first = [], 0
    for end in ends:
        arcs.append(tuple(closed[first : end + 1]))
        first = end
    return arcs


Feature = tuple[str | None, dict[str, Any], Any]
"""Identifier, properties and geometry (in degrees)."""


def features(topology: Mapping[str, Any], name: str) -> list[Feature]:
    """Return the lines or polygons of an object of a TopoJSON topology.

    A ring that the grid has flattened to fewer than three corners is left out.
    """
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    return [
        (geometry.get("id"), geometry.get("properties") or {}, _shape(geometry, arcs))
        for geometry in topology["objects"][name]["geometries"]
        if geometry["type"]
    ]


def _shape(geometry: Mapping[str, Any], arcs: list[Path]) -> Any:
    numbers = geometry["arcs"]
    match geometry["type"]:
        case "LineString":
            return shapely.LineString(_path(arcs, numbers))
        case "MultiLineString":
            return shapely.MultiLineString([_path(arcs, line) for line in numbers])
        case "Polygon":
            return _polygons(arcs, [numbers])
        case "MultiPolygon":
            return _polygons(arcs, numbers)
        case kind:
            raise ValueError(f"unknown geometry: {kind!r}")


def _polygons(arcs: list[Path], polygons: list[list[list[int]]]) -> shapely.MultiPolygon:
    paths = [[_path(arcs, ring) for ring in rings] for rings in polygons]
    kept = [[path for path in rings if len(path) >= 4] for rings in paths]
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in kept if rings])


def _path(arcs: list[Path], numbers: list[int]) -> Path:
    """Return the arcs one after the other, their common ends once."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def decode(topology: Mapping[str, Any], name: str) -> gpd.GeoDataFrame:
    """Return an object of a topology: index ``id``, properties, geometry in EPSG:4326."""
    found = features(topology, name)
    frame = pd.DataFrame([properties for _, properties, _ in found])
    frame.index = pd.Index([code for code, _, _ in found], name="id")
    return gpd.GeoDataFrame(frame, geometry=[shape for _, _, shape in found], crs=STORED)
