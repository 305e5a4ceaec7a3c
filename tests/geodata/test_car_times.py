"""INSEE's car times, read by pieces from a server that knows ranges."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geodata.errors import DataError, SourceError
from geodata.fetch import Limits
from geodata.ranged import RangedFileSystem
from geodata.readers.car_times import read_car_times

QUICK = Limits(connect_s=2, read_s=2, total_s=10, attempts=2, backoff_s=0.01, wait_s=1)
KINDS = ("A128",)


def squares() -> pd.DataFrame:
    """A row a square of three départements, sorted as INSEE's file is."""
    count = 30_000
    frame = pd.DataFrame(
        {
            "idSrc": [f"CRS3035RES200mN{n}" for n in range(count)],
            "X": range(count),
            "typeeq_id": ["A128", "A206", "F307"] * (count // 3),
            "duree": [5.0 + n % 20 for n in range(count)],
            "dep": ["01"] * 10_000 + ["03"] * 10_000 + ["2A"] * 10_000,
            "pop": [float(n % 4) for n in range(count)],
        }
    )
    return frame.assign(depcom=frame["dep"] + "001", padding="x" * 40)


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    path = tmp_path_factory.mktemp("insee") / "temps-trajet.parquet"
    pq.write_table(pa.Table.from_pandas(squares()), path, row_group_size=2_500, compression=None)
    return path


def ranged(content: bytes):
    """Serve any part of a file, as a server of files does."""

    def route(exchange):
        first, last = exchange.headers["Range"].removeprefix("bytes=").split("-")
        part = content[int(first) : int(last) + 1]
        exchange.answer(
            206,
            part,
            Content_Type="application/octet-stream",
            Content_Range=f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}",
        )

    return route


def expected() -> pd.DataFrame:
    frame = squares()
    return frame[(frame["dep"] == "03") & (frame["typeeq_id"] == "A128") & (frame["pop"] > 0)]


def test_a_departement_is_read_without_the_rest(server, parquet):
    content = parquet.read_bytes()
    address = server.sequence("/temps-trajet.parquet", ranged(content))
    found = read_car_times(address, "03", KINDS, limits=QUICK)
    assert found["square"].tolist() == expected()["idSrc"].tolist()
    assert found.columns.tolist() == ["square", "kind", "minutes", "commune_code", "people"]
    sizes = [_asked(exchange) for exchange in server.exchanges]
    assert sum(sizes) < 0.8 * len(content)


def _asked(exchange) -> int:
    first, last = exchange.headers["Range"].removeprefix("bytes=").split("-")
    return int(last) - int(first) + 1


def test_a_file_of_the_disk_reads_the_same(parquet, tmp_path):
    found = read_car_times(str(parquet), "03", KINDS)
    assert len(found) == len(expected())
    squares().to_csv(tmp_path / "t.csv", index=False)
    pd.testing.assert_frame_equal(
        found, read_car_times(str(tmp_path / "t.csv"), "03", KINDS), check_dtype=False
    )
    assert read_car_times(str(parquet), "2A", KINDS)["commune_code"].unique().tolist() == ["2A001"]


def test_a_server_without_ranges_never_sends_it_all(server, parquet):
    content = parquet.read_bytes()
    address = server.sequence("/t.parquet", lambda exchange: exchange.answer(200, content))
    with pytest.raises(SourceError, match="une partie d'un fichier"):
        read_car_times(address, "03", KINDS, limits=QUICK)
    assert server.count("/t.parquet") == 1


@pytest.mark.parametrize("status", [429, 500])
def test_a_busy_server_is_asked_again(server, parquet, status):
    address = server.sequence(
        "/t.parquet",
        lambda exchange: exchange.answer(status, Retry_After="0"),
        ranged(parquet.read_bytes()),
    )
    assert len(read_car_times(address, "03", KINDS, limits=QUICK)) == len(expected())


def test_the_wrong_file_is_named(server, tmp_path):
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"dep": ["03"], "x": [1]}), other)
    with pytest.raises(DataError, match="duree"):
        read_car_times(str(other), "03", KINDS)
    page = server.sequence("/p.parquet", ranged(b"<html><body>portal</body></html>" * 10))
    with pytest.raises(SourceError, match="page web"):
        read_car_times(page, "03", KINDS, limits=QUICK)
    (tmp_path / "text.parquet").write_text("not parquet")
    with pytest.raises(DataError, match="Parquet"):
        read_car_times(str(tmp_path / "text.parquet"), "03", KINDS)
    with pytest.raises(DataError, match="introuvable"):
        read_car_times(str(tmp_path / "none.parquet"), "03", KINDS)


def test_a_departement_that_is_not_there(parquet):
    with pytest.raises(DataError, match="département 75"):
        read_car_times(str(parquet), "75", KINDS)


def test_distant_files_are_read_only():
    with pytest.raises(ValueError, match="read only"):
        RangedFileSystem()._open("http://localhost/x", "wb")
