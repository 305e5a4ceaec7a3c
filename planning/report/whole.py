"""Files written whole or not at all."""

import os
import tempfile
from pathlib import Path

from geodata.errors import DataError


def check_folder(folder: Path) -> None:
    """Refuse a folder that can take no file, before a long calculation rather than after.

    Raises
    ------
    DataError
        When it, or the folder that it would be made in, is a file or may not be written.
    """
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise DataError(f"{there} n'est pas un dossier", remedy="Donnez un autre dossier.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise DataError(
            "Rien ne peut être écrit dans ce dossier",
            where=str(there),
            remedy="Donnez un autre dossier, ou changez ses droits.",
        )


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
    part = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            part = Path(file.name)
            file.write(data)
        part.chmod(0o644)  # temporary files are for their owner alone
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise DataError(
            "Le fichier n'a pas pu être écrit",
            where=str(path),
            remedy=f"Vérifiez les droits et la place sur le disque ({error.strerror}).",
        ) from error
    return path
