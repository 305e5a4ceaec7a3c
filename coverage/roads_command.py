"""``python -m coverage roads``: ask OpenStreetMap for the roads of a territory."""

import argparse
from pathlib import Path

from coverage.road_files import read_roads
from geodata import overpass, tables
from geodata import territory as territories
from geodata.territory import Territory

MARGIN_DEG = 0.3
"""How far beyond the territory roads are asked for: about 30 km, half an hour."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of ``python -m coverage``."""
    parser = commands.add_parser("roads", help="routes d'OpenStreetMap d'un territoire")
    parser.add_argument("--territory", required=True, help="code : 03, un EPCI, une commune…")
    parser.add_argument("--out", type=Path, required=True, help="fichier .osm à écrire")
    parser.add_argument("--server", default=overpass.ADDRESS, help="adresse d'un serveur Overpass")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Fetch the roads, read them once to check them, and say what they hold."""
    territory = territories.resolve(args.territory)
    fetched = overpass.fetch_roads(box_of(territory), args.out, address=args.server)
    graph = read_roads(fetched.path)
    km = f"{graph.km.sum():,.0f}".replace(",", "\u202f")
    print(f"{territory.name} : {len(graph.lon)} carrefours, {km} km de voies par sens.")
    print(f"Routes : {overpass.LICENCE}.")


def box_of(territory: Territory) -> tuple[float, float, float, float]:
    """Return the box of a territory and a margin: west, south, east, north, in degrees."""
    outlines = tables.outlines()
    ours = outlines[outlines.index.isin(territory.points().index)]
    west, south, east, north = map(float, ours.total_bounds)
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG
