import numpy as np
import pandas as pd
import pytest

from coverage.without_car import share_without_car

COMMUNE = pd.DataFrame({"lon": [3.0], "lat": [46.0], "area_km2": [np.pi * 9.0]}, index=["a"])
KM_A_DEGREE = 111.195


def site(km_north: float) -> pd.DataFrame:
    return pd.DataFrame({"lon": [3.0], "lat": [46.0 + km_north / KM_A_DEGREE]})


@pytest.mark.parametrize(
    ("km_north", "reach_km", "expected"),
    [
        (0.0, 1.5, 0.25),  # a disc of half the radius
        (0.0, 9.0, 1.0),  # the whole commune
        (20.0, 5.0, 0.0),  # too far
        (3.0, 3.0, 0.3910),  # equal discs, centres a radius apart: 2/3 − √3/(2π)
    ],
)
def test_the_share_is_that_of_the_common_area(km_north, reach_km, expected):
    found = share_without_car(COMMUNE, site(km_north), reach_km, 1.0)
    assert found[0] == pytest.approx(expected, abs=1e-3)


def test_it_is_what_random_people_find():
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-3, 3, (2, 400_000))
    inside = np.hypot(x, y) <= 3
    expected = (np.hypot(x, y - 2.0)[inside] <= 2.5).mean()
    found = share_without_car(COMMUNE, site(2.0), 2.5 * 1.3, 1.3)
    assert found[0] == pytest.approx(expected, abs=3e-3)


def test_one_more_site_never_lowers_a_share():
    one = share_without_car(COMMUNE, site(2.0), 2.5, 1.3)
    two = share_without_car(COMMUNE, pd.concat([site(2.0), site(4.0)]), 2.5, 1.3)
    assert (two >= one).all()
    assert share_without_car(COMMUNE, site(0.0).iloc[:0], 2.5, 1.3).tolist() == [0.0]
