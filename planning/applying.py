"""Reads the file of hosts that apply: bad rows are set aside, each with its reasons."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import pandas as pd

from geodata import tables
from geodata.errors import DataError
from geodata.readers.reference import PARENTS, plain_name
from geodata.readers.rows import plain

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "host": ("structure", "host", "nom", "raison sociale", "nom de la structure"),
    "commune": ("commune", "code commune", "code insee", "commune insee", "insee"),
    "kind": ("type", "kind", "statut", "public ou privé"),
    "positions": ("postes", "positions", "postes demandés", "nombre de postes"),
}
KINDS: Final = {
    "public": "public", "publique": "public", "prive": "private", "privee": "private",
    "private": "private", "association": "private", "associatif": "private",
}  # fmt: skip
MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 20_000
MOST_POSITIONS: Final = 100
EXAMPLE: Final = (
    "structure;commune;type;postes\r\n"
    "Médiathèque intercommunale;03190;public;2\r\n"
    "Association Le Lien;Moulins (03);privé;1\r\n"
)


@dataclass(frozen=True, eq=False)
class Applications:
    """Applications that were understood, and those that were not.

    Attributes
    ----------
    frame
        host, commune_code, commune (name), kind ("public" or "private") and positions.
    rejected
        line (as a spreadsheet numbers it), host and reason (French).
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame


def read_applications(content: bytes, where: str) -> Applications:
    """Read applications from CSV text (``;``, ``,`` or tab; UTF-8 or Windows).

    Raises
    ------
    DataError
        When the file is too large, or does not have the four columns.
    """
    if len(content) > MAX_BYTES:
        raise DataError("Le fichier est trop gros", where=where, remedy="Au plus 5 Mo.")
    lines = _lines(content, where)
    header, body = lines[0], lines[1:]
    if len(body) > MAX_ROWS:
        raise DataError(f"{len(body)} lignes", where=where, remedy=f"Au plus {MAX_ROWS} lignes.")
    place = _places(header, where)
    kept, rejected = [], []
    for number, line in enumerate(body, start=2):
        texts = {k: line[i].strip() if i < len(line) else "" for k, i in place.items()}
        if not any(line):
            continue
        row, reasons = _understood(texts)
        if reasons:
            rejected.append((number, texts["host"], " ; ".join(reasons)))
        else:
            kept.append(row)
    return Applications(
        pd.DataFrame(kept, columns=["host", "commune_code", "commune", "kind", "positions"]),
        pd.DataFrame(rejected, columns=["line", "host", "reason"]),
    )


def _lines(content: bytes, where: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise DataError("Le tableau est illisible", where=where) from error
    if len(lines) < 2:
        raise DataError("Le tableau est vide", where=where, remedy="Une ligne par structure.")
    return lines


def _places(header: list[str], where: str) -> dict[str, int]:
    known = {plain(name): i for i, name in reversed(list(enumerate(header)))}
    found, missing = {}, []
    for key, names in COLUMNS.items():
        place = next((known[plain(name)] for name in names if plain(name) in known), None)
        if place is None:
            missing.append(names[0])
        else:
            found[key] = place
    if missing:
        raise DataError(
            f"Il manque la colonne : {', '.join(missing)}",
            where=where,
            remedy="Colonnes attendues : structure ; commune ; type ; postes.",
        )
    return found


def _understood(texts: dict[str, str]) -> tuple[tuple[str, str, str, str, int], list[str]]:
    reasons = []
    if not texts["host"]:
        reasons.append("structure sans nom")
    code, why = _commune(texts["commune"])
    if why:
        reasons.append(why)
    kind = KINDS.get(plain(texts["kind"]), "")
    if not kind:
        reasons.append(f"type inconnu « {texts['kind'][:40]} » : public ou privé")
    number = texts["positions"]
    positions = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
    if not 1 <= positions <= MOST_POSITIONS:
        reasons.append(f"nombre de postes « {number[:20]} » : un entier de 1 à {MOST_POSITIONS}")
    name = str(tables.communes()["name"].get(code, ""))
    return (texts["host"], code, name, kind, positions), reasons


def _commune(text: str) -> tuple[str, str]:
    """Return the code that a text means, or why it means none."""
    code = text.upper()
    if re.fullmatch(r"\d{4}", code):
        code = f"0{code}"  # spreadsheets drop the leading zero
    if re.fullmatch(r"\d{5}|2[AB]\d{3}", code):
        code = _successors().get(code, code)
        if code in PARENTS:
            return "", "donnez l'arrondissement (Paris, Lyon, Marseille)"
        known = code in tables.communes().index
        return (code, "") if known else ("", f"code de commune inconnu : {code}")
    name, department = text, ""
    written = re.fullmatch(r"(.+?)\s*\((\d{2,3}|2[ABab])\)", text)
    if written:
        name, department = written[1], written[2].upper()
    codes = _by_name().get(plain_name(name), ())
    codes = tuple(one for one in codes if one.startswith(department))
    if len(codes) == 1:
        return codes[0], ""
    if codes:
        return "", (
            f"{len(codes)} communes s'appellent « {text[:40]} » : donnez son code INSEE, ou son "
            "département entre parenthèses"
        )
    return "", f"commune inconnue : « {text[:40]} »"


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    points = tables.demand_points()
    names = points["name"].map(plain_name)
    return {str(name): tuple(codes) for name, codes in names.groupby(names).groups.items()}


@cache
def _successors() -> dict[str, str]:
    former = tables.former_codes().sort_values("share", ascending=False)
    former = former[~former["former"].isin(tables.communes().index)].drop_duplicates("former")
    return dict(zip(former["former"], former["current"], strict=True))
