"""The register's file: made once, checked before use, never overwritten.

See :mod:`planning.store` for what it holds.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from geodata.errors import DataError

APPLICATION_ID: Final = 0x434E4156
"""Written in the file's header: tells our registers from any other SQLite file."""

BUSY_S: Final = 10.0
"""Seconds that a writer waits for another one."""

_HEADER: Final = b"SQLite format 3\x00"

# One script a version: the n-th brings a file of version n to version n + 1.
_MIGRATIONS: Final = (
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        stream_kind TEXT NOT NULL CHECK (stream_kind <> ''),
        stream TEXT NOT NULL CHECK (stream <> ''),
        number INTEGER NOT NULL CHECK (number >= 1),
        kind TEXT NOT NULL CHECK (kind <> ''),
        author TEXT NOT NULL,
        authenticated INTEGER NOT NULL CHECK (authenticated IN (0, 1)),
        author_id TEXT NOT NULL,
        at TEXT NOT NULL,
        payload TEXT CHECK (payload IS NULL OR json_valid(payload)),
        keep_until TEXT,
        UNIQUE (stream_kind, stream, number)
    ) STRICT;
    CREATE INDEX events_over ON events (keep_until)
        WHERE keep_until IS NOT NULL AND payload IS NOT NULL;
    CREATE TRIGGER events_stay BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
    CREATE TRIGGER events_are_fixed BEFORE UPDATE ON events
        WHEN new.payload IS NOT NULL OR new.author <> '' OR new.author_id <> ''
            OR new.id <> old.id
            OR new.stream_kind <> old.stream_kind OR new.stream <> old.stream
            OR new.number <> old.number OR new.kind <> old.kind OR new.at <> old.at
            OR new.keep_until IS NOT old.keep_until
        BEGIN SELECT RAISE(ABORT, 'events are never changed, only erased'); END;
    """,
    # REPLACE would remove the old row unseen by the triggers above; and only content that
    # has a last day, which is what people may take back, may be erased.
    """
    CREATE TRIGGER events_are_added BEFORE INSERT ON events
        WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id OR (stream_kind = new.stream_kind
            AND stream = new.stream AND number = new.number))
        BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;
    CREATE TRIGGER steps_are_kept BEFORE UPDATE ON events
        WHEN old.keep_until IS NULL
        BEGIN SELECT RAISE(ABORT, 'only content with a last day is erased'); END;
    """,
)
VERSION: Final = len(_MIGRATIONS)

_CAUSES: Final = {
    "SQLITE_FULL": (
        "Le disque est plein : rien n'a été enregistré",
        "Libérez de la place, puis recommencez.",
    ),
    "SQLITE_BUSY": (
        "Le registre est occupé par un autre enregistrement",
        "Recommencez dans un instant.",
    ),
    "SQLITE_READONLY": (
        "Le registre ne peut pas être écrit",
        "Rendez son dossier inscriptible, ou indiquez-en un autre dans COVERAGE_STORE.",
    ),
    "SQLITE_CANTOPEN": (
        "Le registre ne peut pas être ouvert",
        "Vérifiez son dossier et ses droits, ou indiquez-en un autre dans COVERAGE_STORE.",
    ),
    "SQLITE_IOERR": (
        "Le disque du registre ne répond pas comme il faut : rien n'a été enregistré",
        "Vérifiez le disque, puis recommencez.",
    ),
}
_DAMAGED: Final = (
    "Le registre est endommagé ; il n'a pas été touché",
    "Remettez-en une sauvegarde à sa place, ou indiquez un autre dossier dans COVERAGE_STORE.",
)


def prepare(path: Path) -> None:
    """Make the register where there is none; check it, and bring it to today's version.

    Raises
    ------
    DataError
        If it is damaged, foreign or from a later version (it is left as it is), or if its
        folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):  # the one honest test of the right to write; adds nothing
            pass
        with path.open("rb") as file:
            start = file.read(len(_HEADER))
    except OSError as error:
        what, remedy = _CAUSES["SQLITE_READONLY"]
        raise DataError(what, where=f"{path} : {error.strerror}", remedy=remedy) from error
    if start and start != _HEADER:
        raise _foreign(path)
    with disk_errors(path), closing(connect(path)) as connection:
        _refuse_foreign(connection, path)
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise DataError(_DAMAGED[0], where=f"{path} : {damage}", remedy=_DAMAGED[1])
        _use_wal(connection)
        with immediate(connection):
            _migrate(connection)


def connect(path: Path) -> sqlite3.Connection:
    """Return a new connection to an existing file, ready to write durably."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None
    )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
    return connection


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the right to write from the start: what is read inside is the latest."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has already rolled back
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says into words; a fault of our own SQL stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        found = next((words for code, words in _CAUSES.items() if name.startswith(code)), None)
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            found = _DAMAGED
        if found is None:
            raise
        raise DataError(found[0], where=f"{path} : {error}", remedy=found[1]) from error


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    identity = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if identity != APPLICATION_ID and not (identity == 0 and empty):
        raise _foreign(path)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise DataError(
            "Le registre a été écrit par une version plus récente de l'application",
            where=f"{path}, version {version} ; cette application connaît la {VERSION}",
            remedy="Mettez l'application à jour, ou indiquez un autre dossier (COVERAGE_STORE).",
        )


def _migrate(connection: sqlite3.Connection) -> None:
    """Run the scripts that the file has not seen, inside the transaction that is open."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for script in _MIGRATIONS[version:]:
        for statement in _statements(script):
            connection.execute(statement)
    if version != VERSION:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> Iterator[str]:
    """Part a script into its statements: ``executescript`` would end the transaction."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; two processes may do it at once, which SQLite refuses."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _foreign(path: Path) -> DataError:
    return DataError(
        "Ce fichier n'est pas un registre de l'application ; il n'a pas été touché",
        where=str(path),
        remedy="Déplacez-le, ou indiquez un autre dossier dans COVERAGE_STORE.",
    )
