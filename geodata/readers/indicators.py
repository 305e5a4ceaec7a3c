"""Indicators of digital coverage by commune, from a file that the user brings.

Columns: the code of the commune, and one at least of ``no_fast_broadband_share`` (premises
without very-high-speed broadband) and ``no_4g_share`` (people without 4G): shares from 0 to 1.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from geodata.catalog import source
from geodata.errors import DataError
from geodata.readers.commune_tables import today
from geodata.readers.reference import Reference
from geodata.readers.rows import number, read_rows
from geodata.schema import Column, Schema, Table

SHARES: Final = ("no_fast_broadband_share", "no_4g_share")
MOST_WRONG_SHARE: Final = 0.5
"""Beyond this share of values that are no shares, the file is refused whole."""


def read_indicators(path: Path, reference: Reference) -> Table:
    """Read the shares; a value outside 0–1 sets its row aside.

    Raises
    ------
    DataError
        When neither column is there, or most values are not shares.
    """
    rows = read_rows(path, source("digital_indicators"), SHARES)
    given = [name for name in SHARES if rows[name].notna().any()]
    if not given:
        raise DataError(
            "Le fichier n'a aucun des indicateurs attendus",
            where=path.name,
            remedy=f"Il faut « code », et « {' » ou « '.join(SHARES)} » (parts entre 0 et 1).",
        )
    values = pd.DataFrame({name: number(rows[name]) for name in given})
    for name in given:
        wrong = rows[name].notna() & ~values[name].between(0, 1)
        if wrong.sum() > MOST_WRONG_SHARE * rows[name].notna().sum():
            raise DataError(
                "La plupart des valeurs ne sont pas des parts entre 0 et 1",
                where=f"{path.name}, colonne {name}",
                remedy="Divisez les pourcentages par 100.",
            )
        rows.set_aside(wrong, f"{name} : valeur hors de 0–1")
    frame = today(rows, "code", values, reference)
    frame.index.name = "code"
    columns = {name: Column("number", null=True, low=0, high=1) for name in given}
    columns["merged"] = Column("integer", low=1)
    Schema("indicateurs numériques", columns, index=Column("text", unique=True)).check(
        frame, rows.where
    )
    rejected = rows.rejected("code", "code")
    return Table.of(frame, rows.source.provenance(), rejected, rows.notes)
