"""What a prefect is working on: positions and locks, with undo and redo.

Pure: no Streamlit here.  A desk lives in the visitor's session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from planning.deployment import Deployment
from planning.events import Event
from planning.proposal_content import Content
from planning.proposals import Proposal
from planning.saved import data_versions

STEPS_KEPT: Final = 200


@dataclass(frozen=True)
class Work:
    """Positions by commune, those above zero, and the communes that are locked."""

    positions: Mapping[str, int]
    locked: frozenset[str] = frozenset()

    def moved(self, origin: str, target: str, count: int) -> "Work":
        """Return the work with some positions moved, as many as the origin holds at most."""
        count = min(count, self.positions.get(origin, 0))
        changed = dict(self.positions)
        changed[origin] = changed.get(origin, 0) - count
        changed[target] = changed.get(target, 0) + count
        return Work({code: n for code, n in changed.items() if n > 0}, self.locked)


@dataclass
class Desk:
    """A work under way.

    Parameters
    ----------
    plan_key
        The plan it starts from.
    start
        The plan's own positions.
    now
        The work as it stands.
    shown
        What the table on screen was filled with; it is filled again when ``filling`` changes.
    past, future
        Works to come back to.
    placed
        Positions as the solver placed them last, ``None`` for the plan's own: what differs was
        moved by hand.
    proposal
        The proposal it continues, as it was read; ``None`` for a new one.
    newer
        What someone else wrote since, when a save met it.
    """

    plan_key: str
    start: Work
    now: Work
    shown: Work
    proposal: Proposal | None = None
    filling: int = 0
    past: list[Work] = field(default_factory=list)
    future: list[Work] = field(default_factory=list)
    newer: tuple[Event, ...] = ()
    placed: Mapping[str, int] | None = None

    def edit(self, work: Work) -> None:
        """Take what was typed in the table, which already shows it."""
        if work != self.now:
            self.past = [*self.past[1 - STEPS_KEPT :], self.now]
            self.future = []
            self.now = work

    def put(self, work: Work) -> None:
        """Take a work from elsewhere, and fill the table with it."""
        self.edit(work)
        self._fill()

    @property
    def decided(self) -> frozenset[str]:
        """Communes that are locked, or whose number was changed by hand."""
        before = self.start.positions if self.placed is None else self.placed
        now = self.now.positions
        changed = (code for code in before.keys() | now.keys() if before.get(code) != now.get(code))
        return self.now.locked.union(changed)

    def replace(self, positions: Mapping[str, int], locked: frozenset[str]) -> None:
        """Take what the solver placed around the rows that were decided."""
        self.put(Work(positions, locked))
        self.placed = positions

    def undo(self) -> None:
        """Come back to the work before."""
        if self.past:
            self.future.append(self.now)
            self.now = self.past.pop()
            self.placed = None
            self._fill()

    def redo(self) -> None:
        """Do again what was undone."""
        if self.future:
            self.past.append(self.now)
            self.now = self.future.pop()
            self.placed = None
            self._fill()

    def follow(self, proposal: Proposal) -> None:
        """Continue a proposal that was just written or read again."""
        self.proposal = proposal
        self.newer = ()

    def _fill(self) -> None:
        self.shown = self.now
        self.filling += 1

    @property
    def saved(self) -> bool:
        """Whether the proposal holds the work as it stands."""
        if self.proposal is None:
            return False
        content = self.proposal.content
        return Work(content.positions, content.locked) == self.now


def plan_positions(plan: Deployment) -> dict[str, int]:
    """Return the fixed positions of a plan by commune, those above zero."""
    codes = plan.situation.places["commune_code"]
    held = plan.fixed.positions
    ours = codes.isin(plan.situation.points.index).to_numpy()
    return {str(codes.iloc[k]): int(held[k]) for k in np.flatnonzero((held > 0) & ours)}


def possible(plan: Deployment, work: Work) -> Work:
    """Return a work without the communes that have no place in this plan's data."""
    places = set(plan.situation.places["commune_code"]) & set(plan.situation.points.index)
    return Work(
        {code: count for code, count in work.positions.items() if code in places},
        work.locked & places,
    )


def open_desk(plan_key: str, plan: Deployment, proposal: Proposal | None) -> Desk:
    """Return a desk on a plan, where a proposal left it."""
    start = Work(plan_positions(plan))
    now = start
    if proposal is not None:
        now = possible(plan, Work(proposal.content.positions, proposal.content.locked))
    return Desk(plan_key, start, now, now, proposal)


def content_of(desk: Desk, plan: Deployment) -> Content:
    """Return what would be saved."""
    return Content(
        scenario=plan.scenario,
        data_versions=data_versions(plan.situation.provenance),
        base=dict(desk.start.positions),
        positions=dict(desk.now.positions),
        locked=desk.now.locked,
    )
