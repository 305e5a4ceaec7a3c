"""Equation (10) whole, for HiGHS: where few pairs are left, or where no plan is known."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.highs import Answer, Programme
from planning.siting.lists import Lists
from planning.siting.moves import Placed
from planning.siting.room_rules import RoomRules
from planning.siting.rooms import Rooms
from planning.siting.transport import Transport

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Whole:
    """Equation (10) over some pairs, and how to read its answer.

    Variables: open (m), positions (m), share of each pair (n_pair), share left out (n).
    """

    programme: Programme
    pairs: Ints
    m: int

    def start(self, placed: Placed, transport: Transport) -> Floats:
        """Return a placing as a first solution; its pairs must be among those of the transport."""
        rooms = transport.rooms
        size = len(self.pairs)
        share = np.zeros(size)
        place = np.searchsorted(self.pairs, transport.pairs)
        place[place == size] = 0
        known = self.pairs[place] == transport.pairs
        used = placed.sent.persons / rooms.weights[transport.rows]
        share[place[known]] = used[known]
        opened = (placed.positions > 0).astype(float)
        left = placed.sent.left / rooms.weights
        return np.concatenate([opened, placed.positions.astype(float), share, left])

    def positions(self, answer: Answer) -> Ints:
        """Return the positions of an answer, shape (m,)."""
        assert answer.x is not None
        found: Ints = np.rint(answer.x[self.m : 2 * self.m]).astype(np.int64)
        return found


def whole(lists: Lists, rooms: Rooms, outside: Floats, rules: RoomRules, closed: Bools) -> Whole:
    """Write equation (10) with its rules.

    Parameters
    ----------
    lists, rooms, rules
        The problem.
    outside
        Weighted cost of being left without room, shape (n,).
    closed
        Sites without any position in a better plan, shape (m,).
    """
    n, m = rooms.shape
    pairs = np.flatnonzero(~closed[lists.sites])
    site, row = lists.sites[pairs].astype(np.int64), lists.rows[pairs].astype(np.int64)
    size = len(pairs)
    y, u, x, z = np.split(np.arange(2 * m + size + n), [m, 2 * m, 2 * m + size])
    total = 2 * m + size + n
    each, pair, one = np.arange(m), np.arange(size), np.ones
    persons = rooms.weights[row]
    blocks = [
        _block(total, n, (row, x, one(size)), (np.arange(n), z, one(n))),
        _block(total, size, (pair, x, one(size)), (pair, y[site], -one(size))),
        _block(total, m, (site, x, persons), (each, u, np.full(m, -rooms.capacity))),
        _block(total, m, (each, y, one(m)), (each, u, -one(m))),
        _block(total, m, (each, u, one(m)), (each, y, np.full(m, -float(rooms.most)))),
        _block(total, 1, (np.zeros(m, dtype=np.int64), u, one(m))),
        sparse.csr_array(
            sparse.hstack([rules.matrix, sparse.csr_array((len(rules.low), total - m))])
        ),
        _block(total, 1, (np.zeros(m, dtype=np.int64), u, rules.spent)),
    ]
    below = np.zeros(size + 3 * m)
    count = [float(rooms.total)]
    free = np.where(closed, 0.0, 1.0)
    left = np.zeros(n) if rules.nobody_left else np.ones(n)
    programme = Programme(
        cost=np.concatenate([np.zeros(2 * m), lists.cost[pairs], outside]),
        matrix=sparse.csr_array(sparse.vstack(blocks)),
        low=np.concatenate([one(n), np.full(len(below), -np.inf), count, rules.low, [-np.inf]]),
        high=np.concatenate([one(n), below, count, rules.high, [rules.most]]),
        upper=np.concatenate([free, free * rooms.most, one(size), left]),
        whole=np.arange(total) < 2 * m,
        lower=np.concatenate([rooms.opened.astype(float), np.zeros(total - m)]),
    )
    return Whole(programme, pairs, m)


def _block(columns: int, count: int, *parts: tuple[Ints, Ints, Floats]) -> sparse.csr_array:
    """Return ``count`` rows from (row, column, value) triples."""
    row, column, value = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return sparse.csr_array((value, (row, column)), shape=(count, columns))
