"""La Poste: its contact points (offices, communal agencies, counters in shops)."""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.readers.places import assemble, joined, phone
from geodata.readers.reference import Reference
from geodata.readers.rows import number, read_rows
from geodata.schema import Table

_MILITARY: Final = "Agence postale militaire"
_SHOP: Final = "Relais poste commerçant"
_AT_COMMUNE: Final = "Géocodé au centre de la commune"


def read_la_poste(path: Path, reference: Reference) -> Table:
    """Read the contact points of La Poste.

    ``services`` holds the kind of point, as La Poste names it (« Bureau de Poste »…).  For a
    counter in a shop the second line of the address is left out: it often names the trader.

    Raises
    ------
    DataError
        When the file is not of the layout expected.
    """
    rows = read_rows(path, source("postal_points"), optional=("Complément_d_adresse", "Lieu_dit"))
    rows.set_aside(rows["Caractéristique_du_site"] == _MILITARY, "réservé aux armées")
    in_shop = rows["Caractéristique_du_site"] == _SHOP
    second = rows["Complément_d_adresse"].where(~in_shop, None)
    draft = pd.DataFrame(
        {
            "id": rows["Identifiant_du_site"],
            "name": rows["Libellé_du_site"],
            "kind": "postal_point",
            "code": rows["Code_INSEE"],
            "town": rows["Localité"],
            "lon": number(rows["Longitude"]),
            "lat": number(rows["Latitude"]),
            "at_commune": rows["Précision_du_géocodage"] == _AT_COMMUNE,
            "address": joined(rows["Adresse"], second, rows["Lieu_dit"]),
            "postal_code": rows["Code_postal"],
            "phone": phone(rows["Numéro_de_téléphone"]),
            "services": rows["Caractéristique_du_site"],
        }
    )
    return assemble(rows, draft, reference)
