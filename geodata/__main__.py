"""``python -m geodata``: what data this machine has, and how to get the rest."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from tqdm import tqdm

from geodata import catalog, inventory, layers
from geodata.errors import CoverageError
from geodata.fetch import Limits, ProgressBytes

EXIT_USER_ERROR: Final = 2
EXIT_INTERRUPTED: Final = 130


class _Parser(argparse.ArgumentParser):
    """An argument parser that says in French what is wrong."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(EXIT_USER_ERROR, f"{self.prog} : option incorrecte : {message}\n")


def _list(args: argparse.Namespace) -> None:
    found = tuple(inventory.lines())
    if args.json:
        print(json.dumps([asdict(line) for line in found], ensure_ascii=False, indent=1))
    else:
        print(inventory.as_text(found, date.today()))


def _check(args: argparse.Namespace) -> None:
    """Read every layer that is there; a fault is printed and makes the exit code 2."""
    faulty = []
    for layer in args.layers or catalog.sources():
        line = inventory.layer_line(layer)
        if line.fault:
            faulty.append(layer)
            print(f"✗ {layer} : {line.fault}")
        elif line.rows is not None:
            print(f"✓ {layer} : {line.rows} lignes, {line.set_aside} écartées")
            _print_details(layer, line)
    if faulty:
        raise CoverageError(
            f"{len(faulty)} couche(s) illisible(s)",
            where=", ".join(faulty),
            remedy="Remplacez leur fichier, ou retirez-le.",
        )


def _print_details(layer: str, line: inventory.Line) -> None:
    for what, count in line.notes:
        print(f"    {count} : {what}")
    reasons = layers.load(layer).rejected["reason"].str.replace(r"\s*:.*|\d+", "…", regex=True)
    for reason, count in reasons.value_counts().items():
        print(f"    {count} écartée(s) : {reason}")


def _fetch(args: argparse.Namespace) -> None:
    wanted = list(args.layers)
    if args.all:
        wanted = [layer for layer, s in catalog.sources().items() if s.reader and s.can_fetch]
    if not wanted:
        raise CoverageError(
            "Aucune couche à télécharger",
            remedy="Nommez-les, ou donnez --all. « python -m geodata list » les montre.",
        )
    failed = [layer for layer in wanted if not _fetch_one(layer, args.timeout)]
    if failed:
        raise CoverageError(
            f"{len(failed)} couche(s) sur {len(wanted)} non téléchargée(s)",
            where=", ".join(failed),
            remedy="Réessayez plus tard, ou déposez les fichiers dans GEODATA_DIR.",
        )


def _fetch_one(layer: str, timeout_s: float) -> bool:
    title = catalog.source(layer).title
    try:
        with tqdm(desc=layer, unit="o", unit_scale=True, leave=False) as bar:
            fetched = layers.fetch(layer, limits=Limits(total_s=timeout_s), progress=_progress(bar))
    except CoverageError as error:
        print(f"✗ {title} : {error}", file=sys.stderr)
        return False
    state = "téléchargée" if fetched.renewed else "déjà à jour"
    print(f"✓ {title} : {state}, {fetched.size_bytes / 1e6:.1f} Mo")
    return True


def _progress(bar: "tqdm[Any]") -> ProgressBytes:
    def show(done: int, total: int | None) -> None:
        bar.total = total
        bar.n = done
        bar.refresh(nolock=True)

    return show


def _snapshot(_args: argparse.Namespace) -> None:
    from geodata.snapshot.build import build

    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", leave=False) as bar:

        def show(done_share: float, message: str) -> None:
            bar.set_description(message)
            bar.update(max(0, int(100 * done_share) - bar.n))

        written = build(show)
    for name, size_bytes in written.items():
        print(f"✓ {name} : {size_bytes / 1e6:.2f} Mo")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m geodata", description="Les données de l'application.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="commande")

    def command(
        name: str, run: Callable[[argparse.Namespace], None], text: str
    ) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    listing = command("list", _list, "montre où est chaque couche, son âge et ses lignes")
    listing.add_argument("--json", action="store_true", help="en JSON")
    fetching = command("fetch", _fetch, "télécharge des couches à leur adresse officielle")
    fetching.add_argument("layers", nargs="*", metavar="COUCHE", help="identifiants des couches")
    fetching.add_argument("--all", action="store_true", help="toutes celles qui sont lues")
    fetching.add_argument(
        "--timeout", type=float, default=300.0, metavar="S", help="secondes par adresse (300)"
    )
    checking = command("check", _check, "lit les couches présentes et dit leurs défauts")
    checking.add_argument("layers", nargs="*", metavar="COUCHE", help="identifiants des couches")
    command("snapshot", _snapshot, "reconstruit l'instantané embarqué (internet nécessaire)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code: 0, or 2 when the user must do something."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    args = _parser().parse_args(arguments)
    try:
        args.run(args)
    except CoverageError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print("Interrompu : ce qui était déjà reçu est gardé.", file=sys.stderr)
        return EXIT_INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
