"""``python -m planning accept``: choose among applications, without a screen."""

import argparse
import json
from pathlib import Path
from typing import Any, Final

import pandas as pd
from tqdm import tqdm

from coverage import accuracy
from geodata.errors import DataError
from planning.allocation import Choices, allocate
from planning.applications import THRESHOLD_MIN, Decision, Quotas, choose
from planning.applying import Applications, read_applications
from planning.report.spreadsheet import french_csv
from planning.report.whole import write_whole
from planning.sharing import METHODS
from planning.stopping import Progress

CSV_COLUMNS: Final = {
    "host": "structure",
    "commune_code": "code_commune",
    "commune": "commune",
    "department": "departement",
    "kind": "type",
    "positions": "postes_demandes",
    "accepted": "postes_acceptes",
    "persons": "personnes_servies",
    "why": "pourquoi",
}
KIND_WORDS: Final = {"public": "public", "private": "privé"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--applications", required=True, type=Path, help="CSV : structure;commune;type;postes"
    )
    parser.add_argument("--positions", required=True, type=int, help="postes à attribuer")
    parser.add_argument(
        "--method", choices=METHODS, default="sainte-lague", help="répartition des contingents"
    )
    parser.add_argument(
        "--private-share", type=float, default=1.0, help="part du privé au plus, de 0 à 1"
    )
    parser.add_argument("--minutes", type=float, default=THRESHOLD_MIN, help="seuil, en minutes")
    parser.add_argument("--out", required=True, type=Path, help="dossier des fichiers produits")


def run(args: argparse.Namespace) -> None:
    """Decide; write ``accepted.csv``, ``set_aside.csv`` and ``accepted.json``."""
    try:
        content = args.applications.read_bytes()
    except OSError as error:
        raise DataError("Le fichier est illisible", where=str(args.applications)) from error
    read = read_applications(content, args.applications.name)
    units = allocate(Choices(args.positions, method=args.method)).units
    quota = {str(code): int(count) for code, count in units["positions"].items()}
    quotas = Quotas(quota, args.private_share, args.minutes)
    with tqdm(total=100, unit="%", bar_format="{l_bar}{bar}| {elapsed}", leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.set_description(progress.message)
            bar.update(max(0, int(100 * progress.done_share) - bar.n))

        decision = choose(read.frame, quotas, progress=show)
    write_whole(args.out / "accepted.csv", french_csv(accepted_frame(decision)))
    write_whole(args.out / "set_aside.csv", french_csv(read.rejected))
    text = json.dumps(as_json(read, decision, quotas), ensure_ascii=False, indent=1)
    path = write_whole(args.out / "accepted.json", text)
    accepted = decision.applications["accepted"]
    print(
        f"Postes acceptés : {int(accepted.sum())} ; structures : {int((accepted > 0).sum())} sur "
        f"{len(read.frame)} ; lignes écartées : {len(read.rejected)} ; fichiers dans {path.parent}"
    )
    print(accuracy.NOTE)


def accepted_frame(decision: Decision) -> pd.DataFrame:
    """Return the decisions under French names, for a spreadsheet."""
    frame = decision.applications.assign(
        kind=decision.applications["kind"].map(KIND_WORDS),
        persons=decision.applications["persons"].round(),
    )
    return frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)


def as_json(read: Applications, decision: Decision, quotas: Quotas) -> dict[str, Any]:
    """Return decisions as plain JSON types."""
    departments = decision.departments.reset_index()
    return {
        "private_share": quotas.private_share,
        "threshold_min": quotas.threshold_min,
        "minutes_note": accuracy.NOTE,
        "set_aside": json.loads(read.rejected.to_json(orient="records", force_ascii=False)),
        "departments": json.loads(departments.to_json(orient="records", force_ascii=False)),
        "applications": json.loads(
            decision.applications.to_json(orient="records", force_ascii=False)
        ),
    }
