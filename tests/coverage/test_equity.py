import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coverage.equity import equity, interval, need_draws

ONE = np.zeros(100, dtype=int)


@pytest.fixture(scope="module")
def country(points, need):
    return points["department"].to_numpy(), need


def gini_by_pairs(amounts, people) -> float:
    share = people / people.sum()
    mean = share @ amounts
    return float(share @ np.abs(amounts[:, None] - amounts[None, :]) @ share / (2 * mean))


def test_equal_shares_are_perfectly_even():
    found = equity(np.full(5, 3.0), np.arange(1.0, 6.0), np.arange(5), 2.0)
    assert found.gini == pytest.approx(0, abs=1e-12)
    assert found.theil == pytest.approx(0, abs=1e-12)
    assert (found.p10, found.p50, found.p90, found.share_below) == (3.0, 3.0, 3.0, 0.0)
    assert found.palma == pytest.approx(0.25)


def test_known_figures():
    # Two equal halves, one with nothing: Gini 1/2, Theil ln 2.
    found = equity(np.array([0.0, 2.0]), np.array([5.0, 5.0]), np.array([0, 1]), 1.0)
    assert found.gini == pytest.approx(0.5)
    assert found.theil == pytest.approx(np.log(2))
    assert found.theil_between == pytest.approx(np.log(2))
    assert found.share_below == 0.5
    assert equity(np.array([1.0, 2.0]), np.ones(2), np.array([0, 1]), 1.0).share_below == 0.0
    assert np.isnan(found.palma)
    # One person in ten holds what nine others hold together: Palma (1/2) / (4 · 1/18).
    found = equity(np.array([1.0] * 9 + [9.0]), np.ones(10), ONE[:10], 0.0)
    assert found.palma == pytest.approx(0.5 / (4 / 18))
    assert (found.p10, found.p50, found.p90) == (1.0, 1.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, 30, elements=st.floats(0, 100)),
    arrays(float, 30, elements=st.floats(0.5, 50)),
    arrays(int, 30, elements=st.integers(0, 4)),
)
def test_definitions_and_properties(amounts, people, groups):
    found = equity(amounts, people, groups, 10.0)
    if amounts.max() <= 1e-6:
        return
    assert found.gini == pytest.approx(gini_by_pairs(amounts, people), abs=1e-9)
    assert found.theil == pytest.approx(found.theil_within + found.theil_between)
    assert found.theil_within >= -1e-9
    assert found.theil_between >= -1e-9
    assert found.p10 <= found.p50 <= found.p90
    # A change of unit, and the order of rows, change nothing.
    order = np.random.default_rng(0).permutation(30)
    other = equity(7 * amounts[order], people[order], groups[order], 70.0)
    assert other.gini == pytest.approx(found.gini, abs=1e-9)
    assert other.theil_between == pytest.approx(found.theil_between, abs=1e-9)
    assert other.share_below == pytest.approx(found.share_below, abs=0.2)


def test_nobody_and_unknown_amounts():
    assert np.isnan(equity(np.ones(2), np.zeros(2), np.zeros(2, int), 1.0).gini)
    found = equity(np.array([1.0, np.inf, np.nan]), np.ones(3), np.zeros(3, int), 1.0)
    assert found.mean == 1.0
    nothing = equity(np.zeros(3), np.ones(3), np.zeros(3, int), 1.0)
    assert np.isnan(nothing.gini)
    assert nothing.share_below == 1.0
    with pytest.raises(ValueError, match="negative"):
        equity(np.array([-1.0]), np.ones(1), np.zeros(1, int), 1.0)


def test_draws_carry_the_interval_of_the_need(country):
    department, need = country
    rows = np.flatnonzero(department == "03")
    ours = need.at(rows)
    draws = need_draws(ours, 2000, seed=1)
    assert draws.shape == (2000, len(rows))
    assert (draws >= 0).all()
    assert (draws <= ours.persons_15p + 1e-6).all()
    np.testing.assert_array_equal(draws, need_draws(ours, 2000, seed=1))
    published = ours.by(["03"] * len(rows)).iloc[0]
    low, high = np.quantile(draws.sum(axis=1), [0.05, 0.95])
    assert low == pytest.approx(published["low"], rel=0.03)
    assert high == pytest.approx(published["high"], rel=0.03)
    amounts = np.random.default_rng(0).uniform(0, 5, len(rows))
    groups = np.arange(len(rows)) % 7
    central = equity(amounts, ours.persons, groups, 1.0)
    lower, upper = interval(lambda people: equity(amounts, people, groups, 1.0), draws)
    assert lower.gini < central.gini < upper.gini
    assert lower.share_below < central.share_below < upper.share_below


def test_draws_where_need_is_unknown_stay_unknown(country):
    department, need = country
    mayotte = np.flatnonzero(department == "976")
    assert np.isnan(need_draws(need.at(mayotte), 3)).all()
