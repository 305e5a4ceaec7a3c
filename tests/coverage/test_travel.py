from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.travel import TravelTimes
from geodata.errors import DataError


def times(triples: list[tuple[int, int, float]], shape: tuple[int, int], limit: float = 30.0):
    rows = np.array([t[0] for t in triples], dtype=np.intp)
    columns = np.array([t[1] for t in triples], dtype=np.intp)
    minutes = np.array([t[2] for t in triples], dtype=float)
    return TravelTimes.from_pairs(
        tuple(f"o{i}" for i in range(shape[0])),
        tuple(f"d{j}" for j in range(shape[1])),
        (rows, columns, minutes),
        limit,
    )


def test_absent_is_beyond_the_limit_and_a_true_zero_is_stored():
    table = times([(0, 0, 0.0), (0, 1, 12.0), (1, 1, 31.0)], (3, 2))
    assert table.minutes.nnz == 2
    np.testing.assert_array_equal(table.dense(), [[0.0, 12.0], [np.inf, np.inf], [np.inf, np.inf]])
    column, minutes = table.nearest()
    np.testing.assert_array_equal(column, [0, -1, -1])
    np.testing.assert_array_equal(minutes, [0.0, np.inf, np.inf])
    np.testing.assert_array_equal(table.within(15), [True, False, False])


def test_a_zero_survives_restriction_and_a_file(tmp_path: Path):
    table = times([(0, 1, 0.0), (2, 0, 5.0)], (3, 2))
    table.save(tmp_path / "times.npz")
    again = TravelTimes.load(tmp_path / "times.npz")
    np.testing.assert_array_equal(again.dense(), table.dense())
    assert again.origins == table.origins
    assert again.limit_min == table.limit_min
    part = table.restrict(origins=np.array([2, 0]), destinations=np.array([1]))
    assert part.origins == ("o2", "o0")
    np.testing.assert_array_equal(part.dense(), [[np.inf], [0.0]])


def test_ties_go_to_the_first_name_whatever_the_order_of_columns():
    table = times([(0, 0, 7.0), (0, 1, 7.0)], (1, 2))
    swapped = table.restrict(destinations=np.array([1, 0]))
    assert table.destinations[table.nearest()[0][0]] == "d0"
    assert swapped.destinations[swapped.nearest()[0][0]] == "d0"
    for one in (table, swapped):
        kept = one.k_nearest(1)
        assert [kept.destinations[k] for k in kept.minutes.indices] == ["d0"]


def test_what_is_not_a_travel_time_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="negative"):
        times([(0, 0, -1.0)], (1, 1))
    with pytest.raises(ValueError, match="unique"):
        TravelTimes.from_pairs(
            ("a", "a"), ("d",), (np.array([0]), np.array([0]), np.array([1.0])), 5.0
        )
    with pytest.raises(ValueError, match="beyond the limit"):
        times([(0, 0, 3.0)], (1, 1)).within(31)
    wrong = tmp_path / "times.npz"
    times([(0, 0, 3.0)], (1, 1)).save(wrong)
    whole = wrong.read_bytes()
    for damaged in (b"not an archive", whole[:-10], whole[: len(whole) // 2]):
        wrong.write_bytes(damaged)
        with pytest.raises(DataError, match="temps de trajet"):
            TravelTimes.load(wrong)
    with pytest.raises(ValueError, match="unique"):
        times([(0, 0, 3.0), (0, 0, 0.0)], (1, 1))


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 4), st.floats(0, 40)),
        max_size=30,
        unique_by=lambda t: (t[0], t[1]),
    ),
    st.integers(1, 4),
)
def test_selections_agree_with_the_dense_table(triples, k):
    table = times(triples, (6, 5))
    dense = np.full((6, 5), np.inf)
    for i, j, minutes in triples:
        if minutes <= 30:
            dense[i, j] = minutes
    np.testing.assert_array_equal(table.dense(), dense)
    np.testing.assert_array_equal(table.nearest()[1], dense.min(axis=1))
    kept = table.k_nearest(k).dense()
    np.testing.assert_array_equal(np.sort(kept, axis=1)[:, :k], np.sort(dense, axis=1)[:, :k])
    np.testing.assert_array_equal(table.up_to(10).dense(), np.where(dense <= 10, dense, np.inf))
