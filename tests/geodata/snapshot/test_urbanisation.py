import struct
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.snapshot import urbanisation
from geodata.snapshot.triangles import locate
from geodata.snapshot.urbanisation import ClassGrid, busiest_point, main_class, sample


class OneFile:
    """An archive that answers the same bytes whatever is asked."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, member: str) -> bytes:
        return self.data


def written(value: int) -> bytes:
    """Seven bits a byte, lowest first, the last byte below 128."""
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + written(rest) if rest else bytes([low])


def grid_file(runs: list[tuple[int, int]], magic: bytes = b"TFDG") -> bytes:
    lengths = zlib.compress(b"".join(written(length) for length, _ in runs))
    slots = zlib.compress(bytes(slot for _, slot in runs))
    header = struct.pack("<4sBBBBHBBIIII32s", magic, 1, 2, 3, 0, 2025, 1, 10, 0, 0, 0, 0, b"")
    sizes = struct.pack("<IIII", len(lengths), 0, len(slots), 0)
    return header + bytes(32) + sizes + lengths + slots


def test_the_runs_of_a_file_are_read():
    grid = urbanisation.read(OneFile(grid_file([(300, 7), (20, 0)])))
    assert grid.level == 2
    assert grid.ends.tolist() == [300, 320]
    assert grid.classes.tolist() == [30, 10]


def test_another_file_is_refused():
    with pytest.raises(ValueError, match="unknown class grid"):
        urbanisation.read(OneFile(grid_file([(320, 1)], magic=b"ZZZZ")))


def test_the_class_of_a_point_is_that_of_its_run():
    lon, lat = np.array([2.35, -52.3]), np.array([48.85, 4.9])
    paris, cayenne = locate(lon, lat, 3)
    first, second = sorted((paris, cayenne))
    grid = ClassGrid(3, np.array([second, 20 * 4**3]), np.array([30, 11], dtype="uint8"))
    expected = {first: 30, second: 11}
    assert grid.at(lon, lat).tolist() == [expected[paris], expected[cayenne]]


def test_a_unit_smaller_than_the_step_has_one_point_inside_it():
    big, small = shapely.box(3.0, 46.0, 3.1, 46.1), shapely.box(3.2, 46.0, 3.2001, 46.0001)
    units = gpd.GeoSeries([big, small], index=["03001", "03002"], crs=4326)
    everywhere = ClassGrid(1, np.array([80]), np.array([12], dtype="uint8"))
    found = sample(units, everywhere)
    assert (found["code"] == "03002").sum() == 1
    assert (found["code"] == "03001").sum() > 80
    inside = shapely.contains_xy(units[found["code"]].to_numpy(), found["lon"], found["lat"])
    assert inside.all()


def samples(**classes: list[int]) -> pd.DataFrame:
    rows = [
        (code, 3.0 + k / 100, 46.0, value)
        for code, values in classes.items()
        for k, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["code", "lon", "lat", "degurba"])


def test_a_small_dense_town_outweighs_the_empty_land_around_it():
    found = main_class(samples(town=[30] + [11] * 50, hamlet=[13] + [12] * 20, sea=[10, 0]))
    assert found["town"] == 30
    assert found["hamlet"] == 12
    assert "sea" not in found.index


def test_the_busiest_point_is_in_the_middle_of_the_densest_class():
    found = busiest_point(samples(town=[11, 22, 22, 22, 11]))
    assert found.loc["town"].tolist() == pytest.approx([3.02, 46.0])
