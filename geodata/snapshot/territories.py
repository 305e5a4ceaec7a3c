"""Split units by legal projection: lengths and areas are measured in it alone."""

from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import STORED, legal_projection


def split(codes: pd.Index) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield each legal projection (EPSG code) with the mask of the units that use it.

    Parameters
    ----------
    codes
        Codes of communes, cantons or départements, whose first characters tell the
        département.
    """
    projection = np.array([legal_projection(code[:3]) for code in codes])
    for epsg in np.unique(projection):
        yield int(epsg), projection == epsg


def in_metres(
    units: gpd.GeoSeries, change: Callable[[NDArray[Any]], NDArray[Any]]
) -> gpd.GeoSeries:
    """Return the units changed, territory by territory, in their legal projection.

    Parameters
    ----------
    units
        Index: codes; in EPSG:4326.
    change
        From geometries to as many geometries, in metres.
    """
    changed = []
    for epsg, mask in split(units.index):
        here = units[mask].to_crs(epsg)
        shapes = gpd.GeoSeries(change(here.to_numpy()), index=here.index, crs=epsg)
        changed.append(shapes.to_crs(STORED))
    return pd.concat(changed).reindex(units.index)


def dissolve(units: gpd.GeoSeries, group_of: pd.Series) -> gpd.GeoSeries:
    """Return the union of the units of each group; units without a group are left out."""
    group = group_of.reindex(units.index)
    kept = group.notna().to_numpy()
    names = group[kept].to_numpy(dtype=str)
    order = np.argsort(names, kind="stable")
    codes, starts = np.unique(names[order], return_index=True)
    members = np.split(units.to_numpy()[kept][order], starts[1:]) if len(codes) else []
    unions = [shapely.coverage_union_all(shapes) for shapes in members]
    return gpd.GeoSeries(unions, index=pd.Index(codes, name="code", dtype="str"), crs=units.crs)
