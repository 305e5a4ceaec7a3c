"""``python -m planning siting``: a location model on a territory, without a screen."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from geodata import territory
from geodata.errors import DataError
from planning.report.whole import check_folder, write_whole
from planning.siting.plan import SitingPlan, solve
from planning.siting.points import PointCosts
from planning.siting.posing import by_canton, lonlat
from planning.siting.problem import SitingProblem
from planning.siting.size import memory_note
from planning.stopping import Progress, Stop, after_iterations, after_seconds

ITERATIONS: Final = 20_000
UNSERVED_MIN: Final = 90.0
"""What a person without room counts with capacities: twice 45 minutes, as on the screen."""
MODELS: Final = ("p-median", "max-cover", "set-cover", "p-center", "capacitated")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--territory", required=True, help="code : FR, REG-84, 03, 2A…")
    parser.add_argument("--model", choices=MODELS, default="p-median", help="modèle des sites")
    parser.add_argument(
        "--positions", type=int, help="sites à ouvrir (postes, avec le modèle capacitated)"
    )
    parser.add_argument(
        "--minutes", type=float, default=20.0, help="seuil de max-cover et set-cover, en minutes"
    )
    parser.add_argument(
        "--capacity", type=float, help="personnes par poste, pour le modèle capacitated"
    )
    parser.add_argument(
        "--per-site", type=int, default=3, help="postes au plus par site, modèle capacitated"
    )
    parser.add_argument(
        "--demand", choices=("commune", "canton"), default="commune", help="points de besoin"
    )
    parser.add_argument("--detour", type=float, default=1.3, help="route / vol d'oiseau")
    parser.add_argument("--speed", type=float, default=50.0, help="vitesse moyenne, en km/h")
    parser.add_argument("--out", required=True, type=Path, help="dossier du fichier produit")
    parser.add_argument(
        "--seed", type=int, default=0, help="sans effet : les modèles actuels ne tirent rien"
    )
    stop = parser.add_mutually_exclusive_group()
    stop.add_argument("--iterations", type=int, default=ITERATIONS, help="itérations")
    stop.add_argument("--seconds", type=float, help="durée du calcul, en secondes")


def run(args: argparse.Namespace) -> None:
    """Solve what is asked for and write ``siting.json``."""
    problem = _problem(args)
    if note := memory_note(problem):
        print(note, file=sys.stderr)
    timed = args.seconds is not None
    stop: Stop = after_seconds(args.seconds) if timed else after_iterations(args.iterations)
    check_folder(args.out)
    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.set_description(progress.message)
            bar.update(max(0, int(100 * progress.done_share) - bar.n))

        plan = solve(problem, stop, seed=args.seed, progress=show)
    content = _finite(_content(args, problem, plan))
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    path = write_whole(args.out / "siting.json", text)
    proof = "optimal, prouvé" if plan.optimal else f"à {100 * plan.gap:.4f} % au plus du meilleur"
    if not np.isfinite(plan.gap):
        proof = "écart au meilleur inconnu"
    print(f"{len(plan.sites)} sites en {plan.seconds:.1f} s, {proof} : {path}")


def _problem(args: argparse.Namespace) -> SitingProblem:
    if args.positions is None and args.model != "set-cover":
        raise DataError(
            f"Le modèle {args.model} demande un nombre de sites", remedy="Ajoutez --positions N."
        )
    points = territory.resolve(args.territory).points()
    points = points[(points["population"] > 0) & points["lon"].notna() & points["lat"].notna()]
    if points.empty:
        raise DataError("Aucune commune habitée dans ce territoire", where=args.territory)
    demand = points[["name", "department", "canton", "lon", "lat"]].assign(
        persons=points["population"].astype(float)
    )
    if args.demand == "canton":
        demand = by_canton(demand)
    codes = tuple(points.index.astype(str))
    return SitingProblem(
        costs_min=PointCosts(lonlat(demand), lonlat(points), args.detour, args.speed),
        weights=demand["persons"].to_numpy(dtype=float),
        sites=len(codes) if args.positions is None else args.positions,
        demand_codes=tuple(demand.index.astype(str)),
        candidate_codes=codes,
        model=args.model,
        cover_min=args.minutes,
        capacity=args.capacity,
        positions=args.per_site,
        unserved_min=UNSERVED_MIN if args.model == "capacitated" else None,
    )


def _finite(value: Any) -> Any:
    """Return plain JSON: a number that is not known or infinite is null."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return value


def _content(args: argparse.Namespace, problem: SitingProblem, plan: SitingPlan) -> dict[str, Any]:
    n_demand, n_candidate = problem.shape
    return {
        "territory": args.territory,
        "model": plan.model,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "optimal": plan.optimal,
        "solver": plan.solver,
        "stop": {"kind": plan.stop.kind, "value": plan.stop.value},
        "iterations": plan.iterations,
        "seconds": round(plan.seconds, 3),
        "seed": args.seed,
        "n_demand": n_demand,
        "n_candidates": n_candidate,
        "weight": "population",
        "demand": args.demand,
        "minutes": {
            "kind": "great circle x detour / speed",
            "detour": args.detour,
            "speed_km_h": args.speed,
            "threshold": args.minutes if plan.model in ("max-cover", "set-cover") else None,
        },
        "clamped": plan.clamped,
        "mean_min": plan.mean_min,
        "mean_min_all": plan.counted_min,
        "persons_unserved": plan.persons_unserved,
        "unserved_min": problem.unserved if plan.persons_unserved else None,
        "capacity": args.capacity if plan.model == "capacitated" else None,
        "sites": list(plan.codes),
        "positions": plan.positions.tolist(),
        "reasons": [
            {
                "commune_code": reason.code,
                "persons_assigned": reason.persons,
                "persons_newly_reached": reason.new_persons,
                "minutes_saved": reason.saved_min,
                "loss_without": reason.loss,
                "best_alternative": reason.alternative,
                "alternative_loss": reason.alternative_loss,
            }
            for reason in plan.reasons
        ],
    }
