"""What a proposal proposes: the plan's choices, where the positions go, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata import tables
from geodata.errors import DataError
from planning.scenario import PROGRAMME_POSITIONS, Scenario


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

    def __post_init__(self) -> None:
        counts = [*self.base.values(), *self.positions.values()]
        if not all(type(count) is int and count >= 0 for count in counts):
            raise ValueError(f"positions must be whole numbers from zero: {counts}")

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
        """Return the content of :meth:`to_payload`.

        Raises
        ------
        DataError
            If another version of the application wrote it.
        """
        try:
            return cls(
                scenario=Scenario.from_dict(payload["choices"]),
                data_versions=dict(payload["data_versions"]),
                base=dict(payload["base"]),
                positions=dict(payload["positions"]),
                locked=frozenset(payload["locked"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                "Ce contenu a été écrit par une autre version de l'application",
                where=f"{type(error).__name__} : {error}",
            ) from error

    def check(self) -> None:
        """Refuse what cannot be of this département today.

        Raises
        ------
        DataError
            If a commune is not one of its own, or if there are more positions than the
            programme has.
        """
        points = tables.demand_points()
        ours = set(points.index[points["department"] == self.department])
        strangers = sorted((self.positions.keys() | self.locked) - ours)
        if strangers:
            raise DataError(
                "Ces communes ne sont pas de ce département",
                where=", ".join(strangers[:5]),
                remedy="Retirez leurs postes, puis recommencez.",
            )
        total = sum(self.positions.values())
        if total > PROGRAMME_POSITIONS:
            raise DataError(
                "La proposition compte plus de postes que le programme",
                where=f"{total} postes, {PROGRAMME_POSITIONS} au plus",
                remedy="Vérifiez les nombres du tableau.",
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
