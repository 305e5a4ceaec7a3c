from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import DataError
from planning.adjust import adjust, adjusted_plan
from planning.comparison import gaps, minute_gaps, site_gaps
from planning.deployment import deploy
from planning.programme import effective_week_h, programme
from planning.scenario import Scenario


@pytest.fixture(scope="module")
def plan():
    return deploy(Scenario(territory="90", positions=6, tour_iterations=20))


def positions_of(plan):
    codes = plan.situation.places["commune_code"]
    held = plan.fixed.positions
    return {code: int(n) for code, n in zip(codes, held, strict=True) if n}


def test_a_plan_left_as_it_is_measures_the_same(plan):
    same = adjust(plan, positions_of(plan))
    assert np.array_equal(same.positions, plan.fixed.positions)
    assert np.allclose(same.minutes, plan.minutes_after)
    assert same.reach.share_within[20] == pytest.approx(plan.scorecard.after.share_within[20])


def test_one_more_site_never_lengthens_a_trip(plan):
    ours = plan.situation.places["commune_code"].isin(plan.situation.points.index)
    start = positions_of(plan)
    free = next(c for c in plan.situation.places.loc[ours, "commune_code"] if c not in start)
    assert (adjust(plan, {**start, free: 1}).minutes <= plan.minutes_after + 1e-9).all()


def test_people_are_all_counted_once(plan):
    moved = adjust(plan, positions_of(plan))
    served = plan.situation.weights[moved.assignment >= 0].sum()
    assert moved.load.sum() == pytest.approx(served)


def test_nothing_left_is_only_what_existed(plan):
    empty = adjust(plan, {})
    assert empty.positions.sum() == 0
    before = plan.situation.minutes_before
    wanted = np.full(len(empty.minutes), np.inf) if before is None else before
    assert np.array_equal(empty.minutes, wanted)


@pytest.mark.parametrize("positions", [{"99999": 1}, {"90010": -1}])
def test_nonsense_is_refused(plan, positions):
    with pytest.raises(ValueError, match="no place"):
        adjust(plan, positions)


def test_the_time_of_counsellors_is_shared_and_never_made(plan):
    shared = adjust(plan, positions_of(plan)).equity
    total_h = effective_week_h(programme().values()) * sum(positions_of(plan).values())
    assert shared.mean * plan.situation.weights.sum() == pytest.approx(60 * total_h)
    assert 0 <= shared.gini < 1
    twice = {code: 2 * count for code, count in positions_of(plan).items()}
    assert adjust(plan, twice).equity.gini == pytest.approx(shared.gini)
    assert np.isnan(adjust(plan, {}).equity.gini)  # nobody gets anything: no share to compare
    assert adjust(plan, {}).equity.share_below == 1


def test_a_plan_left_as_it_is_compares_as_the_same(plan):
    same = adjusted_plan(plan, positions_of(plan))
    assert same.scorecard == plan.scorecard
    assert same.touring == plan.touring
    assert [gap.difference for gap in gaps(plan, same)] == pytest.approx(
        [0] * len(gaps(plan, same))
    )
    assert {one.side for one in site_gaps(plan, same)} == {"both"}
    assert minute_gaps(plan, same).empty


def test_a_plan_with_a_position_elsewhere_is_a_plan_of_its_own(plan):
    start = positions_of(plan)
    ours = plan.situation.places["commune_code"].isin(plan.situation.points.index)
    free = next(c for c in plan.situation.places.loc[ours, "commune_code"] if c not in start)
    one = adjusted_plan(plan, {**start, free: 2})
    assert one.scenario.positions == plan.scenario.positions + 2
    (added,) = [gap for gap in site_gaps(plan, one) if gap.side != "both"]
    assert (added.commune_code, added.a, added.b) == (free, 0, 2)
    assert all(site.why for site in one.sites)
    assert sum(site.positions for site in one.sites) == sum(start.values()) + 2
    assert set(one.touring.isolated) <= set(plan.touring.isolated)


def test_nothing_to_compare_is_said(plan):
    without = replace(plan, mobile=replace(plan.mobile, mobile=0))
    with pytest.raises(DataError, match="aucun poste"):
        adjusted_plan(without, {})
