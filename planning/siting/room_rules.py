r"""The planner's rules over positions: which placings they allow, and the cheapest of those."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.core import Core
from planning.siting.highs import Programme, any_plan, minimise
from planning.siting.limits import FALLBACK_S, canonical_rules
from planning.siting.problem import SitingProblem
from planning.siting.rooms import Rooms
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEED_NODES = 20
"""Most nodes of the search for a first placing."""


@dataclass(frozen=True, eq=False)
class RoomRules:
    """Rules as rows: groups and imposed sites count sites, a budget counts positions.

    Attributes
    ----------
    matrix, low, high
        ``low <= matrix @ y <= high`` over "is site j open", shapes (n_row, m), (n_row,).
    spent
        Cost of a position at each site, in euros, shape (m,).
    most
        Most that all positions may cost, in euros; may be infinite.
    nobody_left
        Whether a longest journey forbids to leave anyone without room.
    """

    matrix: sparse.csr_array
    low: Floats
    high: Floats
    spent: Floats
    most: float
    nobody_left: bool

    @property
    def empty(self) -> bool:
        """Whether only the number of positions and the masks of sites bind."""
        return not (len(self.low) or self.nobody_left or np.isfinite(self.most))

    def allow(self, positions: Ints) -> bool:
        """Whether positions, shape (m,), follow the rows and the budget."""
        count = self.matrix @ (positions > 0).astype(float)
        inside = (self.low - 1e-9 <= count) & (count <= self.high + 1e-9)
        return bool(inside.all()) and float(self.spent @ positions) <= self.most * (1 + 1e-12)

    def cheapest(self, increments: Floats, rooms: Rooms, watch: Watch) -> tuple[Ints | None, float]:
        r"""Return the allowed placing of least total increment, and a bound on that total.

        With :math:`z_{ju} = 1` when site j has at least u positions,

        .. math::

            \min \sum_{ju} [\varphi_j(u) - \varphi_j(u-1)] z_{ju}, \quad
            z_{ju} \le z_{j,u-1}, \quad \sum_{ju} z_{ju} = P, \quad z \in R \tag{17}

        where R is what the rules allow.  Parameters: increments, shape (m, most).
        """
        m, most = increments.shape
        level = np.arange(m * most).reshape(m, most)
        above = level[:, 1:].ravel()
        chain = sparse.csr_array(
            (
                np.concatenate([np.ones(len(above)), -np.ones(len(above))]),
                (np.tile(np.arange(len(above)), 2), np.concatenate([above, above - 1])),
            ),
            shape=(len(above), m * most),
        )
        spread = sparse.csr_array((np.ones(m), (np.arange(m), level[:, 0])), shape=(m, m * most))
        every = sparse.csr_array(np.ones((1, m * most)))
        money = sparse.csr_array(np.repeat(self.spent, most)[None, :])
        lower = np.zeros(m * most)
        lower[level[rooms.opened, 0]] = 1.0
        programme = Programme(
            cost=increments.ravel(),
            matrix=sparse.csr_array(sparse.vstack([self.matrix @ spread, chain, every, money])),
            low=np.concatenate([self.low, np.full(len(above), -np.inf), [rooms.total], [-np.inf]]),
            high=np.concatenate([self.high, np.zeros(len(above)), [rooms.total], [self.most]]),
            upper=np.repeat(np.where(rooms.closed, 0.0, 1.0), most),
            whole=np.ones(m * most, dtype=bool),
            lower=lower,
        )
        answer = minimise(programme, watch, nodes=SEED_NODES)
        if answer.x is None and not answer.infeasible:
            found = any_plan(programme, watch, FALLBACK_S)
            answer = replace(answer, x=found.x)
        if answer.x is None:
            return None, answer.bound
        counts: Ints = np.rint(answer.x.reshape(m, most)).astype(np.int64).sum(axis=1)
        return counts, answer.bound


def room_rules(problem: SitingProblem, core: Core) -> RoomRules:
    """Return the rules of a problem, over its sites in canonical order."""
    rules = problem.rules
    others = replace(rules, cost_eur=None, budget_eur=None)
    free = replace(problem, rules=others, kept=None, forced=None, forbidden=None)
    spent, most = np.zeros(core.m), np.inf
    if rules.cost_eur is not None and rules.budget_eur is not None:
        spent, most = rules.cost_eur[core.candidate], rules.budget_eur
    sites = canonical_rules(free, core)
    return RoomRules(
        sites.matrix, sites.low, sites.high, spent, most, rules.farthest_min is not None
    )
