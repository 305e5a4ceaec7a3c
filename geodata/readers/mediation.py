"""Places of digital mediation: the national schema of the ANCT, in its two versions.

The older one (2022) served the permanences of counsellors; the newer one renamed several
columns and writes lists with ``|``.  Columns of persons and e-mails are never read.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.readers.hours import check_osm
from geodata.readers.places import assemble, joined, phone, website
from geodata.readers.reference import Reference
from geodata.readers.rows import Rows, mapped, number, read_rows
from geodata.schema import Table

OPTIONAL: Final = (
    "code_insee",
    "complement_adresse",
    "telephone",
    "site_web",
    "horaires",
    "typologie",
    "itinerance",
    "conditions_access|conditions_acces|frais_a_charge",
    "modalites_acces",
    "prise_rdv",
    "prise_en_charge_specifique",
)
_KINDS: Final = {
    "BIB": "library",
    "CCAS": "ccas",
    "CIAS": "ccas",
    "CS": "social_centre",
    "EVS": "social_centre",
    "MUNI": "town_hall",
    "RFS": "france_services",
    "TIERS_LIEUX": "third_place",
    "ASSO": "association",
}
_FEES: Final = "conditions_access"
_MOBILE: Final = "Itinérant"


def read_permanences(path: Path, reference: Reference) -> Table:
    """Read the permanences of counsellors: the places where they receive people.

    Raises
    ------
    DataError
        When the file is not of the layout expected.
    """
    rows = read_rows(path, source("permanences"), OPTIONAL)
    return _places(rows, pd.Series("permanence", rows.frame.index), reference)


def read_mediation_places(path: Path, reference: Reference) -> Table:
    """Read the national list of places of digital mediation.

    The kind is that of the first type known among those written; ``mediation_place``
    otherwise.

    Raises
    ------
    DataError
        When the file is not of the layout expected.
    """
    rows = read_rows(path, source("mediation_places"), OPTIONAL)
    return _places(
        rows, mapped(rows["typologie"], _kind).astype("str").fillna("mediation_place"), reference
    )


def _kind(types: str) -> str:
    known = (_KINDS.get(word.strip()) for word in types.replace(",", "|").split("|"))
    return next((kind for kind in known if kind), "mediation_place")


def _places(rows: Rows, kind: pd.Series, reference: Reference) -> Table:
    hours = mapped(rows["horaires"], check_osm)
    unread = rows["horaires"].notna() & hours.isna()
    rows.note("horaires illisibles, non repris", int(unread.sum()))
    draft = pd.DataFrame(
        {
            "id": rows["id"],
            "name": rows["nom"],
            "kind": kind,
            "town": rows["commune"],
            "lon": number(rows["longitude"]),
            "lat": number(rows["latitude"]),
            "address": joined(rows["adresse"], rows["complement_adresse"]),
            "postal_code": rows["code_postal"],
            "phone": phone(rows["telephone"]),
            "website": website(rows["site_web"]),
            "hours": hours.map(lambda h: h.text, na_action="ignore"),
            "weekly_hours_h": hours.map(lambda h: h.weekly_h, na_action="ignore"),
            "record_date": rows["date_maj"].str[:10],
            "mobile": rows["itinerance"].str.contains(_MOBILE).fillna(False).astype(bool),
            "services": _listed(rows["services"]),
            "access": joined(
                _listed(rows[_FEES]),
                _listed(rows["modalites_acces"]),
                _said("Rendez-vous en ligne", website(rows["prise_rdv"]).notna()),
                _listed(rows["prise_en_charge_specifique"]),
            ),
        }
    )
    if rows["code_insee"].notna().any():
        draft["code"] = rows["code_insee"]
    return assemble(rows, draft, reference)


def _said(text: str, where: pd.Series) -> pd.Series:
    return pd.Series(text, where.index, dtype="str").where(where)


def _listed(values: pd.Series) -> pd.Series:
    """Return lists joined by ``;``, whichever separator the source writes."""
    return values.str.replace(r"\s*[|;]\s*", ";", regex=True)
