r"""Who goes where when every site has so much room: a transportation problem.

With the positions :math:`u` given, equation (10) is linear,

.. math::

    V(u) = \min_{f \ge 0} \sum_{ij} t_{ij} f_{ij} + \sum_i U f_{i0}, \quad
    \sum_j f_{ij} + f_{i0} = w_i, \quad \sum_i f_{ij} \le K u_j \tag{15}

with :math:`f` in persons.  One programme is kept for all plans: only right-hand sides change,
so the dual simplex starts from the last answer.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.highs import Programme, passed
from planning.siting.lists import Lists
from planning.siting.rooms import Rooms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sent:
    """An answer of equation (15).

    Attributes
    ----------
    value
        V(u), in person-minutes.
    persons
        Persons of each pair of the transport, shape (n_pair,).
    left
        Persons without room, shape (n,).
    worth
        Minutes that one person more of each demand would add, shape (n,).
    price
        Minutes that one person of room more at each site would save, shape (m,).
    """

    value: float
    persons: Floats
    left: Floats
    worth: Floats
    price: Floats


class Transport:
    """Equation (15) on some pairs, for any positions.

    Parameters
    ----------
    lists, rooms
        The problem.
    outside
        Weighted cost of being left without room, shape (n,).
    pairs
        Listed pairs that may be used.

    Attributes
    ----------
    pairs, rows, sites, each
        Place in the lists, demand, site and minutes a person of each pair, shape (n_pair,).
    """

    def __init__(self, lists: Lists, rooms: Rooms, outside: Floats, pairs: Ints) -> None:
        n, m = rooms.shape
        self.rooms = rooms
        self.pairs = pairs
        self.rows, self.sites = lists.rows[pairs], lists.sites[pairs]
        self.each = lists.cost[pairs] / rooms.weights[self.rows]
        self.outside = outside / rooms.weights
        size = len(pairs)
        column = np.arange(size)
        row = np.concatenate([self.rows, n + self.sites.astype(np.int64), np.arange(n)])
        place = (row, np.concatenate([column, column, size + np.arange(n)]))
        matrix = sparse.csr_array((np.ones(len(row)), place), shape=(n + m, size + n))
        programme = Programme(
            cost=np.concatenate([self.each, self.outside]),
            matrix=matrix,
            low=np.concatenate([rooms.weights, np.full(m, -np.inf)]),
            high=np.concatenate([rooms.weights, np.zeros(m)]),
            upper=np.full(size + n, np.inf),
            whole=np.zeros(size + n, dtype=bool),
        )
        self._highs: Any = passed(programme, {})
        self._positions = np.zeros(m, dtype=np.int64)

    def value(self, positions: Ints) -> float:
        """Return V(u) for positions of shape (m,)."""
        n = self.rooms.shape[0]
        for j in np.flatnonzero(positions != self._positions):
            room = self.rooms.capacity * float(positions[j])
            self._highs.changeRowBounds(n + int(j), -highspy.kHighsInf, room)
        self._positions = positions.copy()
        self._highs.run()
        return float(self._highs.getInfo().objective_function_value)

    def send(self, positions: Ints) -> Sent:
        """Return V(u) with who goes where, and the prices."""
        self.value(positions)
        n = self.rooms.shape[0]
        solution = self._highs.getSolution()
        x = np.maximum(np.array(solution.col_value), 0.0)
        dual = np.array(solution.row_dual)
        size = len(self.rows)
        persons, left = x[:size], x[size:]
        value = float(self.each @ persons + self.outside @ left)
        return Sent(value, persons, left, dual[:n], np.maximum(-dual[n:], 0.0))
