"""``python -m coverage``: need and access without a screen."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from coverage import access_command, car_times_command, roads_command
from coverage.atlas import group_of, names_of_level
from coverage.local import gather
from coverage.need import Need, estimate
from coverage.validation import membership_here, report, validate
from coverage.writing import write_csv
from geodata import tables
from geodata import territory as territories
from geodata.errors import CoverageError, DataError

LEVELS: Final = ("commune", "canton", "epci", "department", "region")
DIGITS: Final = {
    "persons_15p": 1, "persons": 1, "low": 1, "high": 1,
    "rate": 5, "poorer_share": 5, "region_effect": 5,
}  # fmt: skip
EXIT_USER_ERROR = 2


def _need(args: argparse.Namespace) -> None:
    points = tables.demand_points()
    local = gather(points)
    if args.validate:
        names = tables.regions()["name"]
        print(report(validate(points, local, names, membership_here())))
        return
    if args.out is None:
        raise DataError(
            "Il manque le fichier à écrire", remedy="Ajoutez --out besoin.csv, ou --validate."
        )
    territory = territories.resolve(args.territory)
    need = estimate(points, local, regional=not args.no_regional)
    rows = points.index.get_indexer(territory.points().index)
    table = need_table(need.at(rows), points.iloc[rows], args.level)
    write_csv(table.round(DIGITS), args.out, index="code")
    known = float(table["persons"].sum())
    print(f"{territory.name} : {len(table)} lignes, {known:,.0f} personnes.".replace(",", "\u202f"))


def need_table(need: Need, points: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the need of a territory at a level: index ``code``; ``name``, then the measures.

    Parameters
    ----------
    need, points
        The need of some communes, and these communes.
    level
        One of :data:`LEVELS`.
    """
    table = need.frame() if level == "commune" else need.by(group_of(points, level))
    table.insert(0, "name", names_of_level(level).reindex(table.index))
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code: 0, or 2 with one clear message."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    parser = argparse.ArgumentParser(
        prog="python -m coverage", description="Besoin et accès, sans écran."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    need = commands.add_parser("need", help="personnes en illectronisme, par territoire")
    need.add_argument("--territory", default="FR", help="code : FR, 03, REG-84… (FR par défaut)")
    need.add_argument("--level", choices=LEVELS, default="commune", help="maille des lignes")
    need.add_argument("--out", type=Path, help="fichier CSV à écrire")
    need.add_argument("--no-regional", action="store_true", help="sans calage régional")
    need.add_argument("--validate", action="store_true", help="comparer aux chiffres publiés")
    need.set_defaults(run=_need)
    access_command.add_parser(commands)
    roads_command.add_parser(commands)
    car_times_command.add_parser(commands)
    args = parser.parse_args(arguments)
    try:
        args.run(args)
    except CoverageError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
