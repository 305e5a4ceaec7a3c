"""What people write: an append-only register of dated and signed events, in one SQLite file.

Events stand in streams (a proposal, a saved scenario, the comments on one of them) and are
numbered from 1 in each.  A writer says after which number it writes: when someone wrote in
between, it gets a :class:`~planning.events.ConflictError` with what the other wrote, and nothing
is lost.
Several processes may write: each append is one immediate transaction, the log is written ahead
(WAL) and reaches the disk before the call returns (``synchronous=FULL``: what is signed here is
rare and must outlive a power cut).

Events are never changed nor deleted, triggers refuse it, with one exception: personal content
can be erased, by its owner or when its time is over.  Its text and its author are then
overwritten on the disk and a tombstone event says when and why; numbers stay.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from geodata.errors import DataError
from planning import store_file
from planning.events import NOBODY, Author, ConflictError, Event, Stream, event_of, stamp

_log = logging.getLogger(__name__)

FILE_NAME: Final = "registre.sqlite3"
LONGEST_PAYLOAD: Final = 1_000_000
"""Characters of JSON that one event may hold."""

FLUSH_MS: Final = 500
"""Milliseconds that writing the log back waits for readers."""

ERASED: Final = "erased"
"""Kind of the event that stands for content that was erased."""

_COLUMNS: Final = (
    "stream_kind, stream, number, kind, author, authenticated, author_id, at, payload, keep_until"
)


class Store:
    """The register.

    Parameters
    ----------
    path
        The file; it is made, with its folder, when it does not exist.
    clock
        What time it is, UTC.

    Raises
    ------
    DataError
        If the file is damaged, or is none of ours (it is then left as it is), or if its
        folder cannot be written.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] | None = None) -> None:
        self.path = path
        self._clock = clock or (lambda: datetime.now(UTC))
        self._owes_flush = True  # a process that ended before it could may have left some
        store_file.prepare(path)
        self.erase_expired()

    def append(
        self,
        stream: Stream,
        kind: str,
        author: Author,
        payload: Mapping[str, Any],
        *,
        after: int | None = None,
        keep_days: int | None = None,
    ) -> Event:
        """Write an event at the end of a stream.

        Parameters
        ----------
        stream, kind, author, payload
            What is written, see :class:`Event`.
        after
            Number of the last event that the writer has seen, 0 for none; ``None`` writes
            whatever came in between.
        keep_days
            Days after which the content is erased; ``None`` keeps it.

        Raises
        ------
        ConflictError
            If someone wrote after ``after``.
        DataError
            If the payload is too long, or the register cannot be written.
        """
        text = _json(payload)
        at = self._clock()
        keep_until = None if keep_days is None else at + timedelta(days=keep_days)
        with self._transaction() as connection:
            last = _last_number(connection, stream)
            if after is not None and after != last:
                raise ConflictError(_select(connection, stream, after, at))
            event = Event(stream, last + 1, kind, author, at, json.loads(text), keep_until)
            _insert(connection, event, text)
        if keep_days is not None:
            self.erase_expired()
        else:
            self._flush()
        return event

    def read(self, stream: Stream, after: int = 0) -> tuple[Event, ...]:
        """Return the events of a stream beyond the number ``after``, in order."""
        with self._connection() as connection:
            return _select(connection, stream, after, self._clock())

    def read_all(self, kind: str) -> dict[str, tuple[Event, ...]]:
        """Return every stream of a kind, name → events, as of one moment."""
        found: dict[str, list[Event]] = {}
        now = self._clock()
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM events WHERE stream_kind = ? ORDER BY id", (kind,)
            )
            for row in rows:
                found.setdefault(row[1], []).append(event_of(row, now))
        return {name: tuple(events) for name, events in found.items()}

    def streams(self, kind: str) -> tuple[Stream, ...]:
        """Return the streams of a kind, in the order of their first event."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT stream FROM events WHERE stream_kind = ? AND number = 1 ORDER BY id",
                (kind,),
            )
            return tuple(Stream(kind, name) for (name,) in rows)

    def latest(self, stream: Stream) -> Event | None:
        """Return the last event of a stream, ``None`` where nothing was written."""
        with self._connection() as connection:
            last = _last_number(connection, stream)
            found = _select(connection, stream, last - 1, self._clock())
        return found[-1] if found else None

    def erase(self, stream: Stream, number: int, author: Author, why: str) -> None:
        """Erase the content and the author of an event; a tombstone says who did it and why.

        Only content that was written with ``keep_days`` can be erased.  Erasing again what is
        erased changes nothing.  It is gone from every answer at once, and from the disk too,
        unless another program is reading the file just then: from its next use on.

        Raises
        ------
        DataError
            If there is no such event, if it is a step that is kept, or if the register cannot
            be written.
        """
        with self._transaction() as connection:
            found = _select(connection, stream, number - 1, self._clock())
            if not found or found[0].number != number:
                raise DataError(
                    "Ce texte n'existe pas dans le registre", where=f"{stream.id}, {number}"
                )
            if found[0].keep_until is None:
                raise DataError(
                    "Cette étape fait partie de l'historique : elle ne s'efface pas",
                    where=f"{stream.id}, {number}",
                )
            self._erase_in(connection, [(stream, number)], author, why)
        self._owes_flush = True
        self._flush()

    def erase_expired(self) -> int:
        """Erase what is past its time; return how many events that was."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT stream_kind, stream, number FROM events "
                "WHERE payload IS NOT NULL AND keep_until <= ?",
                (stamp(self._clock()),),
            ).fetchall()
            over = [(Stream(kind, name), number) for kind, name, number in rows]
            self._erase_in(connection, over, NOBODY, "retention")
        self._owes_flush |= bool(over)
        self._flush()
        return len(over)

    def _erase_in(
        self,
        connection: sqlite3.Connection,
        events: list[tuple[Stream, int]],
        author: Author,
        why: str,
    ) -> None:
        for stream, number in events:
            done = connection.execute(
                "UPDATE events SET payload = NULL, author = '', authenticated = 0, author_id = '' "
                "WHERE stream_kind = ? AND stream = ? AND number = ? AND payload IS NOT NULL",
                (stream.kind, stream.id, number),
            )
            if done.rowcount:
                last = _last_number(connection, stream)
                payload = {"number": number, "why": why}
                tombstone = Event(stream, last + 1, ERASED, author, self._clock(), payload)
                _insert(connection, tombstone, _json(payload))

    def _flush(self) -> None:
        """Write the log back where that is owed, so that what was erased is nowhere on the disk.

        Whoever reads the file holds the log, and a full disk leaves it where it is: it is then
        written back at the next occasion.  What was written before stands all the same.
        """
        if not self._owes_flush:
            return
        busy = True
        with suppress(DataError), self._connection() as connection:
            connection.execute(f"PRAGMA busy_timeout = {FLUSH_MS}")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._owes_flush = bool(busy)
        if busy:
            _log.info(
                "%s is being read: what was erased leaves the disk at its next use", self.path
            )

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with store_file.disk_errors(self.path), closing(store_file.connect(self.path)) as one:
            yield one

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection, store_file.immediate(connection):
            yield connection


def store_path() -> Path:
    """Return the register's file: in the folder ``COVERAGE_STORE``, else in ``var/store``."""
    named = os.environ.get("COVERAGE_STORE", "").strip()
    folder = Path(named).expanduser() if named else Path(__file__).parents[1] / "var" / "store"
    return folder / FILE_NAME


def _json(payload: Mapping[str, Any]) -> str:
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, allow_nan=False)
    if len(text) > LONGEST_PAYLOAD:
        raise DataError(
            "Le contenu est trop long pour être enregistré",
            where=f"{len(text)} caractères, {LONGEST_PAYLOAD} au plus",
        )
    return text


def _last_number(connection: sqlite3.Connection, stream: Stream) -> int:
    row = connection.execute(
        "SELECT coalesce(max(number), 0) FROM events WHERE stream_kind = ? AND stream = ?",
        (stream.kind, stream.id),
    ).fetchone()
    return int(row[0])


def _select(
    connection: sqlite3.Connection, stream: Stream, after: int, now: datetime
) -> tuple[Event, ...]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM events WHERE stream_kind = ? AND stream = ? AND number > ? "
        "ORDER BY number",
        (stream.kind, stream.id, after),
    )
    return tuple(event_of(row, now) for row in rows)


def _insert(connection: sqlite3.Connection, event: Event, text: str) -> None:
    connection.execute(
        f"INSERT INTO events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event.stream.kind,
            event.stream.id,
            event.number,
            event.kind,
            event.author.name,
            int(event.author.authenticated),
            event.author.id,
            stamp(event.at),
            text,
            None if event.keep_until is None else stamp(event.keep_until),
        ),
    )
