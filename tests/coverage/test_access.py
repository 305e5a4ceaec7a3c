import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access import curve, quantile, reach

MINUTES = np.array([4.0, 12.0, np.inf, 30.0])
PEOPLE = np.array([10.0, 30.0, 40.0, 20.0])


def test_shares_mean_and_who_is_out_of_reach():
    found = reach(MINUTES, PEOPLE, 45.0)
    assert found is not None
    assert found.share_within == {10: 0.1, 15: 0.4, 20: 0.4, 30: 0.6}
    assert found.share_unreached == pytest.approx(0.4)
    assert found.mean_min == pytest.approx((4 * 10 + 12 * 30 + 30 * 20) / 60)
    assert reach(MINUTES, np.array([0, 0, 0, np.nan]), 45.0) is None


def test_a_curve_says_the_same_as_shares():
    assert curve(MINUTES, PEOPLE, np.array([3.9, 4.0, 20.0, 45.0])).tolist() == pytest.approx(
        [0.0, 0.1, 0.4, 0.6]
    )
    assert np.isnan(curve(MINUTES, np.zeros(4), np.array([5.0]))).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_curves_rise_and_quantiles_invert_them(seed):
    rng = np.random.default_rng(seed)
    minutes, people = rng.uniform(0, 60, 25), rng.uniform(0.1, 9, 25)
    at_min = np.sort(rng.uniform(0, 60, 8))
    shares = curve(minutes, people, at_min)
    assert (np.diff(shares) >= 0).all()
    for part in (0.1, 0.5, 0.9):
        value = quantile(minutes, people, part)
        assert curve(minutes, people, np.array([value]))[0] >= part - 1e-9
        assert curve(minutes, people, np.array([value - 1e-9]))[0] < part + 1e-9


def test_quantiles_of_the_unreached_and_of_nobody():
    assert np.isinf(quantile(MINUTES, PEOPLE, 0.9))
    assert quantile(MINUTES, PEOPLE, 0.4) == 12.0
    assert np.isnan(quantile(MINUTES, np.zeros(4), 0.5))
