"""The state of a search for positions: multipliers, bound, best placing; and its steps."""

import logging
from functools import cached_property

import numpy as np
import numpy.typing as npt

from planning.siting.ascent import Ascent, starting_multipliers
from planning.siting.core import Core
from planning.siting.highs import minimise
from planning.siting.lists import Lists
from planning.siting.moves import Placed, improve_positions, ranked
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.room_rules import room_rules
from planning.siting.rooms import Rooms, evaluate_rooms
from planning.siting.swap import greedy, two_nearest
from planning.siting.transport import Transport
from planning.siting.watch import Watch
from planning.siting.whole import whole

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

logger = logging.getLogger(__name__)

SMALL = 400_000
"""Pairs up to which every pair is listed."""
LIST = 100
"""Above that, nearest sites listed for each demand."""
WHOLE = 30_000
"""Pairs of sites that may open up to which HiGHS takes the model whole."""
SHORT = 6_000
"""The same where no clock ends HiGHS: its first node alone may take minutes beyond."""
NODES = 10
WORK = 300_000
"""Where no clock ends HiGHS it gets ``WORK`` / pairs nodes, and at least ``NODES``."""
STEPS = 50
"""Subgradient steps between two looks at the target."""
LAST_STEP = 1.5e-3
PATIENCE = 15
AIM = 1.2
"""First target of a climb, as a multiple of the cost without capacities; who can find no room
is added."""
NEAR = 0.7
"""Pairs of the transport cost less than multiplier + this share of the mean, a person."""
ROUNDS = 8
"""Random starts in vain after which a search ends."""
NO_ROOM = 100.0
"""Where nobody may be left without room, what that counts, as a multiple of U."""


class Placing:
    """What is known of a capacitated problem so far.

    Parameters
    ----------
    problem, core
        The problem, and the same in canonical order.
    watch
        Counts iterations and says when to stop.

    Attributes
    ----------
    dual
        The best multipliers, with their positions.
    bound
        The best bound, that of HiGHS included.
    best, upper
        The best placing and its cost; ``None`` and infinite before there is one.
    """

    def __init__(self, problem: SitingProblem, core: Core, watch: Watch) -> None:
        assert problem.capacity is not None
        self.core, self.watch = core, watch
        self.rules = room_rules(problem, core)
        weights = problem.weights[core.demand]
        self.lists = _lists(problem, core, weights)
        self.rooms = Rooms(
            weights, problem.capacity, problem.positions, core.p, core.opened, core.closed
        )
        self.solver = "lagrangien + transport"
        self.best: Placed | None = None
        self.upper = np.inf
        count = min(core.p, int((~core.closed).sum()))
        served = two_nearest(self.lists, greedy(self.lists, count, core.opened, core.closed))
        short = max(0.0, 1.0 - problem.capacity * core.p / float(weights.sum()))
        self._aim = AIM * served.value + short * float(core.source.outside.sum())
        room = float((served.d2 - served.d1).sum())
        self._scale = weights * max(room, 1e-9 * max(served.value, 1.0)) / weights.sum()
        start = starting_multipliers(served, self.lists.beyond)
        self.dual = evaluate_rooms(self.lists, self.rooms, start)
        self.bound = watch.bound = self.dual.bound

    @cached_property
    def transport(self) -> Transport:
        """Judge of placings, on the pairs that the first multipliers make likely, all if few."""
        lists, weights = self.lists, self.rooms.weights
        pairs = np.arange(len(lists.cost))
        if len(pairs) > WHOLE:
            worth = self.dual.multipliers / weights
            most = worth + NEAR * float(worth.mean())
            pairs = np.flatnonzero(lists.cost < (most * weights)[lists.rows])
        factor = NO_ROOM if self.rules.nobody_left else 1.0
        return Transport(lists, self.rooms, self.core.source.outside * factor, pairs)

    @property
    def proven(self) -> bool:
        """Whether nothing better than the plan can exist."""
        return self.bound >= self.core.cutoff(self.upper)

    @property
    def clamped(self) -> int:
        """Demands whose multiplier is held down by the end of their list."""
        return int((self.lists.cut & (self.dual.multipliers >= self.lists.beyond)).sum())

    def climb(self, step: float) -> None:
        """Raise the bound; before a plan is known the target rises with it."""
        ascent = Ascent(self.lists, self.rooms, self.dual.multipliers, self._scale, step=step)
        ascent.patience = PATIENCE
        target = self.upper if self.best is not None else max(self._aim, AIM * self.bound)
        ascent.ceiling = self.core.cutoff(self.upper)
        while not self.watch.stopped:
            if ascent.run(target, STEPS, self.watch, LAST_STEP):
                break
            if self.best is None and ascent.best_bound > 0.97 * target:
                target *= 1.05
            self.watch.bound = max(self.bound, ascent.best_bound)
            self.watch.tell("Amélioration de la borne")
        dual = evaluate_rooms(self.lists, self.rooms, ascent.best)
        if dual.bound > self.dual.bound:
            self.dual = dual
        self.bound = self.watch.bound = max(self.bound, dual.bound)

    def improve(self) -> None:
        """Improve the positions of the bound, or the allowed ones of least increment."""
        start: Ints | None = self.dual.positions
        if not self.rules.empty:
            start, total = self.rules.cheapest(self.dual.increments, self.rooms, self.watch)
            self.bound = max(self.bound, float(self.dual.multipliers.sum()) + total)
        if start is None:
            return
        placed = improve_positions(self.transport, self.lists, start, self.watch, self.rules.allow)
        logger.info("placed: %f, bound %f", placed.sent.value, self.bound)
        self._keep(placed)

    def offer(self, positions: Ints) -> None:
        """Keep positions, shape (m,), if they follow the rules and cost less."""
        self._keep(Placed(positions, self.transport.send(positions)))

    def shake(self) -> None:
        """Move some positions of the best placing at random, improve it again; some rounds.

        An improvement starts the rounds again (iterated local search: Lourenço, Martin and
        Stützle 2003).
        """
        random = np.random.default_rng(0)
        left = ROUNDS
        while left and self.best is not None and not (self.watch.ask() or self.proven):
            start = self.best.positions.copy()
            moves = ranked(self.transport, self.lists, self.best, all_moves=True)
            count = min(len(moves), max(2, self.rooms.total // 12))
            for enter, leave in [moves[k] for k in random.permutation(len(moves))[:count]]:
                least = int(self.rooms.opened[leave])
                if start[enter] < self.rooms.most and start[leave] > least:
                    start[enter] += 1
                    start[leave] -= 1
            before, left = self.upper, left - 1
            if self.rules.allow(start):
                self._keep(
                    improve_positions(
                        self.transport, self.lists, start, self.watch, self.rules.allow
                    )
                )
            if self.upper < before * (1 - 1e-9):
                left = ROUNDS

    def prove(self) -> None:
        """Give what is left once sites are fixed to HiGHS, where it is little enough."""
        closed = self._closed()
        open_pairs = int((~closed[self.lists.sites]).sum())
        assert self.best is not None
        timed = np.isfinite(self.watch.left_s)
        if open_pairs > (WHOLE if timed else SHORT) or self.lists.cut.any():
            return
        asked = whole(self.lists, self.rooms, self.core.source.outside, self.rules, closed)
        start = asked.start(self.best, self.transport)
        nodes = 2**31 - 1 if timed else max(NODES, WORK // max(open_pairs, 1))
        answer = minimise(asked.programme, self.watch, start=start, nodes=nodes)
        if answer.x is not None:
            self.offer(asked.positions(answer))
        self.bound = max(self.bound, min(answer.bound, self.upper))
        if answer.optimal:
            self.bound = self.upper
        self.solver = "lagrangien + HiGHS"

    def _keep(self, placed: Placed) -> None:
        left = float(placed.sent.left.sum())
        if self.rules.nobody_left and left > 1e-6 * float(self.rooms.weights.sum()):
            return
        if placed.sent.value < self.upper and self.rules.allow(placed.positions):
            self.best, self.upper = placed, placed.sent.value
            self.watch.best = self.upper

    def _closed(self) -> Bools:
        """Return the sites that no better plan opens: equation (4) on increments, (m,)."""
        increments, positions = self.dual.increments, self.dual.positions
        held = np.flatnonzero(positions)
        last = float(increments[held, positions[held] - 1].max(initial=-np.inf))
        room = self.core.cutoff(self.upper) - self.dual.bound
        out = (positions == 0) & (increments[:, 0] - last >= room) & ~self.rooms.opened
        closed: Bools = self.rooms.closed | out
        return closed


def _lists(problem: SitingProblem, core: Core, weights: Floats) -> Lists:
    """Return the candidate lists, without the journeys that nobody may make."""
    length = core.source.full_length if core.source.size <= SMALL else LIST
    lists = core.source.lists(np.arange(core.n), np.full(core.n, length))
    farthest = problem.rules.farthest_min
    if farthest is None or not isinstance(problem.costs_min, PointCosts):
        return lists
    return lists.keep(lists.cost <= farthest * weights[lists.rows] * (1 + 1e-12))
