"""The tours of a territory without a whole deployment plan: who is isolated, from where.

A commune is isolated when no known place of help is within some minutes of it; where the
present offer is unknown, when no base is. Bases are chosen among the communes that could
host a counsellor, so that isolated people are near one, or given by the user.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import DataError
from geodata.territory import Territory
from planning.scenario import HOST_PREFERENCE_MIN
from planning.situation import Situation, national_network, survey
from planning.staffing import share_positions
from planning.tours.problem import FloatArray, TourBase, TourProblem
from planning.tours.stops import StopRules, isolated_stops

LEG_LIMIT_MIN: Final = 90.0
INHABITANTS_PER_PERSON: Final = 7.9
_MOST_BASES: Final = 6


@dataclass(frozen=True)
class TourRequest:
    """What is asked for a territory.

    ``bases`` are commune codes; empty lets the planner choose, at most one a van.
    """

    vans: int = 2
    weeks: int = 4
    isolated_min: float = 15.0
    bases: tuple[str, ...] = ()
    rules: StopRules = field(default_factory=StopRules)


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
    situation = survey(territory, HOST_PREFERENCE_MIN)
    codes = list(situation.points.index)
    persons, notes = _persons(situation)
    bases = list(request.bases) or _choose_bases(situation, persons, request.vans)
    every = list(dict.fromkeys([*bases, *codes]))
    if set(bases) - set(national_network().points.index):
        raise DataError(
            "Point de départ inconnu", where=", ".join(bases), remedy="Donnez un code de commune."
        )
    minutes, km = national_network().between(every, LEG_LIMIT_MIN)
    from_base = minutes[: len(bases)].min(axis=0)
    place = {code: k for k, code in enumerate(every)}
    here = np.array([place[code] for code in codes])
    nearest = situation.minutes_before
    if nearest is None:
        nearest = from_base[here]
        notes.append(
            "Offre actuelle inconnue : l'isolement est mesuré depuis les points de départ."
        )
    far = (nearest > request.isolated_min) & (persons > 0)
    reached = far & np.isfinite(from_base[here])
    without_road = tuple(np.array(codes)[far & ~reached])
    isolated = tuple(np.array(codes)[far])
    at = here[reached]
    stops = isolated_stops(
        [every[k] for k in at],
        [str(situation.points.at[every[k], "name"]) for k in at],
        persons[reached],
        minutes[np.ix_(at, at)],
        rules=request.rules,
        weeks=request.weeks,
        points=situation.points.loc[[every[k] for k in at], ["lon", "lat"]].to_numpy(dtype=float),
    )
    if not stops:
        notes.append(
            f"Aucune tournée : aucune commune habitée n'est à plus de "
            f"{request.isolated_min:g} min d'un lieu d'accompagnement et joignable par la route."
        )
        return TerritoryTours(None, isolated, without_road, tuple(notes))
    rows = [*(place[code] for code in bases), *(place[stop.commune_code] for stop in stops)]
    square = np.ix_(rows, rows)
    problem = TourProblem(
        stops=stops,
        bases=_bases(
            bases, (minutes[square], np.array([stop.persons for stop in stops])), request.vans
        ),
        minutes=minutes[square],
        km=km[square],
        weeks=request.weeks,
    )
    return TerritoryTours(problem, isolated, without_road, tuple(notes))


def _persons(situation: Situation) -> tuple[FloatArray, list[str]]:
    if situation.weight == "population":
        note = "Besoin non estimé ici : les communes pèsent par leur population."
        return situation.weights / INHABITANTS_PER_PERSON, [note]
    return situation.weights, []


def _choose_bases(situation: Situation, persons: FloatArray, vans: int) -> list[str]:
    """Choose bases one by one: each time the host commune that saves most minutes."""
    hosts = situation.hosts if len(situation.hosts) else situation.places
    candidates = sorted(set(hosts["commune_code"]) & set(situation.points.index))
    codes = list(situation.points.index)
    minutes, _ = national_network().between(
        list(dict.fromkeys([*candidates, *codes])), LEG_LIMIT_MIN
    )
    place = {code: k for k, code in enumerate(dict.fromkeys([*candidates, *codes]))}
    table = minutes[np.ix_(range(len(candidates)), [place[code] for code in codes])]
    table = np.minimum(table, 2 * LEG_LIMIT_MIN)
    before = situation.minutes_before
    isolated = np.ones(len(codes)) if before is None else np.minimum(before, LEG_LIMIT_MIN) > 15.0
    weights: NDArray[np.float64] = persons * isolated
    best = np.full(len(codes), 2 * LEG_LIMIT_MIN)
    chosen: list[int] = []
    for _ in range(min(vans, len(candidates), _MOST_BASES)):
        cost = np.minimum(table, best) @ weights
        cost[chosen] = np.inf
        chosen.append(int(cost.argmin()))
        best = np.minimum(best, table[chosen[-1]])
    return sorted(candidates[i] for i in chosen)


def _bases(
    codes: list[str], needs: tuple[FloatArray, FloatArray], vans: int
) -> tuple[TourBase, ...]:
    """Share the vans between the bases by the persons nearest to each, one at least."""
    minutes, persons = needs
    points = national_network().points
    n = len(codes)
    if vans < n:
        raise DataError(
            f"{n} points de départ pour {vans} véhicule(s)",
            remedy="Donnez au plus un point de départ par véhicule.",
        )
    nearest = minutes[:n, n:].argmin(axis=0)
    load = np.bincount(nearest, weights=persons, minlength=n).astype(np.float64)
    extra = share_positions(load, np.ones(n, dtype=np.intp), vans - n, codes)
    return tuple(
        TourBase(
            code,
            str(points.at[code, "name"]),
            1 + int(extra[b]),
            lon=float(points["lon"].loc[code]),
            lat=float(points["lat"].loc[code]),
        )
        for b, code in enumerate(codes)
    )
