import numpy as np
import pandas as pd
import pytest

from coverage.features import FEATURES, Offer, canton_features
from coverage.local import gather
from coverage.naming import LANDSCAPES, landscape, names_of
from coverage.need import estimate_here
from coverage.typology import FEWEST, MOST, _chosen, typology
from geodata import tables
from geodata.errors import DataError


@pytest.fixture(scope="module")
def cantons(points, need):
    return canton_features(points, need)


@pytest.fixture(scope="module")
def embedded(cantons):
    return typology(cantons)


def random_groups(centres, size=60, spread=0.02, seed=5):
    """Cantons drawn around some centres (random data): need, 65+ and density."""
    draw = np.random.default_rng(seed)
    rows = [
        {
            "need_rate": need + spread * draw.normal() / 10,
            "aged_65p_share": aged + spread * draw.normal() / 10,
            "density_km2": density * np.exp(spread * draw.normal()),
            "population": 1000.0,
        }
        for need, aged, density in centres
        for _ in range(size)
    ]
    index = pd.Index([f"{i:04d}" for i in range(len(rows))], name="code")
    return pd.DataFrame(rows, index=index)


CENTRES = ((0.25, 0.35, 20.0), (0.10, 0.15, 5000.0), (0.16, 0.22, 150.0), (0.22, 0.18, 900.0))


def test_groups_that_are_apart_are_found_with_their_number():
    found = typology(random_groups(CENTRES))
    assert len(found.types) == 4
    assert [kind.cantons for kind in found.types] == [60] * 4
    for group in np.split(found.label, 4):
        assert len(set(group)) == 1
    assert found.stability[4] == pytest.approx(1.0)
    assert found.silhouette[4] == max(found.silhouette.values())


def test_types_come_with_most_need_first_and_words_of_their_own():
    found = typology(random_groups(CENTRES))
    rates = [kind.profile["need_rate"] for kind in found.types]
    assert rates == sorted(rates, reverse=True)
    assert found.types[0].name == "Rural très peu dense : population âgée, besoin fort"
    assert found.types[-1].name == "Grandes villes : besoin faible, population jeune"
    assert len({kind.name for kind in found.types}) == 4


def test_the_largest_number_that_passes_both_tests_is_chosen():
    silhouette = {3: 0.30, 4: 0.28, 5: 0.275, 6: 0.20}
    assert _chosen(silhouette, {3: 0.9, 4: 0.9, 5: 0.85, 6: 0.99}) == 5
    assert _chosen(silhouette, {3: 0.9, 4: 0.9, 5: 0.7, 6: 0.99}) == 4
    assert _chosen(silhouette, {3: 0.5, 4: 0.5, 5: 0.5, 6: 0.5}) == 3


def test_the_order_of_rows_and_columns_changes_nothing(cantons, embedded):
    shuffled = cantons.sample(frac=1.0, random_state=11)[list(cantons.columns)[::-1]]
    again = typology(shuffled)
    assert again.types == embedded.types
    pd.testing.assert_frame_equal(again.frame(), embedded.frame())


def test_the_snapshot_gives_types_with_what_it_knows(embedded, cantons):
    assert embedded.features == ("need_rate", "aged_65p_share", "density_km2")
    assert len(embedded.notes) == 4
    assert "niveau de vie médian" in embedded.notes[0]
    assert FEWEST <= len(embedded.types) <= MOST
    assert set(embedded.silhouette) == set(embedded.stability) == set(range(FEWEST, MOST + 1))
    assert len({kind.name for kind in embedded.types}) == len(embedded.types)
    assert sum(kind.cantons for kind in embedded.types) == (embedded.label >= 0).sum()
    assert all(kind.sentence.endswith(".") for kind in embedded.types)


def test_a_canton_that_lacks_a_feature_has_no_type(embedded, cantons):
    frame = embedded.frame()
    untyped = frame.index[frame["type"] < 0]
    assert set(untyped) == set(cantons.index[cantons["need_rate"].isna()])
    assert frame.loc[untyped, "name"].isna().all()
    mayotte = tables.cantons().query("department == '976'").index
    assert set(mayotte) <= set(untyped)


def test_paris_and_a_canton_of_the_creuse_are_of_different_types(embedded):
    frame = embedded.frame()
    creuse = tables.cantons().query("department == '23'").index
    assert frame.at["7599", "name"].startswith("Grandes villes")
    assert frame.loc[creuse, "name"].str.startswith("Rural").mean() > 0.8


def test_another_seed_gives_nearly_the_same_types(cantons, embedded):
    from sklearn.metrics import adjusted_rand_score

    other = typology(cantons, seed=7)
    if len(other.types) == len(embedded.types):
        assert adjusted_rand_score(other.label, embedded.label) > 0.8
    assert abs(len(other.types) - len(embedded.types)) <= 1


def test_too_few_cantons_are_refused():
    with pytest.raises(DataError, match="Trop peu de cantons"):
        typology(random_groups(CENTRES[:2], size=10))
    with pytest.raises(DataError, match="0 critères"):
        typology(pd.DataFrame({"population": np.ones(50)}, index=[f"{i:04d}" for i in range(50)]))


def test_a_feature_that_never_varies_is_dropped_with_a_note():
    table = random_groups(CENTRES).assign(aged_65p_share=0.2)
    found = typology(table)
    assert "aged_65p_share" not in found.features
    assert any("le même partout : part des 65 ans" in note for note in found.notes)


def test_features_of_a_canton_are_those_of_its_people(points, need):
    minutes = np.full(len(points), np.inf)
    places = np.zeros(len(points))
    canton = points["canton"]
    inside = np.flatnonzero((canton == "0301").to_numpy())
    minutes[inside], places[inside[0]] = 12.0, 3.0
    income = np.where(canton == "0301", np.log(20_000.0), np.nan)
    table = canton_features(points, need, income, Offer(minutes, places, 45.0))
    row = table.loc["0301"]
    bands = points.iloc[inside][["pop_0_19", "pop_20_64", "pop_65p"]]
    people = points.iloc[inside]["population"]
    expected = ((bands["pop_65p"] / bands.sum(axis=1)) * people).sum() / people.sum()
    assert row["aged_65p_share"] == pytest.approx(expected)
    assert row["density_km2"] == pytest.approx(people.sum() / points.iloc[inside]["area_km2"].sum())
    assert row["median_income_eur"] == pytest.approx(20_000)
    assert row["access_min"] == pytest.approx(12.0)
    assert row["places_per_1000"] == pytest.approx(3000 / need.persons[inside].sum())
    assert table.at["0302", "access_min"] == 45.0
    assert np.isnan(table.at["0302", "median_income_eur"])


def test_without_an_offer_its_features_are_unknown_not_0(cantons):
    assert cantons["access_min"].isna().all()
    assert cantons["places_per_1000"].isna().all()


def test_figures_are_shown_in_french():
    shown = {f.id: f.shown(1234.567) for f in FEATURES}
    assert shown["median_income_eur"] == "1\u202f235 €"
    assert shown["access_min"] == "1\u202f234,6 min"
    assert FEATURES[0].shown(0.2046) == "20,5 %"


def test_landscapes_follow_density():
    assert landscape(5) == LANDSCAPES[0][1]
    assert landscape(99.9) == "Rural"
    assert landscape(20_000) == "Grandes villes"


def test_types_alike_say_one_thing_more_until_they_differ():
    features = [f for f in FEATURES if f.id in ("need_rate", "aged_65p_share", "access_min")]
    apart = np.array([[1.0, 0.8, 0.3], [1.0, 0.8, -0.3], [0.1, 0.2, 0.0]])
    names = names_of(features, apart, np.array([20.0, 20.0, 20.0]))
    assert names[0] == "Rural très peu dense : besoin fort, population âgée, loin des lieux d'aide"
    assert names[1] == "Rural très peu dense : besoin fort, population âgée, près des lieux d'aide"
    assert names[2] == "Rural très peu dense : dans la moyenne"
    same = names_of(features, np.zeros((2, 3)), None)
    assert len(set(same)) == 2


@pytest.mark.official
def test_income_counts_where_it_is_loaded(points, official_dir):
    table = canton_features(points, estimate_here(points), gather(points).log_income)
    found = typology(table)
    assert "median_income_eur" in found.features
    assert not any("niveau de vie" in note for note in found.notes)
    assert found.stability[len(found.types)] >= 0.8
    assert any("revenus" in kind.name for kind in found.types)
