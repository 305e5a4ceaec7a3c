import numpy as np
import pandas as pd
import pytest

from coverage.access import Reach
from geodata.errors import DataError
from planning.deployment import Deployment, deploy
from planning.scenario import Scenario
from planning.situation import _met_first, national_network
from tests.planning.conftest import QUICK_ITERATIONS


def quick(territory: str, positions: int, **choices) -> Deployment:
    choices = {"tour_iterations": QUICK_ITERATIONS, **choices}
    return deploy(Scenario(territory=territory, positions=positions, **choices))


def test_every_position_has_its_place(allier):
    assert sum(site.positions for site in allier.sites) + allier.mobile.mobile == 30
    assert all(site.why and site.name for site in allier.sites)
    assert len({(site.commune_code, site.name) for site in allier.sites}) == len(allier.sites)


def test_a_plan_never_takes_anyone_farther(allier):
    before, after = allier.situation.minutes_before, allier.minutes_after
    assert before is not None
    assert (after <= before).all()
    assert isinstance(allier.scorecard.before, Reach)
    for minutes, share in allier.scorecard.before.share_within.items():
        assert allier.scorecard.after.share_within[minutes] >= share


def test_the_partial_offer_of_the_snapshot_is_called_partial(allier):
    assert allier.scorecard.before_partial
    used = {p.layer: (p.status, offer) for p, offer in allier.situation.provenance}
    assert used["mediation_places"] == ("partial", True)
    assert used["france_services"] == ("missing", False)


def test_tours_stop_where_people_are_isolated(allier):
    assert allier.touring.communes <= set(allier.touring.isolated)
    far = allier.communes()["minutes_after"] > allier.scenario.isolated_min
    assert set(allier.touring.isolated) == set(far.index[far])


def test_the_siting_is_proven(allier):
    assert allier.fixed.siting is not None
    assert allier.fixed.siting.optimal


@pytest.mark.parametrize("territory", ["48", "93", "2A", "972"])
def test_where_no_layer_tells_the_offer_before_is_unknown(bare_machine, territory):
    plan = quick(territory, 12)
    assert plan.scorecard.before is None
    assert plan.scorecard.after is not None
    assert sum(site.positions for site in plan.sites) + plan.mobile.mobile == 12


def test_mayotte_weighs_inhabitants_and_says_so(bare_machine):
    plan = quick("976", 12)
    assert plan.situation.weight == "population"
    np.testing.assert_array_equal(plan.situation.weights, plan.situation.points["population"])
    assert "habitants" in plan.sites[0].why


def test_a_dense_department_needs_no_tour_and_says_why(bare_machine):
    plan = quick("93", 30)
    assert not plan.touring.plans
    assert "plus aucune commune habitée" in plan.touring.note


def test_the_same_seed_gives_the_same_plan(bare_machine, allier):
    again = quick("03", 30)
    assert again.sites == allier.sites
    assert [plan.days for plan in again.touring.plans.values()] == [
        plan.days for plan in allier.touring.plans.values()
    ]


def test_the_number_of_mobile_counsellors_asked_for_is_kept(bare_machine):
    plan = quick("03", 30, mobile=2)
    assert plan.mobile.mobile == 2
    assert sum(site.positions for site in plan.sites) == 28
    assert {route.van for p in plan.touring.plans.values() for route in p.days}


def test_raising_from_progress_cancels(bare_machine):
    class CancelledError(Exception):
        pass

    def cancel(_):
        raise CancelledError

    with pytest.raises(CancelledError):
        deploy(Scenario(territory="03", positions=30), cancel)


def test_an_unknown_territory_is_named():
    with pytest.raises(DataError, match="999"):
        quick("999", 30)


@pytest.mark.official
def test_the_official_layers_count_as_offer(official_dir):
    plan = quick("03", 30)
    used = {p.layer: offer for p, offer in plan.situation.provenance if p.status == "folder"}
    assert used == {
        "france_services": True,
        "permanences": True,
        "libraries": False,
        "postal_points": False,
    }
    assert not plan.scorecard.before_partial
    assert plan.situation.need.tier.min() == 2
    kinds = {site.host_kind for site in plan.sites}
    assert kinds & {"library", "france_services", "permanence"}


def test_people_meet_the_nearest_host_of_their_commune_first():
    centre = national_network().points.loc["03310", ["lon", "lat"]]
    hosts = pd.DataFrame(
        {
            "commune_code": "03310",
            "lon": [centre["lon"] + 0.05, centre["lon"] + 0.001],
            "lat": [centre["lat"], centre["lat"]],
        }
    )
    places = hosts.iloc[:1].assign(existing=False)  # the kind that a plan prefers is far off
    met = _met_first(places, hosts.iloc[:0], hosts)
    assert met["lon"].iloc[0] == hosts["lon"].iloc[1]
    kept = _met_first(places.assign(existing=True), hosts.iloc[:1], hosts)
    assert kept["lon"].iloc[0] == hosts["lon"].iloc[0]
