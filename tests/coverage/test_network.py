import numpy as np
import pandas as pd
import pytest

from coverage.contiguity import contiguity_graph
from coverage.network import CommuneNetwork
from coverage.road_model import RoadModel
from geodata import tables
from geodata.distance import arc_km, on_sphere
from geodata.links import RoadLinks, road_links


@pytest.fixture(scope="module")
def network() -> CommuneNetwork:
    return CommuneNetwork.build()


def minutes_between(network: CommuneNetwork, a: str, b: str, limit_min: float = 400.0) -> float:
    return float(network.between([a, b], limit_min)[0][0, 1])


def test_great_circle_of_a_degree_of_latitude():
    paris, north = on_sphere(np.array([2.35, 2.35]), np.array([48.0, 49.0]))
    assert arc_km(paris, north) == pytest.approx(111.195, abs=0.01)


def test_a_closed_border_and_a_commune_without_road_are_no_edge():
    points = pd.DataFrame({"lon": [0.0, 0.1, 0.2, 0.3], "lat": 46.0}, index=list("abcd"))
    borders = pd.DataFrame({"code_a": ["a", "b", "c"], "code_b": ["b", "c", "d"]})
    links = RoadLinks(bridges=(("a", "d"),), closed=(("b", "a"),), without_road=frozenset("c"))
    graph = contiguity_graph(points, borders, links).toarray() > 0
    assert graph.tolist() == [
        [False, False, False, True],
        [False, False, False, False],
        [False, False, False, False],
        [True, False, False, False],
    ]


def test_every_link_names_communes_that_exist():
    known = set(tables.communes().index)
    links = road_links()
    named = {code for pair in (*links.bridges, *links.closed) for code in pair}
    assert named | links.without_road <= known


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ("03190", "03310", 45, 80),  # Moulins – Vichy, one hour by road
        ("75101", "75116", 5, 30),  # two arrondissements of Paris
        # Water is gone round:
        ("17306", "33544", 150, 400),  # Royan – Le Verdon: the Gironde, by Bordeaux
        ("33058", "33314", 75, 120),  # Blaye – Pauillac: likewise
        ("44116", "44052", 25, 75),  # Paimbœuf – Donges: the Loire, by Saint-Nazaire
        ("29019", "29189", 12, 30),  # Brest – Plougastel: rade de Brest, pont de l'Iroise
        ("29019", "29042", 55, 90),  # Brest – Crozon: rade de Brest, round the bay
        ("56106", "56005", 40, 75),  # Larmor-Baden – Arzon: golfe du Morbihan
        ("80721", "80228", 12, 30),  # Saint-Valery – Le Crotoy: baie de Somme
        # Bridges are not cut:
        ("14333", "76351", 15, 30),  # Honfleur – Le Havre, pont de Normandie
        ("17300", "17369", 20, 40),  # La Rochelle – Saint-Martin-de-Ré
        ("17219", "17385", 15, 45),  # Marennes – Saint-Pierre-d'Oléron
        ("85163", "85012", 15, 35),  # Noirmoutier-en-l'Île – La Barre-de-Monts
        # Ridges are gone round:
        ("73206", "73290", 75, 150),  # Pralognan – Val-Cenis: Vanoise, by Albertville
        ("05101", "38375", 75, 150),  # Vallouise – Saint-Christophe: Écrins, by the Lautaret
        ("05064", "38375", 70, 150),  # La Chapelle-en-Valgaudémar – Saint-Christophe: Écrins
        ("74273", "74290", 60, 120),  # Sixt – Vallorcine: Anterne, by Cluses and Chamonix
        ("04193", "05026", 35, 80),  # Saint-Paul-sur-Ubaye – Ceillac: by Vars and Guillestre
        ("73304", "73047", 100, 220),  # Val-d'Isère – Bonneval: Iseran, closed in winter
        ("65481", "65017", 80, 170),  # Barèges – Aragnouet: Néouvielle
        ("73197", "73071", 35, 100),  # Peisey-Nancroix – Champagny: Vanoise
    ],
)
def test_minutes_of_known_trips_are_plausible(network, a, b, low, high):
    assert low <= minutes_between(network, a, b) <= high


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("56152", "56186"),  # Belle-Île: a ferry, no road
        ("97302", "97352"),  # Cayenne – Saül: by air only
        ("97424", "97421"),  # Cilaos – Salazie: a footpath
    ],
)
def test_what_no_road_joins_is_unreachable(network, a, b):
    assert minutes_between(network, a, b, 60.0) == np.inf


def test_the_way_there_lasts_as_long_as_the_way_back(network):
    codes = ["03190", "03185", "03310", "03082"]
    minutes, km = network.between(codes, 120.0)
    np.testing.assert_allclose(minutes, minutes.T)
    np.testing.assert_allclose(km, km.T)
    assert (np.diagonal(minutes) == 0).all()


def test_nobody_is_nearer_to_another_commune_than_to_the_same_place_at_home(network):
    """People live around their commune's point: a place inside is nearer than one outside."""
    allier = np.flatnonzero((network.points["department"] == "03").to_numpy())
    halls = network.points.iloc[allier][["lon", "lat"]]
    times = network.minutes(allier, halls.assign(commune_code=halls.index), 60.0)
    own = times.dense()[np.arange(allier.size), np.arange(allier.size)]
    assert np.isfinite(own).all()
    # A denser neighbour can never undercut, a faster road can only by its speed: allow 20 %.
    assert (times.nearest()[1] >= 0.8 * own).all()


def test_minutes_do_not_depend_on_the_order_of_rows(network):
    allier = np.flatnonzero((network.points["department"] == "03").to_numpy())[:60]
    sites = network.points.iloc[allier[::3]][["lon", "lat"]]
    sites = sites.assign(commune_code=sites.index)
    straight = network.minutes(allier, sites, 30.0).dense()
    backwards = network.minutes(allier[::-1], sites.iloc[::-1], 30.0).dense()
    np.testing.assert_allclose(straight, backwards[::-1, ::-1])


def test_a_shorter_limit_only_leaves_pairs_out(network):
    allier = np.flatnonzero((network.points["department"] == "03").to_numpy())
    rng = np.random.default_rng(0)
    sites = network.points.iloc[allier[::5]][["lon", "lat"]] + rng.normal(0, 0.1, (64, 2))
    sites = sites.assign(commune_code=sites.index)  # far from the point of their commune too
    far = network.minutes(allier, sites, 40.0).up_to(20.0).dense()
    near = network.minutes(allier, sites, 20.0).dense()
    np.testing.assert_allclose(near, far)


def test_the_side_that_paths_are_sought_from_changes_nothing(network):
    allier = np.flatnonzero((network.points["department"] == "03").to_numpy())
    sites = network.points.iloc[allier[:40]][["lon", "lat"]]
    sites = sites.assign(commune_code=sites.index)
    from_sites = network.minutes(allier, sites, 40.0).dense()
    one_by_one = [network.minutes(allier[[k]], sites, 40.0).dense()[0] for k in range(0, 317, 9)]
    np.testing.assert_allclose(from_sites[::9], one_by_one)


def test_a_place_at_the_far_end_of_its_commune_is_farther_than_one_at_its_heart(network):
    arles = network.points.loc[["13004"], ["lon", "lat"]]
    sites = pd.concat([arles, arles - [0.0, 0.25]])  # the town; the end of the Camargue
    sites = sites.set_axis(["town", "end"]).assign(commune_code="13004")
    origin = network.points.index.get_indexer(["13004"])
    town, end = network.minutes(origin, sites, 90.0).dense()[0]
    assert end > town + 15
    assert network.minutes(origin, sites, town + 0.1).dense()[0, 0] == town


def test_a_site_of_an_unknown_commune_is_reached_by_nobody(network):
    sites = pd.DataFrame(
        {"commune_code": ["99999", "03190"], "lon": [3.3, 3.3], "lat": [46.5, 46.5]},
        index=["abroad", "home"],
    )
    origin = network.points.index.get_indexer(["03190"])
    minutes = network.minutes(origin, sites, 30.0).dense()[0]
    assert minutes[0] == np.inf
    assert np.isfinite(minutes[1])


def test_density_slows_a_car_and_relief_lengthens_roads():
    points = pd.DataFrame({"degurba": [11, 30, 11], "relief_m": [0.0, np.nan, 500.0]})
    plain, city, mountain = RoadModel().speeds(points)
    assert city < plain == mountain
    assert RoadModel().slope_factor(points).tolist() == pytest.approx([1.0, 1.0, 4 / 3])
