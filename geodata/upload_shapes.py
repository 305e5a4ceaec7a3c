"""Files with a geometry, as tables of texts: GeoPackage and GeoJSON."""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio import errors
from pyproj.exceptions import ProjError
from shapely.errors import ShapelyError

from geodata.errors import DataError
from geodata.readers.sheets import written
from geodata.upload_size import check_size

LAT_LON: Final = "latitude,longitude"
"""Column added, for the layers that want both in one: « 46.5,3.3 »."""

SQLITE: Final = b"SQLite format 3\x00"
OTHER: Final = "Enregistrez-le en CSV, XLSX, GeoJSON ou GeoPackage, puis recommencez."

# What a damaged file makes its readers raise.
_DAMAGED: Final = (
    *(errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.GeometryError),
    *(errors.CRSError, errors.FieldError, ProjError, ShapelyError),
    *(OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RuntimeError),
)


def read_geopackage(
    content: bytes, where: str, layer: str
) -> tuple[tuple[str, ...], str, pd.DataFrame]:
    """Return the layers of a GeoPackage, the one read, and its features as texts.

    Raises
    ------
    DataError
        When it is none, or is damaged.
    """
    if not content.startswith(SQLITE):
        raise DataError("Ce fichier n'est pas un GeoPackage", where=where, remedy=OTHER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.gpkg"
        path.write_bytes(content)
        try:
            names = tuple(str(name) for name, _ in pyogrio.list_layers(path))
            chosen = layer if layer in names else names[0]
            about = pyogrio.read_info(path, layer=chosen, force_feature_count=True)
            check_size(about["features"], len(about["fields"]), where)
            frame = _features(path, chosen)
        except _DAMAGED as error:
            raise DataError("Le GeoPackage est illisible", where=where, remedy=OTHER) from error
    return names, chosen, frame


def read_geojson(content: bytes, where: str) -> pd.DataFrame:
    """Return the features of a GeoJSON collection as texts.

    Raises
    ------
    DataError
        When it is none, or is damaged.
    """
    try:
        value = json.loads(content)
        features = value["features"] if value["type"] == "FeatureCollection" else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError("Ce fichier n'est pas un GeoJSON", where=where, remedy=OTHER) from error
    if not isinstance(features, list):
        raise DataError("Ce GeoJSON n'a pas d'entités", where=where, remedy=OTHER)
    check_size(len(features), len(_property_names(features)), where)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.geojson"
        path.write_bytes(content)
        try:
            frame = _features(path, None)
        except _DAMAGED as error:
            raise DataError("Le GeoJSON est illisible", where=where, remedy=OTHER) from error
    return frame


def _property_names(features: list[Any]) -> set[str]:
    """Return the names that features give to their properties, each of which is a column."""
    properties = (one.get("properties") for one in features if isinstance(one, dict))
    return {name for one in properties if isinstance(one, dict) for name in one}


def _features(path: Path, layer: str | None) -> pd.DataFrame:
    """Return the features of a file as texts, with the point of each in degrees."""
    table = gpd.read_file(path, layer=layer, engine="pyogrio")
    frame = pd.DataFrame({str(name): table[name] for name in table if name != "geometry"})
    frame = frame.map(lambda value: "" if pd.isna(value) else written(value), na_action=None)
    if isinstance(table, gpd.GeoDataFrame):
        shapes = table.geometry if table.crs is None else table.geometry.to_crs(4326)
        points = shapes.representative_point()
        for name, axis in (("latitude", points.y), ("longitude", points.x)):
            frame[name] = axis.map(lambda value: "" if pd.isna(value) else f"{value:.7f}")
        both = (frame["latitude"] != "") & (frame["longitude"] != "")
        frame[LAT_LON] = (frame["latitude"] + "," + frame["longitude"]).where(both, "")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame
