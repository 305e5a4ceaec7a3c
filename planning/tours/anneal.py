"""The annealing run: how the temperature falls, when the search starts again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from planning.stopping import Progress, ProgressCallback, Stop
from planning.tours.instance import PeriodicInstance, SearchSettings, Solution
from planning.tours.search import Search

_RUN_SECONDS_A_CLIENT: Final = 0.25
_RUN_ITERATIONS_A_CLIENT: Final = 500
_LOOK_EVERY: Final = 32


@dataclass(frozen=True)
class Outcome:
    """Best solution of a run and the iterations it took."""

    solution: Solution
    iterations: int


def anneal(
    instance: PeriodicInstance,
    stop: Stop,
    *,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    start: Solution | None = None,
    settings: SearchSettings | None = None,
) -> Outcome:
    """Search until ``stop`` says so and return the best solution met.

    The temperature falls geometrically, in runs of about 500 iterations, or a
    quarter of a second, for each client: large instances cool slowly once, small ones
    several times. Each run starts from scratch with its own random numbers.

    Parameters
    ----------
    instance
        What to search.
    stop, seed, progress
        See :mod:`planning.stopping`; the objective reported is the cost.
    start
        A solution to start the first run from; the result is never worse.
    settings
        How to search.
    """
    cooling = _cooling(stop, instance.n_client)
    best: Solution | None = start
    done = 0
    run = -1
    settings = settings or SearchSettings()
    search = Search(instance, seed, settings)
    temperature = 0.0
    while True:
        if done % _LOOK_EVERY == 0:
            number, share, total = cooling(done)
            if number != run:
                run = number
                search = _new_run(search, seed, run, start)
                best = _better(best, search.solution())
            fall = settings.end_temperature / settings.start_temperature
            temperature = search.visit_cost * settings.start_temperature * fall**share
            if progress is not None and done % (_LOOK_EVERY * 16) == 0 and best is not None:
                progress(Progress(total, _told(instance, best), objective=best.cost))
        if stop(done, best.cost if best is not None else float("inf")):
            break
        done += 1
        if search.move(temperature) and best is not None and search.may_beat(best):
            best = _better(best, search.solution())
    if best is None:
        best = search.solution()
    return Outcome(best, done)


def _told(instance: PeriodicInstance, best: Solution) -> str:
    """Return how good the best solution is: what it drives, and how many visits it holds."""
    cost = sum(instance.route_cost(slot, list(route)) for slot, route in enumerate(best.routes))
    held = sum(map(len, best.routes))
    return f"{cost:.0f} € par cycle, {held} visites sur {held + best.missing}"


def _new_run(before: Search, seed: int, run: int, start: Solution | None) -> Search:
    search = Search(before.instance, seed * 1_000 + run, before.settings)
    if start is not None and run == 0:
        search.load(start)
    search.build()
    return search


def _better(known: Solution | None, found: Solution) -> Solution:
    return found if known is None or found.rank < known.rank else known


def _cooling(stop: Stop, n_client: int) -> Callable[[int], tuple[int, float, float]]:
    """Return a function of iterations done: (run, share of the run, share of all).

    A stop in seconds may carry its own ``clock`` (a measure of processor time).
    """
    clock: Callable[[], float] = getattr(stop, "clock", time.monotonic)
    began = clock()
    if stop.kind == "seconds":
        runs = max(1, round(stop.value / (_RUN_SECONDS_A_CLIENT * max(1, n_client))))

        def spent(done: int) -> float:  # noqa: ARG001
            return (clock() - began) / stop.value

    else:
        value = max(1.0, stop.value)
        runs = max(1, round(value / (_RUN_ITERATIONS_A_CLIENT * max(1, n_client))))

        def spent(done: int) -> float:
            return done / value

    def cooling(done: int) -> tuple[int, float, float]:
        total = min(spent(done), 1.0)
        run = min(int(total * runs), runs - 1)
        return run, total * runs - run, total

    return cooling
