"""INSEE: rates of the census, income, density and membership, by commune of today."""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.readers.commune_tables import today, with_arrondissements
from geodata.readers.reference import Reference
from geodata.readers.rows import Rows, number, read_rows
from geodata.schema import Column, Schema, Table

_CODE: Final = Column("text", unique=True)
_SHARE: Final = Column("number", null=True, low=0, high=1)
_MERGED: Final = Column("integer", low=1)

CENSUS_RATES: Final = Schema(
    "taux du recensement 2017",
    {
        "low_diploma_share": _SHARE,
        "one_person_households_share": _SHARE,
        "single_parent_families_share": _SHARE,
        "aged_65p_share": _SHARE,
        "aged_under_25_share": _SHARE,
        "merged": _MERGED,
    },
    index=_CODE,
)
"""``low_diploma_share``: of people of 15+ out of school, those without a diploma above the
CAP/BEP (none, brevet, CAP or BEP).  ``aged_…``: of people of 15+."""

INCOME: Final = Schema(
    "niveau de vie",
    {
        "persons": Column("number", null=True, low=0),
        "median_income_eur": Column("number", null=True, low=0),
        "poverty_share": _SHARE,
        "merged": _MERGED,
    },
    index=_CODE,
)
"""Missing values are under statistical secrecy, not zero."""

DENSITY: Final = Schema(
    "grille de densité",
    {
        "density_class": Column("integer", low=1, high=7),
        "population": Column("number", null=True, low=0),
        "merged": _MERGED,
    },
    index=_CODE,
)

MEMBERSHIP: Final = Schema(
    "appartenance géographique",
    {
        name: Column("text", null=True)
        for name in (
            "department",
            "region",
            "epci",
            "arrondissement",
            "canton",
            "employment_zone",
            "urban_unit",
            "attraction_area",
            "living_area",
        )
    },
    index=_CODE,
)

_NO_EPCI: Final = "ZZZZZZZZZ"


def read_census_rates(path: Path, reference: Reference) -> Table:
    """Read the rates of the 2017 census; shares are 0–1, merged communes weigh equally."""
    rows = read_rows(path, source("census_rates"))
    columns = ("TX_NSCOL15P", "TX_MENSEUL", "TX_FAMMONO", "TX_65ETPLUS", "TX_25ETMOINS")
    names = [name for name in CENSUS_RATES.columns if name != "merged"]
    values = pd.DataFrame({n: number(rows[c]) / 100 for n, c in zip(names, columns, strict=True)})
    return _table(rows, "CODE_INSEE", today(rows, "CODE_INSEE", values, reference), CENSUS_RATES)


def read_income(path: Path, reference: Reference) -> Table:
    """Read median income and poverty; merged communes weigh by their persons.

    The mean of medians is an estimate of the median of the whole.
    """
    rows = read_rows(path, source("income"))
    values = pd.DataFrame(
        {
            "persons": number(rows["NBPERSMENFISC21"]),
            "median_income_eur": number(rows["MED21"]),
            "poverty_share": number(rows["TP6021"]) / 100,
        }
    )
    rows.note("revenu médian sous secret statistique", int((rows["MED21"] == "s").sum()))
    rows.note("taux de pauvreté sous secret statistique", int((rows["TP6021"] == "s").sum()))
    table = today(rows, "CODGEO", values, reference, counts=("persons",), weight="persons")
    return _table(rows, "CODGEO", table, INCOME)


def read_density(path: Path, reference: Reference) -> Table:
    """Read the seven classes of density; a merged commune takes the mean, by population.

    The mean is rounded to a class.  Arrondissements take the class of their city.
    """
    rows = read_rows(path, source("density"))
    values = pd.DataFrame(
        {"density_class": number(rows["DENS"]), "population": number(rows["PMUN19"])}
    )
    rows.set_aside(~values["density_class"].between(1, 7), "classe de densité illisible")
    table = today(rows, "CODGEO", values, reference, counts=("population",), weight="population")
    table["density_class"] = table["density_class"].round().astype("int64")
    table = with_arrondissements(rows, table, reference, counts=("population",))
    return _table(rows, "CODGEO", table, DENSITY)


def read_membership(path: Path, reference: Reference) -> Table:
    """Read the territories that each commune belongs to; those of 2024, not of today."""
    rows = read_rows(path, source("membership"))
    columns = ("DEP", "REG", "EPCI", "ARR", "CANOV", "ZE2020", "UU2020", "AAV2020", "BV2022")
    names = list(MEMBERSHIP.columns)
    values = pd.DataFrame({n: rows[c] for n, c in zip(names, columns, strict=True)})
    values["epci"] = values["epci"].replace(_NO_EPCI, None)
    table = today(rows, "CODGEO", values, reference, labels=names)
    table = with_arrondissements(rows, table, reference)
    return _table(rows, "CODGEO", table, MEMBERSHIP)


def read_population_series(path: Path, reference: Reference) -> Table:
    """Read the population of each commune, one column a year (``population_2013``…)."""
    years = range(2013, 2024)
    extra = tuple(f"p{year % 100}_pop" for year in years)
    rows = read_rows(path, source("population_series"), extra)
    values = pd.DataFrame(
        {f"population_{y}": number(rows[c]) for y, c in zip(years, extra, strict=True)}
    )
    names = list(values.columns)
    schema = Schema(
        "population", {n: Column("number", null=True, low=0) for n in names}, index=_CODE
    )
    return _table(rows, "codgeo", today(rows, "codgeo", values, reference, counts=names), schema)


def _table(rows: Rows, code: str, frame: pd.DataFrame, schema: Schema) -> Table:
    frame.index.name = "code"
    schema.check(frame, rows.where)
    return Table.of(frame, rows.source.provenance(), rows.rejected(code, code), rows.notes)
