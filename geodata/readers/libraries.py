"""Public libraries: the addresses published by the Ministère de la Culture."""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.readers.places import assemble, joined
from geodata.readers.reference import Reference
from geodata.readers.rows import Rows, number, read_rows
from geodata.schema import Table

_OFFICE: Final = "Adresse administrative"
_NO_POSTAL: Final = "00000"
_MAX_WEEK_H: Final = 84.0  # twelve hours a day


def read_libraries(path: Path, reference: Reference) -> Table:
    """Read the public libraries; addresses where the public is not received are set aside.

    Raises
    ------
    DataError
        When the file is not of the layout expected.
    """
    rows = read_rows(path, source("libraries"))
    rows.set_aside(
        rows["type_adresse"] == _OFFICE, "adresse administrative, sans accueil du public"
    )
    point = rows["coordonnees_finales"].str.extract(r"^([^,]*),(.*)$")
    weekly_h = number(rows["amplitude_horaire"])
    likely = weekly_h.between(0, _MAX_WEEK_H, inclusive="right")
    rows.note(
        "heures d'ouverture hebdomadaires impossibles, non reprises",
        int((weekly_h.notna() & ~likely).sum()),
    )
    draft = pd.DataFrame(
        {
            "id": rows["code_bib"].str.removesuffix(".0"),
            "name": _names(rows),
            "kind": "library",
            "code": rows["INSEE"],
            "town": rows["Ville"],
            "lon": number(point[1]),
            "lat": number(point[0]),
            "at_commune": rows["coordonnees_ban"].isna(),
            "address": joined(rows["Localisation"], rows["voie"]),
            "postal_code": rows["CP"].replace(_NO_POSTAL, None),
            "weekly_hours_h": weekly_h.where(likely),
        }
    )
    return assemble(rows, draft, reference)


def _names(rows: Rows) -> pd.Series:
    """Return the first label that is a name; the status of the library when none is."""
    labels = [
        rows[c].where(~rows[c].str.contains("@").fillna(False).astype(bool), None)
        for c in ("Libelle1", "Libelle2")
    ]
    named = labels[0].fillna(labels[1])
    rows.note("sans nom propre, désigné par son statut", int((named.isna() & rows.kept).sum()))
    return named.fillna(rows["Statut"])
