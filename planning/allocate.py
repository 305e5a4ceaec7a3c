"""``python -m planning allocate``: share positions over the country, without a screen."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geodata.errors import DataError, SourceError
from planning.allocation import (
    LEVELS,
    Allocation,
    Bounds,
    Choices,
    allocate,
    rural_communes,
)
from planning.granted import Comparison, compare, granted_by
from planning.report.spreadsheet import french_csv
from planning.report.whole import write_whole
from planning.sharing import GUARANTEES, METHODS

CSV_COLUMNS: Final = {
    "level": "niveau",
    "parent": "dans",
    "code": "code",
    "name": "nom",
    "persons": "personnes_en_illectronisme_estimation",
    "population": "habitants",
    "weight": "personnes_comptees",
    "floor": "minimum",
    "existing": "deja_la",
    "exact": "part_exacte",
    "positions": "postes",
    "new": "postes_nouveaux",
    "per_1000": "postes_pour_1000_personnes",
    "hours_per_person_h": "heures_par_personne_et_par_an",
    "why": "pourquoi",
}
RULE_COLUMNS: Final = ("code", "minimum", "maximum", "existants")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--positions", required=True, type=int, help="postes à répartir")
    parser.add_argument("--level", choices=LEVELS, default="department", help="unités servies")
    parser.add_argument("--method", choices=METHODS, default="sainte-lague", help="méthode")
    parser.add_argument("--direct", action="store_true", help="sans passer par les niveaux du haut")
    parser.add_argument("--floor", type=int, default=0, help="postes au moins, par unité")
    parser.add_argument("--cap", type=int, help="postes au plus, par unité")
    parser.add_argument(
        "--keep-granted", action="store_true", help="garder les postes accordés (couche ANCT)"
    )
    parser.add_argument("--rules", type=Path, help="CSV code;minimum;maximum;existants, par unité")
    parser.add_argument(
        "--bonus",
        type=float,
        default=0.0,
        help="majoration des communes prioritaires (0.2 : +20 %%)",
    )
    parser.add_argument(
        "--priority",
        type=Path,
        help="codes des communes prioritaires, un par ligne (sinon : rural)",
    )
    parser.add_argument("--out", required=True, type=Path, help="dossier des fichiers produits")


def run(args: argparse.Namespace) -> None:
    """Share what is asked for; write ``allocation.csv`` and ``allocation.json``."""
    bounds = read_rules(args.rules) if args.rules else {}
    if args.keep_granted:
        for code, count in granted_by(args.level).items():
            own = bounds.get(str(code), Bounds())
            bounds[str(code)] = Bounds(own.floor, own.cap, max(own.existing, int(count)))
    priority = read_codes(args.priority) if args.priority else rural_communes()
    choices = Choices(
        total=args.positions,
        level=args.level,
        method=args.method,
        cascade=not args.direct,
        floor=args.floor,
        cap=args.cap,
        bounds=bounds,
        bonus=args.bonus,
        priority=priority,
    )
    allocation = allocate(choices)
    try:
        comparison = compare(allocation)
    except SourceError:
        comparison = None
    paths = [
        write_whole(args.out / "allocation.csv", french_csv(csv_frame(allocation))),
        write_whole(
            args.out / "allocation.json",
            json.dumps(content(allocation, comparison), ensure_ascii=False, indent=1),
        ),
    ]
    units = allocation.units
    print(
        f"{int(units['positions'].sum())} postes pour {len(units)} unités : "
        + ", ".join(str(path) for path in paths)
    )


def read_rules(path: Path) -> dict[str, Bounds]:
    """Read limits by unit: ``code;minimum;maximum;existants``, the last three optional.

    Raises
    ------
    DataError
        When the file is not that table; every faulty row is named.
    """
    frame = _csv(path)
    if "code" not in frame:
        raise DataError("Il manque la colonne « code »", where=path.name)
    faults, found = [], {}
    for line, row in enumerate(frame.to_dict("records"), start=2):
        texts = [str(row.get(name) or "") for name in RULE_COLUMNS]
        code, *limits = (text.strip() for text in texts)
        if not code or any(text and not text.isdecimal() for text in limits):
            faults.append(str(line))
            continue
        floor, cap, existing = limits
        found[code] = Bounds(int(floor or 0), int(cap) if cap else None, int(existing or 0))
    if faults:
        raise DataError(
            "Des lignes n'ont pas un code et des nombres entiers",
            where=f"{path.name}, lignes {', '.join(faults[:5])}",
            remedy=f"Colonnes attendues : {' ; '.join(RULE_COLUMNS)}.",
        )
    return found


def read_codes(path: Path) -> frozenset[str]:
    """Read codes of communes, one a line; a header that is no code is left out."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("Le fichier est illisible", where=str(path)) from error
    return frozenset(line.strip(' ";,').upper() for line in lines if any(map(str.isdigit, line)))


def _csv(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise DataError("Le tableau est illisible", where=str(path)) from error
    return frame.rename(columns=lambda name: str(name).strip().lower())


def csv_frame(allocation: Allocation) -> pd.DataFrame:
    """Return the steps under French names, for a spreadsheet."""
    return allocation.steps[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS).round(4)


def content(allocation: Allocation, comparison: Comparison | None) -> dict[str, Any]:
    """Return an allocation as plain JSON types."""
    choices = allocation.choices
    promise = GUARANTEES[choices.method]
    steps = allocation.steps.drop(columns=["cap"])
    found: dict[str, Any] = {
        "positions": choices.total,
        "level": choices.level,
        "path": list(choices.path),
        "method": choices.method,
        "guarantees": {
            "lower_quota": promise.lower_quota,
            "upper_quota": promise.upper_quota,
            "house_monotone": promise.house_monotone,
            "fairest_minimum": promise.fairest_minimum,
        },
        "floor": choices.floor,
        "cap": choices.cap,
        "bonus": choices.bonus,
        "need": "estimate",
        "units": json.loads(steps.to_json(orient="records", force_ascii=False)),
    }
    if comparison is not None:
        found["granted"] = {
            "source": comparison.provenance.title,
            "vintage": comparison.provenance.vintage,
            "positions": comparison.granted,
            "rows_left_out": comparison.unplaced,
            "gini_granted": comparison.gini_granted,
            "gini_proposed": comparison.gini_proposed,
            "units": json.loads(
                comparison.units.reset_index().to_json(orient="records", force_ascii=False)
            ),
        }
    return found
