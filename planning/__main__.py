"""``python -m planning``: plans without a screen."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tqdm import tqdm

from coverage import accuracy
from coverage.access import Reach
from geodata import territory
from geodata.errors import CoverageError
from planning import accept as accept_command
from planning import allocate as allocate_command
from planning.deployment import Deployment, deploy
from planning.report.files import check_folder, write_plan
from planning.report.writing import percent
from planning.scenario import TOUR_ITERATIONS, Scenario
from planning.siting import command as siting_command
from planning.stopping import Progress
from planning.tours import command as tours_command

EXIT_USER_ERROR = 2


class _Parser(argparse.ArgumentParser):
    """An argument parser that says in French what is wrong."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(EXIT_USER_ERROR, f"{self.prog} : option incorrecte : {message}\n")


def _plan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--territory", required=True, help="code : 03, 2A, 972, REG-84, 200071082 (EPCI)…"
    )
    parser.add_argument("--positions", required=True, type=int, help="postes à déployer")
    parser.add_argument("--out", required=True, type=Path, help="dossier des fichiers produits")
    parser.add_argument(
        "--mobile", type=int, help="conseillers en tournée (sans valeur : par gain marginal)"
    )
    parser.add_argument(
        "--model", choices=("p-median", "max-cover"), default="p-median", help="modèle des sites"
    )
    parser.add_argument("--minutes", type=int, default=20, help="seuil de couverture, en minutes")
    parser.add_argument(
        "--isolated", type=float, default=15.0, help="seuil d'isolement, en minutes"
    )
    parser.add_argument("--weeks", type=int, default=2, help="cycle des tournées : 2 ou 4 semaines")
    parser.add_argument("--no-tours", action="store_true", help="sans tournées")
    parser.add_argument("--seed", type=int, default=0, help="graine du tirage")
    stop = parser.add_mutually_exclusive_group()
    stop.add_argument(
        "--iterations", type=int, default=TOUR_ITERATIONS, help="itérations des tournées"
    )
    stop.add_argument("--seconds", type=float, help="durée des tournées, en secondes")


def _plan(args: argparse.Namespace) -> None:
    scenario = Scenario(
        territory=args.territory,
        positions=args.positions,
        mobile=args.mobile,
        model=args.model,
        threshold_min=args.minutes,
        isolated_min=args.isolated,
        tours=not args.no_tours,
        tour_weeks=args.weeks,
        tour_iterations=args.iterations,
        tour_seconds=args.seconds,
        seed=args.seed,
    )
    territory.resolve(args.territory)
    check_folder(args.out)
    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.set_description(progress.message)
            bar.update(max(0, int(100 * progress.done_share) - bar.n))

        deployment = deploy(scenario, show)
    paths = write_plan(deployment, args.out)
    print(_summary(deployment))
    print(f"Fichiers : {', '.join(path.name for path in paths)} dans {args.out}")


def _summary(deployment: Deployment) -> str:
    card = deployment.scorecard
    threshold = deployment.scenario.threshold_min

    def share(side: Reach | None, found: float | None = None) -> str:
        if side is None:
            return "inconnue"
        return percent(side.share_within[threshold] if found is None else found)

    before, after = share(card.before), share(card.after)
    stops = sum(len(plan.stops) for plan in deployment.touring.plans.values())
    fixed = sum(site.positions for site in deployment.sites)
    lines = [
        f"{deployment.territory.name} : {fixed} postes fixes dans {len(deployment.sites)} lieux, "
        f"{deployment.mobile.mobile} en tournée ({stops} arrêts).",
        f"Population à moins de {threshold} min (temps modélisés) : {before} avant, {after} après, "
        f"{share(card.after, card.share_with_tours)} avec les tournées.",
    ]
    lines.append(accuracy.NOTE)
    if deployment.touring.note:
        lines.append(deployment.touring.note)
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code: 0, or 2 with one clear message."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    parser = _Parser(prog="python -m planning", description="Plans de déploiement, sans écran.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    plan = commands.add_parser("plan", help="plan complet d'un territoire : sites et tournées")
    _plan_arguments(plan)
    plan.set_defaults(run=_plan)
    siting = commands.add_parser("siting", help="sites seuls, avec la preuve de leur qualité")
    siting_command.add_arguments(siting)
    siting.set_defaults(run=siting_command.run)
    tours = commands.add_parser("tours", help="tournées seules, avec leur calendrier")
    tours_command.add_arguments(tours)
    tours.set_defaults(run=tours_command.run)
    allocate = commands.add_parser("allocate", help="répartition de postes entre territoires")
    allocate_command.add_arguments(allocate)
    allocate.set_defaults(run=allocate_command.run)
    accept = commands.add_parser("accept", help="choix parmi des candidatures, sous contingents")
    accept_command.add_arguments(accept)
    accept.set_defaults(run=accept_command.run)
    args = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = args.run
    try:
        run(args)
    except CoverageError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print("Interrompu : rien n'a été écrit.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
