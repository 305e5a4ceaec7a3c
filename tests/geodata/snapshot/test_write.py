import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.errors import DataError
from geodata.snapshot.build import write_all
from geodata.snapshot.sources import SOURCES
from geodata.snapshot.write import read_provenance, write_table

CODED = pd.DataFrame(
    {"name": ["Moulins", None], "degurba": pd.array([23, None], dtype="Int64")},
    index=pd.Index(["03190", "03310"], name="code"),
)
DRAWN = gpd.GeoDataFrame(
    geometry=[shapely.box(0, 0, 1, 1)], index=pd.Index(["03190"], name="code"), crs=4326
)


@pytest.mark.parametrize("frame", [CODED, DRAWN], ids=["table", "geometry"])
def test_the_same_table_gives_the_same_bytes(frame, tmp_path):
    source = SOURCES["communes"].provenance("communes", len(frame))
    for name in "ab":
        write_table(frame, source, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_table_and_its_provenance_come_back(tmp_path):
    source = SOURCES["communes"].provenance("communes", 2, set_aside=1)
    write_table(CODED, source, tmp_path / "t.parquet")
    found = pd.read_parquet(tmp_path / "t.parquet").set_index("code")
    pd.testing.assert_frame_equal(found, CODED)
    assert read_provenance(tmp_path / "t.parquet") == source


def test_geometry_comes_back(tmp_path):
    write_table(DRAWN, SOURCES["outlines"].provenance("outlines", 1), tmp_path / "t.parquet")
    found = gpd.read_parquet(tmp_path / "t.parquet").set_index("code")
    assert found.crs == 4326
    assert found.geometry.iloc[0].equals(shapely.box(0, 0, 1, 1))


def test_all_tables_are_written_or_none(tmp_path, monkeypatch):
    monkeypatch.setattr("geodata.snapshot.build.FILE_LIMIT_MB", 1e-6)
    with pytest.raises(DataError, match="trop lourd"):
        write_all({"communes": CODED}, {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sizes_are_told(tmp_path):
    sizes = write_all({"communes": CODED}, {"communes": 3}, tmp_path)
    assert sizes == {"communes": (tmp_path / "communes.parquet").stat().st_size}
    assert read_provenance(tmp_path / "communes.parquet").set_aside == 3
