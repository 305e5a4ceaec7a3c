"""Write tables so that the same data give the same bytes."""

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geodata.schema import Provenance

PROVENANCE_KEY: Final = b"provenance"
"""Key, in the file's metadata, of the table's provenance in JSON."""

_LEVEL: Final = 19


def write_table(frame: pd.DataFrame, provenance: Provenance, path: Path) -> None:
    """Write a frame (GeoParquet when it has a geometry) with its provenance.

    The index, when it has a name, becomes the first column.
    """
    flat = frame.reset_index() if frame.index.name else frame.reset_index(drop=True)
    table = _arrow(flat)
    text = json.dumps(asdict(provenance), ensure_ascii=False, sort_keys=True)
    metadata = {**(table.schema.metadata or {}), PROVENANCE_KEY: text.encode()}
    pq.write_table(
        table.replace_schema_metadata(metadata),
        path,
        compression="zstd",
        compression_level=_LEVEL,
        row_group_size=len(flat) or 1,
        store_schema=True,
    )


def _arrow(frame: pd.DataFrame) -> pa.Table:
    if not isinstance(frame, gpd.GeoDataFrame):
        return pa.Table.from_pandas(frame, preserve_index=False)
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression=None)
    buffer.seek(0)
    return pq.read_table(buffer)


def read_provenance(path: Path) -> Provenance:
    """Return the provenance that stands in the file's metadata."""
    metadata = pq.read_schema(path).metadata
    return Provenance(**json.loads(metadata[PROVENANCE_KEY]))
