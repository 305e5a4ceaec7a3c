"""Which clients an iteration takes out: strings of neighbouring clients."""

import random
from collections.abc import Sequence
from typing import Final

import numpy as np

from planning.tours.instance import PeriodicInstance

LONGEST_STRING: Final = 10
_SPLIT_SHARE: Final = 0.5
_WIDEN_SHARE: Final = 0.01


def neighbours(instance: PeriodicInstance) -> list[list[int]]:
    """Return for each client all clients from the nearest, itself first, ties by index."""
    first = instance.n_base
    between = instance.arc_cost[first:, first:]
    between = between + between.T
    np.fill_diagonal(between, -1.0)
    nearest: list[list[int]] = np.argsort(between, axis=1, kind="stable").tolist()
    return nearest


class Ruin:
    """Chooses strings; reads the routes, changes nothing.

    Parameters
    ----------
    near
        Clients in order of distance from each client.
    n_base
        Number of bases; client c is node n_base + c.
    mean_removed
        Clients taken out, on average.
    rng
        The run's generator.
    """

    def __init__(
        self, near: list[list[int]], n_base: int, mean_removed: float, rng: random.Random
    ) -> None:
        self._mean = mean_removed
        self._near = near
        self._n_base = n_base
        self._rand = rng.random

    def pick(
        self, seed: int, day: int | None, at: Sequence[Sequence[int]], routes: list[list[int]]
    ) -> list[int]:
        """Return the clients of some strings around a seed, each once.

        Parameters
        ----------
        seed
            A client that is visited.
        day
            Take strings of that day only; of any day when None.
        at
            Slot of each client on each day, −1 for none.
        routes
            Nodes of each slot.
        """
        used = [len(route) for route in routes if route]
        longest = min(LONGEST_STRING, sum(used) / len(used))
        strings = int(self._rand() * (4.0 * self._mean / (1.0 + longest) - 1.0) + 1.0)
        ruined: set[int] = set()
        removed: dict[int, None] = {}
        for client in self._near[seed]:
            if len(ruined) >= strings:
                break
            slot = self._slot(at[client], day)
            if slot < 0 or slot in ruined or client in removed:
                continue
            ruined.add(slot)
            for node in self._string(routes[slot], self._n_base + client, longest):
                removed[node - self._n_base] = None
        return list(removed)

    def _slot(self, slots: Sequence[int], day: int | None) -> int:
        if day is not None:
            return slots[day]
        visited = [slot for slot in slots if slot >= 0]
        if not visited:
            return -1
        return visited[int(self._rand() * len(visited))]

    def _string(self, route: list[int], node: int, longest: float) -> list[int]:
        """Nodes of a random string of the route around a node."""
        rand = self._rand
        size = len(route)
        length = int(rand() * min(size, longest) + 1.0)
        kept = 0
        if 1 < length < size and rand() < _SPLIT_SHARE:
            kept = 1
            while length + kept < size and rand() < _WIDEN_SHARE:
                kept += 1
        total = min(length + kept, size)
        place = route.index(node)
        first = max(0, place - total + 1)
        begin = first + int(rand() * (min(place, size - total) - first + 1))
        string = route[begin : begin + total]
        if kept:
            gap = 1 + int(rand() * (length - 1))
            del string[gap : gap + kept]
        return string
