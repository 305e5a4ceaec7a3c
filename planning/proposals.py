"""A prefect's proposal: from draft to accepted, each step dated, signed and kept.

The state is never stored: it follows from the events of the proposal's stream
(:mod:`planning.store`), by one table of transitions.

    draft ── submitted ──▶ submitted ── accepted ──▶ accepted
                               │
                            returned (with a reason)
                               ▼
                           returned ── submitted ──▶ resubmitted ── accepted | returned

A step that the state does not allow is refused in words, and a step written by someone who has
not seen the latest event gets a :class:`~planning.events.ConflictError`.
"""

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from geodata.errors import DataError
from planning.events import Author, Event, Stream
from planning.scenario import Scenario
from planning.store import Store

_log = logging.getLogger(__name__)

KIND: Final = "proposal"
LONGEST_REASON: Final = 4_000

State = Literal["draft", "submitted", "returned", "resubmitted", "accepted"]
Step = Literal["saved", "submitted", "returned", "accepted"]

# Step → state before (None: nothing written yet) → state after.
_TRANSITIONS: Final[Mapping[str, Mapping[State | None, State]]] = MappingProxyType(
    {
        "saved": {None: "draft", "draft": "draft", "returned": "returned"},
        "submitted": {None: "submitted", "draft": "submitted", "returned": "resubmitted"},
        "returned": {"submitted": "returned", "resubmitted": "returned"},
        "accepted": {"submitted": "accepted", "resubmitted": "accepted"},
    }
)
STEP_FR: Final = {
    "saved": "enregistrer un brouillon",
    "submitted": "transmettre la proposition",
    "returned": "la renvoyer",
    "accepted": "l'accepter",
}
STATE_FR: Final[Mapping[State, str]] = MappingProxyType(
    {
        "draft": "brouillon",
        "submitted": "transmise",
        "returned": "renvoyée",
        "resubmitted": "transmise à nouveau",
        "accepted": "acceptée",
    }
)
_WHY_NOT: Final[Mapping[State | None, str]] = MappingProxyType(
    {
        None: "elle n'a pas encore été transmise",
        "draft": "ce n'est encore qu'un brouillon",
        "submitted": "elle est déjà transmise et attend une réponse",
        "resubmitted": "elle est déjà transmise et attend une réponse",
        "returned": "elle a déjà été renvoyée à la préfecture",
        "accepted": "elle est acceptée, et ne change plus",
    }
)


@dataclass(frozen=True)
class Content:
    """What is proposed: choices, and where the positions go.

    Parameters
    ----------
    scenario
        The base scenario; its territory is the département.
    data_versions
        Layer → version of the data at the time.
    base
        Commune → fixed positions of the plan that the prefect started from.
    positions
        Commune → fixed positions proposed, those above zero.
    locked
        Communes whose number the solver must leave as it is.
    """

    scenario: Scenario
    data_versions: Mapping[str, str]
    base: Mapping[str, int]
    positions: Mapping[str, int]
    locked: frozenset[str] = frozenset()

    @property
    def department(self) -> str:
        """Code of the département."""
        return self.scenario.territory

    def to_payload(self) -> dict[str, Any]:
        """Return the content as plain JSON types."""
        return {
            "choices": self.scenario.to_dict(),
            "data_versions": dict(self.data_versions),
            "base": dict(sorted(self.base.items())),
            "positions": dict(sorted(self.positions.items())),
            "locked": sorted(self.locked),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> "Content":
        """Return the content of :meth:`to_payload`."""
        return cls(
            scenario=Scenario.from_dict(payload["choices"]),
            data_versions=payload["data_versions"],
            base=payload["base"],
            positions=payload["positions"],
            locked=frozenset(payload["locked"]),
        )


@dataclass(frozen=True)
class Change:
    """Positions of a commune that differ between two contents."""

    commune_code: str
    before: int
    after: int


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
        The latest content submitted, ``None`` for a draft.
    reason
        Why it was returned last; empty when it never was.
    history
        Its events, in order.
    """

    id: str
    state: State
    content: Content
    sent: Content | None
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
    def editable(self) -> bool:
        """Whether its content may still change."""
        return self.state in _TRANSITIONS["saved"]


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> list[Change]:
    """Return the communes whose positions differ, by code."""
    codes = sorted(before.keys() | after.keys())
    every = (Change(code, before.get(code, 0), after.get(code, 0)) for code in codes)
    return [one for one in every if one.before != one.after]


def next_state(state: State | None, step: Step) -> State:
    """Return the state after a step.

    Raises
    ------
    DataError
        If the state does not allow it; the sentence says why.
    """
    after = _TRANSITIONS[step].get(state)
    if after is None:
        raise DataError(
            f"Il n'est pas possible de {STEP_FR[step]} : {_WHY_NOT[state]}",
            remedy="Rechargez la page pour voir où en est la proposition.",
        )
    return after


def save(
    store: Store, content: Content, author: Author, proposal: Proposal | None = None
) -> Proposal:
    """Save a draft: a new proposal, or a new version of one.

    Raises
    ------
    ConflictError
        If someone wrote since ``proposal`` was read.
    DataError
        If its content may no longer change.
    """
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
    return _step(store, "submitted", content.to_payload(), author, proposal)


def give_back(store: Store, proposal: Proposal, reason: str, author: Author) -> Proposal:
    """Return a proposal to its prefect, with the reason.

    Raises
    ------
    ConflictError
        If someone wrote since ``proposal`` was read.
    DataError
        If it is not waiting for an answer, or the reason is empty or too long.
    """
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON:
        raise DataError(
            "Dites pourquoi la proposition est renvoyée",
            where=f"{len(text)} caractères, de 1 à {LONGEST_REASON}",
            remedy="Une phrase suffit : ce qui doit changer pour qu'elle soit acceptée.",
        )
    return _step(store, "returned", {"reason": text}, author, proposal)


def accept(store: Store, proposal: Proposal, author: Author) -> Proposal:
    """Accept a proposal as it was submitted; raises as :func:`give_back` does."""
    return _step(store, "accepted", {}, author, proposal)


def reopen(store: Store, proposal_id: str) -> Proposal:
    """Return a proposal as it stands now.

    Raises
    ------
    DataError
        If there is none of that name, or another version of the application wrote it.
    """
    return fold(store.read(Stream(KIND, proposal_id)), proposal_id)


def list_proposals(store: Store, department: str = "") -> list[Proposal]:
    """Return the proposals (of a département), the latest written first.

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
    reason = ""
    for event in history:
        payload = event.payload or {}
        if event.kind not in _TRANSITIONS or event.payload is None:
            raise _unreadable(name, event.kind)
        state = next_state(state, event.kind)  # type: ignore[arg-type]
        if "positions" in payload:
            content = Content.from_payload(payload)
            sent = content if event.kind == "submitted" else sent
        reason = str(payload.get("reason", reason))
    if state is None or content is None:
        raise _unreadable(name, "aucun événement")
    return Proposal(name, state, content, sent, reason, history)


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


def _unreadable(name: str, what: str) -> DataError:
    return DataError(
        "Cette proposition n'existe pas, ou une autre version de l'application l'a écrite",
        where=f"{name} : {what}",
        remedy="Choisissez-en une dans la liste.",
    )
