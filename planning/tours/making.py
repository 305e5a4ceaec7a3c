"""The tours of a département from choices to a plan and what it changes, in one call."""

from collections.abc import Callable
from dataclasses import dataclass

from geodata import territory as territories
from geodata.territory import Territory
from planning.stopping import ProgressCallback, after_iterations, or_when
from planning.tours.effect import TourEffect, tour_effect
from planning.tours.periodic import solve
from planning.tours.plan import TourPlan
from planning.tours.territory import TerritoryTours, TourRequest, territory_tours


@dataclass(frozen=True)
class TourChoice:
    """What someone asks for: the same choice gives the same plan."""

    department: str
    request: TourRequest
    iterations: int
    seed: int = 0


@dataclass(frozen=True)
class MadeTours:
    """The answer; ``plan`` and ``effect`` are ``None`` when there is nothing to serve.

    ``cut_short`` tells that someone stopped the search and kept the best plan so far.
    """

    choice: TourChoice
    territory: Territory
    found: TerritoryTours
    plan: TourPlan | None
    effect: TourEffect | None

    @property
    def cut_short(self) -> bool:
        """Whether the search was stopped before its end."""
        return self.plan is not None and self.plan.iterations < self.choice.iterations


def make_tours(
    choice: TourChoice,
    progress: ProgressCallback | None = None,
    asked: Callable[[], bool] | None = None,
) -> MadeTours:
    """Plan the tours of a département.

    Parameters
    ----------
    choice
        What is asked.
    progress
        Called now and then; raising from it cancels.
    asked
        Answers yes once the best plan so far is wanted.

    Raises
    ------
    DataError
        If the choice makes no sense.
    """
    territory = territories.resolve(f"DEP-{choice.department}")
    found = territory_tours(territory, choice.request)
    if found.problem is None:
        return MadeTours(choice, territory, found, None, None)
    stop = after_iterations(choice.iterations)
    if asked is not None:
        stop = or_when(stop, asked)
    plan = solve(found.problem, stop, seed=choice.seed, progress=progress)
    return MadeTours(choice, territory, found, plan, tour_effect(found.situation, plan))
