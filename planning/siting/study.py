"""A planner's question on a territory: choices in plain terms, posed by ``posing.py``."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, get_args

from geodata.errors import DataError
from planning.siting.problem import Model

Existing = Literal["ignored", "movable", "kept"]
Group = Literal["", "canton", "epci", "department"]

HOST_COST_EUR: Final = 20_000.0
"""Default cost of a position's first year at any host, in euros: the V2 subsidy of a private
one; an assumption that the planner changes by kind."""


@dataclass(frozen=True)
class Study:
    """What a planner chooses.

    Parameters
    ----------
    territory
        Code as :func:`geodata.territory.resolve` reads it.
    model
        See :class:`SitingProblem`.
    sites
        New sites where existing ones are kept, else sites in all; positions with the
        capacitated model.
    threshold_min
        Minutes within which a person is covered.
    existing
        Places of help of today: "ignored", "movable" (candidates like the others) or "kept".
    caseload, per_site
        Persons per position and most positions at a site (capacitated).
    priority, priority_factor
        Communes whose persons weigh more: "rural", or "own" for ``own_priority``.
    group, group_min, group_max
        Fewest and most sites in each unit of a kind; ``None`` for no maximum.
    farthest_min
        Nobody may be farther than this.
    budget_eur, cost_eur
        Most that new sites may cost, and what one costs by kind of host (existing: nothing).
    forced, forbidden
        Codes of communes that must have a site, or must not.
    grain
        Whether demand stands by commune or, coarser, by canton.
    seconds
        Time given to each search.
    """

    territory: str
    model: Model = "p-median"
    sites: int = 10
    threshold_min: float = 20.0
    existing: Existing = "ignored"
    caseload: float = 800.0
    per_site: int = 3
    priority: Literal["", "rural", "own"] = ""
    own_priority: tuple[str, ...] = ()
    priority_factor: float = 1.5
    group: Group = ""
    group_min: int = 0
    group_max: int | None = None
    farthest_min: float | None = None
    budget_eur: float | None = None
    cost_eur: Mapping[str, float] = field(default_factory=dict)
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    grain: Literal["commune", "canton"] = "commune"
    seconds: float = 20.0

    def __post_init__(self) -> None:
        if self.model not in get_args(Model) or self.existing not in get_args(Existing):
            raise ValueError(f"unknown model or existing: {self.model}, {self.existing}")
        if not 1 <= self.seconds <= 600:
            raise DataError("La durée du calcul doit être comprise entre 1 et 600 secondes")
        if not 1 <= self.priority_factor <= 10:
            raise DataError("Le poids des communes prioritaires doit être compris entre 1 et 10")

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as plain JSON types."""
        return asdict(self)
