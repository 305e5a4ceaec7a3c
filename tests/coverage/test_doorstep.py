import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.doorstep import Doorstep, minutes_from
from planning.situation import national_network


def sites(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["commune_code", "lon", "lat"])


def of(code: str) -> tuple[str, float, float]:
    point = national_network().points.loc[code]
    return code, float(point["lon"]), float(point["lat"])


def test_next_door_is_nearer_than_the_middle_of_town():
    code, lon, lat = of("33063")
    network = national_network()
    near, far = minutes_from(
        network, Doorstep(code, lon, lat), sites((code, lon, lat), (code, lon, lat + 0.02)), 45
    )
    assert near == pytest.approx(0.0, abs=1e-6)
    assert 2 < far < 12


def test_from_the_point_of_a_commune_it_agrees_with_the_network():
    """Without the spread of people, the length between two communes' points is the same."""
    network = national_network()
    codes = ["03190", "03023", "03310"]
    found = minutes_from(network, Doorstep(*of("03190")), sites(*map(of, codes)), 120)
    expected, _ = network.between(codes, 120)
    assert found == pytest.approx(expected[0])


def test_an_estuary_is_driven_round():
    """Royan is 6 km from Le Verdon over the Gironde, and two hours by road."""
    network = national_network()
    minutes = minutes_from(network, Doorstep(*of("17306")), sites(of("33544")), 45)
    assert minutes[0] == np.inf


def test_an_island_without_a_road_is_out_of_reach():
    minutes = minutes_from(
        national_network(), Doorstep(*of("29155")), sites(of("29155"), of("29040")), 90
    )
    assert np.isfinite(minutes[0])
    assert minutes[1] == np.inf


def test_an_unknown_commune_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="99999"):
        minutes_from(national_network(), Doorstep("99999", 0, 0), sites(of("03190")), 45)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_order_of_places_changes_nothing(shifts, random):
    code, lon, lat = of("03190")
    rows = [(code, lon + x, lat + y) for x, y in shifts]
    point = Doorstep(code, lon, lat)
    minutes = minutes_from(national_network(), point, sites(*rows), 60)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = minutes_from(national_network(), point, sites(*[rows[k] for k in order]), 60)
    assert shuffled == pytest.approx(minutes[order])
    assert (minutes >= 0).all()
