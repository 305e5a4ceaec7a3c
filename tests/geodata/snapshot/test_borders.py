import geopandas as gpd
import pytest
import shapely

from geodata.snapshot.borders import neighbours


def strip(*codes: str, lat: float = 46.0) -> gpd.GeoSeries:
    """Squares of 0.1° side by side, from west to east."""
    shapes = [shapely.box(3 + k / 10, lat, 3.1 + k / 10, lat + 0.1) for k in range(len(codes))]
    return gpd.GeoSeries(shapely.set_precision(shapes, 1e-5), index=list(codes), crs=4326)


def test_side_by_side_are_neighbours_and_the_border_is_measured():
    found = neighbours(strip("03003", "03001", "03002"))
    assert found[["code_a", "code_b"]].to_numpy().tolist() == [
        ["03001", "03002"],
        ["03001", "03003"],
    ]
    # A tenth of a degree of latitude is 11.1 km.
    assert found["border_m"].to_numpy() == pytest.approx([11_112, 11_112], rel=1e-3)


def test_a_corner_is_not_a_border():
    two = gpd.GeoSeries(
        [shapely.box(3, 46, 3.1, 46.1), shapely.box(3.1, 46.1, 3.2, 46.2)],
        index=["03001", "03002"],
        crs=4326,
    )
    assert neighbours(two).empty


def test_an_enclave_is_a_neighbour_along_its_whole_outline():
    inner = shapely.box(3.01, 46.01, 3.02, 46.02)
    host = shapely.box(3, 46, 3.1, 46.1).difference(inner)
    found = neighbours(gpd.GeoSeries([inner, host], index=["03001", "03002"], crs=4326))
    around = gpd.GeoSeries([inner], crs=4326).to_crs(2154).length[0]
    assert found["border_m"].tolist() == [round(around)]


def test_a_commune_without_outline_is_joined_to_the_one_that_holds_it():
    found = neighbours(strip("15141", "15001"))
    joined = found[found["border_m"].isna()]
    assert joined[["code_a", "code_b"]].to_numpy().tolist() == [
        ["15031", "15141"],
        ["15035", "15141"],
        ["15047", "15141"],
        ["15141", "15171"],
    ]
