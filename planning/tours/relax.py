"""What to relax when not everything fits: each answer has been tried.

A sentence is given only after the relaxed problem has been planned; it says whether all
visits then fit, or how many still do not.  The number of vans is the smallest that a search
by halves finds.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from planning.stopping import never
from planning.tours.plan import TourPlan
from planning.tours.problem import WEEKDAYS_FR, TourProblem

MOST_VANS: Final = 16
NOT_TRIED: Final = "Le calcul a été arrêté avant d'avoir cherché ce qui ferait tenir le reste."

Trial = Callable[[TourProblem, TourPlan], TourPlan]
"""``trial(problem, start)``: a quick plan of a problem, started from another plan."""


def suggest(plan: TourPlan, trial: Trial, asked: Callable[[], bool] = never) -> tuple[str, ...]:
    """Return French sentences: what would make the visits left out fit.

    Parameters
    ----------
    plan
        A plan with required stops left out for want of room.
    trial
        How relaxed problems are planned.
    asked
        Answers yes once no more is to be tried; the last sentence then says so.
    """
    said: list[str] = []
    if asked():
        return (NOT_TRIED,)
    for what, left in _tried(plan, trial, asked):
        if asked():
            return (*said, NOT_TRIED)
        if not left:
            said.append(f"{what} : toutes les visites tiennent.")
        elif left < plan.left_for_room:
            said.append(f"{what} : il manquerait encore {left} visite(s) par cycle.")
    return tuple(said)


def _tried(plan: TourPlan, trial: Trial, asked: Callable[[], bool]) -> Iterator[tuple[str, int]]:
    """Yield each relaxation and the visits that are still left out with it."""
    yield _vans(plan, trial, asked)
    for what, relaxed in _others(plan):
        yield what, trial(relaxed, plan).left_for_room


def _vans(plan: TourPlan, trial: Trial, asked: Callable[[], bool]) -> tuple[str, int]:
    """Return the fewest more vans found with which all fits, else as many as are tried."""
    problem = plan.problem
    b = _nearest_base(plan)

    def left_with(more: int) -> int:
        base = replace(problem.bases[b], vans=problem.bases[b].vans + more)
        bases = (*problem.bases[:b], base, *problem.bases[b + 1 :])
        return trial(replace(problem, bases=bases), plan).left_for_room

    too_few, more, left = 0, 1, left_with(1)
    while left and more < MOST_VANS and not asked():
        too_few, more = more, 2 * more
        left = left_with(more)
    while not left and more - too_few > 1 and not asked():
        middle = (too_few + more) // 2
        if left_with(middle):
            too_few = middle
        else:
            more = middle
    return f"Avec {more} véhicule(s) de plus à {problem.bases[b].name}", left


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
