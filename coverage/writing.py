"""Tables written to files, whole or not at all."""

from pathlib import Path

import pandas as pd

from geodata.errors import DataError


def write_csv(table: pd.DataFrame, path: Path, index: str) -> None:
    """Write a table as CSV, its index first under the name ``index``.

    Raises
    ------
    DataError
        If the file cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(part, index_label=index)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataError(
            f"Impossible d'écrire le fichier : {error.strerror}",
            where=str(path),
            remedy="Choisissez avec --out un fichier où vous pouvez écrire.",
        ) from error
