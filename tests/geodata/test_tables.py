"""The committed snapshot is what it must be."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from opening_hours import OpeningHours

from geodata import tables
from geodata.errors import DataError
from geodata.readers.reference import PARENTS
from geodata.schema import PLACE
from geodata.snapshot import checks
from geodata.snapshot.build import FILE_LIMIT_MB, TOTAL_LIMIT_MB
from geodata.snapshot.codes import OUTLINED_INSIDE

READERS = {name: name for name in tables.NAMES} | {"places": "embedded_places"}


def read(name: str) -> pd.DataFrame:
    return getattr(tables, READERS[name])()


@pytest.fixture(scope="module")
def communes() -> pd.DataFrame:
    return tables.communes()


def test_the_snapshot_passes_every_check_of_its_build():
    checks.check({name: read(name) for name in tables.NAMES})


@pytest.mark.parametrize("name", tables.NAMES)
def test_every_table_says_where_it_comes_from(name):
    found = tables.provenance(name)
    assert found.layer == name
    assert found.status == "embedded"
    assert found.rows == len(read(name))
    assert all((found.title, found.producer, found.licence, found.vintage, found.address))
    assert all(len(digest) == 64 for digest in found.sha256.split())
    assert found.sha256


def test_the_files_are_small():
    sizes = [tables.path(name).stat().st_size for name in tables.NAMES]
    assert max(sizes) <= FILE_LIMIT_MB * 1e6
    assert sum(sizes) <= TOTAL_LIMIT_MB * 1e6


def test_a_missing_table_says_how_to_get_it_back(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    with pytest.raises(DataError, match="python -m geodata snapshot"):
        tables.path("communes")
    with pytest.raises(ValueError, match="unknown table"):
        tables.path("nothing")


def test_demand_points_cover_france_once(communes):
    demand = tables.demand_points()
    assert len(demand) == 34_917
    assert not set(PARENTS) & set(demand.index)
    whole = communes[communes["kind"] == "commune"]
    # INSEE rounds arrondissements apart: their sums are those of the three cities.
    assert demand["population"].sum() == whole["population"].sum() == 68_350_798


def test_known_communes(communes):
    moulins = communes.loc["03190"]
    assert (moulins["name"], moulins["department"], moulins["region"]) == ("Moulins", "03", "84")
    assert moulins["canton"] == "0398"
    assert moulins["postal_codes"] == "03000"
    assert (moulins["lon"], moulins["lat"]) == pytest.approx((3.333, 46.566), abs=0.01)
    assert moulins["area_km2"] == pytest.approx(8.6, abs=0.3)
    assert communes.loc["75111", "degurba"] == 30
    assert communes.loc["48095", "degurba"] > 11
    assert communes.loc["74056", "relief_m"] > 300 > 30 > communes.loc["28085", "relief_m"]


def test_communes_without_cantons_are_where_the_law_says(communes):
    without = communes[communes["canton"].isna() & (communes["kind"] == "commune")]
    assert set(without["department"]) == {"69", "972", "973"}
    assert (without["department"] == "69").sum() == 58


def test_only_mayotte_has_no_ages(communes):
    assert set(communes.loc[communes["pop_65p"].isna(), "department"]) == {"976"}
    reestablished = communes["age_source"] == "share"
    assert reestablished.sum() == 10


def test_outlines_of_a_departement(communes):
    allier = tables.outlines("03")
    assert len(allier) == 317
    assert set(allier.index) == set(communes.index[communes["department"] == "03"])
    assert len(tables.outlines()) == len(communes) - len(OUTLINED_INSIDE)
    assert tables.outlines().crs == 4326


def test_llivia_is_the_only_land_that_france_encloses():
    mainland = tables.department_outlines().drop(index=["971", "972", "973", "974", "976"])
    whole = shapely.coverage_union_all(mainland.geometry.to_numpy())
    holes = gpd.GeoSeries(
        [shapely.Polygon(ring) for part in whole.geoms for ring in part.interiors], crs=4326
    )
    areas = holes.to_crs(2154).area / 1e6
    assert areas.max() == pytest.approx(12.98, abs=0.05)
    # The others are water: estuaries, and a canal.
    assert sorted(areas)[-2] < 0.1


def test_neighbours_share_a_border(communes):
    pairs = tables.neighbours()
    around = pairs[(pairs["code_a"] == "03190") | (pairs["code_b"] == "03190")]
    names = communes.loc[[*around["code_a"], *around["code_b"]], "name"]
    assert {"Yzeure", "Avermes", "Neuvy", "Bressolles", "Toulon-sur-Allier"} <= set(names)
    assert pairs["border_m"].isna().sum() == len(OUTLINED_INSIDE)
    assert (pairs["border_m"].dropna() > 0).all()
    assert 5.5 < 2 * len(pairs) / len(tables.demand_points()) < 6


def test_arrondissements_touch_each_other_and_the_suburbs():
    pairs = set(map(tuple, tables.neighbours()[["code_a", "code_b"]].to_numpy()))
    assert ("75101", "75102") in pairs
    assert ("75113", "94041") in pairs
    assert ("75101", "75113") not in pairs


def test_departements_are_dissolved():
    assert len(tables.department_outlines()) == 101
    areas = tables.department_outlines().to_crs(2154).area / 1e6
    assert areas["03"] == pytest.approx(7_340, rel=0.01)


def test_former_codes_lead_to_communes_of_today(communes):
    former = tables.former_codes()
    assert not former["former"].isin(communes.index).any()
    assert (former.groupby("former")["share"].sum() == 1).all()
    one = former.set_index("former")["current"]
    assert one["12076"] == "12218"


def test_town_halls():
    found = tables.town_halls()
    assert len(found) == 34_861
    known = found["hours"].dropna()
    assert len(known) > 34_000
    for text in known.drop_duplicates().sample(500, random_state=0):
        OpeningHours(text)
    assert (found["weekly_hours_h"].isna() == found["hours"].isna()).all()
    assert (found["weekly_hours_h"] >= 15).sum() > 10_000
    prefixes = found["phone"].dropna().str[:2]
    assert not prefixes.isin(["06", "07"]).any()


def test_places_of_auvergne_rhone_alpes():
    found = tables.embedded_places()
    assert PLACE.faults(found) == []
    assert (
        len(found) + found["id"].str.count(r"\+").sum()
        == 687 - tables.provenance("places").set_aside
    )
    assert found["inferred_kind"].all()
    region = tables.communes()["region"].loc[found["commune_code"]]
    assert set(region) == {"84"}
    assert found["mobile"].sum() == 1
    counts = found["kind"].value_counts()
    assert counts["france_services"] == pytest.approx(80, abs=10)
    assert counts["library"] == pytest.approx(118, abs=10)
    assert counts["town_hall"] == pytest.approx(93, abs=10)


def test_places_stand_in_their_commune():
    found = tables.embedded_places()
    shapes = tables.outlines().geometry.reindex(found["commune_code"]).to_crs(2154)
    points = gpd.GeoSeries(gpd.points_from_xy(found["lon"], found["lat"]), crs=4326).to_crs(2154)
    away = shapely.distance(shapes.to_numpy(), points.to_numpy())
    assert np.quantile(away, 0.98) == 0
    assert away.max() < 20_000


def test_base_map():
    found = tables.base_map()
    assert set(found["kind"]) == {"coast", "lake", "river", "border", "land"}
    assert found.geometry.is_valid.all()
    assert {"Loire", "Rhône", "Léman", "Suisse", "Espagne", "Brésil"} <= set(found["name"])
    france = shapely.union_all(tables.department_outlines().geometry.to_numpy())
    land = shapely.union_all(found.loc[found["kind"] == "land", "geometry"].to_numpy())
    # The land of the neighbours meets France and does not cover it.
    assert shapely.area(shapely.intersection(land, france)) < 0.05
    basel = shapely.Point(7.60, 47.55)
    assert land.covers(basel)


def test_frames_are_read_once():
    assert tables.communes() is tables.communes()
    assert tables.outlines("03") is tables.outlines("03")


@pytest.mark.official
def test_cantons_are_those_of_insee(official_folder, communes):
    membership = pd.read_csv(
        official_folder / "table-appartenance-2024.csv", dtype=str, index_col="CODGEO"
    )
    both = membership.join(communes[["canton", "department"]], how="inner").dropna(subset="canton")
    assert len(both) > 34_600
    assert (both["canton"] == both["CANOV"]).all()


@pytest.mark.official
def test_urbanisation_follows_the_density_grid(official_folder, communes):
    grid = pd.read_csv(
        official_folder / "grille_densite_7_niveaux_2022.csv", dtype=str, index_col="CODGEO"
    )
    both = communes.join(grid["DENS"].astype(float), how="inner").dropna(subset="degurba")
    # 1 is the densest of the grid, 30 the densest of the classes.
    likeness = both["DENS"].corr(both["degurba"].astype(float), method="spearman")
    assert likeness < -0.7
