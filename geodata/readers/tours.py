"""Real mobile tours: the published calendar of the France Services bus of the Ruffécois.

The file has two defects, which are found by rule and not by name.  The geocoder put one
stop in another region: a point far from its commune is replaced by the commune's.  The
hours look weekly, and whether a stop belongs to odd or even weeks stands in another
field: it is carried into the hours, which then tell the truth.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geodata.errors import DataError
from geodata.readers.hours import DAYS
from geodata.readers.reference import Reference
from geodata.schema import Column, Provenance, Schema, Table

FAR_KM: Final = 15.0
"""A point farther than this from its commune's outline is not that commune's."""

WEEKS: Final = {"Semaine impaire": "odd", "Semaine paire": "even", "": "every"}
_OSM_WEEKS: Final = {"odd": "week 01-53/2 ", "even": "week 02-53/2 ", "every": ""}
_FIELDS: Final = ("id", "nom", "commune", "code_insee", "latitude", "longitude", "horaires")
_RULE: Final = re.compile(r"(?P<days>[A-Z][a-z](?:,[A-Z][a-z])*) (?P<spans>[\d:,-]+)")
_SPAN: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")

TOUR_STOPS: Final = Schema(
    "arrêts de la tournée",
    {
        "id": Column("text", unique=True),
        "place": Column("text"),
        "commune_code": Column("text"),
        "name": Column("text"),
        "lon": Column("number", low=-180, high=180),
        "lat": Column("number", low=-90, high=90),
        "point_source": Column("text", one_of=("source", "commune")),
        "week": Column("text", one_of=("odd", "even", "every")),
        "weekday": Column("integer", low=0, high=6),
        "open_min": Column("number", low=0, high=1440),
        "close_min": Column("number", low=0, high=1440),
        "service_min": Column("number", low=1, high=1440),
        "hours": Column("text"),
    },
)
"""One row a stop and weekday: ``service_min`` is the time open, breaks taken off."""


def read_bus_tour(path: Path, reference: Reference | None = None) -> Table:
    """Read the stops of a published bus tour; telephone numbers are never read.

    Raises
    ------
    DataError
        When the file is not JSON of the layout expected.
    """
    reference = reference or Reference.of_snapshot()
    content, records = _records(path)
    kept: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    for line, record in enumerate(records, start=1):
        fault = _fault(record, reference)
        if fault:
            rejected.append(
                {
                    "row": line,
                    "id": str(record["id"]),
                    "commune_code": str(record["code_insee"]),
                    "reason": fault,
                }
            )
        else:
            kept += list(_stops(record, reference))
    if not kept:
        raise DataError(
            "Aucun arrêt lisible", where=path.name, remedy=rejected[0]["reason"] if rejected else ""
        )
    frame = pd.DataFrame(kept)
    notes = _repair_points(frame, reference)
    lost = int(((frame["week"] != "every") & frame.pop("parity_missing")).sum())
    if lost:
        notes["parité des semaines absente des horaires, reprise du champ « ouverture »"] = lost
    TOUR_STOPS.check(frame, where=path.name)
    columns = ["row", "id", "commune_code", "reason"]
    return Table.of(
        frame,
        _provenance(content),
        pd.DataFrame(rejected, columns=columns) if rejected else None,
        notes,
    )


def _records(path: Path) -> tuple[bytes, list[dict[str, Any]]]:
    content = path.read_bytes()
    try:
        records = json.loads(content)
    except ValueError as error:
        raise DataError("Ce fichier n'est pas du JSON", where=path.name) from error
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        raise DataError("Une liste d'arrêts est attendue", where=path.name)
    missing = sorted({field for field in _FIELDS for r in records if field not in r})
    if missing:
        raise DataError(
            f"Champ(s) absent(s) : {', '.join(missing)}",
            where=path.name,
            remedy="Vérifiez que c'est bien le fichier d'une tournée de bus France Services.",
        )
    return content, records


def _code(record: dict[str, Any]) -> str:
    return str(record["code_insee"]).zfill(5)


def _fault(record: dict[str, Any], reference: Reference) -> str:
    """Return why a record cannot be used, in French; empty when it can."""
    if _code(record) not in reference.communes.index:
        return f"code de commune inconnu : {_code(record)}"
    if not list(_rules(str(record["horaires"]))):
        return f"horaires illisibles : {record['horaires']}"
    if _written_week(record) not in WEEKS:
        return f"semaines illisibles : {record.get('ouverture')}"
    return ""


def _written_week(record: dict[str, Any]) -> str:
    return str(record.get("ouverture") or "").strip()


def _rules(text: str) -> Iterator[tuple[int, list[tuple[int, int]], str]]:
    """Yield weekday, spans in minutes and their text, of the rules that open."""
    for rule in text.split(";"):
        found = _RULE.search(rule)
        if found is None:
            continue
        spans = [
            (int(a) * 60 + int(b), int(c) * 60 + int(d))
            for a, b, c, d in _SPAN.findall(found["spans"])
        ]
        for day in found["days"].split(","):
            if day in DAYS and spans and all(begin < end for begin, end in spans):
                yield DAYS.index(day), spans, found["spans"]


def _stops(record: dict[str, Any], reference: Reference) -> Iterator[dict[str, Any]]:
    week = WEEKS[_written_week(record)]
    text = str(record["horaires"])
    rules = list(_rules(text))
    for weekday, spans, written in rules:
        suffix = f"-{DAYS[weekday]}" if len(rules) > 1 else ""
        yield {
            "id": f"{record['id']}{suffix}",
            "place": str(record["nom"]),
            "commune_code": _code(record),
            "name": str(reference.communes.loc[_code(record), "name"]),
            "lon": float(record["longitude"] or "nan"),
            "lat": float(record["latitude"] or "nan"),
            "point_source": "source",
            "week": week,
            "weekday": weekday,
            "open_min": float(spans[0][0]),
            "close_min": float(spans[-1][1]),
            "service_min": float(sum(end - begin for begin, end in spans)),
            "hours": f"{_OSM_WEEKS[week]}{DAYS[weekday]} {written}; PH off",
            "parity_missing": "week" not in text,
        }


def _repair_points(frame: pd.DataFrame, reference: Reference) -> dict[str, int]:
    """Replace points that are not in their commune; return what was done, counted."""
    away = reference.distance_km(frame["commune_code"], frame["lon"], frame["lat"])
    far = away > FAR_KM
    missing = frame["lon"].isna() | frame["lat"].isna()
    notes: dict[str, int] = {}
    for row in frame.index[far]:
        place = frame.loc[[row]]
        there = str(reference.region_at(place["lon"], place["lat"]).iloc[0])
        notes[
            f"{place['name'].iloc[0]} : coordonnées à {away[row]:.0f} km de la commune "
            f"(en {there}), remplacées par le point de la commune"
        ] = 1
    if missing.any():
        notes["sans coordonnées, placé au point de la commune"] = int(missing.sum())
    wrong = far | missing
    for axis in ("lon", "lat"):
        frame[axis] = frame[axis].mask(wrong, frame["commune_code"].map(reference.communes[axis]))
    frame["point_source"] = frame["point_source"].mask(wrong, "commune")
    return notes


def _provenance(content: bytes) -> Provenance:
    return Provenance(
        layer="real_tour",
        title="Tournée du bus France Services du Ruffécois (Charente)",
        producer="Emmaüs Ruffec, par la Mednum",
        licence="données ouvertes",
        vintage="2024",
        address="https://github.com/anct-cartographie-nationale/mednum-cli",
        status="folder",
        sha256=hashlib.sha256(content).hexdigest(),
    )
