import numpy as np
import pytest

from planning.comparison import NOTICEABLE_MIN, gaps, minute_gaps, same_ground, site_gaps
from planning.deployment import deploy
from planning.programme import programme
from planning.scenario import Scenario


def test_a_plan_differs_in_nothing_from_itself(allier):
    assert all(gap.difference in (0, None) for gap in gaps(allier, allier))
    assert {gap.side for gap in site_gaps(allier, allier)} == {"both"}
    assert minute_gaps(allier, allier).empty


def test_turning_the_plans_round_turns_every_difference(allier, fewer):
    there, back = gaps(allier, fewer), gaps(fewer, allier)
    assert [one.title for one in there] == [one.title for one in back]
    for one, other in zip(there, back, strict=True):
        assert one.difference == pytest.approx(-other.difference)
    table, turned = minute_gaps(allier, fewer), minute_gaps(fewer, allier)
    assert table["gap"].to_dict() == pytest.approx((-turned["gap"]).to_dict())


def test_figures_are_those_of_the_plans(allier, fewer):
    found = {gap.title: gap for gap in gaps(allier, fewer)}
    assert (found["Postes"].a, found["Postes"].b) == (30, 20)
    within = found["À 20 min ou moins d'un lieu"]
    assert within.a == allier.scorecard.after.share_within[20]
    assert found["Postes en tournée"].b == 0
    state = found["Aide de l'État sur trois ans (barème V2)"]
    assert state.a / state.b == pytest.approx(30 / 20)
    paid = state.a + found["Reste à la charge des structures sur trois ans"].a
    assert paid == pytest.approx(30 * 3 * programme().values()["employer_cost_eur"])


def test_every_position_of_both_plans_is_counted_once(allier, fewer):
    found = site_gaps(allier, fewer)
    assert sum(gap.a for gap in found) == sum(site.positions for site in allier.sites)
    assert sum(gap.b for gap in found) == sum(site.positions for site in fewer.sites)
    sides = [gap.side == "both" for gap in found]
    assert sides == sorted(sides)  # those that differ come first


def test_communes_that_gain_or_lose_are_those_whose_minutes_differ(allier, fewer):
    table = minute_gaps(allier, fewer)
    gap = np.minimum(fewer.minutes_after, 45) - np.minimum(allier.minutes_after, 45)
    assert len(table) == int((np.abs(gap) >= NOTICEABLE_MIN).sum())
    felt = (table["gap"].abs() * table["people"]).to_numpy()
    assert (np.diff(felt) <= 1e-9).all()


def test_plans_of_two_territories_compare_by_their_figures_alone(bare_machine, allier):
    belfort = deploy(Scenario(territory="90", positions=3, tours=False))
    assert not same_ground(allier, belfort)
    assert minute_gaps(allier, belfort).empty
    assert {gap.title for gap in gaps(allier, belfort)} >= {"Postes", "Trajet moyen"}
