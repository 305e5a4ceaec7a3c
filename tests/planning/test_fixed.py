import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.travel import TravelTimes
from planning.fixed import ModelChoice, SitingInputs, busiest_team, choose_fixed_sites


def on_a_line(at: list[float], weights: list[float], existing: list[int]) -> SitingInputs:
    """People and possible places at the same points of a line, ``at`` in minutes."""
    where = np.array(at)
    n = len(at)
    rows, columns = np.divmod(np.arange(n * n), n)
    codes = tuple(f"{i:02d}" for i in range(n))
    times = TravelTimes.from_pairs(
        codes, codes, (rows, columns, np.abs(where[rows] - where[columns])), 200.0
    )
    mask = np.isin(np.arange(n), existing)
    return SitingInputs(times, np.array(weights, dtype=float), mask, np.ones(n, bool), np.zeros(n))


def choice(ratio: float = 1.5, least: float = 0.0) -> ModelChoice:
    return ModelChoice("p-median", 20.0, ratio, least)


def test_every_position_is_placed_and_every_new_site_has_one():
    inputs = on_a_line([0, 10, 20, 60, 70], [100, 20, 30, 50, 40], [])
    for positions in range(1, 9):
        plan = choose_fixed_sites(inputs, positions, choice())
        assert plan.positions.sum() == positions
        assert plan.load.sum() == pytest.approx(240)


def test_a_crowded_existing_place_is_reinforced_before_small_ones_open():
    inputs = on_a_line([0, 30, 60], [1000, 10, 10], [0])
    plan = choose_fixed_sites(inputs, 2, choice(ratio=1.0))
    np.testing.assert_array_equal(plan.positions, [1, 1, 0])


def test_without_crowding_positions_open_sites_where_nobody_is():
    inputs = on_a_line([0, 30, 60], [100, 100, 100], [0])
    plan = choose_fixed_sites(inputs, 2, choice(ratio=2.0))
    np.testing.assert_array_equal(plan.positions, [0, 1, 1])


def test_a_handful_of_people_are_not_given_a_full_time_counsellor():
    inputs = on_a_line([0, 30, 60], [1000, 600, 10], [0])
    free = choose_fixed_sites(inputs, 2, choice(ratio=2.0))
    np.testing.assert_array_equal(free.positions, [0, 1, 1])
    worth = choose_fixed_sites(inputs, 2, choice(ratio=2.0, least=0.5))
    np.testing.assert_array_equal(worth.positions, [1, 1, 0])


def test_where_nothing_exists_a_site_opens_however_few_it_serves():
    inputs = on_a_line([0, 300], [10, 1000], [])
    plan = choose_fixed_sites(inputs, 3, choice(least=1.0))
    assert plan.positions.sum() == 3
    assert (plan.positions > 0).any()


@given(st.lists(st.integers(1, 500), min_size=2, max_size=6), st.integers(1, 6), st.booleans())
def test_each_new_site_is_worth_its_counsellor(weights, positions, some_exist):
    inputs = on_a_line([17.0 * k for k in range(len(weights))], weights, [0] * some_exist)
    plan = choose_fixed_sites(inputs, positions, choice(ratio=3.0, least=0.5))
    new = (plan.positions > 0) & ~inputs.existing
    assert plan.positions.sum() == positions
    if some_exist or new.sum() > 1:
        assert (plan.load[new] >= 0.5 * sum(weights) / positions - 1e-6).all()


def test_more_positions_than_places_are_stacked_where_people_are():
    inputs = on_a_line([0, 30], [300, 100], [])
    plan = choose_fixed_sites(inputs, 8, choice())
    np.testing.assert_array_equal(plan.positions, [6, 2])


def test_the_busiest_team_counts_the_people_who_are_there_already():
    inputs = on_a_line([0, 30, 60], [1000, 600, 10], [0])
    load = np.array([1000.0, 600.0, 10.0])
    assert busiest_team(inputs, np.array([1, 1, 0]), load) == 600
    assert busiest_team(inputs, np.array([0, 0, 0]), load) == 1000
    nowhere = on_a_line([0, 30], [10, 10], [])
    assert np.isnan(busiest_team(nowhere, np.array([0, 0]), np.zeros(2)))
