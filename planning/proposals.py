"""A prefect's proposal: from draft to accepted, each step dated, signed and kept.

The state is never stored: it follows from the events of the proposal's stream
(:mod:`planning.store`), by the transitions of :mod:`planning.proposal_steps`.  A step written
by someone who has not seen the latest event gets a :class:`~planning.events.ConflictError`.
"""

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from geodata.errors import DataError
from planning.events import NOBODY, Author, Event, Stream
from planning.proposal_content import Content
from planning.proposal_steps import STEPS, WAITING, State, Step, allowed, next_state
from planning.store import Store

_log = logging.getLogger(__name__)

KIND: Final = "proposal"
LONGEST_REASON: Final = 4_000


@dataclass(frozen=True)
class Proposal:
    """A proposal as its events make it.

    Parameters
    ----------
    id
        Name of its stream.
    state
        Where it stands.
    content
        The latest content saved or submitted.
    sent
        The latest content submitted, ``None`` where none ever was.
    sender
        Who submitted it last; nobody where none ever did.
    reason
        Why it was returned, or opened again, last; empty when it never was.
    history
        Its events, in order.
    """

    id: str
    state: State
    content: Content
    sent: Content | None
    sender: Author
    reason: str
    history: tuple[Event, ...]

    @property
    def version(self) -> int:
        """Number of its last event: what the next step must name."""
        return self.history[-1].number

    @property
    def changed_at(self) -> datetime:
        """When its last event was written, UTC."""
        return self.history[-1].at

    @property
    def stream(self) -> Stream:
        """Its stream in the register."""
        return Stream(KIND, self.id)

    @property
    def beginner(self) -> Author:
        """Who began it."""
        return self.history[0].author

    @property
    def editable(self) -> bool:
        """Whether its content may still change."""
        return allowed(self.state, "saved")

    @property
    def waiting(self) -> bool:
        """Whether it waits for the planner's answer."""
        return self.state in WAITING


def save(
    store: Store, content: Content, author: Author, proposal: Proposal | None = None
) -> Proposal:
    """Save a draft: a new proposal, or a new version of one.

    Raises
    ------
    ConflictError
        If someone wrote since ``proposal`` was read.
    DataError
        If its content may no longer change, or is not of its département.
    """
    content.check()
    return _step(store, "saved", content.to_payload(), author, proposal)


def submit(
    store: Store, content: Content, author: Author, proposal: Proposal | None = None
) -> Proposal:
    """Submit exactly this content; raises as :func:`save` does."""
    if not content.positions:
        raise DataError(
            "Une proposition sans aucun poste ne peut pas être transmise",
            remedy="Placez au moins un poste fixe.",
        )
    content.check()
    return _step(store, "submitted", content.to_payload(), author, proposal)


def withdraw(store: Store, proposal: Proposal, author: Author) -> Proposal:
    """Take back what one submitted, as long as it is not answered; it can be submitted again.

    Raises
    ------
    ConflictError
        If someone wrote since ``proposal`` was read: the planner may just have answered.
    DataError
        If it is not waiting for an answer, or if someone else submitted it.
    """
    next_state(proposal.state, "withdrawn")
    _only(proposal.sender, author, "Seul l'auteur de la transmission peut retirer la proposition")
    return _step(store, "withdrawn", {}, author, proposal)


def discard(store: Store, proposal: Proposal, author: Author) -> Proposal:
    """Take a draft that one began off the list; :func:`restore` brings it back.

    Raises
    ------
    ConflictError
        If someone wrote since ``proposal`` was read.
    DataError
        If it was submitted, or if someone else began it.
    """
    next_state(proposal.state, "discarded")
    _only(proposal.beginner, author, "Seul l'auteur d'un brouillon peut le supprimer")
    return _step(store, "discarded", {}, author, proposal)


def restore(store: Store, proposal: Proposal, author: Author) -> Proposal:
    """Bring a draft back to the list; raises as :func:`discard` does."""
    next_state(proposal.state, "restored")
    _only(proposal.beginner, author, "Seul l'auteur d'un brouillon peut le rétablir")
    return _step(store, "restored", {}, author, proposal)


def give_back(store: Store, proposal: Proposal, reason: str, author: Author) -> Proposal:
    """Return a proposal to its prefect, with the reason.

    Raises
    ------
    ConflictError
        If someone wrote since ``proposal`` was read.
    DataError
        If it is not waiting for an answer, or the reason is empty or too long.
    """
    told = _reason(
        reason,
        "Dites pourquoi la proposition est renvoyée",
        "Une phrase suffit : ce qui doit changer pour qu'elle soit acceptée.",
    )
    return _step(store, "returned", {"reason": told}, author, proposal)


def accept(store: Store, proposal: Proposal, author: Author) -> Proposal:
    """Accept a proposal as it was submitted; raises as :func:`give_back` does."""
    return _step(store, "accepted", {}, author, proposal)


def answer_again(store: Store, proposal: Proposal, reason: str, author: Author) -> Proposal:
    """Make an accepted proposal wait for an answer again, with the reason.

    Raises as :func:`give_back` does.
    """
    told = _reason(
        reason,
        "Dites pourquoi la proposition est rouverte",
        "Une phrase suffit : elle est gardée, et lue par la préfecture.",
    )
    return _step(store, "reopened", {"reason": told}, author, proposal)


def reopen(store: Store, proposal_id: str) -> Proposal:
    """Return a proposal as it stands now.

    Raises
    ------
    DataError
        If there is none of that name, or another version of the application wrote it.
    """
    return fold(store.read(Stream(KIND, proposal_id)), proposal_id)


def list_proposals(store: Store, department: str = "") -> list[Proposal]:
    """Return the proposals (of a département), discarded ones included, the latest written first.

    One that this version cannot read is left out, and named in the log.
    """
    found = []
    for name, events in store.read_all(KIND).items():
        try:
            one = fold(events, name)
        except DataError as error:
            _log.warning("%s", error)
            continue
        if department in ("", one.content.department):
            found.append(one)
    return sorted(found, key=lambda one: (one.changed_at, one.id), reverse=True)


def fold(events: Iterable[Event], name: str) -> Proposal:
    """Return what events make, from the first to the last.

    Raises
    ------
    DataError
        If there is none, or they contradict each other.
    """
    history = tuple(events)
    state: State | None = None
    content: Content | None = None
    sent: Content | None = None
    sender, reason = NOBODY, ""
    for event in history:
        if event.kind not in STEPS or event.payload is None:
            raise _unreadable(name, event.kind)
        state = next_state(state, event.kind)
        if "positions" in event.payload:
            content = Content.from_payload(event.payload)
        if event.kind == "submitted":
            sent, sender = content, event.author
        reason = str(event.payload.get("reason", reason))
    if state is None or content is None:
        raise _unreadable(name, "aucun événement")
    return Proposal(name, state, content, sent, sender, reason, history)


def _step(
    store: Store,
    step: Step,
    payload: Mapping[str, Any],
    author: Author,
    proposal: Proposal | None,
) -> Proposal:
    stream = Stream(KIND, uuid.uuid4().hex) if proposal is None else proposal.stream
    next_state(None if proposal is None else proposal.state, step)
    after = 0 if proposal is None else proposal.version
    store.append(stream, step, author, payload, after=after)
    return reopen(store, stream.id)


def _reason(text: str, what: str, remedy: str) -> str:
    told = text.strip()
    if not told or len(told) > LONGEST_REASON:
        where = f"{len(told)} caractères, de 1 à {LONGEST_REASON}"
        raise DataError(what, where=where, remedy=remedy)
    return told


def _only(owner: Author, author: Author, what: str) -> None:
    """Refuse what is someone else's to do."""
    if not owner.same_as(author):
        raise DataError(what, where=owner.name, remedy="Demandez-le lui.")


def _unreadable(name: str, what: str) -> DataError:
    return DataError(
        "Cette proposition n'existe pas, ou une autre version de l'application l'a écrite",
        where=f"{name} : {what}",
        remedy="Choisissez-en une dans la liste.",
    )
