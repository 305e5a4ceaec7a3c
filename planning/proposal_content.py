"""What a proposal proposes: the plan's choices, where the positions go, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.scenario import Scenario


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


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> list[Change]:
    """Return the communes whose positions differ, by code."""
    codes = sorted(before.keys() | after.keys())
    every = (Change(code, before.get(code, 0), after.get(code, 0)) for code in codes)
    return [one for one in every if one.before != one.after]
