"""The readers on the producers' own files, with the counts that those files must give."""

import time

import pandas as pd
import pytest

from geodata import layers, tables
from geodata.readers.hours import check_osm
from geodata.readers.reference import Reference
from geodata.schema import PLACE

pytestmark = pytest.mark.official

ROWS = {
    "postal_points": 17_716,
    "france_services": 2_845,
    "permanences": 4_930,
    "libraries": 15_779,
    "granted_positions": 2_889,
}
PLACES = [layer for layer in ROWS if layer != "granted_positions"]


@pytest.fixture
def load(official_dir):
    return layers.load


def reasons(table):
    return table.rejected["reason"].str.replace(r"\d+|\s*:.*", "…", regex=True).value_counts()


@pytest.mark.parametrize("layer", ROWS)
def test_every_row_is_kept_or_set_aside_with_a_reason(load, layer):
    table = load(layer)
    assert len(table.frame) + len(table.rejected) == ROWS[layer]
    assert table.rejected["reason"].str.len().gt(5).all()
    assert table.rejected["row"].is_unique
    assert table.rejected["row"].between(2, ROWS[layer] + 1).all()
    assert (table.provenance.rows, table.provenance.set_aside) == (
        len(table.frame),
        len(table.rejected),
    )
    assert table.provenance.status == "folder"
    assert len(table.provenance.sha256) == 64


@pytest.mark.parametrize("layer", PLACES)
def test_places_keep_their_contract(load, layer):
    frame = load(layer).frame
    PLACE.check(frame)
    assert set(frame["layer"]) == {layer}
    assert frame["commune_code"].isin(tables.demand_points().index).all()


@pytest.mark.parametrize("layer", PLACES)
def test_places_stand_near_their_commune(load, layer):
    frame = load(layer).frame
    away = Reference.of_snapshot().distance_km(frame["commune_code"], frame["lon"], frame["lat"])
    assert away.max() <= 20
    assert away.quantile(0.99) < 2.5


@pytest.mark.parametrize("layer", PLACES)
def test_no_mail_address_is_kept(load, layer):
    table = load(layer)
    text = table.frame.drop(columns=["name", "address"]).to_csv() + table.rejected.to_csv()
    assert "@" not in text
    for column in ("name", "address"):
        assert not table.frame[column].str.contains(r"\w@\w+\.\w", na=False).any()


@pytest.mark.parametrize("layer", ["france_services", "permanences"])
def test_hours_are_all_valid_and_weekly_hours_agree(load, layer):
    frame = load(layer).frame.dropna(subset=["hours"])
    checked = frame["hours"].map(check_osm)
    assert checked.notna().all()
    weekly_h = checked.map(lambda hours: hours.weekly_h)
    assert weekly_h.to_numpy() == pytest.approx(frame["weekly_hours_h"].to_numpy())
    assert frame["weekly_hours_h"].between(0.25, 84).all()


def test_la_poste(load):
    table = load("postal_points")
    assert table.notes["sans coordonnées, placé au point de la commune"] == 13
    kinds = table.frame["services"].value_counts()
    assert abs(kinds["Bureau de Poste"] - 7_767) < 20
    assert reasons(table)["réservé aux armées"] == 1
    far = table.rejected[table.rejected["reason"].str.contains("km de la commune")]
    assert set(far["commune_code"]) >= {"58223", "37090"}
    assert far["reason"].str.contains("en Occitanie").sum() == 2


def test_la_poste_in_the_arrondissements(load):
    """Paris is written 75056 nowhere: the arrondissements are told."""
    frame = load("postal_points").frame
    departments = frame["commune_code"].map(tables.communes()["department"])
    assert frame["commune_code"][departments == "75"].nunique() == 20


def test_stale_codes_of_la_poste_are_all_brought_to_today(load, official_folder):
    raw = pd.read_csv(official_folder / "laposte_poincont2.csv", sep=";", dtype=str)
    written = raw.set_index("#Identifiant_du_site")["Code_INSEE"]
    stale = written[~written.isin(tables.communes().index)]
    table = load("postal_points")
    kept = table.frame.set_index("id")["commune_code"].reindex(stale.index)
    lost = kept[kept.isna()].index
    assert set(lost) <= set(table.rejected["id"])
    assert table.notes["code de commune périmé, remplacé par l'actuel"] == kept.notna().sum()


def test_france_services(load):
    table = load("france_services")
    assert reasons(table).to_dict() == {
        "hors du champ (ni métropole ni département d'outre-mer)…": 2
    }
    assert table.frame["mobile"].sum() == 134 + 29
    assert table.provenance.vintage == "2024-08-01"


def test_hours_of_france_services_are_those_published_elsewhere(load, official_folder):
    """Median hours a week: fixed 29.5 (2,375 places), buses 27.5 (124)."""
    raw = pd.read_csv(official_folder / "liste-fs-20240801.csv", dtype=str).set_index("id_fs")
    frame = load("france_services").frame.set_index("id")
    formats = raw["format_fs"].where(raw["type_fs"] == "Principal").reindex(frame.index)
    hours = frame["weekly_hours_h"]
    fixed, bus = hours[formats == "Fixe"].dropna(), hours[formats == "Bus_équivalent"].dropna()
    assert (len(fixed), len(bus)) == (2_375 - 1, 124)  # one is in Saint-Martin
    assert fixed.median() == 29.5
    assert bus.median() == pytest.approx(27.5, abs=0.25)


def test_permanences(load):
    table = load("permanences")
    assert table.notes["horaires illisibles, non repris"] == 70
    assert table.frame["hours"].notna().sum() > 4_000
    assert reasons(table)["doublon de la ligne …"] == 92
    assert table.frame["record_date"].min() >= "2021"


def test_libraries(load):
    table = load("libraries")
    assert reasons(table)["adresse administrative, sans accueil du public"] == 298
    assert reasons(table)["hors du champ (ni métropole ni département d'outre-mer)…"] == 22
    assert table.frame["weekly_hours_h"].notna().sum() > 10_000


def test_granted_positions(load):
    table = load("granted_positions")
    assert table.notes["zéro initial du code de commune rétabli"] == 197
    lost = reasons(table).to_dict()
    assert lost == {"hors du champ (ni métropole ni département d'outre-mer)…": 3}
    assert table.frame["positions"].sum() + 3 * 1 <= 3_925
    assert table.frame.groupby("department")["positions"].sum()["03"] == 23


def test_census_rates(load):
    frame = load("census_rates").frame
    assert (
        frame["merged"].sum() == 34_986 + 8
    )  # every row once, and those of 8 communes re-established
    assert frame["low_diploma_share"].between(0.05, 1).all()


def test_income(load):
    table = load("income")
    assert table.notes["revenu médian sous secret statistique"] == 3_593
    assert table.frame["merged"].sum() == 34_909 + 4
    assert table.frame["median_income_eur"].notna().sum() == pytest.approx(31_316, abs=80)
    assert table.frame["poverty_share"].notna().sum() == pytest.approx(4_397, abs=10)


def test_density(load):
    table = load("density")
    own = table.frame.dropna(subset=["population"])
    assert own["merged"].sum() == 34_955 + 7
    assert own["population"].sum() == pytest.approx(67.2e6, rel=0.01)
    assert set(table.frame["density_class"]) == set(range(1, 8))


def test_membership_agrees_with_the_snapshot_on_departments_and_regions(load):
    table = load("membership")
    assert reasons(table).to_dict() == {"sans code de commune": 1}
    communes = tables.communes().loc[table.frame.index]
    assert (table.frame["department"] == communes["department"]).all()
    assert (table.frame["region"] == communes["region"]).all()


@pytest.mark.parametrize("layer", [*ROWS, "census_rates", "income", "density", "membership"])
def test_a_layer_is_read_quickly(load, layer):
    Reference.of_snapshot().communes.index.get_indexer(["03190"])
    layers._read.cache_clear()
    begun = time.process_time()
    load(layer)
    assert time.process_time() - begun < 2.5, "about 1 s on an idle machine"
