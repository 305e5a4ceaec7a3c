from functools import cache

import numpy as np
import pytest

from geodata.errors import InfeasibleError
from planning.adjust import adjust
from planning.deployment import deploy
from planning.locked import place_rest
from planning.scenario import Scenario


@pytest.fixture(autouse=True)
def snapshot_alone(bare_machine):
    """The plan shared by these tests is made on the snapshot alone."""


@cache
def plan():
    return deploy(Scenario(territory="48", positions=10, mobile=2, tour_iterations=20))


def planned():
    codes = plan().situation.places["commune_code"]
    held = plan().fixed.positions
    return {codes.iloc[k]: int(held[k]) for k in np.flatnonzero(held)}


def test_nothing_locked_gives_the_plan_again():
    assert place_rest(plan(), {}, sum(planned().values())) == planned()


def test_the_plan_locked_row_by_row_stays_the_plan():
    total = sum(planned().values())
    for code, count in planned().items():
        assert place_rest(plan(), {code: count}, total) == planned()


def test_what_is_locked_is_kept_and_the_rest_is_placed():
    total = sum(planned().values())
    gone = next(iter(planned()))
    points = plan().situation.points.index
    far = next(code for code in plan().situation.places["commune_code"]
               if code in points and code not in planned())  # fmt: skip
    found = place_rest(plan(), {gone: 0, far: 3}, total)
    assert found[far] == 3
    assert gone not in found
    assert sum(found.values()) == total


def test_placing_the_rest_does_better_than_leaving_it():
    total = sum(planned().values())
    gone = max(planned(), key=planned().get)
    left = {code: count for code, count in planned().items() if code != gone}
    placed = place_rest(plan(), {gone: 0}, total)
    assert adjust(plan(), placed).reach.mean_min <= adjust(plan(), left).reach.mean_min


def test_everything_locked_is_answered_at_once():
    assert place_rest(plan(), planned(), sum(planned().values())) == planned()


def test_more_locked_than_there_is_is_refused():
    code = next(iter(planned()))
    with pytest.raises(InfeasibleError, match="déjà 9 postes"):
        place_rest(plan(), {code: 9}, 8)


def test_no_place_left_is_refused():
    ours = plan().situation.points.index
    every = {code: 0 for code in plan().situation.places["commune_code"] if code in ours}
    with pytest.raises(InfeasibleError, match="aucun lieu"):
        place_rest(plan(), every, 8)


@pytest.mark.parametrize("locked", [{"99999": 2}, {"90010": -1}])
def test_nonsense_is_refused(locked):
    with pytest.raises(ValueError, match="no place"):
        place_rest(plan(), locked, 6)
