import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import SourceError
from planning.allocation import Choices, allocate
from planning.granted import compare, gini, granted_by

COUNTS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 5000)), min_size=1, max_size=30
).filter(lambda rows: any(held for held, _ in rows))


@settings(deadline=None)
@given(COUNTS)
def test_gini_is_half_the_mean_difference(rows):
    held, people = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    rate, part = held / people, people / people.sum()
    mean = (part * rate).sum()
    slow = (part[:, None] * part * np.abs(rate[:, None] - rate)).sum() / (2 * mean)
    assert gini(pd.Series(held), pd.Series(people)) == pytest.approx(slow, abs=1e-9)


def test_gini_of_equal_rates_is_zero_and_unknown_need_is_left_out():
    persons = pd.Series([100.0, 200.0, np.nan])
    assert gini(pd.Series([1, 2, 40]), persons) == pytest.approx(0)
    assert np.isnan(gini(pd.Series([0, 0, 0]), persons))


def test_without_the_layer_nothing_is_compared(bare_machine):
    with pytest.raises(SourceError):
        compare(allocate(Choices(4000)))


@pytest.mark.official
def test_the_positions_of_april_2023(official_dir):
    found = compare(allocate(Choices(4000)))
    assert found.granted + found.unplaced == 3925
    assert found.provenance.vintage == "2023-04-05"
    assert found.units["granted"].sum() == found.granted
    assert found.units["gain"].sum() == 4000 - found.granted
    assert found.units["same_total"].sum() == pytest.approx(0, abs=1e-6)
    assert found.gini_proposed < 0.02 < found.gini_granted
    assert np.isnan(found.units.at["976", "granted_per_1000"])


@pytest.mark.official
@pytest.mark.parametrize("level", ["region", "department", "canton"])
def test_granted_positions_are_counted_once_at_each_level(official_dir, level):
    assert granted_by(level).sum() == 3922
