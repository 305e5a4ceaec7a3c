"""From a tour problem to the arrays that the search works on.

Stops and bases are put in the order of their codes, so that the order in which they
were given changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from geodata.errors import DataError
from planning.tours.instance import FAR, PeriodicInstance
from planning.tours.patterns import stop_patterns
from planning.tours.places import at_sea
from planning.tours.plan import Unserved
from planning.tours.problem import WEEKDAYS_FR, FloatArray, TourProblem
from planning.tours.schedule import Leg, Timetable, Window, timetable

_MEMORY: Final = 300_000


@dataclass
class TourModel:
    """A problem, its arrays, and the way back.

    ``stop_order[c]`` and ``base_order[b]`` are the problem's indices of client c and
    of base node b; ``vans[v]`` is the (base node, van of that base) of column v.
    ``set_aside`` are stops that no van can serve.
    """

    problem: TourProblem
    stop_order: list[int]
    base_order: list[int]
    vans: list[tuple[int, int]]
    minutes: FloatArray
    set_aside: list[Unserved] = field(default_factory=list)
    _windows: dict[tuple[int, int], tuple[Window, ...]] = field(default_factory=dict)
    _known: dict[tuple[int, int, tuple[int, ...]], bool] = field(default_factory=dict)

    @property
    def n_base(self) -> int:
        """Number of bases."""
        return len(self.base_order)

    def weekday(self, slot: int) -> int:
        """Return the weekday of a slot."""
        return self.problem.week_and_weekday(slot // len(self.vans))[1]

    def base_node(self, slot: int) -> int:
        """Return the base node of a slot."""
        return self.vans[slot % len(self.vans)][0]

    def timetable(self, base: int, weekday: int, nodes: Sequence[int]) -> Timetable | None:
        """Return the hours of a route, None when it breaks a limit of the day."""
        minutes = self.minutes
        before = base
        legs = []
        for node in nodes:
            stop = self.problem.stops[self.stop_order[node - self.n_base]]
            windows = self._windows[node, weekday]
            legs.append(Leg(float(minutes[before, node]), stop.service_min, windows))
            before = node
        return timetable(legs, float(minutes[before, base]), self.problem.day)

    def fits(self, slot: int, nodes: list[int]) -> bool:
        """Whether a slot's van can drive a route within its day; remembered."""
        base, weekday = self.base_node(slot), self.weekday(slot)
        key = (base, weekday, tuple(nodes))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            known = self.timetable(base, weekday, nodes) is not None
            self._known[key] = known
        return known


def build_model(problem: TourProblem) -> tuple[TourModel, PeriodicInstance]:
    """Return the model of a problem and the instance to search.

    Stops that no van can serve alone in a day get no pattern, and stand in
    ``set_aside`` with the reason.
    """
    stop_order = sorted(range(problem.n_stop), key=lambda s: problem.stops[s].commune_code)
    base_order = sorted(range(problem.n_base), key=lambda b: problem.bases[b].commune_code)
    rows = base_order + [problem.n_base + s for s in stop_order]
    minutes = problem.minutes[np.ix_(rows, rows)].astype(float)
    vans = [
        (node, van)
        for node, base in enumerate(base_order)
        for van in range(problem.bases[base].vans)
    ]
    model = TourModel(problem, stop_order, base_order, vans, minutes)
    for client, s in enumerate(stop_order):
        for weekday in problem.weekdays:
            model._windows[model.n_base + client, weekday] = _windows(problem, s, weekday)
    slot_base = _slot_base(model)
    lost = _at_sea(problem)
    patterns = [
        _reachable_patterns(model, client, slot_base, lost) for client in range(len(stop_order))
    ]
    stops = [problem.stops[s] for s in stop_order]
    known = np.isfinite(minutes)
    instance = PeriodicInstance(
        arc_cost=_arc_cost(model, rows),
        n_base=model.n_base,
        n_day=problem.n_day,
        slot_base=slot_base,
        load=np.ones(len(stops)),
        capacity=float(problem.day.max_stops),
        patterns=tuple(tuple(days for days, _ in found) for found in patterns),
        pattern_cost=tuple(tuple(cost for _, cost in found) for found in patterns),
        leave_out_cost=np.array([np.inf if s.prize_eur is None else s.prize_eur for s in stops]),
        arc_min=np.where(known, minutes, FAR),
        service_min=np.array([0.0] * model.n_base + [stop.service_min for stop in stops]),
        max_min=problem.day.max_work_min,
        fits=model.fits,
    )
    return model, instance


def _windows(problem: TourProblem, s: int, weekday: int) -> tuple[Window, ...]:
    stop, day = problem.stops[s], problem.day
    if not stop.windows:
        return ((day.public_from_min, day.public_until_min),)
    return tuple(sorted((a, b) for when, a, b in stop.windows if when == weekday))


def _slot_base(model: TourModel) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    problem = model.problem
    slots = np.full((problem.n_day, len(model.vans)), -1, dtype=np.int64)
    for day in range(problem.n_day):
        weekday = problem.week_and_weekday(day)[1]
        for column, (node, _) in enumerate(model.vans):
            if weekday in problem.bases[model.base_order[node]].weekdays:
                slots[day, column] = node
    return slots


def _arc_cost(model: TourModel, rows: list[int]) -> FloatArray:
    """Euros of every arc; half a van day on each arc that leaves or enters a base."""
    costs = model.problem.costs
    known = np.isfinite(model.minutes)
    km = np.where(known, model.problem.km[np.ix_(rows, rows)], 0.0)
    minutes = np.where(known, model.minutes, 0.0)
    euros = km * costs.eur_per_km + minutes / 60.0 * costs.eur_per_h
    euros[: model.n_base] += costs.eur_per_van_day / 2.0
    euros[:, : model.n_base] += costs.eur_per_van_day / 2.0
    return np.where(known, euros, FAR)


def _at_sea(problem: TourProblem) -> frozenset[int]:
    """Return the stops whose coordinates are at sea; bases there are refused.

    Raises
    ------
    DataError
        Naming the bases.
    """
    lon = [*(base.lon for base in problem.bases), *(stop.lon for stop in problem.stops)]
    lat = [*(base.lat for base in problem.bases), *(stop.lat for stop in problem.stops)]
    lost = at_sea(np.array(lon), np.array(lat))
    named = [base.name for base, far in zip(problem.bases, lost, strict=False) if far]
    if named:
        raise DataError(
            "Point de départ en mer ou hors de France",
            where=", ".join(named),
            remedy="Corrigez ses coordonnées (longitude, puis latitude, en degrés).",
        )
    return frozenset(np.flatnonzero(lost[problem.n_base :]).tolist())


def _reachable_patterns(
    model: TourModel,
    client: int,
    slot_base: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    lost: frozenset[int],
) -> list[tuple[tuple[int, ...], float]]:
    """Patterns on days when some van can serve the client alone; else set it aside."""
    problem, node, s = model.problem, model.n_base + client, model.stop_order[client]
    stop = problem.stops[s]
    if s in lost:
        reason = f"coordonnées en mer ou hors de France ({stop.lat:.4f}, {stop.lon:.4f})"
        model.set_aside.append(
            Unserved(s, stop.commune_code, problem.visits(s), "unreachable", reason)
        )
        return []
    days: set[int] = set()
    for day in range(problem.n_day):
        weekday = problem.week_and_weekday(day)[1]
        if weekday not in stop.open_weekdays:
            continue
        bases = sorted({int(base) for base in slot_base[day] if base >= 0})
        if any(model.timetable(base, weekday, [node]) is not None for base in bases):
            days.add(day)
    found = stop_patterns(problem, s, frozenset(days))
    if not found:
        reason = _why_out_of_reach(model, client) if not days else _why_no_pattern(model, days)
        visits = problem.visits(s)
        model.set_aside.append(Unserved(s, stop.commune_code, visits, "unreachable", reason))
    return found


def _why_out_of_reach(model: TourModel, client: int) -> str:
    problem, node = model.problem, model.n_base + client
    day, stop = problem.day, problem.stops[model.stop_order[client]]
    with_van = sorted({base for base, _ in model.vans})
    drives = [float(model.minutes[b, node] + model.minutes[node, b]) for b in with_van]
    shortest = min(drives)
    if not np.isfinite(shortest):
        return "aucun trajet connu depuis un point de départ"
    if shortest > day.max_drive_min:
        return (
            f"{shortest:.0f} min de route aller et retour, "
            f"pour {day.max_drive_min:.0f} min de conduite permises par jour"
        )
    if shortest + stop.service_min > day.max_work_min:
        return (
            f"{shortest:.0f} min de route et {stop.service_min:.0f} min de permanence "
            f"dépassent une journée de {day.max_work_min:.0f} min"
        )
    return "la permanence ne tient pas dans les horaires et les jours ouverts à cet arrêt"


def _why_no_pattern(model: TourModel, days: set[int]) -> str:
    names = sorted({model.problem.week_and_weekday(day)[1] for day in days})
    listed = ", ".join(WEEKDAYS_FR[weekday] for weekday in names)
    return f"le rythme demandé ne tient pas dans les seuls jours possibles ({listed})"
