from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planning.staffing import positions_needed, share_positions


def test_each_position_goes_where_one_serves_the_most():
    added = share_positions(np.array([900.0, 300.0, 100.0]), np.array([1, 1, 0]), 3, "abc")
    # c has nobody yet and comes first; then a (900), then a again (450 > 300).
    np.testing.assert_array_equal(added, [2, 0, 1])


def test_where_nobody_is_posted_the_greater_load_comes_first():
    load = np.array([10.0, 100_000.0])
    np.testing.assert_array_equal(share_positions(load, np.zeros(2, int), 1, ["01", "69"]), [0, 1])


def test_no_site_means_nothing_to_share():
    assert share_positions(np.empty(0), np.empty(0, dtype=int), 3, "").size == 0


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), min_size=1, max_size=4),
    st.integers(0, 4),
)
def test_the_largest_load_per_position_is_the_smallest_possible(sites, positions):
    load = np.array([s[0] for s in sites], dtype=float)
    already = np.array([s[1] for s in sites])
    added = share_positions(load, already, positions, [f"{j:02d}" for j in range(len(sites))])
    assert added.sum() == positions

    def worst(extra):
        staff = already + np.array(extra)
        return max((np.inf if s == 0 else w / s) for w, s in zip(load, staff, strict=True))

    shares = (e for e in product(range(positions + 1), repeat=len(sites)) if sum(e) == positions)
    assert worst(added) <= min(map(worst, shares)) + 1e-9


def test_positions_needed_counts_the_overload_only():
    load, already = np.array([900.0, 300.0, 0.0]), np.array([1, 1, 1])
    assert positions_needed(load, already, 300.0) == 2
    assert positions_needed(load, already, 1000.0) == 0
