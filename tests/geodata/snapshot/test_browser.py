import hashlib
import json

import pandas as pd
import pytest
import shapely

from geodata import tables
from geodata.readers.reference import PARENTS
from geodata.snapshot import browser
from geodata.snapshot.build import STATIC_FOLDER
from geodata.snapshot.topology import decode

INDEX = json.loads((STATIC_FOLDER / "index.json").read_text(encoding="utf-8"))


def content(name: str) -> bytes:
    return (STATIC_FOLDER / INDEX[name]["file"]).read_bytes()


def test_each_file_is_the_one_that_the_index_names():
    assert {path.name for path in STATIC_FOLDER.glob("*.json")} == {
        "index.json",
        *(entry["file"] for entry in INDEX.values()),
    }
    for name, entry in INDEX.items():
        data = content(name)
        digest = hashlib.sha256(data).hexdigest()[:8]
        assert entry == {"file": f"{name}-{digest}.json", "bytes": len(data)}
    assert sum(entry["bytes"] for entry in INDEX.values()) <= 20e6


def test_every_departement_has_its_communes_and_no_two_files_a_commune():
    wanted = tables.demand_points()["department"]
    found = [
        geometry["id"]
        for code in tables.departments().index
        for geometry in json.loads(content(f"communes-{code}"))["objects"]["units"]["geometries"]
    ]
    assert len(found) == len(set(found))
    assert set(wanted.index) - set(found) == {"15031", "15035", "15047", "15171"}


@pytest.mark.parametrize("department", ["03", "2A", "75", "976"])
def test_the_files_are_those_that_the_tables_give(department):
    units = tables.outlines(department).geometry
    made = browser.of_department(
        department,
        units[~units.index.isin(PARENTS)],
        {
            "communes": tables.communes(),
            "cantons": tables.cantons(),
            "epcis": tables.epcis(),
        },
    )
    for name, data in made:
        assert data == content(name)


def test_a_departement_on_the_grid_is_the_one_of_the_table():
    drawn = decode(json.loads(content("communes-03")), "units")
    exact = tables.outlines("03")
    assert drawn["n"].equals(
        tables.communes().loc[drawn.index, "name"].rename("n").rename_axis("id")
    )
    change = drawn.geometry.reindex(exact.index).symmetric_difference(exact.geometry)
    assert (change.to_crs(2154).area / exact.to_crs(2154).area).max() < 0.02


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("cantons", "cantons"),
        ("epcis", "epcis"),
        ("departments", "departments"),
        ("regions", "regions"),
    ],
)
def test_the_national_files_hold_every_unit_and_share_borders(name, table):
    drawn = decode(json.loads(content(name)), "units")
    assert set(drawn.index) == set(getattr(tables, table)().index)
    assert not drawn.geometry.is_empty.any()
    assert shapely.coverage_is_valid(drawn.geometry.to_numpy())


def test_the_base_map_is_there():
    base = json.loads(content("base"))
    kinds = pd.Series([feature["properties"]["kind"] for feature in base["features"]])
    assert set(kinds) == {"coast", "lake", "river", "border", "land"}


def test_writing_removes_the_files_of_another_build(tmp_path):
    browser.write({"a": b"1"}, tmp_path)
    browser.write({"a": b"2"}, tmp_path)
    assert len(list(tmp_path.glob("a-*.json"))) == 1
    assert json.loads((tmp_path / "index.json").read_text())["a"]["bytes"] == 1
