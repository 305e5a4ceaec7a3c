import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.road_classes import SPEED_KM_H, drivable, speed_km_h
from coverage.roads import ACCESS_KM_H, Edges, RoadGraph
from geodata import overpass
from geodata.errors import DataError


def random_graph(seed: int, count: int = 40) -> tuple[RoadGraph, nx.DiGraph]:
    """A ring that joins everything, and random one-way streets over it."""
    rng = np.random.default_rng(seed)
    start = np.concatenate([np.arange(count), rng.integers(0, count, 3 * count)])
    end = np.concatenate([np.roll(np.arange(count), -1), rng.integers(0, count, 3 * count)])
    minutes = rng.uniform(0.5, 9.0, start.size)
    lon, lat = 3 + rng.uniform(0, 0.3, count), 46 + rng.uniform(0, 0.3, count)
    graph = RoadGraph.of(lon, lat, Edges(start, end, minutes / 2, minutes))
    peer = nx.DiGraph()
    for u, v, t in zip(start, end, minutes, strict=True):
        if u != v and t < peer.get_edge_data(u, v, {"weight": np.inf})["weight"]:
            peer.add_edge(int(u), int(v), weight=float(t))
    return graph, peer


def places(graph: RoadGraph, nodes: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {"lon": graph.lon[nodes], "lat": graph.lat[nodes]}, index=[f"p{n}" for n in nodes]
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_minutes_are_those_of_networkx(seed):
    graph, peer = random_graph(seed)
    sites = places(graph, list(range(0, 40, 3)))
    found = graph.travel(places(graph, list(range(40))), sites, 25.0)
    ours = found.times.dense()
    for row in range(0, 40, 7):
        theirs = nx.single_source_dijkstra_path_length(peer, row, weight="weight")
        for column, node in enumerate(range(0, 40, 3)):
            if theirs[node] <= 25.0:
                assert ours[row, column] == pytest.approx(theirs[node], abs=1e-5)
            else:
                assert np.isinf(ours[row, column])


def test_one_way_streets_and_dead_ends():
    # 0 ⇄ 1 → 2, and 2 leads nowhere: it is left out of the part where everything joins.
    edges = Edges(np.array([0, 1, 1]), np.array([1, 0, 2]), np.ones(3), np.array([2.0, 5.0, 1.0]))
    graph = RoadGraph.of(np.array([3.0, 3.1, 3.2]), np.full(3, 46.0), edges)
    assert graph.lon.tolist() == [3.0, 3.1]
    assert graph.table(np.array([0, 1])).tolist() == [[0.0, 2.0], [5.0, 0.0]]


def test_the_quickest_of_parallel_edges_counts_and_none_is_free():
    edges = Edges(
        np.array([0, 0, 1, 0]), np.array([1, 1, 0, 0]), np.zeros(4), np.array([7.0, 3, 0, 1])
    )
    graph = RoadGraph.of(np.array([3.0, 3.1]), np.full(2, 46.0), edges)
    away = graph.table(np.array([0, 1]))
    assert away[0, 1] == 3.0
    assert 0 < away[1, 0] < 1e-6


def test_places_far_from_every_road_are_named_and_reach_nothing():
    graph, _ = random_graph(1)
    origins = pd.concat([places(graph, [0]), pd.DataFrame({"lon": [9.0], "lat": [46.0]}, ["far"])])
    sites = pd.concat(
        [places(graph, [5]), pd.DataFrame({"lon": [np.nan], "lat": [np.nan]}, ["nowhere"])]
    )
    found = graph.travel(origins, sites, 500.0)
    assert (found.far_origins, found.far_sites) == (("far",), ("nowhere",))
    assert np.isfinite(found.times.dense()).tolist() == [[True, False], [False, False]]


def test_the_way_to_the_road_costs_time():
    graph, _ = random_graph(2)
    near = places(graph, [0])
    aside = near.assign(lat=near["lat"] + 0.5 / 111.195)  # 500 m to the north
    snapped = graph.snap(aside["lon"].to_numpy(), aside["lat"].to_numpy(), 2000.0)
    found = graph.travel(aside, places(graph, [7]), 500.0).times.dense()[0, 0]
    direct = graph.table(np.array([int(snapped.node[0]), 7]))[0, 1]
    assert found == pytest.approx(direct + 60 * float(snapped.km[0]) / ACCESS_KM_H)
    assert snapped.km[0] <= 0.51


def test_a_file_without_a_network_is_refused():
    nothing = Edges(np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0))
    with pytest.raises(DataError, match="réseau routier praticable"):
        RoadGraph.of(np.empty(0), np.empty(0), nothing, "vide.osm")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "motorway_link"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "track"}, False),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "area": "yes"}, False),
        ({"building": "yes"}, False),
        # The most specific tag wins.
        ({"highway": "primary", "vehicle": "no"}, False),
        ({"highway": "primary", "access": "no", "vehicle": "yes"}, True),
        ({"highway": "primary", "motor_vehicle": "no", "motorcar": "yes"}, True),
        ({"highway": "primary", "motor_vehicle": "yes", "motorcar": "no"}, False),
    ],
)
def test_which_roads_a_car_may_take(tags, expected):
    assert drivable(tags) is expected


def test_what_is_asked_of_a_server_is_what_a_car_drives_on():
    assert set(overpass.CLASSES) == set(SPEED_KM_H)


@pytest.mark.parametrize(
    ("highway", "posted", "expected"),
    [
        ("primary", "", 65.0),
        ("primary", "50", 50.0),
        ("residential", "90", 25.0),  # a limit never makes a street faster
        ("motorway_link", "", 2 / 3 * 110),
        ("primary", "30 mph", 48.28),
        ("primary", "FR:urban", 65.0),
        ("secondary", "0", 58.0),
        ("unheard_of", "", 30.0),
    ],
)
def test_speeds_by_class_and_limit(highway, posted, expected):
    assert speed_km_h(highway, posted) == pytest.approx(expected, abs=0.01)


def test_nobody_starts_from_a_motorway():
    lon, lat = np.array([0.0, 0.1, 0.05, 0.2]), np.array([46.0, 46.0, 46.001, 46.0])
    start, end = np.array([0, 1, 0, 2, 1, 3]), np.array([1, 0, 2, 0, 3, 1])
    through = np.array([False, False, True, True, False, False])
    one = np.ones(6)
    graph = RoadGraph.of(lon, lat, Edges(start, end, one, one, through))
    near_motorway = graph.snap(np.array([0.051]), np.array([46.001]), farthest_m=9000.0)
    assert near_motorway.node.tolist() == [1]  # the local road, though the motorway is nearer
    every = RoadGraph.of(lon, lat, Edges(start, end, one, one))
    assert every.snap(np.array([0.051]), np.array([46.001])).node.tolist() == [2]
