import numpy as np
import pytest

from coverage import need as need_model
from coverage.ages import BANDS, national_split
from coverage.published import PYRAMID_2021


def test_the_nation_keeps_its_published_rate(need):
    assert np.nansum(need.persons) / np.nansum(need.persons_15p) == pytest.approx(0.154, abs=1e-9)


def test_the_split_of_ages_gives_back_the_national_pyramid(points):
    groups = points[list(BANDS)].sum().to_numpy(dtype=float) @ national_split(points).matrix
    # The snapshot's ages leave Mayotte out, which the published pyramid holds.
    assert groups.sum() == pytest.approx(sum(PYRAMID_2021.values()), rel=0.01)


def test_an_older_commune_has_a_higher_rate(points, need):
    share_65p = (points["pop_65p"] / points[list(BANDS)].sum(axis=1)).to_numpy(dtype=float)
    known = np.isfinite(share_65p) & np.isfinite(need.rate)
    by_age = np.array_split(need.rate[known][np.argsort(share_65p[known])], 10)
    assert (np.diff([part.mean() for part in by_age]) > 0).all()


def test_an_empty_commune_has_nobody_and_no_rate(points, need):
    empty = (points["population"] == 0).to_numpy()
    assert empty.sum() == 6
    assert (need.persons[empty] == 0).all()
    assert np.isnan(need.rate[empty]).all()


def test_mayotte_gets_no_estimate(points, need):
    mayotte = (points["department"] == "976").to_numpy()
    assert (need.tier[mayotte] == 0).all()
    assert np.isnan(need.persons[mayotte]).all()


def test_every_other_inhabited_commune_gets_a_rate_and_an_interval_around_it(points, need):
    lived_in = ((points["population"] > 0) & (points["department"] != "976")).to_numpy()
    assert ((need.rate[lived_in] > 0) & (need.rate[lived_in] < 1)).all()
    assert (need.low[lived_in] < need.persons[lived_in]).all()
    assert (need.persons[lived_in] < need.high[lived_in]).all()


def test_a_small_commune_does_not_look_precise(points, need):
    population = points["population"].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        width = (need.high - need.low) / need.persons
    small, large = (population > 0) & (population < 100), population > 50_000
    assert np.nanmedian(width[small]) > 1.5 * np.nanmedian(width[large])


def test_the_order_of_rows_changes_nothing(points, need):
    shuffled = points.sample(frac=1.0, random_state=1)
    again = need_model.estimate(shuffled).frame().loc[points.index]
    np.testing.assert_allclose(again["persons"], need.persons)
    np.testing.assert_allclose(again["high"], need.high)
