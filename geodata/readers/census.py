"""INSEE: the census by commune (ages, households, diplomas), counts of persons.

Counts are estimates with decimals: they are the weighted sums that INSEE publishes.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.readers.commune_tables import today
from geodata.readers.reference import Reference
from geodata.readers.rows import number, read_rows
from geodata.schema import Column, Schema, Table

_AGES: Final = {
    "population": "P22_POP",
    "pop_0_14": "P22_POP0014",
    "pop_15_29": "P22_POP1529",
    "pop_30_44": "P22_POP3044",
    "pop_45_59": "P22_POP4559",
    "pop_60_74": "P22_POP6074",
    "pop_75_89": "P22_POP7589",
    "pop_90p": "P22_POP90P",
}
_HOUSEHOLDS: Final = {
    "households": "C22_MEN",
    "one_person_households": "C22_MENPSEUL",
    "single_parent_households": "C22_MENFAMMONO",
}
_DIPLOMAS: Final = {
    "out_of_school_15p": "P21_NSCOL15P",
    "no_diploma": "P21_NSCOL15P_DIPLMIN",
    "brevet": "P21_NSCOL15P_BEPC",
    "cap_bep": "P21_NSCOL15P_CAPBEP",
    "bac": "P21_NSCOL15P_BAC",
}


def read_ages(path: Path, reference: Reference) -> Table:
    """Read persons by age band, 2022 census."""
    return _counts(path, "census_ages", _AGES, reference)


def read_households(path: Path, reference: Reference) -> Table:
    """Read households (not persons) by kind, 2022 census."""
    return _counts(path, "census_households", _HOUSEHOLDS, reference)


def read_diplomas(path: Path, reference: Reference) -> Table:
    """Read persons of 15 and over out of school by diploma, 2021 census."""
    return _counts(path, "census_diplomas", _DIPLOMAS, reference)


def _counts(path: Path, layer: str, columns: dict[str, str], reference: Reference) -> Table:
    rows = read_rows(path, source(layer))
    values = pd.DataFrame({name: number(rows[column]) for name, column in columns.items()})
    unread = values.isna().any(axis=1)
    rows.set_aside(unread & rows["CODGEO"].notna(), "effectif absent ou illisible")
    frame = today(rows, "CODGEO", values, reference, counts=list(columns))
    frame.index.name = "code"
    counts = {name: Column("number", low=0) for name in columns}
    schema = Schema(rows.source.title, counts, index=Column("text", unique=True))
    schema.check(frame, rows.where)
    rejected = rows.rejected("CODGEO", "CODGEO")
    return Table.of(frame, rows.source.provenance(), rejected, rows.notes)
