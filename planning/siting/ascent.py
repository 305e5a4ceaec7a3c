r"""Lagrangian bound of the p-median by a scaled, deflected subgradient.

Relaxing "each demand is served once" with multipliers :math:`\lambda_i` gives

.. math::

    L(\lambda) = \sum_i \lambda_i + \min_{|S| = p} \sum_{j \in S} \rho_j(\lambda),
    \qquad \rho_j(\lambda) = \sum_i \min(0, d_{ij} - \lambda_i),
    \qquad \lambda_i \le b_i \tag{3}

a lower bound of equation (1) for every :math:`\lambda` (Cornuéjols, Fisher and Nemhauser
1977).  Clamping :math:`\lambda_i` at :math:`b_i`, what any unlisted site or the outside
option costs at least, makes it hold though the lists are cut.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from planning.siting.lists import Lists, sums
from planning.siting.swap import Served
from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32] | npt.NDArray[np.int64]

REBUILD = 25
"""Iterations between two rebuilds of the window of active pairs."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best choice of sites once demands may be served never or many times.

    ``value`` is what it adds to the sum of the multipliers (not positive); ``times`` how often
    each demand is then served, shape (n,).
    """

    value: float
    times: Floats


class Choice(Protocol):
    """Which sites may be open together, in the Lagrangian problem."""

    def best(self, rows: Places, sites: Places, saving: Floats, n: int) -> Relaxed:
        """Return the best choice for the pairs that save something.

        ``rows``, ``sites`` and ``saving`` (negative) have shape (n_pair,).
        """
        ...


@dataclass(frozen=True, eq=False)
class CountedSites:
    """Equation (3): p sites, the ``opened`` ones among them, the ``closed`` ones not."""

    p: int
    opened: Bools
    closed: Bools

    def best(self, rows: Places, sites: Places, saving: Floats, n: int) -> Relaxed:
        """Open the sites of least reduced cost."""
        reduced = sums(sites, saving, len(self.opened))
        picked = self.least(reduced)
        chosen = np.zeros(len(reduced), dtype=bool)
        chosen[picked] = True
        times = np.bincount(rows[chosen[sites]], minlength=n)
        return Relaxed(float(reduced[picked].sum()), times.astype(np.float64))

    def least(self, reduced: Floats) -> Ints:
        """Return the p sites of least reduced cost, opened first and closed last."""
        order = reduced.copy()
        order[self.opened] = -np.inf
        order[self.closed] = np.inf
        if self.p >= len(order):
            return np.arange(len(order))
        return np.argpartition(order, self.p - 1)[: self.p]


@dataclass(frozen=True, eq=False)
class Dual:
    r"""Multipliers with the bound they prove.

    Attributes
    ----------
    multipliers
        :math:`\lambda`, shape (n,), at most ``beyond``.
    bound
        :math:`L(\lambda)` of equation (3), recomputed in float64 on all listed pairs.
    reduced
        :math:`\rho_j`, shape (m,), not positive.
    chosen
        The p sites of least reduced cost, opened ones first, shape (m,).
    """

    multipliers: Floats
    bound: float
    reduced: Floats
    chosen: Bools


def evaluate(lists: Lists, choice: CountedSites, multipliers: Floats) -> Dual:
    r"""Compute equation (3) on every listed pair.

    Parameters
    ----------
    lists, choice
        The problem: candidate lists, and which sites may be open together.
    multipliers
        Any :math:`\lambda`, shape (n,); clamped at ``beyond`` first.
    """
    multipliers = np.minimum(multipliers, lists.beyond)
    saving = np.minimum(lists.cost - multipliers[lists.rows], 0.0)
    reduced = sums(lists.sites, saving, lists.m)
    chosen = np.zeros(lists.m, dtype=bool)
    chosen[choice.least(reduced)] = True
    bound = float(multipliers.sum() + reduced[chosen].sum())
    return Dual(multipliers, bound, reduced, chosen)


def starting_multipliers(served: Served, beyond: Floats) -> Floats:
    """First multipliers from a plan: between the two cheapest open sites, shape (n,)."""
    return np.minimum(0.5 * (served.d1 + served.d2), beyond)


def step_scale(served: Served, weights: Floats | None = None) -> Floats:
    r"""Scale of the steps of each demand, shape (n,).

    A multiplier of the p-median lives between the costs of the two cheapest open sites, so
    their difference is the size of its room.  In maximal covering it lives between 0 and
    the persons :math:`w_i`; the geometric mean of :math:`w_i` and of its average does best.

    Parameters
    ----------
    served
        How a good plan serves.
    weights
        Persons, for maximal covering only, shape (n,).
    """
    if weights is not None:
        return np.sqrt(weights * float(weights.mean()))
    room = served.d2 - served.d1
    return room + 0.05 * float(room.mean()) + 1e-12


class Ascent:
    """One phase of subgradient steps.

    Parameters
    ----------
    lists, choice
        The problem.
    start
        First multipliers, shape (n,).
    scale
        Step scale of each demand, shape (n,), positive.
    step
        First step, as a share of the Polyak step.

    Attributes
    ----------
    best, best_bound
        Multipliers of the best bound so far, and that bound.
    patience
        Steps without progress after which ``step`` shrinks.
    ceiling
        A bound as high as this ends the phase: it proves the plan.
    """

    def __init__(
        self,
        lists: Lists,
        choice: Choice,
        start: Floats,
        scale: Floats,
        step: float = 1.0,
    ) -> None:
        self.lists = lists
        self.choice = choice
        self.scale = scale
        self.step = step
        self.best = np.minimum(start, lists.beyond)
        self.best_bound = -np.inf
        self.patience = 12
        self.ceiling = np.inf
        first = np.minimum(lists.indptr[:-1], max(len(lists.cost) - 1, 0))
        empty = np.diff(lists.indptr) == 0
        self._floor = (
            np.where(empty, lists.beyond, lists.cost[first]) if len(lists.cost) else lists.beyond
        )
        self._floor = np.minimum(self._floor, lists.beyond)
        self._lam = np.maximum(self.best, self._floor)
        self._direction = np.zeros(lists.n)
        self._move = scale.copy()
        self._since = 0

    def run(self, target: float, iterations: int, watch: Watch, smallest: float) -> bool:
        """Take up to ``iterations`` steps.

        Parameters
        ----------
        target
            Objective of the best plan known: the Polyak step aims at it.
        iterations
            Most steps.
        watch
            Counts them and may stop.
        smallest
            The phase ends when ``step`` falls under it.

        Returns
        -------
        Whether the phase ended by its step size (or reached ``ceiling``).
        """
        for done in range(iterations):
            if done % REBUILD == 0:
                self._window()
            bound = self._evaluate()
            if not np.isfinite(self.best_bound) or bound > self.best_bound + 1e-7 * max(
                target - self.best_bound, 0.0
            ):
                self._since = 0
            else:
                self._since += 1
            if bound > self.best_bound:
                self.best_bound = bound
                self.best = self._lam.copy()
            if self._since >= self.patience:
                self._since = 0
                self.step *= 0.7
                self._lam = self.best.copy()
                self._direction[:] = 0.0
                self._window()
                self._evaluate()
            if self.best_bound >= self.ceiling or self.step < smallest:
                return True
            self._advance(target)
            if watch.tick():
                return False
        return False

    def _window(self) -> None:
        lists = self.lists
        limit = self._lam + 3.0 * self._move + 0.1 * self.scale
        pairs = np.flatnonzero(lists.cost < limit[lists.rows])
        self._rows = lists.rows[pairs]
        self._sites = lists.sites[pairs]
        self._cost = lists.cost[pairs]
        self._limit = np.minimum(limit, lists.beyond)
        self._move = np.zeros(lists.n)

    def _evaluate(self) -> float:
        saving = self._cost - self._lam[self._rows]
        active = np.flatnonzero(saving < 0)
        relaxed = self.choice.best(
            self._rows[active], self._sites[active], saving[active], self.lists.n
        )
        self._gradient = 1.0 - relaxed.times
        self._current = float(self._lam.sum() + relaxed.value)
        return self._current

    def _advance(self, target: float) -> None:
        self._direction = self._gradient + 0.6 * self._direction
        stuck = (self._lam >= self._limit) & (self._direction > 0)
        stuck |= (self._lam <= self._floor) & (self._direction < 0)
        direction = np.where(stuck, 0.0, self._direction)
        norm = float((self.scale * direction * direction).sum())
        if norm == 0.0:
            self.step *= 0.7
            return
        aim = target + 0.02 * (target - self.best_bound)
        length = self.step * (aim - self._current) / norm
        before = self._lam
        self._lam = np.clip(before + length * self.scale * direction, self._floor, self._limit)
        np.maximum(self._move, np.abs(self._lam - before), out=self._move)
