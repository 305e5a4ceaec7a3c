"""``python -m planning tours``: tours of a territory, without a screen."""

import argparse
import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from tqdm import tqdm

from coverage import accuracy
from geodata import territory as territories
from geodata.errors import DataError
from geodata.territory import Territory
from planning.events import Author
from planning.explain import number
from planning.stopping import Progress, after_iterations, after_seconds
from planning.store import Store, store_path
from planning.tours import published
from planning.tours.calendar import make_calendar
from planning.tours.closures import Closure, closure_text, read_closures
from planning.tours.files import next_cycle, write_tours
from planning.tours.national import NationalTask, begun, plan_all
from planning.tours.periodic import solve
from planning.tours.plan import TourPlan
from planning.tours.stops import StopRules
from planning.tours.territory import TourRequest, territory_tours
from planning.tours.yearly import one_year

DEFAULT_ITERATIONS: Final = 5_000
_CALENDAR_WEEKS: Final = 12
_BY_COMMAND: Final = Author("Ligne de commande", False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--territory", required=True, help="code : 48, REG-84, FR, 200071082 (EPCI)…"
    )
    parser.add_argument("--out", type=Path, help="dossier des fichiers produits")
    parser.add_argument("--vans", type=int, default=2, help="véhicules (par département)")
    parser.add_argument(
        "--weeks", type=int, default=4, choices=(1, 2, 4), help="durée du cycle, en semaines"
    )
    parser.add_argument("--bases", default="", help="communes de départ, séparées par des virgules")
    parser.add_argument(
        "--isolated", type=float, default=15.0, help="seuil d'isolement, en minutes"
    )
    parser.add_argument("--max-stops", type=int, default=2, help="arrêts par jour au plus")
    parser.add_argument(
        "--caseload",
        type=float,
        default=StopRules().caseload,
        help="personnes suivies par une permanence toutes les quatre semaines",
    )
    parser.add_argument("--seed", type=int, default=0, help="graine du tirage")
    parser.add_argument(
        "--from", dest="first", type=_day, help="premier jour, AAAA-MM-JJ (sans valeur : bientôt)"
    )
    parser.add_argument("--until", dest="last", type=_day, help="dernier jour, AAAA-MM-JJ")
    parser.add_argument(
        "--closed",
        action="append",
        default=[],
        help="période sans tournée, « 2026-12-21 au 2027-01-03 vacances » ; peut être répétée",
    )
    parser.add_argument(
        "--publish",
        metavar="SERVICE",
        help="publie le calendrier sur la page publique, au nom de ce service",
    )
    parser.add_argument("--contact", default="", help="qui le public peut appeler")
    parser.add_argument(
        "--withdraw", action="store_true", help="retire le calendrier publié, et ne calcule rien"
    )
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processus (région ou pays)"
    )
    stop = parser.add_mutually_exclusive_group()
    stop.add_argument("--iterations", type=int, default=DEFAULT_ITERATIONS, help="itérations")
    stop.add_argument("--seconds", type=float, help="durée du calcul, en secondes")


def run(args: argparse.Namespace) -> None:
    """Plan the tours asked for and write their files, or withdraw a published calendar."""
    territory = territories.resolve(args.territory)
    if args.withdraw:
        published.withdraw(Store(store_path()), _department(territory), _BY_COMMAND)
        print(f"{territory.name} : le calendrier publié est retiré de la page publique.")
        return
    if args.out is None:
        raise DataError("Il manque le dossier des fichiers", remedy="Ajoutez --out DOSSIER.")
    if args.publish is not None:
        _department(territory)
    request = TourRequest(
        vans=args.vans,
        weeks=args.weeks,
        isolated_min=args.isolated,
        bases=tuple(code.strip() for code in args.bases.split(",") if code.strip()),
        rules=StopRules(caseload=args.caseload),
        max_stops=args.max_stops,
    )
    many = territory.kind in ("country", "region")
    first = args.first or (many and begun(args.out, args.weeks)) or _soon(args.weeks)
    last = args.last or first + timedelta(weeks=_CALENDAR_WEEKS, days=-1)
    (_many if many else _one)(territory, request, args, (first, last))


def _soon(weeks: int) -> date:
    return next_cycle(date.today() + timedelta(days=1), weeks)


def _department(territory: Territory) -> str:
    if territory.kind != "department":
        raise DataError(
            "Un calendrier se publie pour un département",
            where=territory.name,
            remedy="Donnez le code d'un département à --territory.",
        )
    return territory.departments[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"date illisible : {text} (AAAA-MM-JJ)") from error


def _many(
    territory: Territory,
    request: TourRequest,
    args: argparse.Namespace,
    period: tuple[date, date],
) -> None:
    if request.bases or args.seconds is not None:
        raise DataError(
            "--bases et --seconds ne valent que pour un seul département",
            remedy="Ôtez ces options, ou donnez un département.",
        )
    tasks = [
        NationalTask(department, request, args.iterations, args.seed, period)
        for department in territory.departments
    ]
    with tqdm(total=len(tasks), unit="dép.", leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.set_description(progress.message[:60])
            bar.update(round(progress.done_share * len(tasks)) - bar.n)

        lines = plan_all(tasks, args.out, workers=max(1, args.workers), progress=show)
    print("\n".join(sorted(lines)))
    print(
        f"{len(tasks)} départements dans {args.out} : {len(lines)} planifiés maintenant, "
        f"{len(tasks) - len(lines)} déjà faits."
    )


def _one(
    territory: Territory,
    request: TourRequest,
    args: argparse.Namespace,
    period: tuple[date, date],
) -> None:
    closed = read_closures("\n".join(args.closed))
    for closure in closed:
        print(f"Sans tournée : {closure_text(closure)}.")
    found = territory_tours(territory, request)
    for note in found.notes:
        print(note)
    if found.problem is None:
        return
    stop = after_iterations(args.iterations)
    if args.seconds is not None:
        stop = after_seconds(args.seconds)
    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.set_description(progress.message)
            bar.update(max(0, int(100 * progress.done_share) - bar.n))

        plan = solve(found.problem, stop, seed=args.seed, progress=show)
    department = territory.departments[0]
    paths = write_tours(
        plan,
        args.out,
        department=department,
        period=period,
        closed=closed,
        one_by_one=True,
        contact=args.contact,
        territory=territory.code,
        notes=list(found.notes),
        without_road=list(found.without_road),
    )
    print(summary(territory.name, plan))
    print(year_line(plan, period[0].year, department, closed))
    print(accuracy.NOTE)
    if found.without_road:
        print(f"Sans route connue : {', '.join(found.without_road)}.")
    names = ", ".join(path.name for path in paths)
    print(f"Fichiers : {names}, un par véhicule et par commune, dans {args.out}")
    if args.publish is not None:
        calendar = make_calendar(plan, *period, department=department, closed=closed)
        published.publish(
            Store(store_path()),
            calendar,
            department,
            _BY_COMMAND,
            args.publish,
            contact=args.contact,
        )
        print(
            f"Publié sur la page publique : {len(calendar.passages)} passages, "
            f"du {period[0]:%d/%m/%Y} au {period[1]:%d/%m/%Y}."
        )


def year_line(plan: TourPlan, year: int, department: str, closed: Sequence[Closure] = ()) -> str:
    """Return what a year of these tours amounts to, as one French line."""
    found = one_year(plan, year, department=department, closed=closed)
    return (
        f"Sur {year} : {number(found.outings)} sorties, {number(found.km)} km, "
        f"{number(found.hours_h)} h de travail dont {number(found.drive_h)} h de conduite, "
        f"{number(found.cost_eur)} € de frais de route (barème de 2022), "
        f"{number(found.persons)} personnes en illectronisme aux arrêts (estimation)."
    )


def summary(name: str, plan: TourPlan) -> str:
    """Return a plan in a few French lines."""
    lines = [
        f"{name} : {plan.visits_served} visites sur {plan.visits_required} par cycle de "
        f"{plan.problem.weeks} semaines, {len(plan.stops)} arrêts, {plan.km:.0f} km, "
        f"{plan.drive_min / 60:.1f} h de conduite, {plan.cost:.0f} €."
    ]
    vans = sum(base.vans for base in plan.problem.bases)
    if not plan.left_for_room and 0 < plan.busy_vans < vans:
        lines.append(
            f"{len(plan.days)} sorties pour {plan.van_days} journées de véhicule possibles : "
            f"essayez avec moins de véhicules, {plan.busy_vans} au moins."
        )
    lines += [
        f"Laissé de côté : {plan.problem.stops[item.stop].name} ({item.commune_code}), "
        f"{item.reason}."
        for item in plan.unserved[:10]
    ]
    if len(plan.unserved) > 10:
        lines.append(f"… et {len(plan.unserved) - 10} autres arrêts.")
    return "\n".join([*lines, *plan.relaxations])
