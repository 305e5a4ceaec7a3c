"""Tours of a plan: which communes stay isolated, from which sites vans leave, and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.travel import FloatArray, IntArray
from planning.scenario import Scenario
from planning.siting.plan import solve as solve_siting
from planning.siting.problem import SitingProblem
from planning.situation import Situation, national_network
from planning.staffing import share_positions
from planning.stopping import Progress, after_iterations
from planning.tours.periodic import solve as solve_tours
from planning.tours.plan import TourPlan
from planning.tours.problem import TourBase, TourProblem
from planning.tours.stops import StopRules, isolated_stops

DRIVE_LIMIT_MIN: Final = 90.0
"""Longest leg of a tour, in minutes: the default limit of driving is twice that a day."""

EUR_PER_PERSON: Final = 20.0
"""Prize of a person followed over four weeks: high enough that only the vans' time limits
the tours, and that the stops with most people come first (an assumption)."""

INHABITANTS_PER_PERSON: Final = 7.9
"""Inhabitants for one person in illectronism, France 2021: serves where need is unknown.

8.56 million persons (15.4 % of 55.6 million of 15 and over) among 67.4 million inhabitants.
"""


@dataclass(frozen=True)
class Touring:
    """Tours of a territory, one plan a département.

    Parameters
    ----------
    plans
        Département → its tours; empty when there is none.
    isolated
        Codes of the communes farther from every place of help than the threshold.
    communes
        Codes of the communes that a tour serves.
    without_road
        Codes of isolated communes that no road joins to a site.
    note
        French sentence: why there are no tours, or what they leave out; may be empty.
    """

    plans: dict[str, TourPlan]
    isolated: tuple[str, ...]
    communes: frozenset[str]
    without_road: tuple[str, ...]
    note: str


def plan_tours(
    scenario: Scenario,
    situation: Situation,
    posted: IntArray,
    minutes_after: FloatArray,
    mobile: int,
    progress: Callable[[Progress], None],
) -> Touring:
    """Plan the tours that reach communes still isolated once the fixed sites are open.

    Parameters
    ----------
    scenario, situation
        The choices and what is known.
    posted
        Positions among the places of those that hold a counsellor.
    minutes_after
        Minutes to the nearest place of help with the plan's sites, shape (n_point,).
    mobile
        Counsellors on tours, one a van.
    progress
        Called now and then.
    """
    far = (minutes_after > scenario.isolated_min) & (situation.weights > 0)
    isolated = tuple(situation.points.index[far])
    nothing = Touring({}, isolated, frozenset(), (), "")
    if not isolated:
        return replace(
            nothing,
            note=f"Aucune tournée : plus aucune commune habitée n'est à plus de "
            f"{scenario.isolated_min:g} min d'un lieu d'accompagnement ou d'un site du plan.",
        )
    if not scenario.tours:
        return replace(nothing, note="Les tournées n'ont pas été demandées.")
    if not mobile:
        return replace(
            nothing,
            note=f"Aucune tournée : le plan n'a pas de conseiller mobile ; {len(isolated)} "
            f"commune(s) restent à plus de {scenario.isolated_min:g} min.",
        )
    return _tours(scenario, situation, posted, (np.flatnonzero(far), mobile), progress)


def _tours(
    scenario: Scenario,
    situation: Situation,
    posted: IntArray,
    task: tuple[IntArray, int],
    progress: Callable[[Progress], None],
) -> Touring:
    far, mobile = task
    department = situation.points["department"].to_numpy()
    names = sorted(set(department[far]))
    load = np.array([situation.weights[far[department[far] == name]].sum() for name in names])
    vans = share_positions(load, np.zeros(len(names), dtype=np.intp), mobile, names)
    plans: dict[str, TourPlan] = {}
    without_road: list[str] = []
    for rank, (name, count) in enumerate(zip(names, vans, strict=True)):
        if not count:
            continue
        problem, cut_off = _problem(
            scenario, situation, posted, far[department[far] == name], int(count)
        )
        without_road += cut_off
        if problem is None:
            continue
        plans[name] = solve_tours(
            problem,
            scenario.tour_stop(),
            seed=scenario.seed,
            progress=_slice(progress, rank / len(names), 1 / len(names)),
        )
    served = frozenset(
        code
        for plan in plans.values()
        for s, stop in enumerate(plan.problem.stops)
        if s not in {item.stop for item in plan.unserved}
        for code in stop.served_communes
    )
    isolated = tuple(situation.points.index[far])
    return Touring(plans, isolated, served, tuple(without_road), _note(isolated, served))


def _note(isolated: tuple[str, ...], served: frozenset[str]) -> str:
    left = len(isolated) - len(served & set(isolated))
    if not left:
        return ""
    return f"{left} commune(s) isolée(s) sur {len(isolated)} ne sont sur aucune tournée."


def _slice(
    progress: Callable[[Progress], None], start: float, share: float
) -> Callable[[Progress], None]:
    return lambda p: progress(replace(p, done_share=start + share * p.done_share))


def _problem(
    scenario: Scenario, situation: Situation, posted: IntArray, far: IntArray, vans: int
) -> tuple[TourProblem | None, list[str]]:
    """Return the problem of one département, and the communes that no road joins to a base."""
    points = situation.points
    bases = _bases(situation, posted, far, vans)
    codes = list(points.index[far])
    every = list(dict.fromkeys([*bases, *codes]))
    minutes, km = national_network().between(every, DRIVE_LIMIT_MIN)
    reached: NDArray[np.bool_] = np.isfinite(minutes[: len(bases)]).any(axis=0).reshape(-1)
    cut_off = [code for k, code in enumerate(every) if not reached[k] and code in set(codes)]
    at = [k for k, code in enumerate(every) if reached[k] and code in set(codes)]
    persons = situation.weights[points.index.get_indexer(pd.Index([every[k] for k in at]))]
    rules = StopRules(fewest_persons=np.inf, eur_per_person=EUR_PER_PERSON)
    if situation.weight == "population":
        persons = persons / INHABITANTS_PER_PERSON
    stops = isolated_stops(
        [every[k] for k in at],
        [str(points.at[every[k], "name"]) for k in at],
        persons,
        minutes[np.ix_(at, at)],
        rules=rules,
        weeks=scenario.tour_weeks,
        points=points.loc[[every[k] for k in at], ["lon", "lat"]].to_numpy(dtype=float),
    )
    if not stops:
        return None, cut_off
    place = {code: k for k, code in enumerate(every)}
    rows = [*(place[code] for code in bases), *(place[stop.commune_code] for stop in stops)]
    tour_bases = tuple(
        TourBase(
            commune_code=code,
            name=str(points.at[code, "name"]),
            vans=count,
            lon=float(points["lon"].loc[code]),
            lat=float(points["lat"].loc[code]),
        )
        for code, count in bases.items()
    )
    problem = TourProblem(
        stops=stops,
        bases=tour_bases,
        minutes=minutes[np.ix_(rows, rows)],
        km=km[np.ix_(rows, rows)],
        weeks=scenario.tour_weeks,
    )
    return problem, cut_off


def _bases(situation: Situation, posted: IntArray, far: IntArray, vans: int) -> dict[str, int]:
    """Return the communes that vans leave from, with their number of vans.

    The bases are the posted sites that are nearest, on the whole, to the isolated persons;
    each van goes to the base with most of them per van.
    """
    network = national_network()
    codes = situation.places["commune_code"].to_numpy()[posted]
    ours = [code for code in dict.fromkeys(codes) if code in situation.points.index]
    sites = situation.points.loc[ours, ["lon", "lat"]].assign(commune_code=ours)
    rows = network.points.index.get_indexer(situation.points.index[far])
    times = network.minutes(rows, sites, DRIVE_LIMIT_MIN)
    problem = SitingProblem(
        costs_min=times.minutes,
        weights=situation.weights[far],
        sites=min(vans, len(ours)),
        demand_codes=times.origins,
        candidate_codes=times.destinations,
        unserved_min=2 * DRIVE_LIMIT_MIN,
    )
    chosen = solve_siting(problem, after_iterations(1_000), seed=0)
    load = np.bincount(
        chosen.assignment[chosen.assignment >= 0],
        weights=situation.weights[far][chosen.assignment >= 0],
        minlength=len(ours),
    )[chosen.sites].astype(np.float64)
    extra = share_positions(
        load, np.ones(len(chosen.sites), dtype=np.intp), vans - len(chosen.sites), chosen.codes
    )
    return {code: 1 + int(count) for code, count in zip(chosen.codes, extra, strict=True)}
