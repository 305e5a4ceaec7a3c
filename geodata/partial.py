"""Half-downloaded files: kept beside the target until they are whole.

For ``name.csv``, ``name.part.csv`` holds the bytes received, ``name.part.csv.json`` what
allows to resume them, ``name.csv.json`` what is known of the finished file.  The target
itself appears by one atomic rename, so a reader sees the old file or the new one, never a
part of it.
"""

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from geodata.errors import CoverageError, SourceError


@dataclass(frozen=True)
class Fetched:
    """A file that was downloaded whole.

    Parameters
    ----------
    path
        Where it is.
    address
        The address asked for.
    sha256, size_bytes
        Of the file.
    etag, last_modified
        As the server gave them; empty when it did not.
    fetched_at
        ISO date and time, UTC.
    renewed
        False when the server said that the copy at hand is still the newest.
    """

    path: Path
    address: str
    sha256: str
    size_bytes: int
    etag: str = ""
    last_modified: str = ""
    fetched_at: str = ""
    renewed: bool = True

    @property
    def modified_on(self) -> str:
        """ISO date of the last change according to the server; empty when it did not say."""
        try:
            return parsedate_to_datetime(self.last_modified).date().isoformat()
        except (ValueError, TypeError):
            return ""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sidecar(path: Path) -> Fetched | None:
    """Return what is known of a downloaded file, or None when nothing (reliable) is."""
    try:
        values = json.loads(_sidecar(path).read_text("utf-8"))
        known = Fetched(**{**values, "path": path})
        return known if path.stat().st_size == known.size_bytes else None
    except (OSError, ValueError, TypeError):
        return None


def write_sidecar(fetched: Fetched) -> None:
    """Write what is known of a downloaded file beside it."""
    values = {name: v for name, v in asdict(fetched).items() if name not in {"path", "renewed"}}
    _write_whole(_sidecar(fetched.path), json.dumps(values, indent=1, ensure_ascii=False))


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _write_whole(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


class Partial:
    """The part of ``target`` that was received so far.

    Parameters
    ----------
    target
        The file to come.
    address
        A part that came from another address is not resumed.
    """

    def __init__(self, target: Path, address: str) -> None:
        self.target = target
        self.address = address
        self.path = target.with_name(f"{target.stem}.part{target.suffix}")
        self._notes = _sidecar(self.path)

    def validator(self) -> str:
        """Return the ETag or the date that lets the part be resumed; empty when it cannot be."""
        try:
            notes = json.loads(self._notes.read_text("utf-8"))
        except (OSError, ValueError):
            return ""
        same = isinstance(notes, dict) and notes.get("address") == self.address
        return str(notes.get("validator", "")) if same and self.size() else ""

    def size(self) -> int:
        """Return the bytes received so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def remember(self, validator: str) -> None:
        """Note what allows to resume; forget it when the server gave nothing reliable."""
        if validator:
            notes = {"address": self.address, "validator": validator}
            _write_whole(self._notes, json.dumps(notes))
        else:
            self._notes.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the part and its notes."""
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def finish(self) -> None:
        """Make the part the target, atomically, once it is safely on the disk."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(self.target)
        self._notes.unlink(missing_ok=True)


@contextmanager
def only_one(target: Path) -> Iterator[None]:
    """Let one process at a time download ``target``.

    Raises
    ------
    SourceError
        When another one is at it.
    """
    lock = target.with_name(f".{target.name}.lock")
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceError(
                "Ce fichier est déjà en cours de téléchargement",
                where=target.name,
                remedy="Attendez la fin de l'autre téléchargement.",
            ) from error
        yield


@contextmanager
def disk_errors(partial: Partial) -> Iterator[None]:
    """Turn the disk's errors into errors that a user may read.

    On a full disk the part is removed: it would only keep the disk full.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            partial.discard()
            raise CoverageError(
                "Le disque est plein : le téléchargement a été abandonné et rien n'est resté",
                where=str(partial.target.parent),
                remedy="Libérez de la place, ou indiquez un autre dossier (GEODATA_CACHE).",
            ) from error
        if error.errno in {errno.EACCES, errno.EROFS, errno.EPERM}:
            raise CoverageError(
                "Impossible d'écrire dans le dossier des téléchargements",
                where=str(partial.target.parent),
                remedy="Rendez-le inscriptible, ou indiquez un autre dossier (GEODATA_CACHE).",
            ) from error
        raise
