"""Waves: growing plans that keep what is open, and which sites to keep when shrinking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geodata.errors import DataError
from planning.siting.plan import SitingPlan, solve
from planning.siting.problem import SitingProblem
from planning.stopping import ProgressCallback, Stop, never

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Wave:
    """One step of a programme.

    Attributes
    ----------
    sites
        Number of sites.
    nested
        Plan that keeps the wave before (growing) or chooses among it (shrinking).
    alone
        Plan of the same size without regard to the other waves.
    nesting_cost
        How much worse ``nested`` is, as a share of ``alone``'s objective; 0 or more when
        both are proven, up to their gaps otherwise.
    """

    sites: int
    nested: SitingPlan
    alone: SitingPlan
    nesting_cost: float


def grow(
    problem: SitingProblem,
    sizes: Sequence[int],
    make_stop: Callable[[], Stop],
    *,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    enough: Callable[[], bool] = never,
) -> tuple[Wave, ...]:
    """Plan growing waves: each keeps every site of the one before.

    Parameters
    ----------
    problem
        The problem; its own ``sites`` is ignored.
    sizes
        Number of sites of each wave, increasing.
    make_stop
        Makes a new stop for each run (two for each wave but the first).
    enough
        Asked between two waves: whether those already planned will do.
    """
    _ordered(sizes)
    return _waves(problem, list(sizes), make_stop, seed, progress, enough, keep=True)


def shrink(
    problem: SitingProblem,
    sizes: Sequence[int],
    make_stop: Callable[[], Stop],
    *,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    enough: Callable[[], bool] = never,
) -> tuple[Wave, ...]:
    """Plan the way down: each wave chooses which sites of the one before to keep.

    Parameters are those of :func:`grow`, but ``sizes`` is decreasing.
    """
    _ordered(sizes[::-1])
    return _waves(problem, list(sizes), make_stop, seed, progress, enough, keep=False)


def _waves(
    problem: SitingProblem,
    sizes: list[int],
    make_stop: Callable[[], Stop],
    seed: int,
    progress: ProgressCallback | None,
    enough: Callable[[], bool],
    *,
    keep: bool,
) -> tuple[Wave, ...]:
    waves: list[Wave] = []
    for size in sizes:
        if waves and enough():
            break
        alone = solve(replace(problem, sites=size), make_stop(), seed=seed, progress=progress)
        nested = alone
        if waves:
            chosen = np.zeros(problem.shape[1], dtype=bool)
            chosen[waves[-1].nested.sites] = True
            bound_to = _bound_to(problem, size, chosen, keep)
            nested = solve(bound_to, make_stop(), seed=seed, progress=progress)
        sign = -1.0 if problem.model == "max-cover" else 1.0
        worse = sign * (nested.objective - alone.objective)
        cost = worse / abs(alone.objective) if alone.objective else 0.0
        waves.append(Wave(size, nested, alone, cost))
    return tuple(waves)


def _bound_to(problem: SitingProblem, size: int, before: Bools, keep: bool) -> SitingProblem:
    assert problem.kept is not None
    assert problem.forced is not None
    if keep:
        return replace(problem, sites=size, forced=problem.forced | (before & ~problem.kept))
    return replace(problem, sites=size, forbidden=~before)


def _ordered(sizes: Sequence[int]) -> None:
    if not sizes or any(b <= a for a, b in pairwise(sizes)):
        raise DataError(
            "Les tailles des vagues doivent se suivre dans l'ordre, sans répétition",
            where=", ".join(map(str, sizes)),
        )
