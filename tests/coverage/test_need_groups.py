import csv

import numpy as np
import pandas as pd
import pytest

from coverage.__main__ import main
from coverage.local import gather, nothing_local
from coverage.need import estimate
from coverage.validation import validate
from geodata import tables


@pytest.mark.parametrize("level", ["department", "region", "epci", "canton"])
def test_persons_add_up_exactly(points, need, level):
    groups = points[level].where(points[level].notna(), None)
    table = need.by(groups.tolist())
    inside = groups.notna().to_numpy()
    assert table["persons"].sum() == pytest.approx(np.nansum(need.persons[inside]), rel=1e-12)


def test_a_commune_is_a_group_of_one(points, need):
    table = need.by(list(points.index)).loc[points.index]
    np.testing.assert_allclose(table["low"], need.low)
    np.testing.assert_allclose(table["high"], need.high)


def test_the_interval_of_a_group_is_computed_not_summed(points, need):
    table = need.by(points["department"].tolist())
    allier = (points["department"] == "03").to_numpy()
    width = table.loc["03", "high"] - table.loc["03", "low"]
    assert width < (need.high - need.low)[allier].sum()
    relative = (table["high"] - table["low"]) / table["persons"]
    of_communes = (need.high - need.low)[allier] / need.persons[allier]
    assert relative.loc["03"] < np.nanmedian(of_communes)


def test_a_departement_is_less_sure_than_its_region(points, need):
    """What is missed is alike in a département: it does not average out over its communes."""

    def half_width(level: str) -> pd.Series:
        table = need.by(points[level].tolist())
        return (table["high"] - table["low"]) / 2 / table["persons_15p"]

    of_region = points.groupby("department")["region"].first().map(half_width("region"))
    assert (half_width("department") / of_region).median() > 1.2


def test_mayotte_has_no_estimate_at_any_level(points, need):
    table = need.by(points["department"].tolist())
    assert np.isnan(table.loc["976", "persons"])
    assert table.loc["976", "tier"] == 0


def test_the_tier_of_a_unit_is_that_of_most_of_its_people(points):
    local = nothing_local(points)
    local.tier[:] = 2
    ghosts = points.index[points["population"] == 0]
    local.tier[points.index.get_indexer([*ghosts, "03190"])] = 1
    need = estimate(points, local)
    assert need.frame().loc[ghosts, "tier"].eq(0).all()  # nothing is estimated of nobody
    table = need.by(points["department"].tolist())
    assert table["tier"].drop("976").eq(2).all()
    assert table.index[table["poorer_share"] > 0].tolist() == ["03"]
    assert need.frame().at["03190", "poorer_share"] == 1


def test_benchmarking_can_be_switched_off_and_is_its_own_column(points, need):
    plain = estimate(points, regional=False)
    assert np.nanmax(np.abs(plain.region_effect)) < 1e-12
    effect = need.by(points["region"].tolist())["region_effect"]
    assert effect["94"] > 0.02  # Corse is published far above what its ages explain
    assert effect["11"] < 0
    assert np.nansum(plain.persons) == pytest.approx(np.nansum(need.persons))


@pytest.mark.official
def test_the_census_rates_bring_the_regions_closer(points, official_dir):
    local = gather(points)
    assert (local.tier == 2).sum() == 34_894
    names = tables.regions()["name"]
    checked = validate(points, local, names)
    assert checked.national.estimated == pytest.approx(0.154, abs=1e-6)
    assert checked.mean_error_without_corse <= 0.9
    assert [line.name for line in checked.regions if abs(line.miss) > 3] == ["Corse"]


def test_the_command_writes_the_table(tmp_path, bare_machine, capsys):
    out = tmp_path / "need.csv"
    assert main(["need", "--territory", "03", "--level", "canton", "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:8] == [
        "code", "name", "persons_15p", "persons", "rate", "low", "high", "tier",
    ]  # fmt: skip
    assert all(0 < float(row["rate"]) < 1 for row in rows)
    assert "Allier" in capsys.readouterr().out


def test_the_command_refuses_what_it_cannot_do(tmp_path, capsys):
    assert main(["need", "--territory", "999", "--out", str(tmp_path / "x.csv")]) == 2
    assert "999" in capsys.readouterr().err
    assert main(["need"]) == 2
    assert "--out" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
