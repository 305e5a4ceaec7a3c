import numpy as np
import pytest

from coverage import accuracy
from coverage.accuracy import relative_error
from coverage.calibration import (
    Pairs,
    fixed_error,
    held_out,
    modelled_km,
    road_pairs,
    share_between,
)
from coverage.network import CommuneNetwork
from coverage.road_files import read_roads
from coverage.road_lines import network_of_lines
from coverage.road_model import RoadModel


def test_a_known_detour_is_found_again_without_error():
    rng = np.random.default_rng(0)
    crow = rng.uniform(3, 40, (30, 30))
    pairs = Pairs(crow, 1.37 * crow)
    value, error = held_out(pairs, lambda v, i, j: v * crow[i, j], (1.0, 2.0))
    assert value == pytest.approx(1.37, abs=1e-3)
    assert error.p90 < 1e-3
    assert fixed_error(pairs, 1.1 * 1.37 * crow).median == pytest.approx(0.1)


def test_the_error_is_relative():
    error = relative_error(np.array([9.0, 11.0, 20.0]), np.array([10.0, 10.0, 10.0]))
    assert error.median == pytest.approx(0.1)
    assert error.p90 == pytest.approx(0.82)


def assert_as_told(pairs: Pairs, modelled: np.ndarray, told: accuracy.Accuracy):
    """Trips are as far from real ones as every page says."""
    found = fixed_error(pairs, modelled)
    assert (found.median, found.p90) == pytest.approx((told.median, told.p90), abs=2e-3)
    within = share_between(pairs, modelled, accuracy.PLAIN_RANGE)
    assert within == pytest.approx(told.in_plain_range, abs=5e-3)


@pytest.mark.official
def test_the_borders_of_communes_earn_their_place_in_val_doise(official_folder):
    import geopandas as gpd

    network = CommuneNetwork.build()
    communes = network.points[network.points["department"] == "95"]
    roads = network_of_lines(gpd.read_file(official_folder / "valdoise_roads.geojson"), 200.0)
    pairs, kept = road_pairs(
        roads, communes["lon"].to_numpy(), communes["lat"].to_numpy(),
        farthest_m=1000.0, kilometres=True,
    )  # fmt: skip
    assert len(kept) == 90
    modelled = modelled_km(network, list(communes.index[kept]))
    ours = fixed_error(pairs, modelled)
    _, theirs = held_out(pairs, lambda v, i, j: v * pairs.crow_km[i, j], (1.0, 2.0))
    assert ours.median < theirs.median
    assert ours.p90 < theirs.p90
    assert_as_told(pairs, modelled, accuracy.FLAT)
    assert (theirs.median, theirs.p90) == pytest.approx(accuracy.FLAT.by_crow, abs=2e-3)


@pytest.mark.official
def test_relief_lengthens_the_roads_of_andorra(official_folder, andorra_roads):
    import osmium

    file = official_folder / "andorra-latest.osm.pbf"
    places = [
        (node.location.lon, node.location.lat)
        for node in osmium.FileProcessor(str(file), osmium.osm.NODE)
        if node.tags.get("place") in ("town", "village")
    ]
    lon, lat = np.array(places).T
    pairs, kept = road_pairs(andorra_roads, lon, lat, farthest_m=1000.0, kilometres=True)
    assert len(kept) == 40
    # The snapshot holds no relief for Andorra: that of the French communes around stands in.
    points = CommuneNetwork.build().points
    around = points["lat"].between(42.3, 42.8) & points["lon"].between(1.3, 1.9)
    model = RoadModel()
    relief_m = float(points.loc[around, "relief_m"].mean())
    slope = 1.0 + relief_m / model.relief_scale_m
    flat = fixed_error(pairs, model.detour * pairs.crow_km)
    ours = fixed_error(pairs, slope * model.detour * pairs.crow_km)
    assert ours.median < flat.median
    assert ours.p90 < flat.p90
    assert_as_told(pairs, slope * model.detour * pairs.crow_km, accuracy.MOUNTAIN)

    # Fitted on lengths alone, relief would count less, as well as the best detour does ...
    def lengths(scale_m, i, j):
        return (1.0 + relief_m / scale_m) * model.detour * pairs.crow_km[i, j]

    scale_m, fitted = held_out(pairs, lengths, (500.0, 6000.0))
    assert scale_m == pytest.approx(2273, abs=20)
    assert (fitted.median, fitted.p90) == pytest.approx(accuracy.MOUNTAIN.by_crow, abs=2e-3)
    # ... but roads are slower too: minutes then come out too short, and with ours they do not.
    timed, _ = road_pairs(andorra_roads, lon, lat, farthest_m=1000.0, kilometres=False)
    local = np.full(pairs.crow_km.shape, model.default_speed_km_h)

    def minutes(scale):
        km = (1.0 + relief_m / scale) * model.detour * pairs.crow_km
        return model.minutes(km, (local, local))

    def bias(scale):
        far = pairs.crow_km >= pairs.shortest_km
        return float(np.median(timed.road[far] / minutes(scale)[far])) - 1.0

    assert_as_told(timed, minutes(model.relief_scale_m), accuracy.MOUNTAIN_MINUTES)
    assert abs(bias(model.relief_scale_m)) < 0.03 < 0.08 < bias(scale_m)


@pytest.mark.official
def test_the_streets_of_marseille_are_as_fast_as_ign_says(official_folder):
    roads = read_roads(official_folder / "ign_troncon_route_marseille10.sql")
    node = np.sort(np.random.default_rng(0).choice(roads.doors, 800, replace=False))
    pairs, _ = road_pairs(
        roads, roads.lon[node], roads.lat[node], farthest_m=50.0, kilometres=False, shortest_km=1.0
    )
    model = RoadModel()
    km = model.detour * pairs.crow_km

    def minutes(speed_km_h, i, j):
        local = np.full(i.shape, speed_km_h)
        return model.minutes(km[i, j], (local, local))

    speed, error = held_out(pairs, minutes, (15.0, 60.0))
    assert speed == pytest.approx(model.speed_km_h[30], abs=1.1)
    assert (error.median, error.p90) == pytest.approx(
        (accuracy.CITY.median, accuracy.CITY.p90), abs=2e-3
    )
    i, j = np.indices(km.shape)
    within = share_between(pairs, minutes(model.speed_km_h[30], i, j), accuracy.PLAIN_RANGE)
    assert within == pytest.approx(accuracy.CITY.in_plain_range, abs=5e-3)
