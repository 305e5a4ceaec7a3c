import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.errors import DataError
from geodata.snapshot.outlines import missing_parts, raw_outlines, repair, with_parents

KM = 1000.0


def metres(**boxes: tuple[float, float, float, float]) -> gpd.GeoSeries:
    """Boxes in kilometres, around the middle of France."""
    shapes = [
        shapely.box(*(700_000 + KM * a if k % 2 == 0 else 6_600_000 + KM * a
                      for k, a in enumerate(box)))
        for box in boxes.values()
    ]  # fmt: skip
    return gpd.GeoSeries(shapes, index=[name.lstrip("c") for name in boxes], crs=2154)


def test_what_the_cantons_hold_and_the_communes_do_not_goes_to_the_absorber():
    communes = metres(c03001=(0, 0, 5, 5), c03002=(5, 0, 10, 5))
    canton = metres(c0301=(0, 0, 10, 8))
    found = missing_parts(communes, canton, frozenset({"03002"}))
    assert found["code"].tolist() == ["03002"]
    assert found.area.sum() == pytest.approx(30 * KM**2)


def test_a_doubtful_part_is_refused():
    communes = metres(c03001=(0, 0, 5, 5), c03002=(5, 0, 10, 5))
    canton = metres(c0301=(0, 0, 10, 8))
    with pytest.raises(DataError, match="n'a pas de commune certaine") as error:
        missing_parts(communes, canton, frozenset({"03001", "03002"}))
    assert "03001, 03002" in str(error.value)


def test_repair_fills_cleans_and_keeps_a_valid_coverage():
    communes = metres(c03001=(0, 0, 5, 5), c03002=(4.999, 0, 10, 5), c03003=(0, 5.01, 5, 8))
    canton = metres(c0301=(0, 0, 10, 8))
    found, filled = repair(communes.to_crs(4326), canton.to_crs(4326), frozenset({"03002"}))
    assert filled["code"].tolist() == ["03002"]
    assert shapely.coverage_is_valid(found.to_numpy())
    areas = found.to_crs(2154).area / KM**2
    assert areas.sum() == pytest.approx(80, rel=2e-3)
    assert areas["03002"] == pytest.approx(40, rel=2e-3)


def test_a_commune_without_outline_is_the_union_of_its_former_ones():
    left, right = shapely.box(0, 0, 1, 1).wkb_hex, shapely.box(1, 0, 2, 1).wkb_hex
    rows = pd.DataFrame(
        {
            "id": ["1", "2", "3", "4"],
            "code": ["12218", "12076", "12218", "12999"],
            "type": ["COM", "COMD", "COMD", "COM"],
            "commune_parent_id": [None, "1", "1", None],
            "geometry": [None, left, right, None],
        }
    )
    found = raw_outlines(rows)
    assert found.index.tolist() == ["12218"]
    assert found.iloc[0].equals(shapely.box(0, 0, 2, 1))


def test_a_parent_is_the_union_of_its_arrondissements():
    units = gpd.GeoSeries(
        [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6)],
        index=["75101", "75102", "03001"],
        crs=4326,
    )
    found = with_parents(units, pd.Series({"75101": "75056", "75102": "75056"}))
    assert found.index.tolist() == ["03001", "75056", "75101", "75102"]
    assert found["75056"].equals(shapely.box(0, 0, 2, 1))
