"""What to relax when not everything fits: each answer has been tried.

A sentence is given only after the relaxed problem has been planned; it says whether all
visits then fit, or how many still do not.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from planning.tours.plan import TourPlan
from planning.tours.problem import WEEKDAYS_FR, TourProblem

_MORE_VANS: Final = (1, 2, 4, 8)

Trial = Callable[[TourProblem, TourPlan], TourPlan]
"""``trial(problem, start)``: a quick plan of a problem, started from another plan."""


def suggest(plan: TourPlan, trial: Trial) -> tuple[str, ...]:
    """Return French sentences: what would make the visits left out fit.

    Parameters
    ----------
    plan
        A plan with required stops left out for want of room.
    trial
        How relaxed problems are planned.
    """
    said = []
    for what, relaxed in [*_vans(plan, trial), *_others(plan)]:
        found = trial(relaxed, plan)
        left = _left_out(found)
        if not left:
            said.append(f"{what} : toutes les visites tiennent.")
        elif left < _left_out(plan):
            said.append(f"{what} : il manquerait encore {left} visite(s) par cycle.")
    return tuple(said)


def _left_out(plan: TourPlan) -> int:
    return sum(item.visits for item in plan.unserved if item.kind == "full")


def _vans(plan: TourPlan, trial: Trial) -> Iterator[tuple[str, TourProblem]]:
    """Yield the smallest number of vans tried with which all fits, else the largest."""
    problem = plan.problem
    b = _nearest_base(plan)
    base = problem.bases[b]
    for more in _MORE_VANS:
        bases = list(problem.bases)
        bases[b] = replace(base, vans=base.vans + more)
        relaxed = replace(problem, bases=tuple(bases))
        if more == _MORE_VANS[-1] or not _left_out(trial(relaxed, plan)):
            yield f"Avec {more} véhicule(s) de plus à {base.name}", relaxed
            return


def _nearest_base(plan: TourPlan) -> int:
    """Return the base nearest, on the whole, to the stops left out."""
    problem = plan.problem
    nodes = [problem.n_base + item.stop for item in plan.unserved if item.kind == "full"]
    minutes = problem.minutes[: problem.n_base, nodes].clip(max=1e6).sum(axis=1)
    return min(range(problem.n_base), key=lambda b: (minutes[b], problem.bases[b].commune_code))


def _others(plan: TourPlan) -> Iterator[tuple[str, TourProblem]]:
    """Yield other relaxations: a day more, fewer visits, a stop more a day."""
    problem = plan.problem
    extra = next((day for day in range(6) if day not in problem.weekdays), None)
    if extra is not None:
        bases = tuple(
            replace(base, weekdays=tuple(sorted({*base.weekdays, extra}))) for base in problem.bases
        )
        stops = tuple(
            stop if stop.windows else replace(stop, weekdays=tuple(sorted({*stop.weekdays, extra})))
            for stop in problem.stops
        )
        weekdays = tuple(sorted({*problem.weekdays, extra}))
        yield (
            f"Avec des sorties le {WEEKDAYS_FR[extra]}",
            replace(problem, bases=bases, stops=stops, weekdays=weekdays),
        )
    left = {item.stop for item in plan.unserved if item.kind == "full"}
    rarer = tuple(
        replace(stop, every_weeks=2 * stop.every_weeks)
        if s in left and 2 * stop.every_weeks <= problem.weeks
        else stop
        for s, stop in enumerate(problem.stops)
    )
    if rarer != problem.stops:
        yield (
            "En passant deux fois moins souvent aux arrêts laissés de côté",
            replace(problem, stops=rarer),
        )
    day = problem.day
    yield (
        f"Avec {day.max_stops + 1} arrêts par jour au plus",
        replace(problem, day=replace(day, max_stops=day.max_stops + 1)),
    )
