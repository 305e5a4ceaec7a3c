"""The real tour of the Ruffécois and the plan of the same service."""

import pytest

from planning.stopping import after_iterations
from planning.tours.real import FILE, ruffecois
from tests.planning.tours.pyvrp_days import refused_routes


@pytest.mark.official
def test_the_planner_drives_no_more_than_the_real_bus(official_folder):
    found = ruffecois(official_folder / FILE, after_iterations(1500), seed=1)
    real, plan, problem = found.published, found.planned, found.planned.problem
    assert len(found.notes) == 2  # a point in another region, and the parity of weeks
    assert len(real.days) == 9  # five odd days, and no tour on even Mondays
    assert [len(route.visits) for route in real.days] == [1, 1, 1, 1, 2, 2, 1, 2, 1]
    assert sum(stop.service_min for stop in problem.stops) == 46 * 60
    assert refused_routes(real) == []  # the real calendar stands within the limits
    assert 45 <= problem.day.lunch_min <= 60
    assert all(route.lunch_from_min is not None for route in real.days if len(route.visits) > 1)
    assert plan.feasible
    assert refused_routes(plan) == []
    sides = found.comparison
    assert sides.visits == (12, 12)
    assert sides.km[1] <= sides.km[0]
    assert sides.outings[1] <= sides.outings[0]
    assert plan.cost < real.cost
