import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import DataError
from planning.programme import (
    SCENARIOS,
    capacity,
    effective_week_h,
    programme,
    scenarios,
    training_months,
    yearly_cost,
)


def test_every_row_says_where_it_comes_from():
    found = programme()
    assert all(one.source and one.date for one in found.subsidies)
    assert all(one.source and one.low <= one.value <= one.high for one in found.assumptions)
    for figure in found.figures:
        for value, date, source in figure.readings:
            assert value
            assert "inconnu" in value or (date or source)


def test_published_totals_are_those_of_the_sources():
    sums = {
        (one.version, one.host): (sum(one.by_year_eur), sum(one.bonus_by_year_eur), one.months)
        for one in programme().subsidies
    }
    assert sums == {
        ("V1", "public"): (50_000, 0, 24),
        ("V1", "private"): (40_000, 0, 24),
        ("V2", "public"): (42_500, 7_500, 36),
        ("V2", "private"): (44_000, 0, 36),
    }


def test_figures_that_disagree_are_never_merged():
    budget = next(one for one in programme().figures if one.title == "Budget 2025")
    assert budget.disagree
    assert [value for value, *_ in budget.readings] == ["27,9", "49"]


def test_the_week_loses_training_travel_and_preparation():
    assumed = programme().values()
    assert effective_week_h(assumed) == pytest.approx(35 - 14 / 45 - 2 - 5)
    assert effective_week_h(assumed, 1.0) == pytest.approx(35 - 14 / 45 - 6 - 5)
    worst, best = programme().extremes()
    assert effective_week_h(worst, 0.5) < effective_week_h(assumed, 0.5)
    assert effective_week_h(best, 0.5) > effective_week_h(assumed, 0.5)


def test_a_position_serves_only_after_its_training():
    first = programme().values(initial_training_h=350, opening_quarters=1)
    assert training_months(first) == 4
    hours = capacity(100, 4, first)
    month = 100 * effective_week_h(first) * 45 / 12
    assert hours.tolist() == pytest.approx([0, 2 * month, 3 * month, 3 * month])


@settings(deadline=None)
@given(st.integers(1, 4000), st.integers(1, 8), st.sampled_from([70, 192, 350]), st.floats(0, 1))
def test_capacity_grows_up_to_all_positions(positions, opening, training, rural):
    assumed = programme().values(opening_quarters=opening, initial_training_h=training)
    hours = capacity(positions, 14, assumed, rural)
    assert (hours.diff().dropna() >= -1e-9).all()
    full = positions * effective_week_h(assumed, rural) * 45 / 4
    assert hours.iloc[-1] == pytest.approx(full)


def test_the_cost_of_one_public_position_in_a_bonus_zone():
    assumed = {**programme().values(), "public_share": 1.0, "bonus_share": 1.0}
    cost = yearly_cost(1, "V2", assumed)
    assert cost["state_eur"].tolist() == [20_000, 17_500, 12_500, 0]
    assert cost["host_eur"].tolist() == [5_000, 7_500, 12_500, 25_000]
    assert cost["aided"].tolist() == [True, True, True, False]


@settings(deadline=None)
@given(st.integers(1, 5000), st.sampled_from(["V1", "V2"]), st.floats(25_000, 40_000))
def test_state_and_host_pay_the_salaries_and_no_more(positions, version, salary):
    cost = yearly_cost(positions, version, programme().values(employer_cost_eur=salary))
    total = cost["state_eur"] + cost["host_eur"]
    assert total.to_numpy() == pytest.approx(positions * salary)
    assert (cost["host_eur"] >= -1e-6).all()


def test_scenarios_stand_side_by_side():
    table = scenarios(8_600_000, "V2", programme().values())
    assert tuple(table.index) == SCENARIOS
    assert table.at[4000, "persons_per_position"] == 2150
    assert table["state_eur"].is_monotonic_decreasing


def test_a_value_out_of_range_is_refused():
    with pytest.raises(DataError, match="entre 3 et 8"):
        programme().values(preparation_h=30)
    with pytest.raises(ValueError, match="unknown"):
        programme().values(lunch_h=1)
