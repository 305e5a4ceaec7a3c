import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.snapshot.base_map import geojson
from geodata.snapshot.territories import dissolve, in_metres, split

UNITS = gpd.GeoSeries(
    [
        shapely.box(3, 46, 3.1, 46.1),
        shapely.box(55.5, -21.1, 55.6, -21.0),
        shapely.box(3.1, 46, 3.2, 46.1),
    ],
    index=pd.Index(["03001", "97401", "03002"], name="code"),
    crs=4326,
)


def test_each_unit_is_measured_in_its_legal_projection():
    assert {epsg: mask.tolist() for epsg, mask in split(UNITS.index)} == {
        2154: [True, False, True],
        2975: [False, True, False],
    }


def test_a_change_in_metres_keeps_the_order_and_comes_back_in_degrees():
    larger = in_metres(UNITS, lambda shapes: shapely.buffer(shapes, 1000))
    assert larger.index.tolist() == UNITS.index.tolist()
    assert larger.crs == 4326
    west = larger.bounds["minx"] - UNITS.bounds["minx"]
    assert west["97401"] == pytest.approx(-1 / 103.8, rel=0.02)


def test_units_without_a_group_are_left_out_of_the_unions():
    found = dissolve(UNITS, pd.Series({"03001": "0301", "03002": "0301"}))
    assert found.index.tolist() == ["0301"]
    assert found.iloc[0].equals(shapely.box(3, 46, 3.2, 46.1))
    assert dissolve(UNITS, pd.Series(dtype="str")).empty


def test_the_base_map_names_what_has_a_name():
    frame = gpd.GeoDataFrame(
        {"kind": ["river", "coast"], "name": ["Loire", None]},
        geometry=[shapely.LineString([(0, 0), (1, 1)])] * 2,
        crs=4326,
    )
    river, coast = geojson(frame)["features"]
    assert river["properties"] == {"kind": "river", "n": "Loire"}
    assert coast["properties"] == {"kind": "coast"}
    assert river["geometry"] == {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
