"""The tours of a territory without a whole deployment plan: who is isolated, from where.

A commune is isolated when no known place of help is within some minutes of it; where the
present offer is unknown, when no base is. Bases are chosen among the communes that could
host a counsellor, so that isolated people are near one, or given by the user.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coverage.arrays import IntArray
from geodata.errors import DataError
from geodata.territory import Territory
from planning.scenario import HOST_PREFERENCE_MIN
from planning.situation import Situation, national_network, survey
from planning.tours.demand import LEG_LIMIT_MIN, choose_bases, tour_problem
from planning.tours.limits import WorkingDay
from planning.tours.problem import TourProblem
from planning.tours.stops import StopRules


@dataclass(frozen=True)
class TourRequest:
    """What is asked for a territory.

    ``bases`` are commune codes; empty lets the planner choose, at most one a van.
    ``max_stops`` is the largest number of stops a day.
    """

    vans: int = 2
    weeks: int = 4
    isolated_min: float = 15.0
    bases: tuple[str, ...] = ()
    rules: StopRules = field(default_factory=StopRules)
    max_stops: int = 2


@dataclass(frozen=True)
class TerritoryTours:
    """The problem of a territory, None when there is nothing to serve.

    ``without_road`` are isolated communes that no base reaches by road; ``notes`` are
    French sentences on what was assumed, and on why there is no problem.
    """

    problem: TourProblem | None
    isolated: tuple[str, ...]
    without_road: tuple[str, ...]
    notes: tuple[str, ...]
    situation: Situation


def territory_tours(territory: Territory, request: TourRequest) -> TerritoryTours:
    """Return the tour problem of a territory.

    Raises
    ------
    DataError
        If a base is not a commune of the country, or no van is given.
    """
    if request.vans < 1:
        raise DataError(
            f"Il faut au moins un véhicule : {request.vans}", remedy="Donnez --vans 1 ou plus."
        )
    if request.bases and request.vans < len(request.bases):
        raise DataError(
            f"{len(request.bases)} points de départ pour {request.vans} véhicule(s)",
            remedy="Donnez au plus un point de départ par véhicule.",
        )
    situation = survey(territory, HOST_PREFERENCE_MIN)
    notes = []
    if situation.weight == "population":
        notes.append("Besoin non estimé ici : les communes pèsent par leur population.")
    inhabited = situation.weights > 0
    before = situation.minutes_before
    far = np.flatnonzero(
        inhabited if before is None else inhabited & (before > request.isolated_min)
    )
    bases: dict[str, int] = {}
    if far.size:
        bases = choose_bases(situation, request.bases or _hosts(situation), far, request.vans)
    if before is None:
        notes.append(
            "Offre actuelle inconnue : l'isolement est mesuré depuis les points de départ."
        )
        far = far[_beyond(situation, bases, far, request.isolated_min)]
    problem: TourProblem | None = None
    without_road: list[str] = []
    if far.size:
        day = WorkingDay(max_stops=request.max_stops)
        problem, without_road = tour_problem(
            situation, bases, far, request.weeks, request.rules, day
        )
    if problem is None:
        notes.append(
            f"Aucune tournée : aucune commune habitée n'est à plus de "
            f"{request.isolated_min:g} min d'un lieu d'accompagnement et joignable par la route."
        )
    codes = tuple(situation.points.index[far])
    return TerritoryTours(problem, codes, tuple(without_road), tuple(notes), situation)


def _hosts(situation: Situation) -> tuple[str, ...]:
    """Return the communes of the territory that could host a counsellor."""
    hosts = situation.hosts if len(situation.hosts) else situation.places
    return tuple(sorted(set(hosts["commune_code"]) & set(situation.points.index)))


def _beyond(
    situation: Situation, bases: dict[str, int], communes: IntArray, minutes: float
) -> NDArray[np.bool_]:
    """Tell which communes are farther than some minutes from every base."""
    network = national_network()
    codes = list(bases)
    sites = network.points.loc[codes, ["lon", "lat"]].assign(commune_code=codes)
    rows = network.points.index.get_indexer(situation.points.index[communes])
    nearest = network.minutes(rows, sites, LEG_LIMIT_MIN).nearest()[1]
    return nearest > minutes
