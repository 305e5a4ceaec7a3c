r"""Lagrangian bound of the capacitated p-median: a continuous knapsack at every site.

Relaxing "each demand is served once" in equation (10) leaves, for multipliers
:math:`\lambda`, a problem of its own at each site,

.. math::

    \varphi_j(u) = \min_x \Bigl\{ \sum_i (d_{ij} - \lambda_i) x_{ij} :
    \sum_i w_i x_{ij} \le K u,\ 0 \le x_{ij} \le 1 \Bigr\} \tag{13}

whose answer serves first whom each person of saves most.  :math:`\varphi_j` is convex in
:math:`u`, so the best places for all positions are the P least increments, taken greedily:

.. math::

    L(\lambda) = \sum_i \lambda_i + \min_{\sum_j u_j = P} \sum_j \sum_{u=1}^{u_j}
    \bigl[ \varphi_j(u) - \varphi_j(u-1) \bigr], \qquad \lambda_i \le b_i \tag{14}

This is a lower bound at least as high as the linear relaxation of equation (10) with
:math:`x_{ij} \le y_j` (Geoffrion and McBride 1978; Beasley 1993).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.siting.ascent import Places, Relaxed
from planning.siting.lists import Lists, sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rooms:
    """Where positions may stand, and how many persons each serves.

    Attributes
    ----------
    weights
        Persons of each demand, shape (n,), greater than 0.
    capacity
        Persons that one position serves.
    most
        Most positions at a site.
    total
        Positions in all.
    opened, closed
        Sites with at least one position, or none, shape (m,).
    """

    weights: Floats
    capacity: float
    most: int
    total: int
    opened: Bools
    closed: Bools

    @property
    def shape(self) -> tuple[int, int]:
        """Number of demands and of sites."""
        return len(self.weights), len(self.opened)

    def best(self, rows: Places, sites: Places, saving: Floats, n: int) -> Relaxed:
        """Place the positions by equation (14)."""
        queue = _queues(self, rows, sites, saving)
        increments = queue.increments(self)
        positions = self.place(increments)
        share = queue.share(self, positions)
        value = np.cumsum(increments, axis=1)
        held = np.flatnonzero(positions)
        total = float(value[held, positions[held] - 1].sum())
        return Relaxed(total, sums(queue.rows, share, n))

    def place(self, increments: Floats) -> Ints:
        """Return the positions at each site of least total increment, shape (m,)."""
        order = increments.copy()
        order[self.opened, 0] = -np.inf
        order[self.closed] = np.inf
        flat = order.ravel()
        picked = np.argsort(flat, kind="stable")[: self.total]
        return np.bincount(picked // self.most, minlength=len(order)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class RoomDual:
    r"""Multipliers with the bound they prove.

    ``increments`` are those of :math:`\varphi` by site and position, shape (m, most);
    ``positions`` those of equation (14), shape (m,).
    """

    multipliers: Floats
    bound: float
    increments: Floats
    positions: Ints


def evaluate_rooms(lists: Lists, rooms: Rooms, multipliers: Floats) -> RoomDual:
    """Compute equation (14) on every listed pair; multipliers are clamped at ``beyond``."""
    multipliers = np.minimum(multipliers, lists.beyond)
    increments = increments_at(lists, rooms, multipliers)
    positions = rooms.place(increments)
    held = np.flatnonzero(positions)
    values = np.cumsum(increments, axis=1)[held, positions[held] - 1]
    return RoomDual(multipliers, float(multipliers.sum() + values.sum()), increments, positions)


def increments_at(lists: Lists, rooms: Rooms, multipliers: Floats) -> Floats:
    """Return what each position more at each site saves at these multipliers, (m, most)."""
    saving = lists.cost - multipliers[lists.rows]
    active = np.flatnonzero(saving < 0)
    return _queues(rooms, lists.rows[active], lists.sites[active], saving[active]).increments(rooms)


@dataclass(frozen=True, eq=False)
class _Queues:
    """Pairs by site, those that save most a person first, and the persons before and after.

    ``rows``, ``sites``, ``each`` (saved a person), ``before`` and ``after``: shape (n_pair,).
    """

    rows: Places
    sites: Places
    each: Floats
    before: Floats
    after: Floats

    def increments(self, rooms: Rooms) -> Floats:
        """Return the increments of equation (13), shape (m, most)."""
        m = rooms.shape[1]
        out = np.empty((m, rooms.most))
        for u in range(rooms.most):
            low, high = rooms.capacity * u, rooms.capacity * (u + 1)
            persons = np.minimum(self.after, high) - np.maximum(self.before, low)
            out[:, u] = sums(self.sites, np.maximum(persons, 0.0) * self.each, m)
        return out

    def share(self, rooms: Rooms, positions: Ints) -> Floats:
        """Return the share of each demand served, at given positions, shape (n_pair,)."""
        room = rooms.capacity * positions[self.sites]
        persons = np.maximum(np.minimum(self.after, room) - self.before, 0.0)
        shares: Floats = persons / rooms.weights[self.rows]
        return shares


def _queues(rooms: Rooms, rows: Places, sites: Places, saving: Floats) -> _Queues:
    each = saving / rooms.weights[rows]
    order = np.lexsort((each, sites))
    rows, sites, each = rows[order], sites[order], each[order]
    persons = rooms.weights[rows]
    after = np.cumsum(persons)
    start = np.searchsorted(sites, np.arange(rooms.shape[1]))
    after -= np.concatenate([[0.0], after])[start][sites]
    return _Queues(rows, sites, each, after - persons, after)
