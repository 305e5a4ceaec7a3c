"""From isolated communes to stops: sharing, rhythm, length."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geodata.errors import DataError
from planning.tours import StopRules, dense_minutes, isolated_stops
from planning.tours.stops import every_weeks, visit_length


def line(n, step=5.0):
    at = np.arange(n) * step
    return np.abs(at[:, None] - at[None])


def test_a_small_commune_shares_the_stop_of_its_nearest_neighbour():
    persons = np.array([100.0, 10.0, 40.0, 12.0])
    stops = isolated_stops(["A", "B", "C", "D"], list("abcd"), persons, line(4))
    assert [stop.communes for stop in stops] == [("A", "B"), ("C", "D")]
    assert [stop.persons for stop in stops] == [110.0, 52.0]
    assert [stop.every_weeks for stop in stops] == [2, 4]


def test_a_small_commune_out_of_reach_has_its_own_stop():
    persons = np.array([100.0, 10.0])
    stops = isolated_stops(["A", "B"], ["a", "b"], persons, line(2, 9.0))
    assert [stop.commune_code for stop in stops] == ["A", "B"]


def test_a_commune_of_some_size_has_its_own_stop_however_near():
    persons = np.array([100.0, StopRules().small_persons + 1.0])
    stops = isolated_stops(["A", "B"], ["a", "b"], persons, line(2, 1.0))
    assert [stop.communes for stop in stops] == [("A",), ("B",)]


def test_order_of_communes_changes_nothing():
    persons = np.array([30.0, 30.0, 20.0, 15.0])
    codes = ["A", "B", "C", "D"]
    turned = [2, 0, 3, 1]
    one = isolated_stops(codes, codes, persons, line(4))
    two = isolated_stops(
        [codes[i] for i in turned],
        [codes[i] for i in turned],
        persons[turned],
        line(4)[np.ix_(turned, turned)],
    )
    strip = [(s.commune_code, s.communes, s.every_weeks, s.service_min) for s in one]
    assert strip == [(s.commune_code, s.communes, s.every_weeks, s.service_min) for s in two]


@settings(deadline=None)
@given(
    persons=st.lists(st.floats(0, 400), min_size=1, max_size=12),
    step=st.floats(1, 30),
    weeks=st.sampled_from([1, 2, 4]),
)
def test_everyone_is_served_once_at_the_caseload(persons, step, weeks):
    codes = [f"{i:02d}" for i in range(len(persons))]
    rules = StopRules()
    stops = isolated_stops(codes, codes, np.array(persons), line(len(persons), step), weeks=weeks)
    served = [code for stop in stops for code in stop.communes]
    assert sorted(served) == [code for code, n in zip(codes, persons, strict=True) if n > 0]
    assert sum(stop.persons for stop in stops) == pytest.approx(sum(persons))
    for stop in stops:
        assert weeks % stop.every_weeks == 0
        assert rules.shortest_service_min <= stop.service_min <= rules.longest_service_min
        if stop.every_weeks > 1:
            assert stop.persons <= rules.caseload * 4 / stop.every_weeks


def test_rhythm_and_length_grow_with_need():
    assert [every_weeks(n, 60.0) for n in (1, 60, 61, 120, 121, 5000)] == [4, 4, 2, 2, 1, 1]
    assert every_weeks(10, 60.0, weeks=2) == 2
    rules = StopRules()
    lengths = [visit_length(n, 4, rules) for n in (10, 50, 55, 60)]
    assert lengths == [150.0, 150.0, 165.0, 180.0]
    assert visit_length(10_000, 1, rules) == 210.0


def test_small_stops_become_optional_at_their_worth():
    rules = StopRules(fewest_persons=20.0, eur_per_person=3.0)
    [stop] = isolated_stops(["A"], ["a"], np.array([10.0]), np.zeros((1, 1)), rules=rules)
    assert stop.prize_eur == 30.0


def test_unknown_need_is_refused_and_named():
    with pytest.raises(DataError, match=r"Besoin inconnu.*B"):
        isolated_stops(["A", "B"], ["a", "b"], np.array([1.0, np.nan]), line(2))


def test_a_sparse_table_keeps_its_zeros_and_its_holes():
    table = csr_array((np.array([0.0, 7.0]), ([0, 1], [0, 0])), shape=(2, 2))
    dense = dense_minutes(table)
    assert dense[0, 0] == 0
    assert dense[1, 0] == 7
    assert np.isinf(dense[:, 1]).all()
