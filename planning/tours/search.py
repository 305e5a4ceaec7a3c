"""Slack induction by string removals over a whole cycle, with simulated annealing.

Each iteration takes strings of neighbouring clients out of their routes, on all their
days or on a single one, and puts them back one by one: each insertion is priced on
every day at once and the pattern with the cheapest sum is taken.  Clients for whom
there is no room wait in a pool and weigh on the objective.  After [1]_, carried over
to patterns.

.. [1] J. Christiaens and G. Vanden Berghe, "Slack induction by string removals for
   vehicle routing problems", Transportation Science 54 (2020).
"""

import math
import random
from typing import Final

import numpy as np

from planning.tours.instance import FAR, PeriodicInstance, SearchSettings, Solution
from planning.tours.ruin import Ruin, neighbours
from planning.tours.table import RouteTable

WAITING_FACTOR: Final = 10.0
_POOL_SAMPLE: Final = 10
_IMPOSSIBLE: Final = FAR / 2
_ORDERS: Final = ("random",) * 4 + ("heavy",) * 4 + ("far",) * 2 + ("close",)


class Search:
    """The present solution of one run, and the move from it to the next."""

    def __init__(
        self, instance: PeriodicInstance, seed: int, settings: SearchSettings | None = None
    ) -> None:
        self.instance = instance
        self.settings = settings or SearchSettings()
        self.random = random.Random(seed)
        self.table = RouteTable(instance, self.settings.blink_share, seed)
        n, n_day = instance.n_client, instance.n_day
        self.at = [[-1] * n_day for _ in range(n)]
        self.pattern = [-1] * n
        self.pool = {c for c in range(n) if instance.patterns[c]}
        self._required = [math.isinf(cost) for cost in instance.leave_out_cost]
        self._leave_out = [0.0 if math.isinf(c) else float(c) for c in instance.leave_out_cost]
        self._uses = [instance.uses(c) for c in range(n)]
        self._pattern_cost = [np.array(costs) for costs in instance.pattern_cost]
        self._days = np.arange(n_day)
        self._ruin = Ruin(
            neighbours(instance), instance.n_base, self.settings.mean_removed, self.random
        )
        reach = instance.arc_cost[: instance.n_base, instance.n_base :]
        self._far: list[float] = reach.min(axis=0).tolist()
        self._weight = [
            float(instance.load[c]) * instance.frequency(c) if instance.patterns[c] else 0.0
            for c in range(n)
        ]
        self._old_routes: dict[int, list[int]] = {}
        self._old_clients: dict[int, tuple[int, list[int]]] = {}
        self._limit = [
            _IMPOSSIBLE if r else c for r, c in zip(self._required, self._leave_out, strict=True)
        ]
        self.visit_cost = 1.0
        self.cost = self.full_cost()

    def build(self) -> None:
        """Place every client that waits, those with the fewest choices first."""
        patterns = self.instance.patterns
        for client in sorted(self.pool, key=lambda c: (len(patterns[c]), -self._far[c], c)):
            self._place(client, blinks=False)
        self._settle()

    def load(self, solution: Solution) -> None:
        """Take over a solution of an instance with the same clients and slots."""
        vans, n_base = self.table.vans, self.instance.n_base
        self.table.load(solution.routes)
        self.at = [[-1] * self.instance.n_day for _ in self.pattern]
        for slot, route in enumerate(solution.routes):
            for node in route:
                self.at[node - n_base][slot // vans] = slot
        self.pattern = list(solution.pattern)
        self.pool = {c for c, p in enumerate(self.pattern) if p < 0 and self.instance.patterns[c]}
        self._settle()

    def _settle(self) -> None:
        """Price the pool at ten mean visits a missing visit, and keep this state."""
        visits = sum(len(route) for route in self.table.routes)
        driven = sum(map(self.table.route_cost, range(len(self.table.routes))))
        self.visit_cost = driven / visits if visits and driven > 0 else 1.0
        for client, required in enumerate(self._required):
            if required and self.instance.patterns[client]:
                visits = self.instance.frequency(client)
                self._leave_out[client] = WAITING_FACTOR * self.visit_cost * visits
        self.table.set_noise(self.settings.noise_share * self.visit_cost)
        self.cost = self.full_cost()
        self._keep()

    def full_cost(self) -> float:
        """Return the objective, computed afresh."""
        cost = sum(map(self.table.route_cost, range(len(self.table.routes))))
        for client, pattern in enumerate(self.pattern):
            if pattern >= 0:
                cost += self.instance.pattern_cost[client][pattern]
        return cost + sum([self._leave_out[client] for client in self.pool])

    @property
    def missing(self) -> int:
        """Visits of required clients that wait in the pool."""
        return sum([self.instance.frequency(c) for c in self.pool if self._required[c]])

    def solution(self) -> Solution:
        """Return the present solution, its cost computed afresh."""
        routes = tuple(tuple(route) for route in self.table.routes)
        return Solution(routes, tuple(self.pattern), self.full_cost(), self.missing)

    def may_beat(self, best: Solution) -> bool:
        """Whether this solution seems better than a known one; cheap."""
        missing = self.missing
        if missing != best.missing:
            return missing < best.missing
        return self.cost < best.cost - 1e-9

    def move(self, temperature: float) -> bool:
        """Ruin, recreate, then accept or take back; return whether it was accepted."""
        before = self.cost
        done = (
            self._one_day()
            if self.random.random() < self.settings.one_day_share
            else self._all_days()
        )
        chance = -temperature * math.log(1.0 - self.random.random())
        if done and self.cost < before + chance:
            self._keep()
            return True
        self._take_back(before)
        return False

    def _keep(self) -> None:
        self.table.keep()
        self._old_routes.clear()
        self._old_clients.clear()

    def _take_back(self, cost: float) -> None:
        self.table.restore()
        for slot, route in self._old_routes.items():
            self.table.routes[slot] = route
        for client, (pattern, slots) in self._old_clients.items():
            self.pattern[client] = pattern
            self.at[client] = slots
            if pattern < 0:
                self.pool.add(client)
            else:
                self.pool.discard(client)
        self.cost = cost
        self._old_routes.clear()
        self._old_clients.clear()

    def _seed(self) -> int:
        """Return a random visited client, −1 when there is none."""
        if len(self.pool) == len(self.pattern) or not any(self.table.routes):
            return -1
        while True:
            client = int(self.random.random() * len(self.pattern))
            if self.pattern[client] >= 0:
                return client

    def _one_day(self) -> bool:
        """Ruin and repair a single day; patterns stay.  False when it does not fit again."""
        seed = self._seed()
        if seed < 0:
            return False
        days = self.instance.patterns[seed][self.pattern[seed]]
        day = days[int(self.random.random() * len(days))]
        removed = self._ruin.pick(seed, day, self.at, self.table.routes)
        self._remove({client: [self.at[client][day]] for client in removed})
        self._sort(removed)
        return all(self._replace(client, day) for client in removed)

    def _all_days(self) -> bool:
        """Ruin across days, then place what was removed and what waits."""
        seed = self._seed()
        waiting = sorted(self.pool)
        if len(waiting) > _POOL_SAMPLE:
            waiting = self.random.sample(waiting, _POOL_SAMPLE)
        removed = []
        if seed >= 0:
            removed = self._ruin.pick(seed, None, self.at, self.table.routes)
            self._remove({c: [slot for slot in self.at[c] if slot >= 0] for c in removed})
            for client in removed:
                self.cost -= self.instance.pattern_cost[client][self.pattern[client]]
                self.cost += self._leave_out[client]
                self.pattern[client] = -1
            self.pool.update(removed)
        removed += waiting
        self._sort(removed)
        for client in removed:
            self._place(client, blinks=True)
        return True

    def _remove(self, visits: dict[int, list[int]]) -> None:
        """Take clients out of the given slots."""
        vans, n_base = self.table.vans, self.instance.n_base
        touched: dict[int, None] = {}
        for client, slots in visits.items():
            self._remember(client)
            for slot in slots:
                if slot not in touched:
                    touched[slot] = None
                    self.cost -= self.table.route_cost(slot)
                    self._remember_route(slot)
                self.table.routes[slot].remove(n_base + client)
                self.at[client][slot // vans] = -1
        for slot in touched:
            self.table.rewrite(slot)
            self.cost += self.table.route_cost(slot)

    def _remember(self, client: int) -> None:
        if client not in self._old_clients:
            self._old_clients[client] = (self.pattern[client], self.at[client][:])

    def _remember_route(self, slot: int) -> None:
        if slot not in self._old_routes:
            self._old_routes[slot] = self.table.routes[slot][:]

    def _sort(self, clients: list[int]) -> None:
        """Put clients in the order in which they are placed, drawn at random."""
        order = _ORDERS[int(self.random.random() * len(_ORDERS))]
        self.random.shuffle(clients)
        if order == "heavy":
            clients.sort(key=self._weight.__getitem__, reverse=True)
        elif order == "far":
            clients.sort(key=self._far.__getitem__, reverse=True)
        elif order == "close":
            clients.sort(key=self._far.__getitem__)

    def _blink(self) -> int:
        return int(self.random.random() * self.table.blink_room)

    def _place(self, client: int, *, blinks: bool) -> None:
        """Insert a client on the days of its cheapest pattern, or leave it in the pool."""
        table = self.table
        table.price(client, -1, self._blink() if blinks else -1)
        spots = table.by_day.argmin(axis=1)
        best = table.by_day[self._days, spots]
        uses, extra = self._uses[client], self._pattern_cost[client]
        while True:
            totals = uses @ best + extra
            choice = int(totals.argmin())
            if totals[choice] >= self._limit[client]:
                return
            days = self.instance.patterns[client][choice]
            if self.instance.fits is None:
                break
            refused = [day for day in days if not self._fits(client, day, int(spots[day]))]
            if not refused:
                break
            for day in refused:
                table.by_day[day, spots[day]] = FAR
                spots[day] = table.by_day[day].argmin()
                best[day] = table.by_day[day, spots[day]]
        self._remember(client)
        places = [table.position(day, int(spots[day])) for day in days]
        for day, (slot, position) in zip(days, places, strict=True):
            self.cost += self._insert(client, day, slot, position)
        self.pattern[client] = choice
        self.pool.discard(client)
        self.cost += self.instance.pattern_cost[client][choice] - self._leave_out[client]

    def _replace(self, client: int, day: int) -> bool:
        """Insert a client on one day at its cheapest place; False when there is none."""
        table = self.table
        table.price(client, day, self._blink())
        row = table.by_day[day]
        while True:
            spot = int(row.argmin())
            if row[spot] >= _IMPOSSIBLE:
                return False
            if self._fits(client, day, spot):
                break
            row[spot] = FAR
        self.cost += self._insert(client, day, *table.position(day, spot))
        return True

    def _fits(self, client: int, day: int, spot: int) -> bool:
        if self.instance.fits is None:
            return True
        slot, position = self.table.position(day, spot)
        route = self.table.routes[slot]
        node = self.instance.n_base + client
        return self.instance.fits(slot, [*route[:position], node, *route[position:]])

    def _insert(self, client: int, day: int, slot: int, position: int) -> float:
        self._remember_route(slot)
        self.at[client][day] = slot
        return self.table.insert(client, slot, position)
