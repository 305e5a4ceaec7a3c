"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from geodata.errors import DataError


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file beside its place, then move it there; return its path.

    Raises
    ------
    DataError
        When the folder is a file, may not be written, or the disk is full.
    """
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} n'est pas un dossier", remedy="Donnez un autre dossier.")
    data = content.encode() if isinstance(content, str) else content
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            file.write(data)
        os.replace(file.name, path)  # noqa: PTH105
    except OSError as error:
        raise DataError(
            "Le fichier n'a pas pu être écrit",
            where=str(path),
            remedy=f"Vérifiez les droits et la place sur le disque ({error.strerror}).",
        ) from error
    return path
