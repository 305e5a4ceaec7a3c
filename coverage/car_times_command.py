"""``python -m coverage car-times``: the model's minutes beside those that INSEE measured."""

import argparse
from pathlib import Path

import pandas as pd

from coverage.car_times import INSEE_KINDS, compare
from coverage.measure import LIMIT_MIN, measure
from coverage.network import CommuneNetwork
from coverage.sites import load_sites
from coverage.writing import write_csv
from geodata import catalog
from geodata import territory as territories
from geodata.data_gouv import newest_file
from geodata.errors import DataError
from geodata.readers.car_times import read_car_times


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of ``python -m coverage``."""
    parser = commands.add_parser("car-times", help="minutes modélisées face à celles de l'INSEE")
    parser.add_argument("--territory", required=True, help="un département : 03")
    parser.add_argument("--sites", choices=sorted(INSEE_KINDS), default="france_services")
    parser.add_argument(
        "--file", help="fichier de l'INSEE ou adresse web ; sinon celui de GEODATA_DIR, ou le web"
    )
    parser.add_argument("--out", type=Path, required=True, help="fichier CSV à écrire")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Compare, write the table, and say in a line how far apart they are."""
    territory = territories.resolve(args.territory)
    if territory.kind != "department":
        raise DataError(
            "La comparaison se fait par département",
            where=args.territory,
            remedy="Donnez par exemple 03.",
        )
    squares = read_car_times(args.file or _known(), territory.code, INSEE_KINDS[args.sites])
    access = measure(CommuneNetwork.build(), load_sites([args.sites]))
    found = compare(squares, pd.Series(access.minutes, index=access.points.index))
    write_csv(found.table.round(2), args.out, index="commune_code")
    print(
        f"{territory.name} : {len(found.table)} communes ; écart relatif médian "
        f"{100 * found.error.median:.0f} %, neuf sur dix sous {100 * found.error.p90:.0f} % ; "
        f"le modèle donne {found.bias_min:+.1f} min en moyenne par personne."
    )
    if found.unreached:
        print(
            f"Laissées de côté : {found.unreached} communes "
            f"({found.unreached_people:.0f} personnes) que le modèle met à plus de "
            f"{LIMIT_MIN:g} min, ou sans route."
        )


def _known() -> str:
    """Return the file of this machine, or the address of the newest one of the portal."""
    found = catalog.locate("car_times")
    if found is not None and found.path is not None:
        return str(found.path)
    source = catalog.source("car_times")
    return newest_file(source.dataset, source.format)
