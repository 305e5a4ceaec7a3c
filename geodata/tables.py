"""The tables of the embedded snapshot.

Every reader is cached and its frame is shared: **read only**; copy before changing.
"""

from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.errors import DataError
from geodata.schema import Provenance
from geodata.snapshot.territories import dissolve
from geodata.snapshot.write import read_provenance

FOLDER: Final = Path(__file__).parent / "snapshot"

NAMES: Final = (
    "communes",
    "outlines",
    "neighbours",
    "departments",
    "regions",
    "epcis",
    "cantons",
    "town_halls",
    "former_codes",
    "places",
    "base_map",
)
"""Names of the tables; each is ``<name>.parquet``."""


def path(name: str) -> Path:
    """Return the file of a table.

    Raises
    ------
    DataError
        When the file is not there.
    """
    if name not in NAMES:
        raise ValueError(f"unknown table: {name!r}")
    found = FOLDER / f"{name}.parquet"
    if not found.is_file():
        raise DataError(
            f"La table « {name} » de l'instantané est absente",
            where=str(found),
            remedy="Restaurez ce fichier, ou reconstruisez-le par « python -m geodata snapshot ».",
        )
    return found


@cache
def provenance(name: str) -> Provenance:
    """Return where the rows of a table come from."""
    return read_provenance(path(name))


@cache
def communes() -> pd.DataFrame:
    """Return the 34,875 communes and the 45 municipal arrondissements.

    Returns
    -------
    DataFrame
        Index ``code``.  name, kind (``"commune"`` or ``"arrondissement"``), parent (of an
        arrondissement), department, region, epci and canton (null where none), population
        (persons), postal_codes (joined by ``;``), lon, lat, point_source (``"town_hall"``,
        ``"flipped"``, ``"manual"``, ``"inside"`` or ``"village"``), area_km2, altitude_m
        and relief_m (metres, from cells of 1/12°; null on small islands), degurba (class
        11 to 30, null where the source knows only water), pop_0_19, pop_20_64, pop_65p
        (persons, census of 2021; null in Mayotte), age_source (``"census"``,
        ``"merged"``, ``"share"`` or null).
    """
    return pd.read_parquet(path("communes")).set_index("code")


@cache
def demand_points() -> pd.DataFrame:
    """Return the 34,917 units that cover France once: arrondissements instead of 3 cities.

    Same columns as :func:`communes`.
    """
    every = communes()
    return every[~every.index.isin(every["parent"].dropna().unique())]


@cache
def _all_outlines() -> gpd.GeoDataFrame:
    return gpd.read_parquet(path("outlines")).set_index("code")


@cache
def outlines(department: str | None = None) -> gpd.GeoDataFrame:
    """Return the outlines of communes and arrondissements, in EPSG:4326.

    Paris, Lyon and Marseille overlap their arrondissements.  Four communes of the Cantal
    have no outline (see :func:`communes`, point_source ``"village"``).

    Parameters
    ----------
    department
        Code of a département; all of them by default.

    Returns
    -------
    GeoDataFrame
        Index ``code``; geometry.
    """
    every = _all_outlines()
    if department is None:
        return every
    return every[(communes()["department"].reindex(every.index) == department).to_numpy()]


@cache
def neighbours() -> pd.DataFrame:
    """Return the pairs of demand points that share a land border.

    Returns
    -------
    DataFrame
        code_a, code_b (``code_a < code_b``), border_m (metres; null for the four
        communes without outline, joined to the commune that holds theirs).
    """
    return pd.read_parquet(path("neighbours"))


@cache
def departments() -> pd.DataFrame:
    """Return the 101 départements: index ``code``; name, region, population."""
    return _coded("departments")


@cache
def regions() -> pd.DataFrame:
    """Return the 18 regions: index ``code``; name, population."""
    return _coded("regions")


@cache
def epcis() -> pd.DataFrame:
    """Return the intercommunalities: index ``code``; name, kind, department, population.

    ``department`` is the one where most of their people live.
    """
    return _coded("epcis")


@cache
def cantons() -> pd.DataFrame:
    """Return the cantons (canton-ou-ville): index ``code``; name, department, population."""
    return _coded("cantons")


def _coded(name: str) -> pd.DataFrame:
    return pd.read_parquet(path(name)).set_index("code")


@cache
def department_outlines() -> gpd.GeoDataFrame:
    """Return the outlines of the départements: index ``code``; geometry, in EPSG:4326."""
    return _dissolved(outlines(), communes()["department"])


def _dissolved(units: gpd.GeoDataFrame, group_of: pd.Series) -> gpd.GeoDataFrame:
    """Return the union of the units of each group; units without a group are left out."""
    once = units[units.index.isin(demand_points().index)]
    return gpd.GeoDataFrame(geometry=dissolve(once.geometry, group_of))


@cache
def town_halls() -> pd.DataFrame:
    """Return the town halls whose address is known (they never count as an offer).

    Returns
    -------
    DataFrame
        commune_code, name, address, phone, website, hours (OpenStreetMap syntax),
        weekly_hours_h, lon, lat, point_source (as in :func:`communes`).
    """
    return pd.read_parquet(path("town_halls"))


@cache
def former_codes() -> pd.DataFrame:
    """Return the codes that no longer exist: former, current, share."""
    return pd.read_parquet(path("former_codes"))


@cache
def base_map() -> gpd.GeoDataFrame:
    """Return the base map around France, in EPSG:4326.

    Returns
    -------
    GeoDataFrame
        kind (``"coast"``, ``"lake"``, ``"river"``, ``"border"`` or ``"land"``, the land of
        the neighbouring countries), name, geometry.
    """
    return gpd.read_parquet(path("base_map"))


@cache
def embedded_places() -> pd.DataFrame:
    """Return the lieux de médiation numérique of Auvergne-Rhône-Alpes (2021–2022).

    The columns are those of :data:`geodata.schema.PLACE`.
    """
    return pd.read_parquet(path("places"))
