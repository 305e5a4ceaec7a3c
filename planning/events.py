"""What happened, when, and who signed it: the events of the register (:mod:`planning.store`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from geodata.errors import CoverageError


@dataclass(frozen=True)
class Author:
    """Who writes.

    Parameters
    ----------
    name
        What readers see.
    authenticated
        Whether someone (an identity provider, a proxy) vouched for that name.
    id
        What tells two people of one name apart; the name does where neither has one.
    """

    name: str
    authenticated: bool
    id: str = ""

    def same_as(self, other: "Author") -> bool:
        """Tell whether this is the same person, as far as can be known."""
        told = bool(self.id or other.id)
        ours, theirs = (self.id, other.id) if told else (self.name, other.name)
        return bool(ours) and (ours, self.authenticated) == (theirs, other.authenticated)


NOBODY: Final = Author("", False)


@dataclass(frozen=True)
class Stream:
    """A stream of events: its kind (``proposal``, ``scenario``, ``comment``…) and its name."""

    kind: str
    id: str


@dataclass(frozen=True)
class Event:
    """One event.

    Parameters
    ----------
    stream, number
        Where it stands; numbers start at 1.
    kind
        What happened.
    author
        Who signed it; nobody once its content is erased.
    at
        When, UTC.
    payload
        What was written, plain JSON types; ``None`` once erased or past its time.
    keep_until
        When its content is erased, UTC; ``None`` for what is kept.
    """

    stream: Stream
    number: int
    kind: str
    author: Author
    at: datetime
    payload: Mapping[str, Any] | None
    keep_until: datetime | None = None


class ConflictError(CoverageError):
    """Someone else wrote first.

    ``newer`` holds the events written since, ready to be shown to whoever came second.
    """

    def __init__(self, newer: tuple[Event, ...]) -> None:
        self.newer = newer
        super().__init__(
            "Quelqu'un d'autre a enregistré entre-temps : rien n'a été écrasé",
            remedy="Relisez sa version, puis recommencez, ou gardez la vôtre à part.",
        )


def stamp(moment: datetime) -> str:
    """Return a moment as it stands in the register: UTC, texts that sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def event_of(row: tuple[Any, ...], now: datetime) -> Event:
    """Return the event of a row of the register, without its content when that is over."""
    kind_of, name, number, kind, author, authenticated, author_id, at, text, until = row
    keep_until = None if until is None else datetime.fromisoformat(until)
    over = text is None or (keep_until is not None and keep_until <= now)
    return Event(
        stream=Stream(kind_of, name),
        number=number,
        kind=kind,
        author=NOBODY if over else Author(author, bool(authenticated), author_id),
        at=datetime.fromisoformat(at),
        payload=None if over else json.loads(text),
        keep_until=keep_until,
    )
