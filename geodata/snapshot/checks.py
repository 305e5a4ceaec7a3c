"""What the snapshot must be: run before it is written, and by a test on the files.

Every fault is gathered, then all are raised once.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.errors import DataError
from geodata.readers.reference import PARENTS
from geodata.schema import PLACE, Column, Schema
from geodata.snapshot.ages import BANDS
from geodata.snapshot.points import TOLERANCE_M, WITHOUT_OUTLINE, outside_m
from geodata.snapshot.territories import split

METROPOLE: Final = 34_746
OVERSEAS: Final = 129
UNINHABITED: Final = 6
ARRONDISSEMENTS: Final = 45
POPULATION: Final = 68_350_798
OLD_SHARE: Final = (0.195, 0.22)
"""Bounds of the national share of people of 65 and over (20.5 % at the census of 2021)."""

DEPARTMENTS: Final = 101
REGIONS: Final = 18

_TEXT: Final = Column("text")
_MAYBE: Final = Column("text", null=True)
_PERSONS: Final = Column("number", null=True, low=0)

COMMUNES: Final = Schema(
    "communes",
    {
        "name": _TEXT,
        "kind": Column("text", one_of=("commune", "arrondissement")),
        "parent": _MAYBE,
        "department": _TEXT,
        "region": _TEXT,
        "epci": _MAYBE,
        "canton": _MAYBE,
        "population": Column("integer", low=0),
        "postal_codes": _TEXT,
        "lon": Column("number", low=-63, high=56),
        "lat": Column("number", low=-22, high=52),
        "point_source": Column(
            "text", one_of=("town_hall", "flipped", "manual", "inside", "village")
        ),
        "area_km2": Column("number", low=0.01, high=19_000),
        "altitude_m": Column("number", null=True, low=-10, high=4_000),
        "relief_m": Column("number", null=True, low=0, high=2_000),
        "degurba": Column("integer", null=True, low=11, high=30),
        "pop_0_19": _PERSONS,
        "pop_20_64": _PERSONS,
        "pop_65p": _PERSONS,
        "age_source": Column("text", null=True, one_of=("census", "merged", "share")),
    },
    index=Column("text", unique=True),
    exact=True,
)

TOWN_HALLS: Final = Schema(
    "mairies",
    {
        "commune_code": Column("text", unique=True),
        "name": _TEXT,
        "address": _TEXT,
        "phone": _MAYBE,
        "website": _MAYBE,
        "hours": _MAYBE,
        "weekly_hours_h": Column("number", null=True, low=0, high=100),
        "lon": Column("number", low=-63, high=56),
        "lat": Column("number", low=-22, high=52),
        "point_source": _TEXT,
    },
    exact=True,
)


def check(tables: Mapping[str, pd.DataFrame]) -> None:
    """Check every table of the snapshot.

    Raises
    ------
    DataError
        With all the faults, once.
    """
    communes = tables["communes"]
    outlines = gpd.GeoSeries(tables["outlines"].geometry)
    found = [
        *COMMUNES.faults(communes),
        *TOWN_HALLS.faults(tables["town_halls"]),
        *PLACE.faults(tables["places"]),
        *counts(communes),
        *ages(communes),
        *coverage(outlines),
        *points(communes, outlines),
        *links(tables),
        *privacy(tables),
    ]
    if found:
        raise DataError(
            f"L'instantané n'est pas conforme : {' ; '.join(found)}",
            remedy="Corrigez la construction : rien n'a été écrit.",
        )


def counts(communes: pd.DataFrame) -> Iterator[str]:
    """Yield the faults of the numbers of communes and of their total population."""
    whole = communes[communes["kind"] == "commune"]
    overseas = whole.index.str.startswith("97")
    inside = communes["parent"].dropna()
    expected = {
        "communes de métropole": (int((~overseas).sum()), METROPOLE),
        "communes d'outre-mer": (int(overseas.sum()), OVERSEAS),
        "communes sans habitant": (int((whole["population"] == 0).sum()), UNINHABITED),
        "arrondissements": (len(inside), ARRONDISSEMENTS),
        "habitants": (int(whole["population"].sum()), POPULATION),
    }
    for what, (seen, wanted) in expected.items():
        if seen != wanted:
            yield f"{what} : {seen} au lieu de {wanted}"
    if set(inside) != set(PARENTS):
        yield f"villes à arrondissements : {sorted(set(inside))}"


def ages(communes: pd.DataFrame) -> Iterator[str]:
    """Yield the faults of the age bands."""
    bands = communes[list(BANDS)]
    total = bands.sum(axis=1).where(bands.notna().all(axis=1))
    shares = bands[total > 0].to_numpy() / total[total > 0].to_numpy()[:, None]
    if not ((shares >= 0) & (shares <= 1)).all():
        yield "part d'une tranche d'âge hors de 0–1"
    unknown = communes.index[total.isna()]
    if not (communes.loc[unknown, "department"] == "976").all():
        yield "tranches d'âge manquantes hors de Mayotte"
    whole = communes["kind"] == "commune"
    old = float(bands.loc[whole, "pop_65p"].sum() / total[whole].sum())
    if not OLD_SHARE[0] <= old <= OLD_SHARE[1]:
        yield f"part nationale des 65 ans et plus : {old:.3f}"


def coverage(outlines: gpd.GeoSeries) -> Iterator[str]:
    """Yield the faults of the outlines: each territory must be a valid coverage."""
    units = outlines[~outlines.index.isin(PARENTS)]
    if not shapely.is_valid(outlines.to_numpy()).all():
        yield "contour invalide"
    for epsg, mask in split(units.index):
        if not shapely.coverage_is_valid(units[mask].to_numpy()):
            yield f"les contours du territoire EPSG:{epsg} se chevauchent"


def points(communes: pd.DataFrame, outlines: gpd.GeoSeries) -> Iterator[str]:
    """Yield the faults of the points: each must be in its commune, or nearly."""
    missing = set(communes.index) - set(outlines.index)
    if missing != set(WITHOUT_OUTLINE):
        yield f"communes sans contour : {sorted(missing)[:5]}"
    here = communes.reindex(outlines.index)
    away = outside_m(outlines, here["lon"].to_numpy(), here["lat"].to_numpy())
    far = outlines.index[away > TOLERANCE_M]
    if len(far):
        yield f"{len(far)} point(s) hors de leur commune ({', '.join(far[:3])})"


def links(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the codes that one table uses and the table of these codes does not hold."""
    communes = tables["communes"]
    for level, name, size in (
        ("department", "departments", DEPARTMENTS),
        ("region", "regions", REGIONS),
        ("epci", "epcis", None),
        ("canton", "cantons", None),
    ):
        unknown = set(communes[level].dropna()) - set(tables[name].index)
        if unknown:
            yield f"{name} : codes inconnus {sorted(unknown)[:5]}"
        if size is not None and len(tables[name]) != size:
            yield f"{name} : {len(tables[name])} au lieu de {size}"
    demand = communes.index[~communes.index.isin(PARENTS)]
    pairs = tables["neighbours"]
    if not set(pairs["code_a"]) | set(pairs["code_b"]) <= set(demand):
        yield "neighbours : code inconnu"
    if not (pairs["code_a"] < pairs["code_b"]).all() or pairs.duplicated().any():
        yield "neighbours : paire mal ordonnée ou en double"
    for name, column in (
        ("former_codes", "current"),
        ("town_halls", "commune_code"),
        ("places", "commune_code"),
    ):
        if not set(tables[name][column]) <= set(communes.index):
            yield f"{name} : commune inconnue"


def privacy(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the columns that hold an e-mail address or a mobile number."""
    for name, frame in tables.items():
        plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
        for column in plain.columns[plain.dtypes == "str"]:
            if plain[column].str.contains(r"\w@\w+\.\w", regex=True).any():
                yield f"{name}.{column} : adresse électronique"
        if "phone" in frame and frame["phone"].str.match(r"(\+33 ?|0)[67]").any():
            yield f"{name}.phone : numéro de mobile"
