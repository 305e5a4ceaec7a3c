"""INSEE's own car times (Metric-OSRM, squares of 200 m): the rows of one département.

The whole file is about 900 MB.  Of a Parquet file only the columns needed are read, of the row
groups whose statistics admit the département; over the web, by ranged requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.errors import DataError
from geodata.fetch import DEFAULT_LIMITS, Limits
from geodata.ranged import RangedFileSystem

COLUMNS: Final = ("idSrc", "typeeq_id", "duree", "depcom", "dep", "pop")
_CSV_ROWS: Final = 500_000


def read_car_times(
    source: str, department: str, kinds: tuple[str, ...], *, limits: Limits = DEFAULT_LIMITS
) -> pd.DataFrame:
    """Return the minutes of the inhabited squares of a département to some kinds of facility.

    Parameters
    ----------
    source
        A web address (Parquet only), or the path of a Parquet or CSV file.
    department
        Code of the département.
    kinds
        INSEE's types of facility: ``"A128"`` France Services, ``"A206"`` post office…
    limits
        What each web request may cost.

    Returns
    -------
    DataFrame
        square, kind, minutes, commune_code, people; one row a square and a kind.

    Raises
    ------
    DataError
        When the file is not INSEE's, or holds nothing of the département.
    SourceError
        When the source does not answer, or cannot send a part of a file.
    """
    if source.lower().endswith(".csv"):
        frame = _csv(Path(source), department, kinds)
    else:
        frame = _parquet(source, department, kinds, limits)
    names = {"idSrc": "square", "typeeq_id": "kind", "duree": "minutes",
             "depcom": "commune_code", "pop": "people"}  # fmt: skip
    frame = frame[list(names)].rename(columns=names)
    sound = frame["minutes"].notna() & (frame["minutes"] >= 0) & (frame["people"] > 0)
    if not sound.any():
        raise DataError(
            f"Ce fichier ne contient aucun temps de trajet pour le département {department}",
            where=source,
            remedy=f"Types d'équipement cherchés : {', '.join(kinds)}.",
        )
    return frame[sound].reset_index(drop=True)


def _parquet(source: str, department: str, kinds: tuple[str, ...], limits: Limits) -> pd.DataFrame:
    with _opened(source, limits) as file:
        try:
            parquet = pq.ParquetFile(file)
        except pa.ArrowInvalid as error:
            raise DataError("Ce fichier n'est pas un fichier Parquet", where=source) from error
        _check(parquet.schema_arrow.names, source)
        groups = _groups_of(parquet, department)
        table = parquet.read_row_groups(groups, columns=list(COLUMNS))
    wanted = pc.and_(
        pc.equal(table["dep"].cast(pa.string()), department),
        pc.is_in(table["typeeq_id"].cast(pa.string()), value_set=pa.array(kinds)),
    )
    frame: pd.DataFrame = table.filter(wanted).to_pandas()
    return frame


@contextmanager
def _opened(source: str, limits: Limits) -> "Iterator[object]":
    if source.startswith(("http://", "https://")):
        with RangedFileSystem(limits).open(source) as file:
            yield file
        return
    path = Path(source)
    if not path.is_file():
        raise DataError("Fichier de temps de trajet introuvable", where=source)
    with path.open("rb") as local:
        yield local


def _groups_of(parquet: pq.ParquetFile, department: str) -> list[int]:
    """Return the row groups that may hold a département, by their statistics."""
    metadata = parquet.metadata
    column = metadata.schema.names.index("dep")
    kept = []
    for group in range(metadata.num_row_groups):
        found = metadata.row_group(group).column(column).statistics
        if found is None or not found.has_min_max or str(found.min) <= department <= str(found.max):
            kept.append(group)
    return kept


def _csv(path: Path, department: str, kinds: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        raise DataError("Fichier de temps de trajet introuvable", where=str(path))
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.readline()
    separator = ";" if ";" in head else ","
    _check([name.strip().strip('"') for name in head.split(separator)], str(path))
    text = dict.fromkeys(("idSrc", "typeeq_id", "depcom", "dep"), "str")
    parts = [
        chunk[(chunk["dep"] == department) & chunk["typeeq_id"].isin(kinds)]
        for chunk in pd.read_csv(
            path, sep=separator, usecols=list(COLUMNS), dtype=text, chunksize=_CSV_ROWS
        )
    ]
    return pd.concat(parts, ignore_index=True)


def _check(names: list[str], source: str) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise DataError(
            f"Ce fichier n'a pas les colonnes des temps de trajet de l'INSEE : "
            f"{', '.join(missing)}",
            where=source,
            remedy="Donnez le fichier « temps de trajet en voiture » de l'INSEE (Metric-OSRM).",
        )
