"""Figures and sentences of the page of tours, from a plan."""

from dataclasses import replace

import numpy as np
import pytest

from planning.stopping import after_iterations
from planning.tours import TourBase, TourPlan, TourProblem, TourStop, Unserved, solve
from views.parts.tours import view


@pytest.fixture(scope="module")
def plan() -> TourPlan:
    """Return two vans for one stop, once in two weeks."""
    stop = TourStop("03001", "Abrest", 180.0, 2)
    minutes = np.array([[0.0, 20.0], [20.0, 0.0]])
    problem = TourProblem((stop,), (TourBase("03310", "Vichy", 2),), minutes, minutes, weeks=2)
    return solve(problem, after_iterations(5))


def test_vans_that_mostly_stay_in_are_told(plan):
    said = view.idle_text(plan).replace("\u00a0", " ").replace("\u202f", " ")
    assert "2 véhicules, 1 sortie pour 20 journées possibles" in said
    assert "autant que 1 véhicule sortant chaque jour" in said


def test_nothing_is_said_of_vans_that_are_all_needed(plan):
    alone = replace(plan.problem, bases=(TourBase("03310", "Vichy"),))
    assert view.idle_text(replace(plan, problem=alone)) == ""
    full = (Unserved(0, "03001", 1, "full", ""),)
    assert view.idle_text(replace(plan, unserved=full)) == ""
