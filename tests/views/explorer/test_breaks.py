import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import DataError
from views.parts.explorer.breaks import MOST, bounds_text, class_bounds, typed_bounds

VALUES = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=2, max_size=60)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.sampled_from(["quantiles", "naturelles"]), st.integers(3, MOST))
def test_bounds_increase_within_the_values(values, method, number):
    bounds = class_bounds(np.array(values), method, number, 1)
    assert len(bounds) < number
    assert list(bounds) == sorted(set(bounds))
    assert all(min(values) < bound <= max(values) for bound in bounds)


def test_quantiles_share_out_the_values():
    bounds = class_bounds(np.arange(1000.0), "quantiles", 4, 1)
    counts = np.bincount(np.searchsorted(bounds, np.arange(1000.0), side="right"))
    assert counts.tolist() == [250] * 4


def test_natural_breaks_fall_in_the_gaps():
    values = np.concatenate([np.linspace(low, low + 1, 30) for low in (0, 10, 20, 40)])
    assert class_bounds(values, "naturelles", 4, 1) == (5.5, 15.5, 30.5)


def test_natural_breaks_of_many_values_are_those_of_a_sample_in_rank():
    draw = np.random.default_rng(2)
    values = np.concatenate([draw.normal(mean, 1.0, 5000) for mean in (0, 20, 50)])
    bounds = class_bounds(values, "naturelles", 3, 1)
    assert 5 < bounds[0] < 15
    assert 25 < bounds[1] < 45


def test_counts_are_cut_at_two_figures():
    assert class_bounds(np.arange(0, 98_765.0), "quantiles", 3, None) == (33_000, 66_000)


@pytest.mark.parametrize("values", [[], [np.nan], [3.0], [3.0, 3.0, np.nan]])
def test_values_that_are_all_alike_make_one_class(values):
    assert class_bounds(np.array(values), "quantiles", 5, 1) == ()


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("10 ; 15 ; 20,5", (10, 15, 20.5)),
        ("10;15;20.5", (10, 15, 20.5)),
        (" -1\t0 2 ", (-1, 0, 2)),
        ("12", (12,)),
    ],
)
def test_bounds_are_read_as_people_write_them(text, bounds):
    assert typed_bounds(text) == bounds
    assert typed_bounds(bounds_text(bounds)) == bounds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Aucune borne"),
        (" ; ", "Aucune borne"),
        ("10 ; quinze", "« quinze » n'est pas un nombre"),
        ("10 ; nan", "n'est pas un nombre"),
        ("1e300", "n'est pas un nombre"),
        ("10 ; 10", "ne sont pas croissantes"),
        ("20 ; 15", "15,00 vient après 20,00"),
        ("1;2;3;4;5;6;7", "6 bornes au plus"),
        ("<script>", "n'est pas un nombre"),
    ],
)
def test_bounds_without_meaning_are_refused_with_an_example(text, said):
    with pytest.raises(DataError, match=said) as error:
        typed_bounds(text)
    assert "10 ; 15" in error.value.remedy
