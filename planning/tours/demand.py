"""From a situation to a tour problem: bases for isolated communes, and the stops between.

Shared by the deployment plan, whose bases are the sites that it opens, and by the tours of a
territory on their own, whose bases are communes with a host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.arrays import IntArray
from geodata.errors import DataError
from planning.siting.plan import solve
from planning.siting.problem import SitingProblem
from planning.situation import Situation, national_network
from planning.staffing import share_positions
from planning.stopping import after_iterations
from planning.tours.limits import WorkingDay
from planning.tours.places import town_hall_places
from planning.tours.problem import TourBase, TourProblem
from planning.tours.stops import StopRules, isolated_stops

LEG_LIMIT_MIN: Final = 90.0
"""Longest leg of a tour, in minutes: the default limit of driving is twice that a day."""

INHABITANTS_PER_PERSON: Final = 7.9
"""Inhabitants for one person in illectronism, France 2021: serves where need is unknown.

8.56 million persons (15.4 % of 55.6 million of 15 and over) among 67.4 million inhabitants.
"""

_PROOF_ITERATIONS: Final = 1_000


def choose_bases(
    situation: Situation, candidates: Sequence[str], far: IntArray, vans: int
) -> dict[str, int]:
    """Return the communes that vans leave from, with their number of vans.

    The bases are the p-median of the isolated people, one a van at most; a further van goes
    to the base with most of them per van.

    Parameters
    ----------
    situation
        The territory.
    candidates
        Codes of the communes that could be a base.
    far
        Positions of the isolated communes in ``situation.points``.
    vans
        Number of vans, at least 1.

    Raises
    ------
    DataError
        If a candidate is no commune of the country.
    """
    network = national_network()
    codes = list(dict.fromkeys(candidates))
    unknown = sorted(set(codes) - set(network.points.index))
    if unknown:
        raise DataError(
            "Point de départ inconnu",
            where=", ".join(unknown),
            remedy="Donnez le code d'une commune, par exemple 48095.",
        )
    sites = network.points.loc[codes, ["lon", "lat"]].assign(commune_code=codes)
    rows = network.points.index.get_indexer(situation.points.index[far])
    times = network.minutes(rows, sites, LEG_LIMIT_MIN)
    problem = SitingProblem(
        costs_min=times.minutes,
        weights=situation.weights[far],
        sites=min(vans, len(codes)),
        demand_codes=times.origins,
        candidate_codes=times.destinations,
        unserved_min=2 * LEG_LIMIT_MIN,
    )
    chosen = solve(problem, after_iterations(_PROOF_ITERATIONS))
    served = chosen.assignment >= 0
    load = np.bincount(
        chosen.assignment[served], situation.weights[far][served], minlength=len(codes)
    )[chosen.sites].astype(np.float64)
    one = np.ones(len(chosen.sites), dtype=np.intp)
    extra = share_positions(load, one, vans - len(chosen.sites), chosen.codes)
    return {code: 1 + int(count) for code, count in zip(chosen.codes, extra, strict=True)}


def tour_problem(
    situation: Situation,
    bases: Mapping[str, int],
    far: IntArray,
    weeks: int,
    rules: StopRules,
    day: WorkingDay | None = None,
) -> tuple[TourProblem | None, list[str]]:
    """Return the tours to plan, and the isolated communes that no road joins to a base.

    The problem is ``None`` when no isolated commune can be reached.

    Parameters
    ----------
    situation
        The territory.
    bases
        Commune code → vans.
    far
        Positions of the isolated communes in ``situation.points``.
    weeks
        Weeks after which the tours repeat.
    rules
        How stops are made from communes.
    day
        Limits of a van's day.
    """
    points = national_network().points
    isolated = list(situation.points.index[far])
    every = list(dict.fromkeys([*bases, *isolated]))
    minutes, km = national_network().between(every, LEG_LIMIT_MIN)
    reached: NDArray[np.bool_] = np.isfinite(minutes[: len(bases)]).any(axis=0).reshape(-1)
    place = {code: k for k, code in enumerate(every)}
    cut_off = [code for code in isolated if not reached[place[code]]]
    served = [code for code in isolated if reached[place[code]]]
    at = [place[code] for code in served]
    persons = situation.weights[situation.points.index.get_indexer(pd.Index(served))]
    if situation.weight == "population":
        persons = persons / INHABITANTS_PER_PERSON
    stops = isolated_stops(
        served,
        points["name"].loc[served].tolist(),
        persons,
        minutes[np.ix_(at, at)],
        rules=rules,
        weeks=weeks,
        points=points.loc[served, ["lon", "lat"]].to_numpy(dtype=float),
    )
    if not stops:
        return None, cut_off
    where = town_hall_places()
    stops = tuple(replace(stop, place=where.get(stop.commune_code, "")) for stop in stops)
    rows = np.ix_(*2 * ([*range(len(bases)), *(place[stop.commune_code] for stop in stops)],))
    problem = TourProblem(
        stops=stops,
        bases=tuple(_base(points, code, vans) for code, vans in bases.items()),
        minutes=minutes[rows],
        km=km[rows],
        weeks=weeks,
        day=day or WorkingDay(),
    )
    return problem, cut_off


def _base(points: pd.DataFrame, code: str, vans: int) -> TourBase:
    return TourBase(
        commune_code=code,
        name=str(points["name"].loc[code]),
        vans=vans,
        lon=float(points["lon"].loc[code]),
        lat=float(points["lat"].loc[code]),
    )
