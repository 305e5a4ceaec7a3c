import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.snapshot.triangles import locate

# What the publisher's own locator answers, at level 12.
PUBLISHED = {
    "Paris": (2.35, 48.85, 259155026),
    "Moulins": (3.33, 46.56, 259098122),
    "Cayenne": (-52.3, 4.9, 167911693),
    "La Réunion": (55.5, -21.1, 157352114),
    "Mayotte": (45.2, -12.8, 329085908),
}


@pytest.mark.parametrize(("lon", "lat", "index"), PUBLISHED.values(), ids=PUBLISHED)
def test_the_published_locator_agrees(lon, lat, index):
    assert locate(np.array([lon]), np.array([lat]), 12).tolist() == [index]


def test_twenty_faces_share_the_sphere_evenly():
    # Random points, uniform on the sphere.
    rng = np.random.default_rng(0)
    lon = rng.uniform(-180, 180, 40_000)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 40_000)))
    share = np.bincount(locate(lon, lat, 0), minlength=20) / len(lon)
    assert share == pytest.approx(np.full(20, 0.05), abs=0.006)


@given(
    st.floats(-180, 180),
    st.floats(-90, 90),
    st.integers(0, 11),
)
def test_a_triangle_lies_in_its_parent(lon, lat, level):
    here = np.array([lon]), np.array([lat])
    parent, child = locate(*here, level), locate(*here, level + 1)
    assert 0 <= child[0] < 20 * 4 ** (level + 1)
    assert child[0] // 4 == parent[0]


def test_points_near_each_other_share_a_coarse_triangle_and_not_a_fine_one():
    lon, lat = np.array([3.333, 3.334, 3.40]), np.array([46.566, 46.566, 46.566])
    coarse, fine = locate(lon, lat, 4), locate(lon, lat, 12)
    assert len(set(coarse)) == 1
    assert fine[0] != fine[2]
