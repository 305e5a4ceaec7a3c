"""What a tour problem refuses, and how it says so."""

from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import DataError
from planning.tours import TourBase, TourProblem, TourStop, WorkingDay


def refused(problem, **changes):
    with pytest.raises(DataError) as caught:
        replace(problem, **changes)
    return str(caught.value)


def test_a_problem_numbers_days_week_by_week(problem_of):
    problem = problem_of(every=(2,), weekdays=(0, 2, 4), weeks=2)
    assert problem.n_day == 6
    assert [problem.week_and_weekday(day) for day in range(6)] == [
        (0, 0), (0, 2), (0, 4), (1, 0), (1, 2), (1, 4),
    ]  # fmt: skip


def test_zero_vans_are_refused_by_name(problem_of):
    problem = problem_of()
    assert "Aucun véhicule" in refused(problem, bases=(TourBase("03190", "Moulins", 0),))


def test_contradictory_days_name_the_stop(problem_of):
    problem = problem_of()
    sunday = replace(problem.stops[2], weekdays=(6,))
    text = refused(problem, stops=(*problem.stops[:2], sunday, *problem.stops[3:]))
    assert "Commune 2 (03002)" in text
    assert "aucun jour possible" in text


def test_window_on_another_weekday_is_a_contradiction(problem_of):
    problem = problem_of(1)
    stop = replace(problem.stops[0], weekdays=(1,), windows=((2, 540.0, 720.0),))
    assert "aucun jour possible" in refused(problem, stops=(stop,))


def test_all_faults_are_told_at_once(problem_of):
    problem = problem_of(2)
    bad = replace(problem.stops[0], service_min=-5.0, every_weeks=3, prize_eur=-1.0)
    text = refused(problem, stops=(bad, problem.stops[1]), weeks=3)
    for part in ("cycle doit durer", "durée de permanence", "toutes les 3 semaines", "négative"):
        assert part in text


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"lunch_from_min": 800.0, "lunch_until_min": 820.0}, "pause de midi"),
        ({"end_min": 300.0}, "finit avant"),
        ({"max_stops": 0}, "arrêts par jour"),
        ({"max_drive_min": 0.0}, "conduite"),
        ({"end_min": 1500.0}, "24 heures"),
    ],
)
def test_impossible_working_days(problem_of, change, part):
    assert part in refused(problem_of(), day=replace(WorkingDay(), **change))


def test_matrices_must_fit_and_hold_no_hole(problem_of):
    problem = problem_of(3)
    assert "4 × 4" in refused(problem, minutes=np.zeros((3, 3)))
    hole = problem.minutes.copy()
    hole[0, 1] = np.nan
    assert "absentes ou négatives" in refused(problem, minutes=hole)
    no_length = problem.km.copy()
    no_length[0, 1] = np.inf
    assert "pas de longueur" in refused(problem, km=no_length)


def test_a_code_given_twice_is_named(problem_of):
    problem = problem_of(2)
    twice = (problem.stops[0], problem.stops[0])
    assert "03000 est donné plusieurs fois" in refused(problem, stops=twice)


def test_four_weekly_stop_needs_a_four_week_cycle(problem_of):
    assert "cycle de 2 semaines" in refused(problem_of(2, every=(4,)), weeks=2)


def test_no_stop_at_all_is_a_problem_without_faults():
    base = TourBase("03190", "Moulins")
    problem = TourProblem((), (base,), np.zeros((1, 1)), np.zeros((1, 1)))
    assert problem.n_stop == 0


def test_stop_defaults_serve_its_own_commune():
    stop = TourStop("03001", "Abrest", 180.0, 2)
    assert stop.required
    assert stop.served_communes == ("03001",)
