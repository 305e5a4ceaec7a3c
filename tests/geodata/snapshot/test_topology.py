import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.snapshot.topology import decode, encode, features


def squares(side: int) -> gpd.GeoDataFrame:
    """A board of side × side squares of one degree, without its first square."""
    places = [(x, y) for x in range(side) for y in range(side)][1:]
    shapes = [shapely.box(x, y, x + 1, y + 1) for x, y in places]
    names = [f"{x}-{y}" for x, y in places]
    return gpd.GeoDataFrame({"n": names}, geometry=shapes, index=names, crs=4326)


@given(st.integers(2, 5))
def test_what_is_encoded_is_decoded(side):
    shapes = squares(side)
    topology = encode(shapes, name="units", steps=side * 1000 + 1)
    found = decode(topology, "units")
    assert found.index.tolist() == shapes.index.tolist()
    assert found["n"].tolist() == shapes["n"].tolist()
    assert shapely.equals(
        shapely.set_precision(found.geometry.to_numpy(), 1e-6), shapes.geometry.to_numpy()
    ).all()


def test_each_border_is_written_once():
    topology = encode(squares(3), name="units", steps=3001)
    written = [frozenset(map(tuple, np.cumsum(arc, axis=0).tolist())) for arc in topology["arcs"]]
    assert len(written) == len(set(written))
    uses = [
        number if number >= 0 else ~number
        for geometry in topology["objects"]["units"]["geometries"]
        for polygon in geometry["arcs"]
        for ring in polygon
        for number in ring
    ]
    assert set(np.bincount(uses)) <= {1, 2}
    assert max(np.bincount(uses)) == 2


def test_an_enclave_shares_its_whole_ring_with_its_host():
    inner = shapely.box(1, 1, 2, 2)
    host = shapely.box(0, 0, 3, 3).difference(inner)
    shapes = gpd.GeoDataFrame({"n": ["host", "in"]}, geometry=[host, inner], crs=4326)
    topology = encode(shapes, name="units", steps=301)
    assert len(topology["arcs"]) == 2
    found = decode(topology, "units").geometry.to_numpy()
    assert shapely.area(found).tolist() == pytest.approx([8.0, 1.0])


def test_what_the_grid_flattens_is_left_out():
    speck = shapely.box(5, 5, 5.0001, 5.0001)
    shapes = gpd.GeoDataFrame(
        {"n": ["land", "speck"]}, geometry=[shapely.box(0, 0, 10, 10), speck], crs=4326
    )
    found = decode(encode(shapes, name="units", steps=11), "units").geometry
    assert found.is_empty.tolist() == [False, True]


def test_lines_are_read():
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [[[0, 0], [2, 0]], [[2, 0], [0, 2]]],
        "objects": {
            "rivers": {
                "geometries": [
                    {"type": "LineString", "arcs": [0, 1]},
                    {"type": "MultiLineString", "arcs": [[0], [~1]], "properties": {"n": "x"}},
                    {"type": None},
                ]
            }
        },
    }
    (_, none, line), (_, named, lines) = features(topology, "rivers")
    assert none == {}
    assert named == {"n": "x"}
    assert line.wkt == "LINESTRING (10 20, 11 20, 11 21)"
    assert lines.wkt == "MULTILINESTRING ((10 20, 11 20), (11 21, 11 20))"


def test_an_unknown_geometry_is_refused():
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [],
        "objects": {"units": {"geometries": [{"type": "Point", "arcs": []}]}},
    }
    with pytest.raises(ValueError, match="unknown geometry"):
        features(topology, "units")
