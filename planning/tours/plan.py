"""The answer: routes of vans, day by day, and what could not be served."""

import math
from dataclasses import dataclass
from functools import cached_property

from planning.tours.problem import TourProblem


@dataclass(frozen=True)
class Visit:
    """One visit of a stop.

    ``arrive_min`` is when the public is received from, ``depart_min`` until when; the
    van is there between both.  ``lunch_from_min`` is set when the stop closes for the
    lunch break in between (visits longer than half a day).
    """

    stop: int
    commune_code: str
    arrive_min: float
    depart_min: float
    lunch_from_min: float | None = None


@dataclass(frozen=True)
class DayRoute:
    """One van's day: base, visits in order, base.

    ``day`` counts working days of the cycle from 0; ``week`` counts from 0;
    ``weekday`` is 0 for Monday; ``base`` indexes the problem's bases and ``van`` the
    vans of that base.
    """

    day: int
    week: int
    weekday: int
    base: int
    base_code: str
    van: int
    visits: tuple[Visit, ...]
    leave_min: float
    return_min: float
    lunch_from_min: float | None
    drive_min: float
    km: float

    @property
    def stops(self) -> tuple[Visit, ...]:
        """The visits, under the name that ``plan.json`` gives them."""
        return self.visits


@dataclass(frozen=True)
class Unserved:
    """A stop that the plan leaves out, and why (``reason`` in French).

    ``kind`` is ``unreachable`` (no van could serve it, even alone in a day), ``full``
    (no room left) or ``optional`` (not worth its cost).
    """

    stop: int
    commune_code: str
    visits: int
    kind: str
    reason: str


@dataclass(frozen=True)
class TourPlan:
    """Days of all vans over the cycle.

    ``cost`` is in euros over the cycle (driving, van days, visits moved from their
    usual weekday), without the prizes of the stops left out.  ``relaxations`` are
    French sentences: what would make the rest fit.  ``seconds`` is what all of it took.
    """

    problem: TourProblem
    days: tuple[DayRoute, ...]
    unserved: tuple[Unserved, ...]
    cost: float
    relaxations: tuple[str, ...]
    iterations: int
    seconds: float
    seed: int
    stop_kind: str
    stop_value: float

    @property
    def feasible(self) -> bool:
        """Whether every required stop gets all its visits, those out of reach included."""
        return self.visits_served == self.visits_required

    @property
    def left_for_room(self) -> int:
        """Visits to required stops within reach for which the vans have no room."""
        return sum(item.visits for item in self.unserved if item.kind == "full")

    @property
    def out_of_reach(self) -> int:
        """Visits to required stops that no van could make, even alone in a day."""
        stops = self.problem.stops
        aside = [item for item in self.unserved if item.kind == "unreachable"]
        return sum(item.visits for item in aside if stops[item.stop].required)

    @property
    def van_days(self) -> int:
        """Days of the cycle on which some van of the problem could go out, vans added up."""
        problem = self.problem
        return sum(
            base.vans * problem.weeks * len(set(base.weekdays) & set(problem.weekdays))
            for base in problem.bases
        )

    @property
    def busy_vans(self) -> int:
        """Vans that these outings would keep busy: a floor, since each has its base and days."""
        return math.ceil(len(self.days) / self.problem.n_day)

    @cached_property
    def drive_min(self) -> float:
        """Minutes of driving over the cycle."""
        return sum(route.drive_min for route in self.days)

    @cached_property
    def km(self) -> float:
        """Kilometres over the cycle."""
        return sum(route.km for route in self.days)

    @cached_property
    def visits_required(self) -> int:
        """Visits asked for by required stops over the cycle, those out of reach included."""
        problem = self.problem
        return sum(problem.visits(s) for s, stop in enumerate(problem.stops) if stop.required)

    @cached_property
    def visits_served(self) -> int:
        """Visits to required stops over the cycle."""
        stops = self.problem.stops
        return sum(stops[visit.stop].required for route in self.days for visit in route.visits)

    @cached_property
    def stops(self) -> dict[str, tuple[tuple[DayRoute, Visit], ...]]:
        """Visits of each served stop, by commune code, in the order of the cycle."""
        found: dict[str, list[tuple[DayRoute, Visit]]] = {}
        for route in self.days:
            for visit in route.visits:
                found.setdefault(visit.commune_code, []).append((route, visit))
        return {code: tuple(found[code]) for code in sorted(found)}

    @cached_property
    def persons_served(self) -> float:
        """Persons in need at the stops served."""
        left_out = {item.stop for item in self.unserved}
        return sum(stop.persons for s, stop in enumerate(self.problem.stops) if s not in left_out)
