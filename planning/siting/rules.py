"""Rules that a planner may add to any siting model."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geodata.errors import DataError


@dataclass(frozen=True, eq=False)
class GroupRule:
    """At least ``minimum`` and at most ``maximum`` open sites among some candidates.

    Parameters
    ----------
    name
        What the group is, in French, for messages: "canton de Moulins".
    members
        Which candidates belong to it, shape (n_candidate,).
    minimum, maximum
        Number of open sites; ``maximum`` may be ``None``.
    """

    name: str
    members: npt.NDArray[np.bool_]
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, eq=False)
class Rules:
    """Limits on a plan; the default imposes none.

    Parameters
    ----------
    groups
        Smallest and largest number of sites by group (canton, EPCI, département).
    farthest_min
        Nobody may be farther than this from an open site, in minutes.
    cost_eur
        Cost of opening each candidate, shape (n_candidate,).
    budget_eur
        Most that all open sites may cost together.
    """

    groups: tuple[GroupRule, ...] = ()
    farthest_min: float | None = None
    cost_eur: npt.NDArray[np.float64] | None = None
    budget_eur: float | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is limited."""
        return not self.groups and self.farthest_min is None and self.budget_eur is None

    def check(self, n_candidate: int) -> None:
        """Refuse rules that do not fit the candidates.

        Raises
        ------
        DataError
            When a group, a cost or a limit is nonsense.
        """
        for group in self.groups:
            if group.members.dtype != np.bool_ or group.members.shape != (n_candidate,):
                raise ValueError(f"group {group.name!r}: members must be a mask of candidates")
            if group.minimum < 0 or (group.maximum is not None and group.maximum < group.minimum):
                raise DataError(
                    "Le minimum d'un groupe doit être positif et au plus égal au maximum",
                    where=group.name,
                )
        if self.farthest_min is not None and not self.farthest_min >= 0:
            raise DataError("La distance maximale doit être positive")
        if (self.cost_eur is None) != (self.budget_eur is None):
            raise DataError("Un budget demande un coût par site, et l'inverse")
        if self.cost_eur is not None and (
            self.cost_eur.shape != (n_candidate,) or not (self.cost_eur >= 0).all()
        ):
            raise DataError("Il faut un coût positif ou nul pour chaque site possible")
