"""IGN's road segments (BD TOPO, ``troncon_de_route``): lines with mean speed and direction."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from coverage.arrays import FloatArray, IntArray
from coverage.roads import Edges, RoadGraph
from geodata import tables
from geodata.crs import METROPOLE, STORED, legal_projection
from geodata.distance import great_circle_km
from geodata.errors import DataError

COLUMNS: Final = ("vitesse_moyenne_vl", "sens_de_circulation")
"""Columns that a file of segments must have besides its lines."""

_FORWARD: Final = "Sens direct"
_BACKWARD: Final = "Sens inverse"
_MOTORWAYS: Final = ("Type autoroutier", "Bretelle")
_BOTH: Final = "Double sens"
_CLOSED: Final = ("Physiquement impossible", "Restreint aux ayants droit")
_JOIN_M: Final = 0.1

_TABLE: Final = re.compile(r"CREATE TABLE [\w.]*troncon_de_route \((.*?)\n\);", re.DOTALL)
_INSERT: Final = re.compile(r"INSERT INTO [\w.]*troncon_de_route VALUES \((.*)\);$")
_VALUE: Final = re.compile(r"'((?:[^']|'')*)'|([^,\s][^,]*)")


def read_ign_sql(path: Path) -> RoadGraph:
    """Read segments from an SQL dump of the table ``troncon_de_route``.

    Raises
    ------
    DataError
        If the dump holds no such table, or lacks its columns.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError("Ce fichier SQL n'est pas du texte UTF-8", where=str(path)) from error
    found = _TABLE.search(text)
    if found is None:
        raise DataError(
            "Ce fichier SQL ne crée pas la table « troncon_de_route »",
            where=str(path),
            remedy="Donnez un export SQL de la BD TOPO de l'IGN.",
        )
    names = [line.split()[0] for line in found.group(1).strip().splitlines()]
    _check(names, path)
    rows = list(_rows(text))
    frame = pd.DataFrame(rows, columns=names) if rows else pd.DataFrame(columns=names)
    geometry = shapely.from_wkb(list(frame["geom"]))
    written = set(shapely.get_srid(geometry)) - {0}
    if len(written) > 1:
        raise DataError("Ces tronçons sont dans plusieurs projections", where=str(path))
    crs = int(written.pop()) if written else METROPOLE
    try:
        lines = gpd.GeoDataFrame(frame.drop(columns="geom"), geometry=geometry, crs=crs)
    except CRSError as error:
        raise DataError(f"Projection inconnue : SRID {crs}", where=str(path)) from error
    return graph_of(lines, path)


def _rows(text: str) -> Iterator[list[str | None]]:
    for line in text.splitlines():
        insert = _INSERT.match(line)
        if insert is not None:
            yield [
                None if bare == "NULL" else bare or quoted.replace("''", "'")
                for quoted, bare in _VALUE.findall(insert.group(1))
            ]


def read_segments(path: Path) -> RoadGraph:
    """Read segments from a file of vectors (GeoPackage, GeoJSON, Shapefile).

    Raises
    ------
    DataError
        If the file cannot be read, or lacks the columns of IGN.
    """
    try:
        frame = gpd.read_file(path)
    except (pyogrio.errors.DataSourceError, ValueError) as error:
        raise DataError("Ce fichier de tronçons n'est pas lisible", where=str(path)) from error
    _check(list(frame.columns), path)
    if frame.crs is None:
        raise DataError(
            "Ce fichier de tronçons ne dit pas sa projection",
            where=str(path),
            remedy="Enregistrez-le de nouveau avec sa projection (GeoPackage, ou fichier .prj).",
        )
    return graph_of(frame, path)


def _check(names: list[str], path: Path) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise DataError(
            f"Ce fichier n'a pas les colonnes des tronçons de l'IGN : {', '.join(missing)}",
            where=str(path),
            remedy="Donnez la table « troncon_de_route » de la BD TOPO.",
        )


def graph_of(lines: gpd.GeoDataFrame, path: Path) -> RoadGraph:
    """Return the network of some segments; those closed to cars are left out.

    Lengths are measured in the legal projection of the territory where they are.
    """
    lines = in_metres(lines).explode(ignore_index=True)
    lines = lines[lines.geom_type == "LineString"]
    speed = pd.to_numeric(lines["vitesse_moyenne_vl"], errors="coerce").to_numpy(dtype=float)
    way = lines["sens_de_circulation"].fillna(_BOTH).to_numpy(dtype=str)
    open_ = (speed > 0) & np.isin(way, (_FORWARD, _BACKWARD, _BOTH))
    if "acces_vehicule_leger" in lines:
        open_ &= ~lines["acces_vehicule_leger"].isin(_CLOSED).to_numpy()
    lines, speed, way = lines[open_], speed[open_], way[open_]
    single = shapely.force_2d(lines.geometry.to_numpy())
    start, end, lon, lat = ends(single, lines.crs)
    km = shapely.length(single) / 1000.0
    minutes = 60.0 * km / speed
    forward, backward = way != _BACKWARD, way != _FORWARD
    nature = lines.get("nature", pd.Series("", lines.index)).fillna("").to_numpy(dtype=str)
    motorway = np.isin(nature, _MOTORWAYS)
    edges = Edges(
        np.concatenate([start[forward], end[backward]]),
        np.concatenate([end[forward], start[backward]]),
        np.concatenate([km[forward], km[backward]]),
        np.concatenate([minutes[forward], minutes[backward]]),
        np.concatenate([motorway[forward], motorway[backward]]),
    )
    return RoadGraph.of(lon, lat, edges, str(path))


def in_metres(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return lines in the legal projection of the département that they are nearest to."""
    sound = lines[lines.geometry.notna() & ~lines.geometry.is_empty]
    if sound.empty:
        return sound.to_crs(METROPOLE)
    west, south, east, north = sound.to_crs(STORED).total_bounds
    points = tables.demand_points()
    away_km = great_circle_km(
        points["lon"].to_numpy(), points["lat"].to_numpy(), (west + east) / 2, (south + north) / 2
    )
    return sound.to_crs(legal_projection(str(points["department"].iloc[away_km.argmin()])))


def ends(
    lines: "np.ndarray", crs: CRS, join_m: float = _JOIN_M
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return the nodes at both ends of lines in metres, and the nodes' degrees of lon and lat."""
    first = shapely.get_coordinates(shapely.get_point(lines, 0))
    last = shapely.get_coordinates(shapely.get_point(lines, -1))
    both = np.round(np.concatenate([first, last]) / join_m).astype(np.int64)
    places, node = np.unique(both, axis=0, return_inverse=True)
    points = gpd.GeoSeries.from_xy(places[:, 0] * join_m, places[:, 1] * join_m, crs=crs)
    degrees = points.to_crs(4326)
    node = node.reshape(-1)
    count = len(first)
    return node[:count], node[count:], degrees.x.to_numpy(), degrees.y.to_numpy()
