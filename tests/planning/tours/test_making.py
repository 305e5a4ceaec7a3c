"""From a choice to tours and what they change; stopping keeps the best plan so far."""

from dataclasses import replace

import numpy as np
import pytest

from geodata import territory as territories
from geodata.errors import DataError
from planning.tours.effect import TourEffect
from planning.tours.making import TourChoice, make_tours
from planning.tours.stops import StopRules
from planning.tours.territory import TourRequest, territory_tours

LOZERE = TourChoice("48", TourRequest(vans=6), 60)


@pytest.fixture(scope="module")
def made():
    return make_tours(LOZERE)


def test_more_time_to_travel_and_rarer_visits_reach_no_fewer(made):
    effect = made.effect
    for minutes in (5, 15, 30):
        shares = [effect.after(minutes, weeks) for weeks in (1, 2, 4)]
        assert shares == sorted(shares)
        assert 0 <= shares[0] <= shares[-1] <= 1
    assert effect.after(15, 1) < effect.after(15, 4)
    assert effect.after(5, 4) <= effect.after(30, 4)
    assert effect.after(15, 4) > 0.3
    assert effect.before(15) is None  # no layer says what exists


def test_a_fixed_place_counts_before_and_after():
    far = np.array([np.inf, np.inf, 4.0])
    effect = TourEffect(
        np.array([1.0, 2.0, 5.0]), "persons_in_need", np.array([3.0, 50.0, 20.0]),
        {1: np.full(3, np.inf), 2: np.full(3, np.inf), 4: far},
    )  # fmt: skip
    assert effect.before(10) == pytest.approx(1 / 8)
    assert effect.after(10, 1) == pytest.approx(1 / 8)
    assert effect.after(10, 4) == pytest.approx(6 / 8)


def test_stopping_keeps_the_best_plan_so_far(made):
    told = []
    stopped = make_tours(
        replace(LOZERE, iterations=1_000_000), told.append, asked=lambda: len(told) > 0
    )
    assert stopped.cut_short
    assert not made.cut_short
    assert stopped.plan.visits_served > 0
    assert "visites sur" in told[0].message
    assert "€ par cycle" in told[0].message


def test_three_shorter_stops_a_day_are_kept(made):
    rules = StopRules(shortest_service_min=90.0, usual_service_min=120.0, longest_service_min=135.0)
    three = make_tours(TourChoice("48", TourRequest(vans=3, rules=rules, max_stops=3), 60))
    assert max(len(route.visits) for route in three.plan.days) == 3
    assert max(len(route.visits) for route in made.plan.days) == 2


def test_more_vans_than_bases_are_all_given_where_most_people_are():
    request = TourRequest(vans=5, bases=("48095", "48140"), isolated_min=20.0)
    found = territory_tours(territories.resolve("48"), request)
    vans = {base.commune_code: base.vans for base in found.problem.bases}
    assert set(vans) == {"48095", "48140"}
    assert not set(vans) & set(found.isolated)  # nobody is isolated where a van sleeps
    assert 0 < len(found.isolated) < len(found.situation.points)
    assert sum(vans.values()) == 5
    assert min(vans.values()) >= 1


@pytest.mark.parametrize(
    ("rules", "part"),
    [
        ({"caseload": 0.0}, "personnes suivies"),
        ({"shortest_service_min": 200.0}, "durées de permanence"),
        ({"share_within_min": -1.0}, "regroupement"),
    ],
)
def test_rules_that_make_no_sense_are_named(rules, part):
    with pytest.raises(DataError, match=part):
        StopRules(**rules)
