"""Why each site is in the plan: what it brings, what is lost without it, what comes next."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.siting.core import canonical
from planning.siting.lists import Lists, Source, sums
from planning.siting.problem import SitingProblem
from planning.siting.service import Service, serve
from planning.siting.swap import Served, exchange_profits, two_nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REACH_MIN = 20.0
"""Journey under which a person counts as reached, where the problem names no threshold."""


@dataclass(frozen=True)
class Reason:
    """What one open site is worth.

    Attributes
    ----------
    code
        Candidate code.
    imposed
        Whether it was kept or forced, not chosen.
    persons
        Persons assigned to it.
    new_persons
        Of these, persons within the threshold whom no kept site reached within it.
    saved_min
        Person-minutes it saves its persons against the kept sites alone (a person whom
        none reaches counted ``unserved_min``).
    loss
        How much worse the objective is without it, all else equal: persons covered for
        "max-cover", else person-minutes (of the nearest site, capacities aside).
    alternative
        Code of the closed candidate that would replace it best, ``None`` if there is none.
    alternative_loss
        How much worse the objective is with that replacement, in the unit of ``loss``.
    """

    code: str
    imposed: bool
    persons: float
    new_persons: float
    saved_min: float
    loss: float
    alternative: str | None
    alternative_loss: float | None


def explain(problem: SitingProblem, sites: Ints, service: Service) -> tuple[Reason, ...]:
    """Explain every open site of a plan, in the order of ``sites``.

    Parameters
    ----------
    problem, sites, service
        What was solved, the open columns and how they serve.
    """
    assert problem.kept is not None
    m = problem.shape[1]
    weights = problem.weights
    before = serve(problem, np.flatnonzero(problem.kept))
    reach = REACH_MIN if problem.cover_min is None else problem.cover_min
    served = service.assignment >= 0
    new = served & (service.minutes <= reach) & (before.minutes > reach)
    saved = weights * (
        np.minimum(before.minutes, problem.unserved) - np.minimum(service.minutes, problem.unserved)
    )
    persons, new_persons, saved_min = (
        sums(service.assignment[served], values[served], m)
        for values in (weights, weights * new, np.maximum(saved, 0.0))
    )
    losses = _losses(problem, sites)
    return tuple(
        Reason(
            problem.candidate_codes[site],
            bool(problem.imposed[site]),
            float(persons[site]),
            float(new_persons[site]),
            float(saved_min[site]),
            *loss,
        )
        for site, loss in zip(sites.tolist(), losses, strict=True)
    )


def _losses(problem: SitingProblem, sites: Ints) -> list[tuple[float, str | None, float | None]]:
    """Loss, best alternative and its loss for each site, by equation (2)."""
    core = canonical(problem)
    place = np.empty(core.m, dtype=np.int64)
    place[core.candidate] = np.arange(core.m)
    chosen = np.zeros(core.m, dtype=bool)
    chosen[place[sites]] = True
    lists, served = _with_two(core.source, chosen, core.n)
    gain, loss, extra = exchange_profits(lists, chosen, served, ~core.closed)
    gain = np.where(chosen | core.closed, -np.inf, gain)
    order = np.argsort(-gain, kind="stable")
    best = int(order[0])
    near = extra.tocsc()
    rows = []
    for site in place[sites]:
        part = slice(near.indptr[site], near.indptr[site + 1])
        entering = np.append(near.indices[part], best)
        profit = gain[entering] + np.append(near.data[part], 0.0)
        if np.isin(best, near.indices[part]):
            profit[-1] = -np.inf
        pick = int(np.lexsort((entering, -profit))[0])
        none = not np.isfinite(profit[pick])
        rows.append(
            (
                float(loss[site]),
                None if none else problem.candidate_codes[core.candidate[entering[pick]]],
                None if none else float(loss[site] - profit[pick]),
            )
        )
    return rows


def _with_two(source: Source, chosen: Bools, n: int) -> tuple[Lists, Served]:
    """Return lists long enough to hold two open sites of every demand (or whole)."""
    full = source.full_length
    length = np.full(n, min(full, 64))
    while True:
        lists = source.lists(np.arange(n), length)
        served = two_nearest(lists, chosen)
        short = (served.second < 0) & lists.cut
        if not short.any():
            return lists, served
        length[short] = np.minimum(length[short] * 2, full)
