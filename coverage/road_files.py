"""Road networks read from files, each kind by its own way, anything else refused by name."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from coverage.road_classes import drivable, speed_km_h
from coverage.road_segments import read_ign_sql, read_segments
from coverage.roads import Edges, RoadGraph
from geodata.errors import DataError

KINDS_FR: Final = (
    ".osm, .osm.gz, .osm.pbf (OpenStreetMap), .graphml (OSMnx), .sql, .gpkg, .geojson ou .shp "
    "(tronçons de la BD TOPO de l'IGN)"
)


def read_roads(path: Path) -> RoadGraph:
    """Read a road network.

    Parameters
    ----------
    path
        OpenStreetMap (``.osm``, ``.osm.gz``, ``.osm.pbf``), a graph saved by OSMnx
        (``.graphml``), or segments of IGN's BD TOPO (``.sql``, ``.gpkg``, ``.geojson``,
        ``.shp``).

    Raises
    ------
    DataError
        If the file is missing, of another kind, or holds no drivable road.
    """
    if not path.is_file():
        raise DataError("Fichier de routes introuvable", where=str(path))
    name = path.name.lower()
    for suffix, reader in _READERS.items():
        if name.endswith(suffix):
            return reader(path)
    raise DataError(
        f"Ce genre de fichier n'est pas un réseau routier connu : « {path.name} »",
        where=str(path),
        remedy=f"Donnez {KINDS_FR}.",
    )


def read_osm(path: Path) -> RoadGraph:
    """Read OpenStreetMap data in any of its formats.

    The drivable ways are written alone by pyosmium, then OSMnx makes a graph of them: one-way
    streets, junctions and turning circles are its work.
    """
    import osmnx

    with tempfile.TemporaryDirectory() as folder:
        drivable_only = Path(folder) / "roads.osm"
        _keep_drivable(path, drivable_only)
        graph = osmnx.graph_from_xml(drivable_only, retain_all=True, simplify=True)
    return from_osmnx(graph, str(path))


def _keep_drivable(path: Path, target: Path) -> None:
    """Write the drivable ways of a file and their nodes."""
    import osmium

    ways = 0
    try:
        with osmium.BackReferenceWriter(str(target), ref_src=str(path), overwrite=True) as writer:
            for way in osmium.FileProcessor(str(path), osmium.osm.WAY):
                if drivable(dict(way.tags)):
                    writer.add(way)
                    ways += 1
    except (RuntimeError, ValueError, OSError) as error:
        raise _unreadable(path, "OpenStreetMap") from error
    if not ways:
        raise DataError("Ce fichier ne contient aucune route pour les voitures", where=str(path))


def read_graphml(path: Path) -> RoadGraph:
    """Read a graph that OSMnx saved."""
    import osmnx

    try:
        graph = osmnx.load_graphml(path)
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, "GraphML") from error
    return from_osmnx(graph, str(path))


def from_osmnx(graph: Any, where: str = "") -> RoadGraph:
    """Turn a graph of OSMnx into arrays, at the speeds of :mod:`coverage.road_classes`.

    Raises
    ------
    DataError
        If its nodes have no coordinates or its edges no length.
    """
    nodes = list(graph.nodes)
    rank = {node: position for position, node in enumerate(nodes)}
    try:
        lon = np.array([graph.nodes[node]["x"] for node in nodes], dtype=float)
        lat = np.array([graph.nodes[node]["y"] for node in nodes], dtype=float)
        rows = [
            (rank[u], rank[v], data["length"] / 1000.0, _edge_speed(data))
            for u, v, data in graph.edges(data=True)
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            "Ce graphe n'a pas les coordonnées et les longueurs qu'OSMnx écrit", where=where
        ) from error
    table = np.array(rows, dtype=float).reshape(-1, 4)
    start, end = table[:, 0].astype(np.intp), table[:, 1].astype(np.intp)
    through = np.array([_motorway(data) for _, _, data in graph.edges(data=True)], dtype=bool)
    edges = Edges(start, end, table[:, 2], 60.0 * table[:, 2] / table[:, 3], through)
    return RoadGraph.of(lon, lat, edges, where)


def _motorway(data: Mapping[str, Any]) -> bool:
    """Tell whether an edge is of a motorway or of its slip roads, all along."""
    classes = _texts(data.get("highway"))
    return bool(classes) and all(one.removesuffix("_link") == "motorway" for one in classes)


def _edge_speed(data: Mapping[str, Any]) -> float:
    """Return the speed of an edge; where OSMnx merged several ways, the slowest of them."""
    classes = _texts(data.get("highway"))
    limits = _texts(data.get("maxspeed")) or [""]
    speeds = [speed_km_h(one, limit) for one in classes or [""] for limit in limits]
    return min(speeds)


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _unreadable(path: Path, kind: str) -> DataError:
    return DataError(
        f"Ce fichier n'est pas un fichier {kind} lisible",
        where=str(path),
        remedy="Téléchargez-le de nouveau, ou vérifiez son nom.",
    )


_READERS: Final[Mapping[str, Callable[[Path], RoadGraph]]] = MappingProxyType(
    {
        ".osm": read_osm,
        ".osm.gz": read_osm,
        ".osm.pbf": read_osm,
        ".graphml": read_graphml,
        ".sql": read_ign_sql,
        ".gpkg": read_segments,
        ".geojson": read_segments,
        ".shp": read_segments,
    }
)
