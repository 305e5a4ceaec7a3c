"""Why each site is in the plan: what it brings, what is lost without it, what comes next."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.core import canonical
from planning.siting.limits import limits, rows
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
        Code of the closed candidate that would replace it best and break no rule, ``None``
        if there is none.
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
    assert problem.persons is not None
    people = problem.persons
    before = serve(problem, np.flatnonzero(problem.kept))
    reach = REACH_MIN if problem.cover_min is None else problem.cover_min
    served = service.assignment >= 0
    new = served & (service.minutes <= reach) & (before.minutes > reach)
    saved = people * (
        np.minimum(before.minutes, problem.unserved) - np.minimum(service.minutes, problem.unserved)
    )
    persons, new_persons, saved_min = (
        sums(service.assignment[served], values[served], m)
        for values in (people, people * new, np.maximum(saved, 0.0))
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
    near = extra.tocsc()
    exchanges = _Exchanges(problem, sites)
    found: list[tuple[float, str | None, float | None]] = []
    for column, site in zip(sites, place[sites], strict=True):
        part = slice(near.indptr[site], near.indptr[site + 1])
        entering = np.union1d(near.indices[part], order[:1])
        if exchanges.limited:  # the best of all may break a rule: look at everyone
            entering = np.flatnonzero(exchanges.allowed(column)[core.candidate])
        profit = gain.copy()
        profit[near.indices[part]] += near.data[part]
        entering = entering[np.isfinite(profit[entering])]
        if not len(entering):
            found.append((float(loss[site]), None, None))
            continue
        best = entering[np.lexsort((entering, -profit[entering]))[0]]
        name = problem.candidate_codes[core.candidate[best]]
        found.append((float(loss[site]), name, float(loss[site] - profit[best])))
    return found


class _Exchanges:
    """Which candidates may take the place of an open site without breaking a rule.

    Capacities are left aside, as everywhere in the reasons, and with them their budget.
    """

    def __init__(self, problem: SitingProblem, sites: Ints) -> None:
        own = problem.rules
        if problem.model == "capacitated":
            own = replace(own, cost_eur=None, budget_eur=None)
        self.limited = not own.empty or problem.model == "set-cover"
        if self.limited:
            m = problem.shape[1]
            none = np.zeros(m, dtype=bool)
            free = replace(problem, kept=none, forced=none, forbidden=none, rules=own)
            matrix, self._low, self._high = rows(limits(free), m)
            self._entries = sparse.coo_array(matrix)
            self._columns = sparse.csc_array(matrix)
            self._used = matrix @ np.bincount(sites, minlength=m).astype(np.float64)

    def allowed(self, leaving: int) -> Bools:
        """Return who may replace this column, shape (n_candidate,)."""
        left, columns, entries = self._used.copy(), self._columns, self._entries
        part = slice(columns.indptr[leaving], columns.indptr[leaving + 1])
        left[columns.indices[part]] -= columns.data[part]
        broken = ~self._keeps(left, np.arange(len(left)))
        row = entries.row.astype(np.int64)
        holds = self._keeps(left[row] + entries.data, row)
        m = columns.shape[1]
        mended = np.bincount(entries.col[broken[row]], minlength=m)
        wrong = np.bincount(entries.col[~holds], minlength=m)
        answer: Bools = (mended == int(broken.sum())) & (wrong == 0)
        return answer

    def _keeps(self, used: Floats, row: Ints) -> Bools:
        hair = 1e-9 * (1.0 + np.abs(used))
        answer: Bools = (used >= self._low[row] - hair) & (used <= self._high[row] + hair)
        return answer


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
