"""Comments: free text, so they have an owner, a time after which they go, and a delete.

The comments on a proposal stand in a stream of their own, so that commenting never conflicts
with saving.
"""

import os
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from geodata.errors import DataError
from planning.events import Author, Event, Stream
from planning.store import Store

KIND: Final = "comment"
LONGEST: Final = 4_000
KEEP_DAYS: Final = 730
"""Days that a comment is kept by default: the length of the programme's first grants, 24 months."""


@dataclass(frozen=True)
class Comment:
    """A comment; ``text`` is ``None`` once it is erased, and ``author`` is then nobody."""

    number: int
    text: str | None
    author: Author
    at: datetime
    keep_until: datetime | None


def keep_days() -> int:
    """Return the days that comments are kept: ``COVERAGE_COMMENT_DAYS``, else 730.

    Raises
    ------
    DataError
        If the setting is no number of days.
    """
    text = os.environ.get("COVERAGE_COMMENT_DAYS", "").strip()
    if not text:
        return KEEP_DAYS
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 36_500):
        raise DataError(
            f"La durée de conservation des commentaires n'est pas un nombre de jours : « {text} »",
            where="COVERAGE_COMMENT_DAYS",
            remedy="Donnez par exemple 730, pour deux ans.",
        )
    return int(text)


def add(store: Store, subject: str, text: str, author: Author) -> None:
    """Write a comment on a subject (a proposal's id).

    Raises
    ------
    DataError
        If the text is empty or too long.
    """
    text = _readable(text)
    if not text or len(text) > LONGEST:
        raise DataError(
            "Un commentaire ne peut être ni vide ni trop long",
            where=f"{len(text)} caractères, de 1 à {LONGEST}",
            remedy="Raccourcissez-le, ou écrivez-en plusieurs.",
        )
    stream = Stream(KIND, subject)
    store.append(stream, "commented", author, {"text": text}, keep_days=keep_days())


def on(store: Store, subject: str) -> list[Comment]:
    """Return the comments on a subject, the first written first."""
    events = store.read(Stream(KIND, subject))
    return [_comment(event) for event in events if event.kind == "commented"]


def delete(store: Store, subject: str, number: int, author: Author) -> None:
    """Erase one's own comment.

    Raises
    ------
    DataError
        If it is someone else's, or does not exist.
    """
    found = next((one for one in on(store, subject) if one.number == number), None)
    if found is None or not found.author.same_as(author):
        raise DataError(
            "Seul son auteur peut supprimer un commentaire",
            remedy="Demandez-le lui ; il disparaîtra de toute façon à la fin de sa conservation.",
        )
    store.erase(Stream(KIND, subject), number, author, "owner")


def _comment(event: Event) -> Comment:
    text = None if event.payload is None else str(event.payload["text"])
    return Comment(event.number, text, event.author, event.at, event.keep_until)


def _readable(text: str) -> str:
    """Return a text without what is never seen: control characters, marks that turn text round."""
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in _UNSEEN)
    return "".join(kept).strip()


_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}
