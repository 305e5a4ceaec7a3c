from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from geodata.errors import CoverageError, DataError, InfeasibleError
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.rules import GroupRule, Rules
from tests.planning.siting.oracles import random_problem


def test_zeros_are_kept_and_the_input_is_not_shared():
    costs = sparse.csr_array(([0.0, 3.0], ([0, 1], [0, 0])), shape=(2, 1))
    problem = SitingProblem(costs, np.ones(2), 1, ("a", "b"), ("x",))
    costs.data[:] = 9
    assert problem.costs_min.nnz == 2
    assert problem.costs_min.data.tolist() == [0.0, 3.0]
    assert problem.unserved_min == 6


BAD = {
    "weights_negative": {"weights": np.full(14, -1.0)},
    "weights_nan": {"weights": np.full(14, np.nan)},
    "weights_short": {"weights": np.ones(3)},
    "codes_twice": {"demand_codes": ("a",) * 14},
    "codes_short": {"candidate_codes": ("a",)},
    "no_site": {"sites": 0},
    "half_site": {"sites": 2.5},
    "too_many_sites": {"sites": 10},
    "penalty_negative": {"penalty_min": np.full(9, -1.0)},
    "no_threshold": {"model": "max-cover"},
    "negative_threshold": {"model": "max-cover", "cover_min": -1.0},
    "cheap_unserved": {"unserved_min": 3.0},
    "unserved_nan": {"unserved_min": np.nan},
    "no_capacity": {"model": "capacitated"},
    "no_position": {"model": "capacitated", "capacity": 5.0, "positions": 0},
    "too_many_imposed": {"kept": np.ones(9, dtype=bool)},
    "imposed_and_forbidden": {
        "kept": np.arange(9) == 1,
        "forbidden": np.arange(9) == 1,
    },
    "times_negative": {"costs_min": sparse.csr_array(-np.ones((14, 9)))},
    "times_infinite": {"costs_min": sparse.csr_array(np.full((14, 9), np.inf))},
    "budget_without_cost": {"rules": Rules(budget_eur=5.0)},
    "cost_short": {"rules": Rules(budget_eur=5.0, cost_eur=np.ones(2))},
    "negative_distance": {"rules": Rules(farthest_min=-1.0)},
    "group_upside_down": {
        "rules": Rules(groups=(GroupRule("canton", np.ones(9, dtype=bool), 3, 2),))
    },
}


@pytest.mark.parametrize("name", BAD)
def test_nonsense_is_refused_in_french(name):
    with pytest.raises(CoverageError) as caught:
        replace(random_problem(0), **BAD[name])
    assert str(caught.value).endswith(".")


def test_too_many_sites_says_how_many_are_possible():
    with pytest.raises(InfeasibleError, match="10 sites sont demandés pour 9 possibles"):
        random_problem(0, p=10)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "p-hub"},
        {"kept": np.zeros(3, dtype=bool)},
        {"kept": np.zeros(9)},
        {"rules": Rules(groups=(GroupRule("x", np.zeros(2, dtype=bool)),))},
    ],
)
def test_programming_mistakes_stay_value_errors(change):
    with pytest.raises(ValueError, match=r"model|mask"):
        replace(random_problem(0), **change)


def test_dense_costs_are_a_type_error():
    with pytest.raises(TypeError):
        replace(random_problem(0), costs_min=np.ones((14, 9)))


def test_empty_problems_are_refused():
    with pytest.raises(DataError, match="au moins un besoin"):
        SitingProblem(sparse.csr_array((0, 3)), np.ones(0), 1, (), ("a", "b", "c"))


def test_one_pair_twice_is_refused():
    twice = sparse.coo_array(([1.0, 2.0], ([0, 0], [0, 0])), shape=(1, 1))
    with pytest.raises(DataError, match="plusieurs temps"):
        SitingProblem(twice, np.ones(1), 1, ("a",), ("x",))


def test_points_must_be_pairs_of_numbers():
    with pytest.raises(DataError):
        PointCosts(np.ones((3, 3)), np.ones((3, 2)))
    with pytest.raises(DataError):
        PointCosts(np.full((3, 2), np.nan), np.ones((3, 2)))


def test_point_minutes_are_great_circle_minutes():
    points = PointCosts(np.array([[2.0, 46.0]]), np.array([[2.0, 47.0], [2.0, 46.0]]))
    columns, minutes = points.nearest(np.array([0]), 2)
    assert columns.tolist() == [[1, 0]]
    one_degree_km = np.pi / 180 * 6371.0088
    assert minutes[0] == pytest.approx([0.0, one_degree_km * 1.3 / 50 * 60], abs=1e-9)
    assert points.within(one_degree_km * 1.3 / 50 * 60 + 1e-9).nnz == 2
    assert points.within(1.0).nnz == 1
