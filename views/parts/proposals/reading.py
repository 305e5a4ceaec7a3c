"""Who reads which proposal.

A prefecture reads all that is written for its département, drafts included.  The planner reads
a proposal once it was submitted, as it was submitted: never the draft under way.  Nobody else
reads anything.  ``COVERAGE_PREFECT_GROUP`` and ``COVERAGE_PLANNER_GROUP`` say who is what;
without them, whoever is known is both.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from planning import proposals
from planning.events import Event
from planning.proposal_content import Content
from planning.proposals import Proposal
from views.parts import identity, register
from views.parts.identity import Identity

DISCARDED_FOR: Final = timedelta(days=1)
"""How long one's own draft that was discarded is offered back."""

_DRAFTING: Final = ("saved", "discarded", "restored")


def of_prefecture(department: str, who: Identity) -> list[Proposal]:
    """Return the proposals of a département, the latest first; none to who is not of it."""
    return [one for one in _written(department, who) if one.state != "discarded"]


def discarded(department: str, who: Identity) -> Proposal | None:
    """Return the draft that someone discarded last, as long as it is offered back."""
    since = datetime.now(UTC) - DISCARDED_FOR
    return next(
        (
            one
            for one in _written(department, who)
            if one.state == "discarded"
            and one.changed_at > since
            and one.history[-1].author.same_as(who.author)
        ),
        None,
    )


def of_planning(who: Identity) -> list[Proposal]:
    """Return what was submitted by the départements that someone plans for, the latest first."""
    every = proposals.list_proposals(register.store())
    return [one for one in every if one.sent is not None and _plans(one, who)]


def accepted(department: str, who: Identity) -> Proposal | None:
    """Return the proposal of a département that was accepted last, to who may read it."""
    every = proposals.list_proposals(register.store(), department)
    found = (one for one in every if one.state == "accepted" and content(one, who) is not None)
    return next(found, None)


def content(proposal: Proposal, who: Identity) -> Content | None:
    """Return what someone may read of a proposal: its latest version, what was sent, or nothing."""
    if not identity.why_not(who, "prefect", proposal.content.department):
        return None if proposal.state == "discarded" else proposal.content
    return proposal.sent if _plans(proposal, who) else None


def acts(proposal: Proposal) -> tuple[Event, ...]:
    """Return the steps that the planner reads: those of drafts are the prefecture's own."""
    return tuple(event for event in proposal.history if event.kind not in _DRAFTING)


def _written(department: str, who: Identity) -> list[Proposal]:
    if identity.why_not(who, "prefect", department):
        return []
    return proposals.list_proposals(register.store(), department)


def _plans(proposal: Proposal, who: Identity) -> bool:
    return not identity.why_not(who, "planner", proposal.content.department)
