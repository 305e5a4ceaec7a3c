"""All routes of the cycle in flat arrays, so that one numpy pass prices every insertion.

Row ``slot`` of ``nodes`` is base, clients, base, then the base again as padding; row
``slot`` of ``edges`` is the cost of each arc of the route, and −FAR on the padding, so
that an insertion there never looks cheap; ``edge_min`` is the same in minutes.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planning.tours.instance import FAR, PeriodicInstance

_SPARE: Final = 4
_BLINKS: Final = 1 << 15


class _View:
    """The rows of a day, or of all days, in every array of a table."""

    def __init__(self, table: "RouteTable", rows: slice) -> None:
        self.nodes, self.edges = table.nodes[rows], table.edges[rows]
        self.edge_min, self.total_min = table.edge_min[rows], table.total_min[rows, None]
        self.loads, self.delta = table.loads[rows], table.delta[rows]
        self.taken, self.onward = table.taken[rows], table.onward[rows]
        self.before, self.after = self.taken[:, :-1], self.taken[:, 1:]
        self.onward_after = self.onward[:, 1:]
        self.size, self.shape = self.delta.size, self.delta.shape


class RouteTable:
    """Routes as lists, mirrored in arrays; knows costs and loads, nothing of patterns.

    ``routes[slot]`` is the list of nodes of a route.  Numbers in formulas: inserting
    client c between a and b costs ``d(a, c) + d(c, b) − d(a, b)``.
    """

    def __init__(self, instance: PeriodicInstance, blink_share: float, seed: int) -> None:
        self.instance = instance
        n_slot = instance.n_day * instance.vans
        self.routes: list[list[int]] = [[] for _ in range(n_slot)]
        self.base = [int(b) for b in instance.slot_base.reshape(-1)]
        self.vans = instance.vans
        self._d: list[list[float]] = instance.arc_cost.tolist()
        self._from = list(np.ascontiguousarray(instance.arc_cost))
        self._to = list(np.ascontiguousarray(instance.arc_cost.T))
        self._symmetric = bool(np.allclose(instance.arc_cost, instance.arc_cost.T))
        self._timed = instance.arc_min is not None and np.isfinite(instance.max_min)
        if instance.arc_min is not None and instance.service_min is not None:
            self._minutes: list[list[float]] = instance.arc_min.tolist()
            self._min_symmetric = bool(np.allclose(instance.arc_min, instance.arc_min.T))
            self._min_from = list(np.ascontiguousarray(instance.arc_min))
            self._min_to = list(np.ascontiguousarray(instance.arc_min.T))
            self._service: list[float] = instance.service_min.tolist()
        self._load: list[float] = instance.load.tolist()
        self._idle = np.array([b < 0 for b in self.base])
        rng = np.random.default_rng(seed)
        self._noise = rng.random(_BLINKS)
        self._skips = rng.random(_BLINKS) < blink_share
        self._blinks = np.where(self._skips, FAR, 0.0)
        self._width = 2 + _SPARE
        bases = np.maximum(instance.slot_base.reshape(-1, 1), 0)
        self.nodes = np.repeat(bases, self._width, axis=1).astype(np.intp)
        self.edges = np.full((n_slot, self._width - 1), -FAR)
        self.edges[:, 0] = 0.0
        self.edges[self._idle] = -FAR
        self.edge_min = np.full((n_slot, self._width - 1), -FAR)
        self.edge_min[:, 0] = 0.0
        self.loads = np.where(self._idle, FAR, 0.0)
        self.total_min = np.zeros(n_slot)
        self.saved = [array.copy() for array in self._state()]
        self._allot()

    def _allot(self) -> None:
        """Make the work arrays of the present width."""
        shape = (len(self.routes), self._width)
        self.taken = np.empty(shape)
        self.onward = np.empty(shape)
        self.delta = np.empty((shape[0], shape[1] - 1))
        self.by_day = self.delta.reshape(self.instance.n_day, -1)
        cuts = [slice(d * self.vans, (d + 1) * self.vans) for d in range(self.instance.n_day)]
        self._views = [_View(self, cut) for cut in [*cuts, slice(None)]]
        times = 1 + 2 * self.delta.size // self._blinks.size
        self._blinks = np.tile(self._blinks, times)

    def grow(self, longest: int) -> None:
        """Make room for routes of a length; what was kept is kept."""
        more = longest + 2 - self._width
        if more <= 0:
            return
        more += _SPARE
        self._width += more
        wide = [_pad(array, more) for array in self._state()]
        self.nodes, self.edges, self.loads = wide[0], wide[1], wide[2]
        if self._timed:
            self.edge_min, self.total_min = wide[3], wide[4]
        self.saved = [_pad(array, more) for array in self.saved]
        self._allot()

    def load(self, routes: Sequence[Sequence[int]]) -> None:
        """Take over the routes of all slots."""
        self.routes = [list(route) for route in routes]
        self.grow(max(map(len, routes), default=0))
        for slot in range(len(routes)):
            self.rewrite(slot)

    def _state(self) -> list[NDArray[Any]]:
        state: list[NDArray[Any]] = [self.nodes, self.edges, self.loads]
        return [*state, self.edge_min, self.total_min] if self._timed else state

    def keep(self) -> None:
        """Make the present arrays the ones that :meth:`restore` returns to."""
        for saved, array in zip(self.saved, self._state(), strict=True):
            np.copyto(saved, array)

    def restore(self) -> None:
        """Return to the arrays last kept; the caller restores the lists."""
        for saved, array in zip(self.saved, self._state(), strict=True):
            np.copyto(array, saved)

    def set_noise(self, scale: float) -> None:
        """Add to every price a random part of at most ``scale``, so that equals alternate."""
        times = len(self._blinks) // len(self._noise)
        self._blinks = np.tile(np.where(self._skips, FAR, scale * self._noise), times)

    @property
    def blink_room(self) -> int:
        """Largest offset that :meth:`price` accepts."""
        return self._blinks.size - self.delta.size

    def price(self, client: int, day: int, blink: int) -> None:
        """Write into ``delta`` the cost of inserting a client on a day, or on all (−1).

        What load or minutes forbid costs ``FAR`` or more; ``blink`` is an offset into
        the stored blinks, negative for none.
        """
        view = self._views[day]
        node = self.instance.n_base + client
        self._to[node].take(view.nodes, out=view.taken, mode="clip")
        if self._symmetric:
            np.add(view.before, view.after, view.delta)
        else:
            self._from[node].take(view.nodes, out=view.onward, mode="clip")
            np.add(view.before, view.onward_after, view.delta)
        np.subtract(view.delta, view.edges, view.delta)
        if blink >= 0:
            np.add(
                view.delta, self._blinks[blink : blink + view.size].reshape(view.shape), view.delta
            )
        view.delta[view.loads > self.instance.capacity - self._load[client]] = FAR
        if self._timed:
            self._forbid_long(node, view)

    def _forbid_long(self, node: int, view: "_View") -> None:
        self._min_to[node].take(view.nodes, out=view.taken, mode="clip")
        if self._min_symmetric:
            added = view.before + view.after
        else:
            self._min_from[node].take(view.nodes, out=view.onward, mode="clip")
            added = view.before + view.onward_after
        added -= view.edge_min
        added += view.total_min
        view.delta[added > self.instance.max_min + 1e-6 - self._service[node]] = FAR

    def position(self, day: int, flat: int) -> tuple[int, int]:
        """Turn a column of ``by_day`` into (slot, position in the route)."""
        van, position = divmod(flat, self._width - 1)
        return day * self.vans + van, position

    def insert(self, client: int, slot: int, position: int) -> float:
        """Insert a client into a route and return what it costs, without noise."""
        route = self.routes[slot]
        node = self.instance.n_base + client
        self.grow(len(route) + 1)
        route.insert(position, node)
        size = len(route)
        before = route[position - 1] if position else self.base[slot]
        after = route[position + 1] if position + 1 < size else self.base[slot]
        nodes, edges = self.nodes[slot], self.edges[slot]
        if position + 1 < size:
            nodes[position + 2 : size + 1] = nodes[position + 1 : size]
            edges[position + 2 : size + 1] = edges[position + 1 : size]
        nodes[position + 1] = node
        edges[position] = self._d[before][node]
        edges[position + 1] = self._d[node][after]
        self.loads[slot] += self._load[client]
        if self._timed:
            self._insert_minutes(slot, position, (before, node, after))
        old = self._d[before][after] if size > 1 else 0.0
        return self._d[before][node] + self._d[node][after] - old

    def _insert_minutes(self, slot: int, position: int, nodes: tuple[int, int, int]) -> None:
        before, node, after = nodes
        size = len(self.routes[slot])
        minutes = self.edge_min[slot]
        if position + 1 < size:
            minutes[position + 2 : size + 1] = minutes[position + 1 : size]
        old = self._minutes[before][after] if size > 1 else 0.0
        one, two = self._minutes[before][node], self._minutes[node][after]
        minutes[position] = one
        minutes[position + 1] = two
        self.total_min[slot] += one + two - old + self._service[node]

    def rewrite(self, slot: int) -> None:
        """Write a route's list into the arrays."""
        route, base, d = self.routes[slot], self.base[slot], self._d
        size, n_base = len(route), self.instance.n_base
        nodes, edges = self.nodes[slot], self.edges[slot]
        edges[:] = -FAR
        if base < 0:
            return
        nodes[1:] = base
        if route:
            nodes[1 : size + 1] = route
            path = [base, *route, base]
            edges[: size + 1] = [d[a][b] for a, b in pairwise(path)]
        else:
            edges[0] = 0.0
        self.loads[slot] = sum([self._load[node - n_base] for node in route])
        if self._timed:
            self._rewrite_minutes(slot)

    def _rewrite_minutes(self, slot: int) -> None:
        route, base = self.routes[slot], self.base[slot]
        found = self.edge_min[slot]
        found[:] = -FAR
        if not route:
            found[0] = self.total_min[slot] = 0.0
            return
        path = [base, *route, base]
        minutes = [self._minutes[a][b] for a, b in pairwise(path)]
        found[: len(minutes)] = minutes
        self.total_min[slot] = sum(minutes) + sum([self._service[node] for node in route])

    def route_cost(self, slot: int) -> float:
        """Return the cost of a route of a slot; 0 when it is empty."""
        route, base, d = self.routes[slot], self.base[slot], self._d
        if not route:
            return 0.0
        cost = d[base][route[0]] + d[route[-1]][base]
        for a, b in pairwise(route):
            cost += d[a][b]
        return cost


def _pad(array: NDArray[Any], more: int) -> NDArray[Any]:
    """Widen a table: nodes by their base, edges by −FAR, minutes by 0."""
    if array.ndim == 1:
        return array
    if array.dtype == np.intp:
        wider = np.repeat(array[:, :1], more, axis=1)
    else:
        wider = np.full((len(array), more), -FAR)
    return np.concatenate([array, wider], axis=1)
