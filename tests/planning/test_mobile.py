import numpy as np

from coverage.travel import TravelTimes
from planning.mobile import best_step, mobile_steps


def line_times(n: int, spacing_min: float) -> TravelTimes:
    """Places and people on a line, one every ``spacing_min``."""
    at = np.arange(n) * spacing_min
    rows, columns = np.divmod(np.arange(n * n), n)
    codes = tuple(f"{i:02d}" for i in range(n))
    return TravelTimes.from_pairs(
        codes, codes, (rows, columns, np.abs(at[rows] - at[columns])), n * spacing_min
    )


def test_a_van_is_worth_it_when_many_small_places_are_far():
    times = line_times(12, 20.0)
    weights = np.array([1000.0, 5.0] + [50.0] * 10)
    steps = mobile_steps(times, weights, (np.array([0]), np.array([1])), 15.0, most=1)
    assert [step.served for step in steps] == [1005.0, 1252.5]
    assert best_step(steps).mobile == 1


def test_no_van_where_nobody_is_isolated():
    times = line_times(3, 5.0)
    weights = np.array([100.0, 100.0, 100.0])
    steps = mobile_steps(times, weights, (np.array([1]), np.array([0, 2])), 15.0, most=2)
    assert best_step(steps).mobile == 0
    assert len(steps) == 1  # a van without communes of its own is not even weighed
