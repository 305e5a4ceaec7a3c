from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.__main__ import main
from coverage.cantons import canton_sites
from coverage.catchment import Decay
from coverage.isolation import NO_ROAD, IsolationRule
from coverage.measure import SiteAccess, measure, people_of, road_to, weights_of
from coverage.need import estimate
from coverage.network import CommuneNetwork
from coverage.postal import postal_rule
from coverage.sites import load_sites, positions_as_sites
from coverage.territory_access import TerritoryAccess
from geodata import tables
from geodata.territory import resolve


@pytest.fixture(scope="module")
def network() -> CommuneNetwork:
    return CommuneNetwork.build()


@pytest.fixture(scope="module")
def france_services(network, official_folder) -> SiteAccess:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEODATA_DIR", str(official_folder))
        return measure(network, load_sites(["france_services"]))


def test_places_that_no_road_joins(network):
    paris = pd.Series(["75101"])
    reached = pd.Series(road_to(network, paris), index=network.points.index)
    assert reached["03190"]
    assert reached["17369"]  # Île de Ré: a bridge
    for code in ("56152", "2A004", "97411", "97352"):  # Belle-Île, Ajaccio, Saint-Denis, Saül
        assert not reached[code]


def test_one_more_site_never_worsens_the_nearest(network, bare_machine):
    sites = load_sites(["mediation_places"])
    rows = np.flatnonzero((network.points["department"] == "03").to_numpy())
    every = network.minutes(rows, sites.frame, 45.0).nearest()[1]
    fewer = network.minutes(rows, sites.frame.iloc[1::2], 45.0).nearest()[1]
    assert (every <= fewer).all()
    assert (every < fewer).any()


def test_a_plans_positions_are_added_to_what_exists(network, bare_machine):
    sites = load_sites(["mediation_places"])
    access = measure(network, sites, 30.0)
    place = network.points.loc[["48095"], ["name", "lon", "lat"]]  # Mende: nothing known there
    place = place.assign(commune_code="48095", kind="town_hall")
    added = positions_as_sites(
        pd.concat([place, place.rename({"48095": "none"})]), np.array([2, 0])
    )
    after = access.plus(network, added)
    assert (after.minutes <= access.minutes).all()
    mende = network.points.index.get_loc("48095")
    assert access.minutes[mende] > 30
    assert after.minutes[mende] < 10
    assert after.nearest_id["48095"] == "plan:48095"
    people = network.points["population"].to_numpy(float)
    given_h = [
        float(one.weekly_min(people, Decay("flat", 30.0)) @ people) / 60 for one in (access, after)
    ]
    assert given_h[1] - given_h[0] == pytest.approx(70.0)  # two weeks of 35 h


def test_people_who_share_hours_where_need_is_unknown_are_inhabitants():
    points = pd.DataFrame({"population": [10, 20]})
    assert people_of(points, np.array([3.0, np.nan])).tolist() == [3.0, 20.0]


def test_inhabitants_are_never_added_to_persons_in_need():
    points = pd.DataFrame({"population": [10, 20, 40]})
    persons = np.array([3.0, np.nan, np.nan])
    weights = weights_of(points, persons, ["11", "11", "06"])
    np.testing.assert_array_equal(weights, [3.0, np.nan, 40.0])


def test_the_country_weighs_persons_in_need_alone_and_mayotte_its_inhabitants(network):
    points = network.points
    mayotte = (points["department"] == "976").to_numpy()
    persons = np.where(mayotte, np.nan, 0.1 * points["population"].to_numpy(float))
    need = replace(estimate(points), persons=persons)
    halls = points.loc[["97611", "03190"], ["name", "lon", "lat"]]
    halls = halls.assign(kind="town_hall", commune_code=halls.index)
    sites = positions_as_sites(halls, np.ones(2, dtype=int))
    country = TerritoryAccess(resolve("FR"), measure(network, sites), need, Decay("flat", 30.0))
    assert country.left_out == points["population"][mayotte].sum() > 200_000
    assert np.nansum(country.weights) == pytest.approx(np.nansum(persons))
    assert country.summary(0.0, IsolationRule(15.0))["people"] == pytest.approx(np.nansum(persons))
    alone = replace(country, territory=resolve("976"))
    assert alone.weighs_inhabitants
    assert alone.left_out == 0
    np.testing.assert_array_equal(alone.weights, points["population"][mayotte])
    # Its own sites are still shared by its inhabitants.
    assert 0 < np.nanmax(alone.weekly_min) < 60 * 35


@pytest.mark.official
def test_cantons_and_the_programmes_promise(france_services):
    sites = france_services.sites
    codes = [*sites.frame["commune_code"], *sites.mobile]
    cantons = canton_sites(codes)
    allier = cantons[cantons["department"] == "03"]
    assert len(allier) == 22
    assert (allier["sites"] == 0).sum() == 8
    metropole = cantons[~cantons["department"].str.startswith("97")]
    assert ((metropole["sites"] > 0).sum(), len(metropole)) == (1545, 1989)
    assert cantons["sites"].sum() <= len(codes)


@pytest.mark.official
def test_isolated_communes_of_guyane_say_why(france_services):
    found = france_services.isolation(IsolationRule(15.0), np.arange(len(france_services.points)))
    assert found.at["97352", "reason"].startswith(NO_ROAD)
    assert not found.at["97302", "isolated"]
    assert found["isolated"].eq(found["reason"] != "").all()


@pytest.mark.official
def test_hours_are_handed_out_to_the_last_minute(france_services):
    people = people_of(france_services.points, np.full(len(france_services.points), np.nan))
    weekly = france_services.weekly_min(people, Decay("gaussian", 30.0))
    handed_h = float(weekly @ people) / 60
    within = france_services.times.up_to(30.0).minutes
    reach_someone = np.isin(np.arange(within.shape[1]), within.indices[within.data < 30.0])
    assert (~reach_someone).sum() < 10  # the ends of Guyane's communes
    assert handed_h == pytest.approx(france_services.sites.supply_h[reach_someone].sum(), rel=1e-6)


@pytest.mark.official
def test_every_departement_meets_the_postal_rule_or_is_named(network, official_dir):
    access = measure(network, load_sites(["postal_points"]), 21.0)
    rule = postal_rule(access, network.model.detour)
    assert len(rule) == 101
    assert rule["share"].between(0, 1).all()
    assert (rule["met"] == (rule["share"] <= 0.10)).all()
    # La Poste says that 97 % of people are served, by the same rule (January 2023).
    metro = ~rule.index.str.startswith("97")
    assert rule.loc[metro, "far"].sum() / rule.loc[metro, "population"].sum() < 0.03
    people = access.points["population"].to_numpy(float)
    assert np.isnan(access.weekly_min(people, Decay("flat", 20.0))).all()  # hours not published


def test_the_command_writes_a_row_a_commune(bare_machine, tmp_path, capsys):
    out = tmp_path / "sub" / "access.csv"
    sites = ["--sites", "mediation_places"]
    assert main(["access", "--territory", "03", *sites, "--out", str(out)]) == 0
    table = pd.read_csv(out, dtype={"commune_code": str})
    assert list(table.columns) == [
        "commune_code", "nearest_site", "minutes", "weekly_min_per_person", "isolated", "reason",
    ]  # fmt: skip
    assert set(table["commune_code"]) == set(
        tables.demand_points().query("department == '03'").index
    )
    assert table["reason"].notna().eq(table["isolated"]).all()
    assert (table["minutes"].dropna() > 0).all()
    assert "317 communes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sites", "france_services"], "Couche absente"),
        (["--sites", "ecoles"], "Type de site inconnu : ecoles"),
        (["--territory", "Atlantide"], "Territoire inconnu"),
        (["--within", "0"], "compris entre 0 et 45"),
        (["--isolated-population", "-3"], "habitants"),
    ],
)
def test_the_command_says_what_is_wrong(arguments, said, bare_machine, tmp_path, capsys):
    out = str(tmp_path / "access.csv")
    fixed = ["access", "--territory", "03", "--sites", "mediation_places", "--out", out]
    assert main([*fixed, *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "access.csv").exists()
