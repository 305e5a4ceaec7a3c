"""What to relax is tried before it is said."""

from dataclasses import replace

import pytest

from planning.stopping import after_iterations, after_seconds, or_when
from planning.tours import Unserved, solve
from planning.tours.relax import NOT_TRIED, suggest


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


@pytest.mark.parametrize("needed", [1, 3, 5, 8, 11, 16])
def test_the_fewest_vans_are_found_not_a_power_of_two(problem_of, needed):
    plan = solve(problem_of(6), after_iterations(0))
    full = replace(plan, unserved=(Unserved(0, "03000", 1, "full", ""),))
    tried = []

    def trial(problem, start):
        tried.append(problem)
        fits = problem.bases[0].vans > needed  # one is there already
        return plan if fits else full

    [vans, *_] = suggest(full, trial)
    assert vans == f"Avec {needed} véhicule(s) de plus à Base 0 : toutes les visites tiennent."


def test_what_helps_nothing_is_not_said(problem_of):
    plan = solve(problem_of(6), after_iterations(0))
    full = replace(plan, unserved=(Unserved(0, "03000", 4, "full", ""),))
    better = replace(plan, unserved=(Unserved(0, "03000", 3, "full", ""),))
    assert suggest(full, lambda *_: full) == ()
    assert all("encore 3 visite(s)" in text for text in suggest(full, lambda *_: better))


def test_nothing_is_tried_once_someone_asked_to_stop(problem_of):
    problem = problem_of(26, every=(2,), service=(180.0,), side_km=25.0)
    plan = solve(problem, or_when(after_iterations(150), lambda: True))
    assert plan.left_for_room
    assert plan.relaxations == (NOT_TRIED,)
    # Asked in the middle of the trials: what was found before is kept.
    asked = []
    told = solve(
        problem,
        or_when(after_iterations(150), lambda: bool(asked)),
        progress=lambda step: asked.append(1) if "Recherche" in step.message else None,
    )
    assert told.relaxations[-1] == NOT_TRIED


def test_trials_take_a_quarter_of_a_time_limit_at_most(problem_of):
    plan = solve(problem_of(40, every=(1,), service=(180.0,)), after_seconds(0.4))
    assert plan.left_for_room
    assert plan.relaxations[-1] == NOT_TRIED


def test_the_part_that_fits_is_planned(problem_of):
    problem = problem_of(26, every=(2,), service=(180.0,), side_km=25.0)
    plan = solve(problem, after_iterations(150))
    assert plan.visits_required == 52
    assert 30 <= plan.visits_served <= 40  # 20 days of two half-days at the most


def test_a_plan_that_fits_has_nothing_to_relax(problem_of):
    assert solve(problem_of(5), after_iterations(20)).relaxations == ()
