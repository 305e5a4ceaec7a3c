import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.spread import Shared, Spread


def random_spread(seed: int, n: int) -> Spread:
    rng = np.random.default_rng(seed)
    shared = tuple(
        Shared(rng.uniform(0, 3, n), tuple(f"g{k}" for k in rng.integers(0, 3, n)))
        for _ in range(2)
    )
    return Spread(rng.normal(size=(4, n)), shared, rng.uniform(0, 5, n))


def covariance(spread: Spread) -> np.ndarray:
    """Write the covariance of the communes out in full, as equation (1) of the need means it."""
    found = spread.figures.T @ spread.figures + np.diag(spread.alone)
    for one in spread.shared:
        groups = np.array(one.group_of)
        found += np.outer(one.persons, one.persons) * (groups[:, None] == groups[None, :])
    return found


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 5))
def test_the_variance_of_a_set_is_that_of_the_whole_covariance(seed, n, n_set):
    spread = random_spread(seed, n)
    member = np.random.default_rng(seed + 1).integers(-1, n_set, n)
    inside = (member == np.arange(n_set)[:, None]).astype(float)
    expected = np.diag(inside @ covariance(spread) @ inside.T)
    np.testing.assert_allclose(spread.variance_of(member, n_set), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(spread.variance(), np.diag(covariance(spread)), rtol=1e-9)
    some = np.arange(0, n, 2)
    np.testing.assert_allclose(
        covariance(spread.at(some)), covariance(spread)[np.ix_(some, some)], rtol=1e-9, atol=1e-12
    )


def test_draws_have_the_covariance():
    spread = random_spread(3, 8)
    drawn = spread.draws(60_000, np.random.default_rng(0))
    assert np.cov(drawn.T) == pytest.approx(covariance(spread), rel=0.05, abs=0.3)
