"""``python -m coverage access``: who reaches which site, without a screen."""

import argparse
from pathlib import Path
from typing import Final

import pandas as pd

from coverage import accuracy
from coverage.access import ISOLATED_MIN
from coverage.catchment import DECAYS, Decay
from coverage.isolation import IsolationRule
from coverage.measure import LIMIT_MIN, SiteAccess, measure, people_of
from coverage.need import estimate_here
from coverage.network import CommuneNetwork
from coverage.road_access import measure_on_roads
from coverage.road_files import KINDS_FR, read_roads
from coverage.roads import SNAP_M
from coverage.sites import SITE_LAYERS, Sites, load_sites
from coverage.travel import FloatArray
from coverage.writing import write_csv
from geodata import tables
from geodata import territory as territories
from geodata.errors import DataError
from geodata.territory import Territory

COLUMNS: Final = ("nearest_site", "minutes", "weekly_min_per_person", "isolated", "reason")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of ``python -m coverage``."""
    parser = commands.add_parser("access", help="temps d'accès à des sites, par commune")
    parser.add_argument("--territory", required=True, help="code : 03, REG-84, FR…")
    parser.add_argument(
        "--sites",
        default="france_services",
        help=f"couches, séparées par des virgules : {', '.join(SITE_LAYERS)}",
    )
    parser.add_argument("--out", type=Path, required=True, help="fichier CSV à écrire")
    parser.add_argument("--decay", choices=DECAYS, default="gaussian", help="poids de la distance")
    parser.add_argument("--within", type=float, default=30.0, help="limite du partage, en min")
    parser.add_argument(
        "--isolated-min", type=float, default=ISOLATED_MIN, help="isolée au-delà de, en min"
    )
    parser.add_argument(
        "--isolated-canton", action="store_true", help="… et seulement sans site dans le canton"
    )
    parser.add_argument("--isolated-population", type=int, help="… et seulement jusqu'à, habitants")
    parser.add_argument("--roads", type=Path, help=f"fichier de routes : {KINDS_FR}")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Measure, write the table, and say in three lines what it holds."""
    if not 0 < args.within <= LIMIT_MIN or not 0 < args.isolated_min <= LIMIT_MIN:
        raise DataError(
            f"Les temps doivent être compris entre 0 et {LIMIT_MIN:g} minutes",
            where=f"--within {args.within:g}, --isolated-min {args.isolated_min:g}",
        )
    territory = territories.resolve(args.territory)
    rule = IsolationRule(args.isolated_min, args.isolated_canton, args.isolated_population)
    sites = load_sites(args.sites.split(","))
    access, said = _measured(args.roads, territory, sites)
    rows = tables.demand_points().index.get_indexer(access.points.index)
    need = estimate_here(tables.demand_points()).at(rows)
    people = people_of(access.points, need.persons)
    weekly = access.weekly_min(people, Decay(args.decay, args.within))
    table = access_table(access, weekly, rule).loc[territory.points().index]
    write_csv(
        table.round({"minutes": 1, "weekly_min_per_person": 3}), args.out, index="commune_code"
    )
    known = int(sites.frame["hours_known"].sum())
    print(f"{territory.name} : {len(table)} communes, dont {table['isolated'].sum()} isolées.")
    print(
        f"{len(sites.frame)} sites en France, {known} aux horaires connus ; {len(sites.mobile)} "
        f"itinérants et {len(sites.rejected)} inutilisables laissés de côté."
    )
    for reason, count in sites.rejected["reason"].value_counts().items():
        print(f"  {count} : {reason}")
    print(said)


def _measured(roads: Path | None, territory: Territory, sites: Sites) -> tuple[SiteAccess, str]:
    """Return the access, over the roads of a file where one is given, and what to say of it."""
    if roads is None:
        return measure(CommuneNetwork.build(), sites), accuracy.NOTE
    access, found = measure_on_roads(read_roads(roads), territory.points(), sites)
    far = len(found.far_origins)
    return access, (
        f"Minutes par les routes de {roads.name} ; {far} communes et {len(found.far_sites)} sites "
        f"à plus de {SNAP_M / 1000:g} km de toute route de ce fichier."
    )


def access_table(access: SiteAccess, weekly_min: FloatArray, rule: IsolationRule) -> pd.DataFrame:
    """Return one row a commune of the country: :data:`COLUMNS`, indexed by code.

    Parameters
    ----------
    access
        Access to the sites.
    weekly_min
        Minutes a week for one person, shape (n_point,).
    rule
        When a commune is isolated.
    """
    table = access.isolation(rule)
    table["nearest_site"] = access.nearest_id
    table["minutes"] = pd.Series(access.minutes, index=table.index).replace(float("inf"), None)
    table["minutes"] = table["minutes"].astype(float)
    table["weekly_min_per_person"] = weekly_min
    return table[list(COLUMNS)]
