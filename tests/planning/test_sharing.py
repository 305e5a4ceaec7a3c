"""Each method keeps what it is said to keep, and breaks what it is said to break."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import InfeasibleError
from planning.sharing import GUARANTEES, METHODS, Claims, exact_shares, share

WEIGHTS = st.lists(st.integers(1, 100_000), min_size=1, max_size=12)
LARGE = 10**6


def free(weights, hours=None):
    """Claims without floors nor caps."""
    n = len(weights)
    return Claims(
        np.array(weights, dtype=float),
        np.zeros(n, dtype=np.int64),
        np.full(n, LARGE),
        np.ones(n) if hours is None else np.array(hours, dtype=float),
    )


@st.composite
def bounded(draw):
    """Claims with floors and caps, and a total that fits."""
    weights = draw(st.lists(st.integers(1, 9_999), min_size=1, max_size=8))
    low = np.array([draw(st.integers(0, 6)) for _ in weights])
    high = low + np.array([draw(st.integers(0, 20)) for _ in weights])
    hours = np.array([draw(st.integers(600, 1400)) for _ in weights], dtype=float)
    total = draw(st.integers(int(low.sum()), int(high.sum())))
    return total, Claims(np.array(weights, dtype=float), low, high, hours)


@settings(deadline=None, max_examples=150)
@given(bounded(), st.sampled_from(METHODS))
def test_sums_are_exact_within_the_bounds(case, method):
    total, claims = case
    found = share(total, claims, method)
    assert found.positions.sum() == total
    assert (found.positions >= claims.low).all()
    assert (found.positions <= claims.high).all()
    assert found.exact.sum() == pytest.approx(total)


@st.composite
def weights_and_hours(draw):
    weights = draw(WEIGHTS)
    return weights, [draw(st.integers(600, 1400)) for _ in weights]


@settings(deadline=None, max_examples=150)
@given(weights_and_hours(), st.integers(0, 400), st.sampled_from(METHODS))
def test_the_quota_rule_holds_where_it_is_promised(case, total, method):
    weights, hours = np.array(case[0], dtype=float), np.array(case[1], dtype=float)
    claimed = weights / hours if method == "max-min" else weights
    exact = total * claimed / claimed.sum()
    shared = share(total, free(weights, hours), method)
    found = shared.positions
    np.testing.assert_allclose(shared.exact, exact, atol=1e-6)
    if GUARANTEES[method].lower_quota:
        assert (found >= np.floor(exact - 1e-9)).all()
    if GUARANTEES[method].upper_quota:
        assert (found <= np.ceil(exact + 1e-9)).all()


@settings(deadline=None, max_examples=150)
@given(bounded(), st.sampled_from(METHODS))
def test_nobody_loses_when_the_total_grows_where_it_is_promised(case, method):
    total, claims = case
    if GUARANTEES[method].house_monotone and total < claims.high.sum():
        before = share(total, claims, method).positions
        after = share(total + 1, claims, method).positions
        assert (after >= before).all()


@settings(deadline=None, max_examples=60)
@given(bounded())
def test_largest_remainders_stay_within_one_of_the_bounded_share(case):
    total, claims = case
    found = share(total, claims, "largest-remainder")
    assert (np.abs(found.positions - found.exact) < 1 + 1e-9).all()


def test_equal_remainders_go_to_the_heavier_whatever_the_rounding():
    assert share(7, free([33, 9]), "largest-remainder").positions.tolist() == [6, 1]


def sharings(total, n):
    return (
        tuple(np.diff((-1, *cut, total + n - 1)) - 1)
        for cut in itertools.combinations(range(total + n - 1), n - 1)
    )


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 500), min_size=2, max_size=4),
    st.integers(1, 9),
    st.data(),
)
def test_no_sharing_gives_the_least_served_more(weights, total, data):
    hours = [data.draw(st.integers(600, 1400)) for _ in weights]
    found = share(total, free(weights, hours), "max-min").positions
    rates = np.array(hours) / np.array(weights)
    best = max(min(np.array(one) * rates) for one in sharings(total, len(weights)))
    assert min(found * rates) == pytest.approx(best)


def test_largest_remainders_take_a_position_back_when_the_total_grows():
    """The Alabama paradox: a known case, and the reason why it promises nothing there."""
    weights = [6, 6, 2]
    ten = share(10, free(weights), "largest-remainder").positions
    eleven = share(11, free(weights), "largest-remainder").positions
    assert ten[2] == 2
    assert eleven[2] == 1


def test_sainte_lague_may_leave_the_quota():
    """A giant among dwarfs: its exact share is 89.6 and it receives 88."""
    weights = [896, *[26] * 4]
    exact = 100 * np.array(weights) / sum(weights)
    found = share(100, free(weights), "sainte-lague").positions
    assert found[0] != np.floor(exact[0])
    assert found[0] not in (np.floor(exact[0]), np.ceil(exact[0]))


def test_ties_go_to_the_heavier_then_to_the_first_code():
    assert share(1, free([5, 5]), "sainte-lague").positions.tolist() == [1, 0]
    assert share(3, free([5, 5]), "largest-remainder").positions.tolist() == [2, 1]
    assert share(1, free([5, 9, 9]), "max-min").positions.tolist() == [0, 1, 0]


def test_what_does_not_fit_is_refused_with_the_numbers():
    claims = Claims(np.ones(2), np.array([3, 3]), np.array([4, 4]), np.ones(2))
    with pytest.raises(InfeasibleError, match="en demandent 6"):
        share(5, claims, "sainte-lague")
    with pytest.raises(InfeasibleError, match="que 8"):
        share(9, claims, "sainte-lague")


def test_a_claim_without_weight_keeps_its_floor():
    claims = Claims(np.array([0.0, 8.0]), np.array([2, 0]), np.array([9, 9]), np.ones(2))
    for method in METHODS:
        assert share(7, claims, method).positions.tolist() == [2, 5]


@settings(deadline=None, max_examples=80)
@given(bounded())
def test_exact_shares_are_proportional_between_the_bounds(case):
    total, claims = case
    exact = exact_shares(total, claims.weights, claims.low, claims.high)
    between = (exact > claims.low + 1e-9) & (exact < claims.high - 1e-9)
    rates = exact[between] / claims.weights[between]
    assert rates.size < 2 or np.ptp(rates) <= 1e-9 * rates.max()
