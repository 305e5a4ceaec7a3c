"""The base map around France: coast, land of the neighbours, borders, lakes and rivers.

Natural Earth, at 1:10 million for the land and 1:50 million for the waters (only the
largest rivers are in it).  France itself comes from the outlines of the communes, so
that its coast and its borders match them at every scale.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.crs import STORED
from geodata.snapshot.packages import COUNTRIES, WATERS, Archive, Package
from geodata.snapshot.topology import Feature, features

FRAMES: Final = {
    "metropole": (-8.0, 40.0, 12.0, 52.5),
    "antilles": (-63.5, 13.5, -59.5, 18.5),
    "guyane": (-57.0, 1.0, -49.0, 7.5),
    "reunion": (53.0, -23.5, 59.0, -18.5),
    "mayotte": (42.0, -14.5, 47.0, -10.5),
}
"""West, south, east and north of what is drawn, in degrees."""

_DRAWN_APART: Final = ("France",)
_BESIDE_DEG: Final = 0.03
"""How far a border of Natural Earth may be from that of the outlines (about 3 km)."""

_SIMPLIFY_DEG: Final = 0.002
DECIMALS: Final = 4

_RIVERS: Final = {
    "Loire": (1.90, 47.90),
    "Seine": (2.35, 48.86),
    "Rhône": (4.83, 45.75),
    "Garonne": (1.44, 43.60),
    "Rhin": (7.80, 48.57),
    "Pô": (9.70, 45.06),
    "Èbre": (-0.88, 41.66),
}
"""Name of a river → a town on it (longitude, latitude): the source has no name."""

_FRENCH: Final = {
    "Andorra": "Andorre",
    "Antigua and Barb.": "Antigua-et-Barbuda",
    "Austria": "Autriche",
    "Belgium": "Belgique",
    "Brazil": "Brésil",
    "Comoros": "Comores",
    "Dominica": "Dominique",
    "Germany": "Allemagne",
    "Guernsey": "Guernesey",
    "Ireland": "Irlande",
    "Italy": "Italie",
    "Mauritius": "Maurice",
    "Netherlands": "Pays-Bas",
    "Saint Lucia": "Sainte-Lucie",
    "Sint Maarten": "Saint-Martin (Pays-Bas)",
    "Spain": "Espagne",
    "St-Barthélemy": "Saint-Barthélemy",
    "St-Martin": "Saint-Martin",
    "St. Kitts and Nevis": "Saint-Christophe-et-Niévès",
    "Switzerland": "Suisse",
    "United Kingdom": "Royaume-Uni",
}
"""French names of the neighbours, where they differ from those of the source."""

_LAKES: Final = {"Léman": (6.50, 46.45), "Lac de Constance": (9.40, 47.60)}
_NEAR_DEG: Final = 0.15


def make(get: Callable[[Package], Archive], departments: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the base map.

    Parameters
    ----------
    get
        Fetches a package.
    departments
        Simplified outlines of the départements, in EPSG:4326.

    Returns
    -------
    GeoDataFrame
        kind (``"land"``, ``"lake"``, ``"river"``, ``"border"``, ``"coast"``), name (null
        where none), geometry, in EPSG:4326.
    """
    countries = _countries(get(COUNTRIES))
    waters = json.loads(get(WATERS).read("package/dist/europe_50m.json"))
    france = shapely.coverage_union_all(departments.to_numpy())
    land = _neighbours(countries, france)
    rows: list[tuple[str, str | None, Any]] = [
        ("land", _FRENCH.get(name, name), shape) for name, shape in land.items()
    ]
    rows += [("lake", *row) for row in _named(features(waters, "lakes"), _LAKES)]
    rows += [("river", *row) for row in _named(features(waters, "rivers"), _RIVERS)]
    rows += [("border", None, shape) for shape in _borders(land, france)]
    rows += [("coast", None, shape) for shape in _coasts(land, france)]
    frame = pd.DataFrame(rows, columns=["kind", "name", "geometry"])
    return _ready(gpd.GeoDataFrame(frame, geometry="geometry", crs=STORED))


def _countries(archive: Archive) -> dict[str, Any]:
    """Return the countries in the frames: name → geometry, in degrees."""
    topology = json.loads(archive.read("package/countries-10m.json"))
    view = shapely.union_all([shapely.box(*frame) for frame in FRAMES.values()])
    shapes = {
        properties["name"]: shapely.make_valid(shape)
        for _, properties, shape in features(topology, "countries")
        if shape.intersects(view)
    }
    return {name: shapely.intersection(shape, view) for name, shape in sorted(shapes.items())}


def _neighbours(countries: Mapping[str, Any], france: Any) -> dict[str, Any]:
    """Return the land of the neighbours, made to meet the outlines of France.

    What Natural Earth calls France and the outlines do not, near a neighbour, is given to
    that neighbour, so that no sea is drawn along a land border.
    """
    apart = shapely.union_all([countries[name] for name in _DRAWN_APART])
    rest = shapely.difference(apart, france)
    land = {}
    for name, shape in countries.items():
        if name in _DRAWN_APART:
            continue
        beside = shapely.intersection(rest, shapely.buffer(shape, _BESIDE_DEG))
        whole = shapely.difference(shapely.union_all([shape, beside]), france)
        if not whole.is_empty:
            land[name] = whole
    return land


def _borders(land: Mapping[str, Any], france: Any) -> Iterator[Any]:
    """Yield the borders between countries, those of France first."""
    near = shapely.union_all([shapely.buffer(shape, 1e-4) for shape in land.values()])
    yield shapely.intersection(france.boundary, near)
    names = list(land)
    tree = shapely.STRtree(list(land.values()))
    first, second = tree.query(list(land.values()), predicate="intersects")
    for a, b in sorted({(i, j) for i, j in zip(first, second, strict=True) if i < j}):
        shared = shapely.intersection(land[names[a]].boundary, land[names[b]].boundary)
        lines = [part for part in shapely.get_parts(shared) if part.length > 0]
        if lines:
            yield shapely.line_merge(shapely.union_all(lines))


def _coasts(land: Mapping[str, Any], france: Any) -> Iterator[Any]:
    """Yield the coast of France and that of its neighbours, without the frames' edges."""
    everyone = shapely.union_all([france, *land.values()])
    edges = shapely.union_all([shapely.box(*frame).boundary for frame in FRAMES.values()])
    outside = shapely.difference(everyone.boundary, shapely.buffer(edges, 1e-6))
    yield shapely.line_merge(outside)


def _named(
    shapes: list[Feature], towns: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[str | None, Any]]:
    """Yield the shapes in the frame of the métropole, each with its name where known."""
    frame = shapely.box(*FRAMES["metropole"])
    for _, _, shape in shapes:
        clipped = shapely.intersection(shape, frame)
        if clipped.is_empty:
            continue
        near = [
            name
            for name, town in towns.items()
            if shapely.distance(shape, shapely.Point(town)) < _NEAR_DEG
        ]
        yield (near[0] if near else None), clipped


def _ready(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows simplified, rounded and without what vanished."""
    shapes = shapely.simplify(frame.geometry.to_numpy(), _SIMPLIFY_DEG)
    shapes = shapely.make_valid(shapely.set_precision(shapes, 10.0**-DECIMALS))
    kept = frame.assign(geometry=shapely.normalize(shapes))
    kept = kept[~kept.geometry.is_empty]
    return kept.reset_index(drop=True)


def geojson(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the base map as GeoJSON for the browser: properties ``kind`` and ``n``."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"kind": kind} | ({"n": name} if isinstance(name, str) else {}),
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
            for kind, name, shape in zip(frame["kind"], frame["name"], frame.geometry, strict=True)
        ],
    }
