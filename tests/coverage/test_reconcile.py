import pytest

from coverage.published import NATIONAL_2019, TOTAL_2021
from coverage.reconcile import ADULTS_2021, LEFT_OUT, PUBLIC_FIGURES, reconciliation


def by_figure(start):
    return next(f for f in PUBLIC_FIGURES if f.figure.startswith(start))


def test_the_four_numbers_of_the_debate_are_there():
    assert by_figure("15,4 %").year == "2021"
    assert by_figure("17 %").year == "2019"
    assert by_figure("13 millions").persons == 13_000_000
    assert by_figure("16 millions").share == 0.315


def test_one_figure_is_the_one_used_and_it_is_that_of_the_model():
    used = [f for f in PUBLIC_FIGURES if f.used]
    assert used == [PUBLIC_FIGURES[0]]
    assert used[0].share == TOTAL_2021.value
    assert by_figure("17 %").share == NATIONAL_2019.value


def test_computed_figures_follow_from_published_ones():
    assert abs(ADULTS_2021 - 55_559_017) <= 1  # INSEE rounds each age
    assert by_figure("15,4 %").persons == pytest.approx(8.556e6, rel=1e-3)
    assert "8,6 millions" in by_figure("15,4 %").differs
    assert "50,8 millions" in by_figure("16 millions").differs
    # "Half as many again" is what the text says of 13 millions.
    ratio = by_figure("13 millions").persons / by_figure("15,4 %").persons
    assert ratio == pytest.approx(1.5, abs=0.05)


def test_the_parts_of_the_rate_add_up():
    definition = by_figure("15,4 %").definition
    assert "13,9 %" in definition
    assert "1,5 %" in definition
    assert TOTAL_2021.value == pytest.approx(0.139 + 0.015)


def test_the_halo_adds_up_too():
    halo = by_figure("16 millions")
    assert "4,5 millions" in halo.definition
    assert "11,5 millions" in halo.definition
    assert halo.persons == pytest.approx(4.5e6 + 11.5e6)


def test_each_figure_says_what_it_counts_when_and_how_it_differs():
    for figure in PUBLIC_FIGURES:
        assert figure.unit
        assert figure.definition.endswith(".")
        assert figure.differs.endswith(".")
        assert figure.year
        assert figure.source
        assert figure.share is not None or figure.persons is not None
        assert figure.address.startswith("https://") or figure.persons == 13_000_000
    assert all(item.effect.endswith(".") for item in LEFT_OUT)
    assert any(item.persons == 652_000 for item in LEFT_OUT)


def test_the_table_has_one_row_a_figure():
    table = reconciliation()
    assert len(table) == len(PUBLIC_FIGURES)
    assert table["figure"].tolist() == [f.figure for f in PUBLIC_FIGURES]
    assert {"unit", "definition", "year", "source", "differs"} <= set(table)
