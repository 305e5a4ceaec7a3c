"""A scenario: what the user chose, never what was computed from it."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from geodata.errors import DataError
from planning.stopping import Stop, after_iterations, after_seconds

PROGRAMME_POSITIONS: Final = 4000
"""Positions of the whole programme (announced in November 2020): more make no sense."""

TOUR_ITERATIONS: Final = 6000
"""Iterations of the tours' solver by default: about five seconds for the Allier."""

HOST_PREFERENCE_MIN: Final[Mapping[str, float]] = MappingProxyType(
    {
        "france_services": 0.0,
        "mediation_place": 0.0,
        "permanence": 0.0,
        "social_centre": 1.0,
        "third_place": 1.0,
        "library": 1.0,
        "ccas": 1.0,
        "association": 2.0,
        "postal_point": 3.0,
        "other": 3.0,
        "ehpad": 4.0,
        "town_hall": 5.0,
    }
)
"""Minutes of travel that each kind of host must save to be chosen over the best kind.

An assumption of this tool, shown and adjustable: places that already help people with
digital life first, counters and town halls last.
"""


MOST_PREFERENCE_MIN: Final = 60.0
MOST_ITERATIONS: Final = 1_000_000


@dataclass(frozen=True)
class Scenario:
    """The choices behind a deployment plan.

    Parameters
    ----------
    territory
        Code as :func:`geodata.territory.resolve` reads it: ``"03"``, ``"REG-84"``, ``"FR"``.
    positions
        Full-time counsellors to deploy.
    mobile
        How many of them go on tours; ``None`` lets the marginal gain decide.
    model
        ``"p-median"`` (shortest mean time) or ``"max-cover"`` (most people within
        ``threshold_min``).
    threshold_min
        Minutes within which a person counts as covered.
    isolated_min
        Minutes beyond which a commune counts as isolated.
    max_load_ratio
        A site is given another position when each of its teams would have more than this many
        times the persons in need per position of the plan (an assumption).
    min_load_ratio
        A new site opens only where it serves at least this share of the persons in need per
        position of the plan: a full-time counsellor for a handful of people is better placed
        where help exists and is short (an assumption).
    host_preference_min
        See :data:`HOST_PREFERENCE_MIN`.
    tours
        Whether tours are planned.
    tour_weeks
        Weeks after which the tours repeat: 2 or 4.
    tour_iterations, tour_seconds
        When the tours' solver stops; seconds replace iterations where given, and the plan
        is then no longer the same at each run.
    seed
        Seed of the random choices.

    Raises
    ------
    DataError
        If a choice makes no sense.
    """

    territory: str
    positions: int
    mobile: int | None = None
    model: Literal["p-median", "max-cover"] = "p-median"
    threshold_min: int = 20
    isolated_min: float = 15.0
    max_load_ratio: float = 1.5
    min_load_ratio: float = 0.5
    host_preference_min: Mapping[str, float] = field(default_factory=lambda: HOST_PREFERENCE_MIN)
    tours: bool = True
    tour_weeks: int = 2
    tour_iterations: int = TOUR_ITERATIONS
    tour_seconds: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        self._check_types()
        if not 1 <= self.positions <= PROGRAMME_POSITIONS:
            raise DataError(
                f"Le nombre de postes doit être compris entre 1 et {PROGRAMME_POSITIONS}, "
                f"taille de tout le programme : {self.positions} demandé(s)",
                where="positions",
                remedy="Donnez par exemple 30, le nombre de l'accord de l'Allier.",
            )
        if self.mobile is not None and not 0 <= self.mobile < self.positions:
            raise DataError(
                f"Le nombre de conseillers mobiles doit être compris entre 0 et "
                f"{self.positions - 1} : {self.mobile} demandé(s)",
                where="mobile",
                remedy="Gardez au moins un poste fixe, d'où partent les tournées.",
            )
        if self.model not in ("p-median", "max-cover"):
            raise DataError(
                f"Modèle inconnu : {self.model}", remedy="Choisissez p-median ou max-cover."
            )
        if not 0 < self.threshold_min <= 60 or not 0 < self.isolated_min <= 60:
            raise DataError(
                "Les seuils de temps de trajet doivent être compris entre 1 et 60 minutes",
                where=f"couverture {self.threshold_min} min, isolement {self.isolated_min:g} min",
            )
        if not self.max_load_ratio >= 1:
            raise DataError(
                f"Le rapport de charge maximal doit être au moins 1 : {self.max_load_ratio:g}"
            )
        if not 0 <= self.min_load_ratio <= 1:
            raise DataError(
                f"La charge minimale d'un nouveau site doit être entre 0 et 1 fois la moyenne : "
                f"{self.min_load_ratio:g}"
            )
        if self.tour_weeks not in (2, 4):
            raise DataError(
                f"Les tournées se répètent toutes les 2 ou 4 semaines : {self.tour_weeks}"
            )

    def _check_types(self) -> None:
        """Refuse what a file or a link may hold in place of a choice."""
        whole = {"positions": self.positions, "threshold_min": self.threshold_min,
                 "tour_weeks": self.tour_weeks, "tour_iterations": self.tour_iterations,
                 "seed": self.seed}  # fmt: skip
        if self.mobile is not None:
            whole["mobile"] = self.mobile
        bad = [name for name, value in whole.items() if type(value) is not int]
        numbers: dict[str, Any] = {
            "isolated_min": self.isolated_min,
            "max_load_ratio": self.max_load_ratio,
            "min_load_ratio": self.min_load_ratio,
            "tour_seconds": 1.0 if self.tour_seconds is None else self.tour_seconds,
        }
        bad += [name for name, value in numbers.items() if not _is_finite(value)]
        bad += [] if isinstance(self.territory, str) else ["territory"]
        bad += [] if type(self.tours) is bool else ["tours"]
        preference = self.host_preference_min
        if not isinstance(preference, Mapping) or not all(
            isinstance(kind, str) and _is_finite(value) and 0 <= value <= MOST_PREFERENCE_MIN
            for kind, value in preference.items()
        ):
            bad.append("host_preference_min")
        if not bad and not 1 <= self.tour_iterations <= MOST_ITERATIONS:
            bad.append("tour_iterations")
        if bad:
            raise DataError(
                "Des choix du scénario n'ont pas de sens",
                where=", ".join(f"{name} = {getattr(self, name)!r}" for name in bad)[:300],
                remedy="Corrigez-les, ou laissez-les de côté : ils ont tous une valeur par défaut.",
            )

    def tour_stop(self) -> Stop:
        """Return a new stop for the tours' solver."""
        if self.tour_seconds is not None:
            return after_seconds(self.tour_seconds)
        return after_iterations(self.tour_iterations)

    def with_choices(self, **changes: Any) -> "Scenario":
        """Return the same scenario with some choices changed, checked again."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as plain JSON types."""
        return {
            **asdict(replace(self, host_preference_min={})),
            **{"host_preference_min": dict(self.host_preference_min)},
        }

    @classmethod
    def from_dict(cls, choices: Mapping[str, Any]) -> "Scenario":
        """Return the scenario of :meth:`to_dict`; what is absent keeps its default.

        Raises
        ------
        DataError
            If a choice is unknown to this version, or makes no sense.
        """
        known = {one.name for one in fields(cls)}
        unknown = sorted(set(choices) - known)
        try:
            if not unknown:
                return cls(**choices)
        except TypeError as error:  # a number where a text must be, a choice left out
            unknown = [str(error)]
        raise DataError(
            "Ce scénario a été enregistré par une autre version de l'application",
            where=", ".join(unknown),
            remedy="Refaites ses choix dans un nouveau scénario.",
        )


def _is_finite(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
