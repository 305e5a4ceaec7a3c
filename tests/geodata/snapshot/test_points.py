import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.snapshot.points import MANUAL, WITHOUT_OUTLINE, areas_km2, outside_m, place

UNITS = gpd.GeoSeries(
    [
        shapely.box(3, 46, 3.1, 46.1),
        shapely.box(-61.1, 14.6, -61.0, 14.7),
        shapely.box(-1.2, 46, -1.1, 46.1),
        shapely.box(2.3, 48.8, 2.4, 48.9),
    ],
    index=pd.Index(["03001", "97201", "17001", "94076"], name="code"),
    crs=4326,
)
FALLBACK = pd.DataFrame(
    {"lon": [3.05, -61.05, -1.15, 2.35], "lat": [46.05, 14.65, 46.05, 48.85]}, index=UNITS.index
)


def placed(**town_halls: tuple[float, float]) -> pd.DataFrame:
    points = gpd.GeoSeries(
        {code.lstrip("c"): shapely.Point(point) for code, point in town_halls.items()}, crs=4326
    )
    return place(UNITS, points, FALLBACK)


def test_a_town_hall_in_its_commune_is_kept():
    found = placed(c03001=(3.02, 46.02))
    assert found.loc["03001"].tolist() == [3.02, 46.02, "town_hall"]


def test_a_town_hall_just_outside_is_kept_and_one_farther_is_not():
    # 0.001° of latitude is 111 m, and 0.004° is 445 m.
    assert placed(c03001=(3.05, 45.999)).loc["03001", "point_source"] == "town_hall"
    far = placed(c03001=(3.05, 45.996)).loc["03001"]
    assert far.tolist() == [3.05, 46.05, "inside"]


@pytest.mark.parametrize(
    ("code", "wrong", "right"),
    [("17001", (1.15, 46.05), (-1.15, 46.05)), ("97201", (61.02, 14.65), (-61.02, 14.65))],
)
def test_a_wrong_sign_is_mended(code, wrong, right):
    found = placed(**{f"c{code}": wrong}).loc[code]
    assert (found["lon"], found["lat"], found["point_source"]) == (*right, "flipped")


def test_a_town_hall_corrected_by_hand_wins():
    found = placed(c94076=(2.35, 48.85)).loc["94076"]
    assert (found["lon"], found["lat"]) == MANUAL["94076"]
    assert found["point_source"] == "manual"


def test_every_commune_has_a_point_even_without_outline():
    found = placed()
    assert set(found.index) == {*UNITS.index, *WITHOUT_OUTLINE}
    assert found.notna().all(axis=None)


def test_an_unknown_point_is_infinitely_far():
    lon, lat = np.array([3.05, np.nan, -1.15, 2.35]), np.array([46.05, 14.65, 47.1, 48.85])
    metres = outside_m(UNITS, lon, lat)
    assert metres[0] == 0
    assert np.isinf(metres[1])
    assert metres[2] == pytest.approx(111_000, rel=0.01)


def test_areas_are_measured_in_the_legal_projection():
    found = areas_km2(UNITS)
    # On the sphere, 0.1° × 0.1° at 46° N: 11.12 km × 7.73 km.
    assert found["03001"] == pytest.approx(86, rel=0.01)
    assert found["97201"] == pytest.approx(119, rel=0.01)
    assert found["15031"] == 18.35
