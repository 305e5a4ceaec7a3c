"""A periodic routing instance as the search sees it: arrays and nothing else.

Nodes 0 … n_base − 1 are bases, node n_base + i is client i.  A *slot* is one van on one
day; slots of a day are consecutive, ``slot = day · vans + van``.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from planning.tours.problem import FloatArray

FAR: Final = 1e9
"""Cost that stands for "no way": larger than any plan, small enough to add up exactly."""

Fits = Callable[[int, list[int]], bool]
"""``fits(slot, nodes)``: whether a day's route keeps the limits of the clock."""


@dataclass(frozen=True)
class PeriodicInstance:
    """Clients with patterns, slots with a base, costs of arcs.

    Parameters
    ----------
    arc_cost
        Shape (n_node, n_node), ``FAR`` where there is no way.
    n_base, n_day
        Number of bases and of days.
    slot_base
        Base of each slot, shape (n_day, vans); −1 where the van stays at home.
    load, capacity
        Load of each client, shape (n_client,), and limit of the sum over a route.
    patterns, pattern_cost
        For each client, its day tuples and their costs.
    leave_out_cost
        Cost of serving a client not at all, shape (n_client,); ``inf`` for clients
        that must be served (the search then sets its own).
    arc_min, service_min, max_min
        Minutes of arcs and of clients, and limit of their sum over a route; a quick
        necessary test (exact where there is no ``fits``).
    fits
        The exact test of a route, or None.
    """

    arc_cost: FloatArray
    n_base: int
    n_day: int
    slot_base: NDArray[np.int64]
    load: FloatArray
    capacity: float
    patterns: tuple[tuple[tuple[int, ...], ...], ...]
    pattern_cost: tuple[tuple[float, ...], ...]
    leave_out_cost: FloatArray
    arc_min: FloatArray | None = None
    service_min: FloatArray | None = None
    max_min: float = np.inf
    fits: Fits | None = None

    @property
    def n_client(self) -> int:
        """Number of clients."""
        return len(self.patterns)

    @property
    def vans(self) -> int:
        """Number of slots a day."""
        return int(self.slot_base.shape[1])

    def frequency(self, client: int) -> int:
        """Return the number of visits of a client."""
        return len(self.patterns[client][0])

    def uses(self, client: int) -> FloatArray:
        """Return which days each pattern of a client uses, 0 or 1, shape (pattern, day)."""
        uses = np.zeros((len(self.patterns[client]), self.n_day))
        for row, days in enumerate(self.patterns[client]):
            uses[row, list(days)] = 1.0
        return uses

    def route_cost(self, slot: int, nodes: list[int]) -> float:
        """Return the cost of driving a route of a slot; 0 when it is empty."""
        if not nodes:
            return 0.0
        base = int(self.slot_base.flat[slot])
        path = [base, *nodes, base]
        return float(sum(self.arc_cost[a, b] for a, b in itertools.pairwise(path)))


@dataclass(frozen=True)
class SearchSettings:
    """How the search ruins, prices and cools; the defaults suit instances of 50–400 clients.

    ``mean_removed`` clients leave their routes at each iteration, on one day only in
    ``one_day_share`` of them; a position is overlooked with probability ``blink_share``
    and priced with a random part of up to ``noise_share`` visits, so that equal days
    alternate; temperatures are in mean costs of a visit.
    """

    mean_removed: float = 10.0
    one_day_share: float = 0.3
    blink_share: float = 0.01
    noise_share: float = 0.0
    start_temperature: float = 1.0
    end_temperature: float = 0.003


@dataclass(frozen=True)
class Solution:
    """Routes by slot (nodes), pattern by client (−1: left out), and their cost.

    ``missing`` counts the visits of required clients left out; ``rank`` orders
    solutions: fewer missing, then cheaper.
    """

    routes: tuple[tuple[int, ...], ...]
    pattern: tuple[int, ...]
    cost: float
    missing: int

    @property
    def rank(self) -> tuple[int, float]:
        """Order of preference, smallest first."""
        return self.missing, self.cost
