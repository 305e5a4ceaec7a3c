"""Names, codes and populations: the official geographic code (COG) of 2026.

The npm package ``@etalab/decoupage-administratif`` is the authority of the whole
snapshot for codes, names, populations, intercommunalities and postal codes.
"""

import json
from typing import Any, Final

import pandas as pd

from geodata.readers.reference import REESTABLISHED
from geodata.snapshot.packages import Archive

_FOLDER: Final = "package/data"
_ZONES: Final = ("metro", "drom")

OUTLINED_INSIDE: Final = {"15031": "15141", "15035": "15141", "15047": "15141", "15171": "15141"}
"""Re-established communes without an outline → the commune whose outline still holds them."""

COUNTED_IN: Final = {code: other for code, other in REESTABLISHED.items() if code != "14666"}
"""Communes re-established since the census of 2021 → the one that counted them then."""


def _records(archive: Archive, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"{_FOLDER}/{name}.json"))
    return found


def communes(archive: Archive) -> pd.DataFrame:
    """Return the communes and the municipal arrondissements.

    Returns
    -------
    DataFrame
        Index ``code``; name, kind, parent, department, region, epci, population
        (persons, census of 2023), postal_codes (joined by ``;``), name_link (how the
        name is joined to a preposition, code TNCC of INSEE).
    """
    kinds = {"commune-actuelle": "commune", "arrondissement-municipal": "arrondissement"}
    rows = [
        row
        for row in _records(archive, "communes")
        if row["type"] in kinds and row["zone"] in _ZONES
    ]
    epci_of = {
        member["code"]: epci["code"]
        for epci in _records(archive, "epci")
        for member in epci["membres"]
    }
    parents = [row.get("commune") for row in rows]
    frame = pd.DataFrame(
        {
            "code": [row["code"] for row in rows],
            "name": [row["nom"] for row in rows],
            "kind": [kinds[row["type"]] for row in rows],
            "parent": parents,
            "department": [row["departement"] for row in rows],
            "region": [row["region"] for row in rows],
            "epci": [
                epci_of.get(parent or row["code"])
                for row, parent in zip(rows, parents, strict=True)
            ],
            "population": [row["population"] for row in rows],
            "postal_codes": [";".join(row["codesPostaux"]) for row in rows],
            "name_link": [int(row["typeLiaison"]) for row in rows],
        }
    )
    return frame.set_index("code").sort_index()


def former_codes(archive: Archive) -> pd.DataFrame:
    """Return the codes that no longer exist, each with the commune that holds it now.

    Returns
    -------
    DataFrame
        former, current, share (part of the former commune's people; here always 1,
        because a former code leads to one commune).
    """
    rows = [
        (former, row["code"], 1.0)
        for row in _records(archive, "communes")
        if row["type"] == "commune-actuelle" and row["zone"] in _ZONES
        for former in row.get("anciensCodes", ())
    ]
    frame = pd.DataFrame(rows, columns=["former", "current", "share"])
    return frame.sort_values(["former", "current"], ignore_index=True)


def departments(archive: Archive, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the départements: index ``code``; name, region, population."""
    rows = [row for row in _records(archive, "departements") if row["zone"] in _ZONES]
    frame = pd.DataFrame(
        {
            "name": [row["nom"] for row in rows],
            "region": [row["region"] for row in rows],
        },
        index=pd.Index([row["code"] for row in rows], name="code"),
    )
    return _with_population(frame, communes, "department")


def regions(archive: Archive, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the regions: index ``code``; name, population."""
    rows = [row for row in _records(archive, "regions") if row["zone"] in _ZONES]
    frame = pd.DataFrame(
        {"name": [row["nom"] for row in rows]},
        index=pd.Index([row["code"] for row in rows], name="code"),
    )
    return _with_population(frame, communes, "region")


def epcis(archive: Archive, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the intercommunalities with own taxation: name, kind, department, population.

    ``department`` is the one where most of their people live.
    """
    rows = _records(archive, "epci")
    frame = pd.DataFrame(
        {"name": [row["nom"] for row in rows], "kind": [row["type"] for row in rows]},
        index=pd.Index([row["code"] for row in rows], name="code"),
    )
    whole = communes[communes["kind"] == "commune"]
    people = whole.groupby(["epci", "department"])["population"].sum().reset_index()
    main = people.sort_values(["population", "department"]).groupby("epci")["department"].last()
    frame["department"] = main.reindex(frame.index)
    return _with_population(frame, communes, "epci")


def _with_population(frame: pd.DataFrame, communes: pd.DataFrame, level: str) -> pd.DataFrame:
    whole = communes[communes["kind"] == "commune"]
    people = whole.groupby(level)["population"].sum()
    frame = frame.sort_index()
    frame["population"] = people.reindex(frame.index).fillna(0).astype("int64")
    return frame
