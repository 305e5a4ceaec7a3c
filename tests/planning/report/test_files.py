import csv
import json
import re

import geopandas as gpd
import pytest

from geodata.errors import DataError
from planning.deployment import deploy
from planning.report.files import FILES, check_folder, write_plan
from planning.report.plan_json import clock, plan_dict
from planning.scenario import Scenario


@pytest.fixture(scope="module")
def folder(allier, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan") / "out"
    write_plan(allier, folder)
    return folder


def test_all_files_are_there_and_nothing_else(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_plan_json_holds_the_whole_plan(folder, allier):
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    assert plan == json.loads(json.dumps(plan_dict(allier)))
    assert plan["positions"] == 30
    assert sum(site["positions"] for site in plan["sites"]) + plan["mobile"] == 30
    assert 0.1 < plan["need"]["rate"] < 0.3
    assert plan["coverage_before"]["partial"] is True
    assert (
        plan["coverage_after"]["share_within_20min"] > plan["coverage_before"]["share_within_20min"]
    )
    assert plan["solver"]["gap"] == 0
    assert plan["solver"]["stop"] == {"kind": "iterations", "value": 300}
    assert {"layer", "producer", "vintage", "licence", "status", "counted_as_offer"} <= set(
        plan["provenance"][0]
    )
    for tour in plan["tours"]:
        hours = [t for stop in tour["stops"] for t in (stop["arrive"], stop["depart"])]
        assert hours == sorted(hours)
        assert tour["leave"] <= hours[0]


def test_tables_open_in_a_spreadsheet(folder, allier):
    with (folder / "sites.csv").open(encoding="utf-8", newline="") as file:
        sites = list(csv.DictReader(file))
    assert [row["commune_code"] for row in sites] == [site.commune_code for site in allier.sites]
    assert sites[0]["commune_code"].startswith("03")
    with (folder / "tours.csv").open(encoding="utf-8", newline="") as file:
        visits = list(csv.DictReader(file))
    assert len(visits) == sum(
        len(route.visits) for plan in allier.touring.plans.values() for route in plan.days
    )


def test_the_geopackage_opens_in_a_gis(folder, allier):
    sites, tours, communes = (
        gpd.read_file(folder / "plan.gpkg", layer=name) for name in ("sites", "tours", "communes")
    )
    assert len(sites) == len(allier.sites)
    assert set(tours.geom_type) <= {"LineString"}
    assert len(communes) == 317
    assert communes.crs.to_epsg() == 4326
    assert {"persons", "low", "high", "minutes_before", "minutes_after"} <= set(communes.columns)


def test_the_page_needs_nothing_from_outside(folder):
    page = (folder / "plan.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert not re.search(r'(src|href)="https?:', page)
    assert "<svg" in page
    for word in ("Sites fixes", "Tournées", "Méthode", "Sources", "estimation", "modélis"):
        assert word in page


def test_a_name_with_markup_is_shown_as_text(allier, tmp_path):
    from dataclasses import replace

    odd = replace(allier.sites[0], name="<b>Mairie</b> & Cie")
    write_plan(replace(allier, sites=(odd, *allier.sites[1:])), tmp_path / "out")
    page = (tmp_path / "out" / "plan.html").read_text("utf-8")
    assert "<b>Mairie</b>" not in page
    assert "&lt;b&gt;Mairie&lt;/b&gt; &amp; Cie" in page


def test_a_failure_while_writing_leaves_the_old_plan_whole(allier, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    write_plan(allier, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planning.report.files.write_geopackage", full)
    with pytest.raises(DataError, match="disque est plein"):
        write_plan(allier, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "out").write_text("taken")
    with pytest.raises(DataError, match="mais un fichier"):
        check_folder(tmp_path / "out")


def test_clock():
    assert (clock(0), clock(545), clock(1439.6)) == ("00:00", "09:05", "24:00")


def test_communes_without_outline_are_left_out_of_the_drawing(bare_machine, tmp_path):
    cantal = deploy(Scenario(territory="15", positions=5, tours=False))
    write_plan(cantal, tmp_path / "out")
    communes = gpd.read_file(tmp_path / "out" / "plan.gpkg", layer="communes")
    assert communes.geometry.isna().sum() == 4
    assert "(15031)" not in (tmp_path / "out" / "plan.html").read_text("utf-8").split("</svg>")[0]


def test_geojson_tells_sites_from_tours_and_names_its_sources(folder, allier):
    found = json.loads((folder / "plan.geojson").read_text("utf-8"))
    kinds = [one["properties"]["kind"] for one in found["features"]]
    assert kinds.count("site") == len(allier.sites)
    assert kinds.count("tour") == sum(len(p.days) for p in allier.touring.plans.values())
    assert {"title", "producer", "vintage", "licence"} <= set(found["sources"][0])
    assert len(gpd.read_file(folder / "plan.geojson")) == len(kinds)
