"""Tours of a plan: which communes stay isolated, from which sites vans leave, and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coverage.arrays import FloatArray, IntArray
from planning.scenario import Scenario
from planning.situation import Situation
from planning.staffing import share_positions
from planning.stopping import Progress
from planning.tours.demand import choose_bases, tour_problem
from planning.tours.periodic import solve as solve_tours
from planning.tours.plan import TourPlan
from planning.tours.stops import StopRules

EUR_PER_PERSON: Final = 20.0
"""Prize of a person followed over four weeks: high enough that only the vans' time limits
the tours, and that the stops with most people come first (an assumption)."""


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
    # Only the vans' time limits the tours, and the stops with most people come first.
    rules = StopRules(fewest_persons=np.inf, eur_per_person=EUR_PER_PERSON)
    codes = situation.places["commune_code"].to_numpy()[posted]
    hosts = [code for code in codes if code in situation.points.index]
    plans: dict[str, TourPlan] = {}
    without_road: list[str] = []
    for rank, (name, count) in enumerate(zip(names, vans, strict=True)):
        if not count:
            continue
        here = far[department[far] == name]
        bases = choose_bases(situation, hosts, here, int(count))
        problem, cut_off = tour_problem(situation, bases, here, scenario.tour_weeks, rules)
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
