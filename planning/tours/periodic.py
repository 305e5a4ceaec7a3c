"""Plan the tours of a whole cycle at once.

The search (:mod:`planning.tours.anneal`) chooses days and routes together; its days are
then polished by PyVRP (:mod:`planning.tours.routing`), and vans and directions are settled
so that a stop keeps its counsellor and its hour (:mod:`planning.tours.consistency`).
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from planning.stopping import (
    Progress,
    ProgressCallback,
    Stop,
    after_iterations,
    asked_of,
    or_when,
)
from planning.tours.anneal import anneal
from planning.tours.answer import make_plan, solution_of
from planning.tours.consistency import settle
from planning.tours.instance import SearchSettings
from planning.tours.model import build_model
from planning.tours.plan import TourPlan
from planning.tours.problem import TourProblem
from planning.tours.relax import suggest
from planning.tours.routing import polish

POLISH_ITERATIONS: Final = 100
"""Iterations of PyVRP on each day at the end: 2–5 ms a day of a few stops."""

TOUR_SEARCH: Final = SearchSettings(
    mean_removed=4.0, one_day_share=0.1, noise_share=0.05, start_temperature=0.3
)
"""Search for days of one or two stops, where most insertions cost the same."""

TRIAL_ITERATIONS: Final = 200
"""Iterations spent on each relaxation that is tried when not everything fits."""


def solve(
    problem: TourProblem,
    stop: Stop,
    *,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    start: TourPlan | None = None,
) -> TourPlan:
    """Return the best plan found before ``stop``.

    Minimises, over routes r and patterns p,

    (1)  Σ_r (eur_per_km · km_r + eur_per_h · hours_r + eur_per_van_day)
         + eur_per_moved_visit · moved visits + Σ prizes of optional stops left out

    such that (2) each required stop is visited on all days of one allowed pattern,
    (3) each day's route keeps the limits of :class:`WorkingDay`, (4) a van drives at
    most one route a day.  Required stops for which no room is found are left out last
    and named in ``unserved``; fewer missing visits always wins over a lower cost.  What would
    make them fit is then tried: not at all if someone asked to stop, and for a quarter of a
    time limit at most.

    Parameters
    ----------
    problem
        What to plan.
    stop
        When to stop; by iterations the same seed gives the same plan.
    seed, progress
        See :mod:`planning.stopping`.
    start
        A plan of the same stops, with fewer vans for example: the answer serves no
        fewer required visits.
    """
    plan = _plan(problem, stop, seed=seed, progress=progress, start=start)
    if not plan.left_for_room:
        return plan
    began = time.monotonic()
    asked = _trials_end(stop)
    trial = partial(_trial, seed=seed, asked=asked, tell=_trials_told(plan, progress))
    said = suggest(plan, trial, asked)
    return replace(plan, relaxations=said, seconds=plan.seconds + time.monotonic() - began)


def _trials_end(stop: Stop) -> Callable[[], bool]:
    """Return what ends the trials: someone asks, or a quarter of a time limit is over again."""
    asked = asked_of(stop)
    if stop.kind != "seconds":
        return asked
    until = time.monotonic() + stop.value / 4.0
    return lambda: asked() or time.monotonic() >= until


def _trials_told(plan: TourPlan, progress: ProgressCallback | None) -> ProgressCallback | None:
    if progress is None:
        return None
    told = Progress(1.0, "Recherche de ce qui ferait tenir le reste", objective=plan.cost)
    return lambda _: progress(told)


def _trial(
    problem: TourProblem,
    start: TourPlan,
    *,
    seed: int,
    asked: Callable[[], bool],
    tell: ProgressCallback | None,
) -> TourPlan:
    stop = or_when(after_iterations(TRIAL_ITERATIONS), asked)
    return _plan(problem, stop, seed=seed, progress=tell, start=start)


def _plan(
    problem: TourProblem,
    stop: Stop,
    *,
    seed: int,
    progress: ProgressCallback | None = None,
    start: TourPlan | None = None,
) -> TourPlan:
    began = time.monotonic()
    model, instance = build_model(problem)
    known = solution_of(start, model, instance) if start is not None else None
    outcome = anneal(
        instance, stop, seed=seed, progress=progress, start=known, settings=TOUR_SEARCH
    )
    polished = polish(instance, outcome.solution, iterations=POLISH_ITERATIONS, seed=seed)
    return make_plan(
        model,
        instance,
        settle(model, instance, polished),
        iterations=outcome.iterations,
        seconds=time.monotonic() - began,
        seed=seed,
        stop=stop,
    )
