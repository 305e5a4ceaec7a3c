"""From isolated communes to stops: who shares one, how often the van comes, how long.

The caseload is a service level and stated as such: a half-day of 3 h holds six
interviews of 30 min; a person in need who comes 1.3 times a year takes 1.3 of the
6 × 13 interviews of a four-weekly half-day, so one such half-day follows 60 persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from geodata.errors import DataError
from planning.tours.problem import INTERVALS, FloatArray, TourStop

_FOUR_WEEKS = 4


@dataclass(frozen=True)
class StopRules:
    """How stops are made from communes; all are assumptions that a user may change.

    Parameters
    ----------
    caseload
        Persons in need whom one visit of ``usual_service_min`` every four weeks follows.
    usual_service_min, shortest_service_min, longest_service_min
        Length of a visit: in proportion to the persons, within these bounds (median, 10th
        and 75th percentiles of the slots of France Services buses, list of August 2024).
    share_within_min
        A small commune joins the stop of a neighbour at most this far by car.
    small_persons
        Communes with at most so many persons in need may join a neighbour's stop.
    fewest_persons
        Stops that serve fewer persons are optional, at ``eur_per_person`` each.
    eur_per_person
        What following one person over four weeks is worth, in euros; only for
        optional stops.
    """

    caseload: float = 60.0
    usual_service_min: float = 180.0
    shortest_service_min: float = 150.0
    longest_service_min: float = 210.0
    share_within_min: float = 8.0
    small_persons: float = 30.0
    fewest_persons: float = 0.0
    eur_per_person: float = 3.0

    def __post_init__(self) -> None:
        lengths = (self.shortest_service_min, self.usual_service_min, self.longest_service_min)
        said = [
            (self.caseload > 0, f"nombre de personnes suivies impossible : {self.caseload:g}"),
            (
                0 < lengths[0] <= lengths[1] <= lengths[2],
                "durées de permanence impossibles : la plus courte, l'habituelle et la plus "
                f"longue sont {lengths[0]:g}, {lengths[1]:g} et {lengths[2]:g} min",
            ),
            (self.share_within_min >= 0, "durée de regroupement négative"),
        ]
        faults = [text for holds, text in said if not holds]
        if faults:
            raise DataError(
                f"Règles des arrêts : {' ; '.join(faults)}", remedy="Corrigez ces valeurs."
            )


def dense_minutes(minutes: csr_matrix | csr_array) -> FloatArray:
    """Return a sparse table of minutes as an array: absent is ``inf``, a stored 0 is 0."""
    found = minutes.tocoo()
    dense = np.full(found.shape, np.inf)
    dense[found.coords[0], found.coords[1]] = found.data
    return dense


def isolated_stops(
    codes: Sequence[str],
    names: Sequence[str],
    persons: FloatArray,
    minutes: FloatArray,
    *,
    rules: StopRules | None = None,
    weeks: int = 4,
    points: FloatArray | None = None,
) -> tuple[TourStop, ...]:
    """Return the stops that serve isolated communes, in the order of their codes.

    The commune with most persons in need holds a stop first; each following one joins
    the nearest stop within reach if it is small, else holds its own.  Communes without
    anyone in need get no stop.

    Parameters
    ----------
    codes, names
        INSEE codes and names of the communes, n of each.
    persons
        Persons in need, shape (n,); NaN (unknown) is refused.
    minutes
        Driving minutes between the communes, shape (n, n), ``inf`` where none.
    rules
        See :class:`StopRules`.
    weeks
        Length of the cycle; a stop comes back at least once in it.
    points
        Longitude and latitude in degrees, shape (n, 2), or None.
    """
    rules = rules or StopRules()
    persons = np.asarray(persons, dtype=float)
    _check(codes, names, persons, minutes)
    holder = _holders(codes, persons, minutes, rules)
    stops = []
    for i in sorted(set(holder.values()), key=lambda i: codes[i]):
        members = sorted(
            (m for m, h in holder.items() if h == i and m != i), key=lambda m: codes[m]
        )
        served = float(persons[[i, *members]].sum())
        every = every_weeks(served, rules.caseload, weeks)
        optional = served < rules.fewest_persons
        lon, lat = (
            (float(points[i, 0]), float(points[i, 1])) if points is not None else (np.nan,) * 2
        )
        stops.append(
            TourStop(
                commune_code=codes[i],
                name=names[i],
                service_min=visit_length(served, every, rules),
                every_weeks=every,
                persons=served,
                prize_eur=served * rules.eur_per_person * weeks / _FOUR_WEEKS if optional else None,
                communes=tuple(codes[m] for m in [i, *members]),
                lon=lon,
                lat=lat,
            )
        )
    return tuple(stops)


def every_weeks(persons: float, caseload: float, weeks: int = 4) -> int:
    """Return the longest interval in weeks at which the caseload holds, 1 at least."""
    fitting = [
        interval
        for interval in INTERVALS
        if weeks % interval == 0 and persons <= caseload * _FOUR_WEEKS / interval
    ]
    return max(fitting, default=1)


def visit_length(persons: float, interval: int, rules: StopRules) -> float:
    """Return the minutes of a visit: in proportion to the persons, to a quarter hour."""
    share = persons / (rules.caseload * _FOUR_WEEKS / interval)
    wanted = rules.usual_service_min * share
    bounded = min(max(wanted, rules.shortest_service_min), rules.longest_service_min)
    return float(15.0 * np.ceil(bounded / 15.0))


def _holders(
    codes: Sequence[str], persons: FloatArray, minutes: FloatArray, rules: StopRules
) -> dict[int, int]:
    """Return, for each commune with someone in need, the commune that holds its stop."""
    order = sorted(
        (i for i in range(len(codes)) if persons[i] > 0), key=lambda i: (-persons[i], codes[i])
    )
    holder: dict[int, int] = {}
    held: list[int] = []
    for i in order:
        near = sorted(held, key=lambda h: (minutes[i, h], codes[h]))
        if (
            near
            and persons[i] <= rules.small_persons
            and minutes[i, near[0]] <= rules.share_within_min
        ):
            holder[i] = near[0]
        else:
            holder[i] = i
            held.append(i)
    return holder


def _check(
    codes: Sequence[str], names: Sequence[str], persons: FloatArray, minutes: FloatArray
) -> None:
    n = len(codes)
    if len(names) != n or persons.shape != (n,) or minutes.shape != (n, n):
        raise ValueError("codes, names, persons and minutes must describe the same communes")
    if len(set(codes)) != n:
        raise DataError("Une commune isolée est donnée plusieurs fois")
    wrong = [codes[i] for i in range(n) if not (np.isfinite(persons[i]) and persons[i] >= 0)]
    if wrong:
        raise DataError(
            f"Besoin inconnu ou négatif pour {len(wrong)} commune(s)",
            where=", ".join(wrong[:5]),
            remedy="Donnez un nombre de personnes, ou retirez ces communes.",
        )
