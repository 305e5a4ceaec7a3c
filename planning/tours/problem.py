"""The question put to the tour planner: stops, bases, minutes, working day and costs.

Nodes of every matrix are numbered bases first, then stops, in the order given:
node ``b`` is ``bases[b]``, node ``len(bases) + s`` is ``stops[s]``.  Hours of the day
are minutes since midnight; weekdays are 0 (Monday) to 6 (Sunday).
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import DataError
from planning.tours.limits import TourCosts, WorkingDay

FloatArray = NDArray[np.float64]

WEEKDAYS_FR: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
"""French names of the weekdays, Monday first."""

WORKING_WEEK: Final = (0, 1, 2, 3, 4)
INTERVALS: Final = (1, 2, 4)


@dataclass(frozen=True)
class TourStop:
    """A place where a van stops, for one commune or for several neighbouring ones.

    Parameters
    ----------
    commune_code
        INSEE code of the commune where the van parks; unique in a problem.
    name
        What a reader sees; the commune's name.
    service_min
        Length of a visit, in minutes.
    every_weeks
        1 (weekly), 2 (fortnightly) or 4 (four-weekly).
    persons
        Persons in need whom the stop serves.
    prize_eur
        None for a stop that must be served; else what serving it over the horizon is
        worth, in euros: the plan leaves it out when it costs more.
    weekdays
        Weekdays on which the place can be used (market day, hall's days).
    windows
        ``(weekday, open_min, close_min)`` within which a whole visit must fall, or each
        part of a visit that the lunch break cuts; a weekday without a window is closed.
        Empty: the public hours of the working day.
    communes
        Codes of all the communes served, the stop's own first; empty means its own.
    lon, lat
        Degrees, EPSG:4326; NaN when unknown (the stop is then on no map).
    place
        Where the van could park or the counsellor be received: name, address and
        telephone, to be agreed with the commune; empty when unknown.
    """

    commune_code: str
    name: str
    service_min: float
    every_weeks: int
    persons: float = 0.0
    prize_eur: float | None = None
    weekdays: tuple[int, ...] = WORKING_WEEK
    windows: tuple[tuple[int, float, float], ...] = ()
    communes: tuple[str, ...] = ()
    lon: float = float("nan")
    lat: float = float("nan")
    place: str = ""

    @property
    def required(self) -> bool:
        """Whether the stop must be served."""
        return self.prize_eur is None

    @property
    def open_weekdays(self) -> tuple[int, ...]:
        """Weekdays on which a visit is possible, in order."""
        days = set(self.weekdays)
        if self.windows:
            days &= {weekday for weekday, _, _ in self.windows}
        return tuple(sorted(days))

    @property
    def served_communes(self) -> tuple[str, ...]:
        """Codes of the communes that the stop serves, its own first."""
        return self.communes or (self.commune_code,)


@dataclass(frozen=True)
class TourBase:
    """Where vans sleep and counsellors start: a site of the plan."""

    commune_code: str
    name: str
    vans: int = 1
    weekdays: tuple[int, ...] = WORKING_WEEK
    lon: float = float("nan")
    lat: float = float("nan")


@dataclass(frozen=True)
class TourProblem:
    """Stops to visit, from which bases, over how many weeks.

    Parameters
    ----------
    stops, bases
        See :class:`TourStop` and :class:`TourBase`.
    minutes
        Driving minutes, shape (n_base + n_stop, n_base + n_stop), ``inf`` where there
        is no road or where the pair is beyond the limit of the travel table.
    km
        Kilometres, same shape; where ``minutes`` is infinite it is not read.
    weeks
        Length of the cycle: 1, 2 or 4 weeks.
    weekdays
        Weekdays on which vans go out.
    day, costs
        Limits of a day, and prices.

    Raises
    ------
    DataError
        Naming all that is contradictory, at once.
    """

    stops: tuple[TourStop, ...]
    bases: tuple[TourBase, ...]
    minutes: FloatArray
    km: FloatArray
    weeks: int = 4
    weekdays: tuple[int, ...] = WORKING_WEEK
    day: WorkingDay = field(default_factory=WorkingDay)
    costs: TourCosts = field(default_factory=TourCosts)

    def __post_init__(self) -> None:
        faults = [
            *self._horizon_faults(),
            *self.day.faults(),
            *self.costs.faults(),
            *self._base_faults(),
            *self._matrix_faults(),
        ]
        for stop in self.stops:
            faults += _stop_faults(stop, self.weeks, self.weekdays)
        codes = [stop.commune_code for stop in self.stops]
        faults += [
            f"L'arrêt {code} est donné plusieurs fois."
            for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
        if faults:
            shown = " ".join(faults[:8])
            more = f" … et {len(faults) - 8} autres défauts." if len(faults) > 8 else ""
            raise DataError(
                f"Les tournées demandées se contredisent. {shown}{more}",
                remedy="Corrigez ces valeurs, puis relancez.",
            )

    @property
    def n_base(self) -> int:
        """Number of bases."""
        return len(self.bases)

    @property
    def n_stop(self) -> int:
        """Number of stops."""
        return len(self.stops)

    @property
    def n_day(self) -> int:
        """Number of working days of the cycle."""
        return self.weeks * len(self.weekdays)

    def week_and_weekday(self, day: int) -> tuple[int, int]:
        """Return the week (from 0) and the weekday of a day of the cycle."""
        week, rank = divmod(day, len(self.weekdays))
        return week, self.weekdays[rank]

    def visits(self, stop: int) -> int:
        """Return the number of visits of a stop over the cycle."""
        return self.weeks // self.stops[stop].every_weeks

    def _horizon_faults(self) -> list[str]:
        faults = []
        if self.weeks not in INTERVALS:
            faults.append(f"Le cycle doit durer 1, 2 ou 4 semaines : {self.weeks}.")
        if not self.weekdays or not _ordered_weekdays(self.weekdays):
            faults.append(
                f"Les jours de sortie doivent être distincts, de 0 à 6 : {self.weekdays}."
            )
        return faults

    def _base_faults(self) -> list[str]:
        codes = [base.commune_code for base in self.bases]
        faults = [
            f"Le point de départ {code} est donné plusieurs fois."
            for code in sorted({c for c in codes if codes.count(c) > 1})
        ]
        for base in self.bases:
            if base.vans < 0:
                faults.append(f"{base.name} : nombre de véhicules négatif ({base.vans}).")
            if not set(base.weekdays) & set(self.weekdays):
                faults.append(f"{base.name} : aucun jour de sortie commun avec le cycle.")
        if sum(base.vans for base in self.bases) == 0:
            faults.append("Aucun véhicule : il en faut au moins un à un point de départ.")
        return faults

    def _matrix_faults(self) -> list[str]:
        size = len(self.bases) + len(self.stops)
        faults = []
        for name, matrix in (("minutes", self.minutes), ("km", self.km)):
            if matrix.shape != (size, size):
                faults.append(
                    f"Le tableau des {name} doit être de {size} × {size} : {matrix.shape}."
                )
                continue
            if np.isnan(matrix).any() or (matrix < 0).any():
                faults.append(f"Le tableau des {name} contient des valeurs absentes ou négatives.")
            if np.diagonal(matrix).any():
                faults.append(f"Le tableau des {name} n'est pas nul d'un lieu à lui-même.")
        if not faults and np.isinf(self.km[np.isfinite(self.minutes)]).any():
            faults.append("Des trajets ont une durée mais pas de longueur.")
        return faults


def _ordered_weekdays(weekdays: tuple[int, ...]) -> bool:
    return list(weekdays) == sorted(set(weekdays)) and all(0 <= day <= 6 for day in weekdays)


def _stop_faults(stop: TourStop, weeks: int, weekdays: tuple[int, ...]) -> list[str]:
    where = f"{stop.name} ({stop.commune_code})"
    said = [
        (
            stop.service_min > 0 and np.isfinite(stop.service_min),
            f"durée de permanence impossible : {stop.service_min} min",
        ),
        (
            stop.every_weeks in INTERVALS and weeks % stop.every_weeks == 0,
            f"une visite toutes les {stop.every_weeks} semaines ne tient pas "
            f"dans un cycle de {weeks} semaines",
        ),
        (
            bool(set(stop.open_weekdays) & set(weekdays)),
            "aucun jour possible : ses jours d'ouverture et les jours de sortie s'excluent",
        ),
        (
            all(opening < closing for _, opening, closing in stop.windows),
            "un horaire finit avant d'avoir commencé",
        ),
        (
            stop.prize_eur is None or stop.prize_eur >= 0,
            f"valeur négative d'un arrêt facultatif : {stop.prize_eur}",
        ),
        (stop.persons >= 0, f"nombre de personnes impossible : {stop.persons}"),
    ]
    return [f"{where} : {text}." for holds, text in said if not holds]
