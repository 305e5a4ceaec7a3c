"""Positions of counsellor granted to host structures, as the ANCT publishes them.

They stand at the employer's seat: to be compared by département or EPCI, never taken for
places of service.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.readers.places import unknown_code
from geodata.readers.reference import Reference
from geodata.readers.rows import number, read_rows
from geodata.schema import Column, Schema, Table

GRANTED_POSITIONS: Final = Schema(
    "postes accordés",
    {
        "siret": Column("text", null=True),
        "host": Column("text"),
        "host_kind": Column("text", one_of=("public", "private")),
        "commune_code": Column("text"),
        "department": Column("text"),
        "positions": Column("integer", low=1),
        "date": Column("text", null=True),
        "subsidy_eur": Column("number", null=True, low=0),
        "in_frr": Column("flag"),
        "in_qpv": Column("flag"),
        "france_services": Column("flag"),
    },
    exact=True,
)
"""One row a grant; ``in_frr`` is the rural zoning of the time (ZRR).

Flags are true for « oui » alone: « non défini » and « non renseigné » are not yes.
"""

_KINDS: Final = {"publique": "public", "privée": "private"}
_COUNT: Final = "Nombre de conseillers validés par le COSELEC"
_DATE: Final = "Date de validation en comité de sélection"
_AID: Final = "Investissement financier estimatif total de l’Etat"


def read_granted_positions(path: Path, reference: Reference) -> Table:
    """Read the positions granted, at the seat of each host structure.

    Raises
    ------
    DataError
        When the file is not of the layout expected.
    """
    rows = read_rows(path, source("granted_positions"))
    postal = rows["Code postal"].where(
        rows["Code postal"].str.len() != 4, "0" + rows["Code postal"]
    )
    nowhere = pd.Series(float("nan"), rows.frame.index)
    codes = reference.current(rows["Code commune INSEE"], nowhere, nowhere)
    rows.set_aside(codes.isna(), unknown_code(rows["Code commune INSEE"]))
    short = rows["Code commune INSEE"].str.len() == 4
    rows.note("zéro initial du code de commune rétabli", int(short.sum()))
    positions = number(rows[_COUNT])
    rows.set_aside(~(positions >= 1) | (positions % 1 != 0), "nombre de postes illisible")
    rows.set_aside(rows["Raison sociale"].isna(), "sans nom")
    kind = rows["Type"].map(_KINDS)
    rows.set_aside(kind.isna(), "type de structure inconnu : " + rows["Type"].fillna("(vide)"))
    codes = reference.refined(codes, postal, nowhere, nowhere)
    date = pd.to_datetime(rows[_DATE], format="%d/%m/%Y", errors="coerce")
    rows.note("date de validation illisible", int((date.isna() & rows[_DATE].notna()).sum()))
    frame = pd.DataFrame(
        {
            "siret": rows["SIRET"],
            "host": rows["Raison sociale"],
            "host_kind": kind.astype("str"),
            "commune_code": codes.astype("str"),
            "department": codes.map(reference.communes["department"]).astype("str"),
            "positions": positions,
            "date": date.dt.strftime("%Y-%m-%d").astype("str"),
            "subsidy_eur": number(rows[_AID]),
            "in_frr": rows["ZRR"] == "oui",
            "in_qpv": rows["QPV"] == "oui",
            "france_services": rows["France services"] == "oui",
        }
    )[rows.kept].reset_index(drop=True)
    frame["positions"] = frame["positions"].astype("int64")
    GRANTED_POSITIONS.check(frame, rows.where)
    rejected = rows.rejected("SIRET", "Code commune INSEE")
    return Table.of(frame, rows.source.provenance(), rejected, rows.notes)
