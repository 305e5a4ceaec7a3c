import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.snapshot import cantons, codes

COMMUNES = [
    {
        "code": "03190",
        "nom": "Moulins",
        "type": "commune-actuelle",
        "zone": "metro",
        "departement": "03",
        "region": "84",
        "population": 19_000,
        "codesPostaux": ["03000"],
        "anciensCodes": ["03999"],
        "typeLiaison": 0,
    },
    {
        "code": "75056",
        "nom": "Paris",
        "type": "commune-actuelle",
        "zone": "metro",
        "departement": "75",
        "region": "11",
        "population": 2_000_000,
        "codesPostaux": ["75001", "75002"],
        "typeLiaison": 0,
    },
    {
        "code": "75101",
        "nom": "Paris 1er Arrondissement",
        "type": "arrondissement-municipal",
        "zone": "metro",
        "departement": "75",
        "region": "11",
        "population": 15_000,
        "codesPostaux": ["75001"],
        "commune": "75056",
        "typeLiaison": 0,
    },
    {"code": "03999", "nom": "Jadis", "type": "commune-deleguee", "zone": "metro"},
    {"code": "97701", "nom": "Saint-Barthélemy", "type": "commune-actuelle", "zone": "com"},
]
FILES = {
    "communes": COMMUNES,
    "epci": [
        {"code": "200", "nom": "CA Moulins", "type": "CA", "membres": [{"code": "03190"}]},
        {"code": "300", "nom": "Métropole", "type": "METRO", "membres": [{"code": "75056"}]},
    ],
    "departements": [
        {"code": "03", "nom": "Allier", "region": "84", "zone": "metro"},
        {"code": "75", "nom": "Paris", "region": "11", "zone": "metro"},
        {"code": "977", "nom": "Saint-Barthélemy", "region": "977", "zone": "com"},
    ],
    "regions": [
        {"code": "84", "nom": "Auvergne-Rhône-Alpes", "zone": "metro"},
        {"code": "11", "nom": "Île-de-France", "zone": "metro"},
    ],
}


class Files:
    """An archive that holds :data:`FILES`."""

    def read(self, member: str) -> bytes:
        return json.dumps(
            FILES[member.removeprefix("package/data/").removesuffix(".json")]
        ).encode()


@pytest.fixture
def communes() -> pd.DataFrame:
    return codes.communes(Files())


def test_communes_and_arrondissements_of_the_metropole_and_overseas(communes):
    assert communes.index.tolist() == ["03190", "75056", "75101"]
    assert communes["kind"].tolist() == ["commune", "commune", "arrondissement"]
    assert communes.loc["75101", "parent"] == "75056"
    assert communes.loc["75101", "epci"] == "300"
    assert communes.loc["75056", "postal_codes"] == "75001;75002"


def test_former_codes_lead_to_the_commune_that_holds_them():
    assert codes.former_codes(Files()).to_numpy().tolist() == [["03999", "03190", 1.0]]


def test_arrondissements_are_not_counted_twice(communes):
    assert codes.departments(Files(), communes)["population"].to_dict() == {
        "03": 19_000,
        "75": 2_000_000,
    }
    assert codes.regions(Files(), communes).loc["11", "population"] == 2_000_000
    epcis = codes.epcis(Files(), communes)
    assert epcis.loc["300", ["department", "population"]].tolist() == ["75", 2_000_000]


def test_a_commune_takes_the_canton_that_holds_it_and_paris_its_own():
    square = shapely.box(0, 0, 1, 1)
    places = {"03190": 0, "69001": 5, "75101": 10, "15141": 20}
    units = gpd.GeoSeries(
        [shapely.transform(square, lambda xy, x=x: xy + np.array([x, 0])) for x in places.values()],
        index=pd.Index(places, name="code"),
        crs=4326,
    )
    shapes = gpd.GeoSeries(
        [shapely.box(-1, -1, 2, 2), shapely.box(19, -1, 22, 2)], index=["0398", "1510"], crs=4326
    )
    found = cantons.assign(units, shapes, pd.Series({"75101": "75", "03190": "03"}))
    assert found[["03190", "75101", "15141", "15031"]].tolist() == ["0398", "7599", "1510", "1510"]
    assert found.isna()["69001"]
