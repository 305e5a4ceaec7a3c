"""Files that users brought: kept with an owner and a time, erased at its end.

A layer has one at most: ``<layer>-<hash>.csv`` beside ``<layer>.json``, which names it.  The
JSON file is written last and replaced at once, so whatever stops in between leaves the file of
before in use.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from geodata.errors import CoverageError

RETENTION_DAYS: Final = (30, 90, 365)


@dataclass(frozen=True)
class Kept:
    """A file that was brought for a layer.

    Parameters
    ----------
    layer
        Layer of the catalogue.
    file
        Name of the file in the folder.
    name
        Name of the file as it was brought.
    owner, owner_id
        Who brought it: the name shown, and what tells two people of one name apart.
    kept_at
        ISO date and time, in UTC.
    until
        ISO date of its last day.
    vintage
        What the data describes: ``"2024"``, ``"2024-06"``.
    sha256
        Hash of the table kept.
    rows, set_aside
        Rows kept, and rows set aside.
    departments
        Codes of the départements that it covers; none when it covers the country.
    """

    layer: str
    file: str
    name: str
    owner: str
    owner_id: str
    kept_at: str
    until: str
    vintage: str
    sha256: str
    rows: int
    set_aside: int
    departments: tuple[str, ...] = ()

    def is_over(self, today: date) -> bool:
        """Tell whether its time is over."""
        return self.until < today.isoformat()

    def is_of(self, owner_id: str) -> bool:
        """Tell whether someone brought it."""
        return self.owner_id == owner_id


def until(days: int, today: date) -> str:
    """Return the last day of a file kept for some days from today, as an ISO date."""
    return (today + timedelta(days=days)).isoformat()


def find(folder: Path, layer: str) -> tuple[Kept, Path] | None:
    """Return the file brought for a layer and where it is; ``None`` without one in its time."""
    try:
        about = json.loads((folder / f"{layer}.json").read_text("utf-8"))
        known = Kept(**{**about, "departments": tuple(about.get("departments", ()))})
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    path = folder / Path(known.file).name
    if known.layer != layer or known.is_over(_today()) or not path.is_file():
        return None
    return known, path


def every(folder: Path) -> list[Kept]:
    """Return the files in their time, by layer."""
    layers = sorted(path.stem for path in folder.glob("*.json"))
    return [found[0] for layer in layers if (found := find(folder, layer)) is not None]


def keep(folder: Path, table: bytes, known: Kept) -> Kept:
    """Keep a table in the place of the one of before, all at once.

    Parameters
    ----------
    folder
        Where files are kept.
    table
        The CSV file, in the layout of its layer.
    known
        What is known of it; its file and its hash are set here.

    Raises
    ------
    CoverageError
        When the disk refuses.
    """
    digest = hashlib.sha256(table).hexdigest()
    name = f"{known.layer}-{digest[:12]}.csv"
    whole = Kept(**{**asdict(known), "file": name, "sha256": digest})
    with _alone(folder):
        _write(folder / name, table)
        about = json.dumps(asdict(whole), ensure_ascii=False).encode()
        _write(folder / f"{known.layer}.json", about)
        _forget_files(folder, known.layer, but=name)
    return whole


def delete(folder: Path, known: Kept) -> None:
    """Erase a file that was brought, and what was known of it.

    Raises
    ------
    CoverageError
        When the disk refuses.
    """
    with _alone(folder):
        found = find(folder, known.layer)
        if found is not None and found[0] != known:
            return  # another one took its place meanwhile
        (folder / f"{known.layer}.json").unlink(missing_ok=True)
        _forget_files(folder, known.layer)


def sweep(folder: Path) -> None:
    """Erase the files whose time is over, and what a halt left half written."""
    if not folder.is_dir():
        return
    with _alone(folder):
        in_time = {known.file for known in every(folder)}
        layers = {known.layer for known in every(folder)}
        for path in folder.iterdir():
            gone = path.suffix == ".json" and path.stem not in layers
            if (
                gone
                or path.suffix == ".tmp"
                or (path.suffix == ".csv" and path.name not in in_time)
            ):
                path.unlink(missing_ok=True)


def now() -> str:
    """Return the present, in UTC, as ISO text."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _today() -> date:
    return datetime.now(UTC).date()


def _forget_files(folder: Path, layer: str, but: str = "") -> None:
    for path in folder.glob(f"{layer}-{'?' * 12}.csv"):
        if path.name != but:
            path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one writer at a time into the folder; turn the disk's errors into readable ones."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise CoverageError(
            "Le fichier n'a pas pu être gardé ; celui d'avant, s'il y en avait un, n'a pas changé",
            where=str(folder),
            remedy="Libérez de la place et rendez ce dossier inscriptible, puis recommencez.",
        ) from error
