import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.distance import arc_km, chord_of, great_circle_km, km_of_chord, on_sphere

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


@given(LON, LAT, LON, LAT)
def test_degrees_and_points_of_the_sphere_are_as_far(lon_a, lat_a, lon_b, lat_b):
    a, b = (
        on_sphere(np.array([lon]), np.array([lat])) for lon, lat in ((lon_a, lat_a), (lon_b, lat_b))
    )
    lon, lat = np.array([[lon_a], [lon_b]]), np.array([[lat_a], [lat_b]])
    degrees = great_circle_km(lon[0], lat[0], lon[1], lat[1])
    assert arc_km(a, b) == pytest.approx(degrees, rel=1e-6, abs=1e-3)


@given(st.floats(0, 20_000))
def test_a_chord_and_its_kilometres(km):
    assert km_of_chord(np.array([chord_of(km)])) == pytest.approx(km, rel=1e-6, abs=1e-6)


def test_paris_is_some_660_km_from_marseille():
    away = great_circle_km(*(np.array([x]) for x in (2.3522, 48.8566, 5.3698, 43.2965)))
    assert away == pytest.approx(660.5, abs=1)
