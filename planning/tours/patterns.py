"""Which days of the cycle a stop may be visited on.

A pattern is a sorted tuple of days, one visit a return.  Regular patterns keep the
weekday and the interval; moved ones put a single visit on another weekday of its week
and cost something, so a plan uses them only where they pay.
"""

from itertools import product

from planning.tours.problem import TourProblem

Pattern = tuple[int, ...]


def stop_patterns(
    problem: TourProblem, stop: int, days: frozenset[int] | None = None
) -> list[tuple[Pattern, float]]:
    """Return the allowed patterns of a stop and what each costs, in euros, in order.

    Parameters
    ----------
    problem, stop
        The stop is an index of ``problem.stops``.
    days
        Days of the cycle on which the stop can be reached; all when None.
    """
    week_length = len(problem.weekdays)
    interval = problem.stops[stop].every_weeks
    visits = problem.visits(stop)
    open_days = set(problem.stops[stop].open_weekdays)
    ranks = [rank for rank, weekday in enumerate(problem.weekdays) if weekday in open_days]
    found: dict[Pattern, float] = {}
    for first, rank in product(range(interval), ranks):
        regular = tuple(week * week_length + rank for week in range(first, problem.weeks, interval))
        found[regular] = 0.0
    if visits > 1:
        regulars = list(found)
        for regular, moved, rank in product(regulars, range(visits), ranks):
            day = regular[moved] // week_length * week_length + rank
            pattern = (*regular[:moved], day, *regular[moved + 1 :])
            found.setdefault(pattern, problem.costs.eur_per_moved_visit)
    return sorted(
        (pattern, cost)
        for pattern, cost in found.items()
        if days is None or days.issuperset(pattern)
    )
