import numpy as np
import pandas as pd
import pytest

from coverage.__main__ import main
from coverage.car_times import by_commune, compare
from geodata import tables
from geodata.errors import DataError

SQUARES = pd.DataFrame(
    {
        "square": ["a", "a", "b", "c"],
        "kind": ["A206", "A208", "A206", "A206"],
        "minutes": [12.0, 4.0, 8.0, 20.0],
        "commune_code": ["03001", "03001", "03001", "03002"],
        "people": [30.0, 30.0, 10.0, 5.0],
    }
)


def test_the_nearest_kind_counts_and_people_weigh():
    found = by_commune(SQUARES)
    assert found.at["03001", "people"] == 40.0
    assert found.at["03001", "measured_min"] == pytest.approx((30 * 4 + 10 * 8) / 40)


def test_modelled_beside_measured():
    found = compare(SQUARES, pd.Series({"03001": 6.0, "03002": np.inf}))
    assert found.table["modelled_min"].isna().tolist() == [False, True]
    assert found.error.median == pytest.approx(0.2)
    assert found.bias_min == pytest.approx(1.0)
    assert (found.unreached, found.unreached_people) == (1, 5.0)  # told, not forgotten
    with pytest.raises(DataError, match="à la fois"):
        compare(SQUARES, pd.Series({"99001": 6.0}))


@pytest.mark.official
def test_the_command_on_a_small_file(official_dir, tmp_path, capsys):
    points = tables.demand_points().query("department == '03'")
    squares = pd.DataFrame(
        {
            "idSrc": points.index, "typeeq_id": "A128", "duree": 12.0, "depcom": points.index,
            "dep": "03", "pop": points["population"].to_numpy(float),
        }
    )  # fmt: skip
    squares.to_csv(tmp_path / "insee.csv", index=False)
    out = tmp_path / "compared.csv"
    arguments = ["car-times", "--territory", "03", "--file", str(tmp_path / "insee.csv")]
    assert main([*arguments, "--out", str(out)]) == 0
    assert "écart relatif médian" in capsys.readouterr().out
    assert len(pd.read_csv(out)) == len(points)
    assert main([*arguments, "--out", str(out), "--territory", "FR"]) == 2
    assert "par département" in capsys.readouterr().err
