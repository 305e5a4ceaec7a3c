"""``python -m coverage access``: who reaches which site, without a screen."""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from coverage import accuracy
from coverage.access import ISOLATED_MIN
from coverage.arrays import FloatArray, IntArray
from coverage.catchment import DECAYS, Decay
from coverage.isolation import IsolationRule
from coverage.measure import LIMIT_MIN, SiteAccess, measure, people_of
from coverage.need import estimate_here
from coverage.network import CommuneNetwork
from coverage.road_access import MOST_CHANGE, RoadAccess, change_of_sharing, measure_on_roads
from coverage.road_files import KINDS_FR, read_roads
from coverage.roads import SNAP_M
from coverage.sites import SITE_LAYERS, Sites, load_sites
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
    graph = None if args.roads is None else read_roads(args.roads)
    everyone = tables.demand_points()
    people = people_of(everyone, estimate_here(everyone).persons)
    network = CommuneNetwork.build(everyone)
    decay = Decay(args.decay, args.within)
    if graph is None:
        access = measure(network, sites)
        weekly, said = access.weekly_min(people, decay), [accuracy.NOTE]
    else:
        ours = territory.points().index
        on_roads = measure_on_roads(graph, everyone, ours, sites)
        access = on_roads.access
        weekly = access.weekly_min(people[everyone.index.get_indexer(access.points.index)], decay)
        change = change_of_sharing(network, on_roads, ours, people, decay)
        said = [_roads_text(on_roads, territory, args.roads.name)]
        if change > MOST_CHANGE:
            weekly = np.full_like(weekly, np.nan)
            said.append(
                "weekly_min_per_person est laissé vide : les routes de ce fichier s'arrêtent trop "
                "près du territoire pour savoir qui, autour, partage les mêmes sites (le modèle "
                f"changerait de {100 * change:.0f} %). Donnez des routes qui le dépassent d'au "
                f"moins {args.within:g} min."
            )
    rows = access.points.index.get_indexer(territory.points().index)
    table = access_table(access, weekly, rule, rows)
    write_csv(
        table.round({"minutes": 1, "weekly_min_per_person": 3}), args.out, index="commune_code"
    )
    print(f"{territory.name} : {len(table)} communes, dont {table['isolated'].sum()} isolées.")
    empty = int(table["minutes"].isna().sum())
    if empty:
        print(f"minutes est vide pour {empty} : plus de {LIMIT_MIN:g} min, ou pas de route.")
    print("\n".join([*_sites_text(sites), *said]))


def _sites_text(sites: Sites) -> list[str]:
    """Return what the sites are, and what was left out of them."""
    known = int(sites.frame["hours_known"].sum())
    return [
        f"{len(sites.frame)} sites en France, {known} aux horaires connus ; {sites.joined} fiches "
        f"du même lieu jointes ; {len(sites.mobile)} lieux itinérants laissés de côté ; "
        f"{sites.set_aside} lignes inutilisables écartées à la lecture."
    ]


def _roads_text(found: RoadAccess, territory: Territory, file: str) -> str:
    """Return what minutes over a road file are, and which places no road of it joins."""
    ours = territory.points().index
    points, sites = found.access.points, found.access.sites.frame
    far = int((points.index.isin(ours) & ~found.joined).sum())
    far_sites = int((sites["commune_code"].isin(ours) & ~found.sites_joined).sum())
    return (
        f"Minutes par les routes de {file}, sans embouteillages, du centre de chaque commune ; "
        f"vitesses par type de route supposées pour OpenStreetMap, moyennes de l'IGN pour la BD "
        f"TOPO. Ici, {far} communes et {far_sites} sites à plus de {SNAP_M / 1000:g} km de toute "
        "route de ce fichier."
    )


def access_table(
    access: SiteAccess, weekly_min: FloatArray, rule: IsolationRule, rows: IntArray
) -> pd.DataFrame:
    """Return one row a commune: :data:`COLUMNS`, indexed by code.

    Parameters
    ----------
    access
        Access to the sites.
    weekly_min
        Minutes a week for one person, shape (n_point,).
    rule
        When a commune is isolated.
    rows
        Positions of the communes wanted among the points of ``access``.
    """
    table = access.isolation(rule, rows)
    table["nearest_site"] = access.nearest_id.iloc[rows]
    minutes = access.minutes[rows]
    table["minutes"] = np.where(np.isinf(minutes), np.nan, minutes)
    table["weekly_min_per_person"] = weekly_min[rows]
    return table[list(COLUMNS)]
