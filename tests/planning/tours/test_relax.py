"""What to relax is tried before it is said."""

from dataclasses import replace

from planning.stopping import after_iterations
from planning.tours import solve


def test_infeasible_demand_says_what_would_make_it_fit(problem_of):
    problem = problem_of(26, every=(2,), service=(180.0,), side_km=25.0)
    plan = solve(problem, after_iterations(150))
    assert not plan.feasible
    assert {item.kind for item in plan.unserved} == {"full"}
    vans = next(text for text in plan.relaxations if "véhicule" in text)
    assert "toutes les visites tiennent" in vans
    assert any("deux fois moins souvent" in text for text in plan.relaxations)
    assert any("samedi" in text for text in plan.relaxations)
    number = int(vans.split()[1])
    more = replace(problem, bases=(replace(problem.bases[0], vans=1 + number),))
    assert solve(more, after_iterations(150)).feasible


def test_the_part_that_fits_is_planned(problem_of):
    problem = problem_of(26, every=(2,), service=(180.0,), side_km=25.0)
    plan = solve(problem, after_iterations(150))
    assert plan.visits_required == 52
    assert 30 <= plan.visits_served <= 40  # 20 days of two half-days at the most


def test_a_plan_that_fits_has_nothing_to_relax(problem_of):
    assert solve(problem_of(5), after_iterations(20)).relaxations == ()
