import numpy as np
import pandas as pd
import pytest

from coverage import atlas
from coverage.access import quantile
from coverage.index import fragility
from coverage.indicators import indicator_values
from coverage.local import nothing_local
from coverage.need import estimate


@pytest.fixture(scope="module")
def index(points, need, tmp_path_factory):
    with pytest.MonkeyPatch.context() as machine:
        machine.delenv("GEODATA_DIR", raising=False)
        machine.setenv("GEODATA_CACHE", str(tmp_path_factory.mktemp("downloads")))
        values = indicator_values(points, need, nothing_local(points))
    return fragility(values, points["population"].to_numpy(float), need.persons_15p)


@pytest.mark.parametrize("level", atlas.LEVELS)
def test_people_and_persons_of_a_level_are_those_of_the_communes(points, need, index, level):
    table = atlas.units_table(points, need, index, level)
    inside = [code is not None for code in atlas.group_of(points, level)]
    assert table["population"].sum() == points["population"][inside].sum()
    assert table["persons"].sum() == pytest.approx(np.nansum(need.persons[inside]), rel=1e-12)
    known = table.dropna(subset=["rate"])
    assert (known["low_rate"] < known["rate"]).all()
    assert (known["rate"] < known["high_rate"]).all()
    assert table["name"].notna().all()


def test_a_unit_with_a_commune_of_a_poorer_tier_tells_its_share(points, index):
    local = nothing_local(points)
    local.tier[:] = 2
    local.tier[points.index.get_loc("03190")] = 1
    need = estimate(points, local)
    table = atlas.units_table(points, need, index, "department")
    moulins = need.persons_15p[points.index.get_loc("03190")]
    assert table.at["03", "poorer_share"] == pytest.approx(moulins / table.at["03", "persons_15p"])
    assert table.at["03", "tier"] == 2
    assert table.drop("03")["poorer_share"].eq(0).all()
    assert table.at["976", "tier"] == 0


def test_minutes_of_a_unit_are_those_of_half_of_its_people(points):
    minutes = np.full(len(points), np.inf)
    people = np.zeros(len(points))
    where = points.index.get_indexer(["03190", "03185", "03310", "48095"])
    minutes[where], people[where] = [10.0, 20.0, np.inf, np.inf], [1.0, 3.0, 2.0, 9.0]
    found = atlas.minutes_by_unit(points, minutes, people, "department")
    assert found["03"] == 20.0
    assert found["48"] == np.inf  # beyond the limit is not the limit
    assert np.isnan(found["23"])
    assert atlas.minutes_by_unit(points, minutes, people, "country")[atlas.COUNTRY] == np.inf
    assert atlas.minutes_by_unit(points, minutes, people, "commune")["23096"] == np.inf


@pytest.mark.parametrize("level", ["canton", "department", "region"])
def test_minutes_by_unit_equal_the_weighted_median(points, level):
    rng = np.random.default_rng(1)
    minutes = rng.choice([*range(45), np.inf], len(points))
    people = rng.integers(0, 50, len(points)).astype(float)
    found = atlas.minutes_by_unit(points, minutes, people, level)
    group = np.array(atlas.group_of(points, level), dtype=object)
    for code in rng.choice(found.index, 12):
        inside = group == code
        assert found[code] == quantile(minutes[inside], people[inside], 0.5)


def test_places_are_counted_in_the_unit_that_holds_them(points):
    places = pd.DataFrame({"layer": ["a", "a", "b"], "commune_code": ["03190", "75056", "69381"]})
    by_region = atlas.counts_by_unit(points, places, "region")
    assert by_region.loc["11", ["a", "b"]].tolist() == [1, 0]
    assert by_region.loc["84", ["a", "b"]].tolist() == [1, 1]
    # A place known only by its city is in none of the arrondissements.
    assert atlas.counts_by_unit(points, places, "commune")["a"].sum() == 1


def test_equal_values_share_the_better_rank():
    assert atlas.ranks(pd.Series([0.2, 0.3, 0.2, np.nan])).tolist()[:3] == [2, 1, 2]
