"""What changes when positions are moved by hand: the same measures, at once.

Nothing is optimised here: people go to the nearest place that is open, as in the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coverage.access import Reach, reach
from coverage.arrays import FloatArray, IntArray
from coverage.catchment import Decay, catchment
from coverage.equity import Equity, equity
from geodata.errors import DataError
from planning.deployment import Deployment, posted_sites, scorecard_of
from planning.explain import explain_sites
from planning.fixed import FixedPlan, assign_people, subset_minutes
from planning.programme import effective_week_h, programme
from planning.situation import LIMIT_MIN, Situation

DECAY: Final = Decay()
"""How much a counsellor counts by distance: to 30 minutes, falling smoothly."""


@dataclass(frozen=True)
class Adjusted:
    """A plan whose fixed positions were moved.

    Parameters
    ----------
    positions
        Positions at each place, shape (n_place,).
    minutes
        Minutes to the nearest place of help, shape (n_point,).
    assignment
        Place that serves each demand point, shape (n_point,); -1 when none is in reach.
    load
        Persons in need nearest to each place, shape (n_place,).
    reach
        Access of the people weighed; ``None`` where there is nobody.
    isolated
        Number of inhabited communes beyond the scenario's isolation threshold.
    equity
        How evenly the time of the fixed positions is shared, in minutes a week for one
        person in need, by canton; ``share_below`` is the share of people with none in reach.
    """

    positions: IntArray
    minutes: FloatArray
    assignment: IntArray
    load: FloatArray
    reach: Reach | None
    isolated: int
    equity: Equity


def adjust(plan: Deployment, positions: Mapping[str, int]) -> Adjusted:
    """Measure a plan with other fixed positions.

    Parameters
    ----------
    plan
        The plan to start from.
    positions
        Commune of the place → positions there; a commune left out has none.

    Raises
    ------
    ValueError
        If a commune has no place, or a number is negative.
    """
    situation = plan.situation
    codes = situation.places["commune_code"]
    ours = codes.isin(situation.points.index).to_numpy()
    place = {code: k for k, code in enumerate(codes) if ours[k]}
    unknown = sorted(set(positions) - set(place))
    if unknown or any(count < 0 for count in positions.values()):
        raise ValueError(f"no place in {unknown}, or a negative number of positions")
    held = np.zeros(len(codes), dtype=np.intp)
    for code, count in positions.items():
        held[place[code]] = count
    open_ = np.flatnonzero((held > 0) | situation.places["existing"].to_numpy(dtype=bool))
    assignment, load = assign_people(situation.times, situation.weights, open_)
    minutes = subset_minutes(situation.times, np.flatnonzero(held > 0))
    if situation.minutes_before is not None:
        minutes = np.minimum(minutes, situation.minutes_before)
    thresholds = tuple(sorted({10, 15, 20, 30, plan.scenario.threshold_min}))
    far = (minutes > plan.scenario.isolated_min) & (situation.weights > 0)
    return Adjusted(
        positions=held,
        minutes=minutes,
        assignment=assignment,
        load=load,
        reach=reach(minutes, situation.weights, LIMIT_MIN, thresholds),
        isolated=int(far.sum()),
        equity=_shared(situation, held),
    )


def positions_of(plan: Deployment, adjusted: Adjusted) -> dict[str, int]:
    """Return the positions of each commune, those above zero."""
    codes = plan.situation.places["commune_code"]
    held = np.flatnonzero(adjusted.positions > 0)
    return {str(codes.iloc[k]): int(adjusted.positions[k]) for k in held}


def reasons(plan: Deployment, adjusted: Adjusted) -> dict[int, str]:
    """Say in French why each place with positions is useful: place → sentence."""
    return explain_sites(plan.scenario, plan.situation, _fixed(adjusted))


def _fixed(adjusted: Adjusted) -> FixedPlan:
    return FixedPlan(None, adjusted.positions, adjusted.load, adjusted.assignment)


def adjusted_plan(plan: Deployment, positions: Mapping[str, int]) -> Deployment:
    """Return a plan with other fixed positions, as a plan that can be compared with others.

    Its tours stay those of ``plan``: moving positions by hand plans no tour again.  The reason
    for each place is told from where the positions are now; no proof comes with them.

    Parameters
    ----------
    plan, positions
        As for :func:`adjust`.

    Raises
    ------
    DataError
        If there is no position at all.
    """
    total = sum(positions.values()) + plan.mobile.mobile
    if total < 1:
        raise DataError(
            "Sans aucun poste, il n'y a rien à comparer", remedy="Placez au moins un poste."
        )
    situation = plan.situation
    moved = adjust(plan, positions)
    far = (moved.minutes > plan.scenario.isolated_min) & (situation.weights > 0)
    scenario = replace(plan.scenario, positions=total)
    fixed = _fixed(moved)
    touring = replace(plan.touring, isolated=tuple(situation.points.index[far]))
    return replace(
        plan,
        scenario=scenario,
        fixed=fixed,
        sites=posted_sites(scenario, situation, fixed),
        touring=touring,
        minutes_after=moved.minutes,
        scorecard=scorecard_of(scenario, situation, moved.minutes, touring),
    )


def _shared(situation: Situation, held: IntArray) -> Equity:
    """Measure how evenly the hours of the positions reach the people."""
    open_ = np.flatnonzero(held > 0)
    times = situation.times.restrict(destinations=open_)
    hours = effective_week_h(programme().values()) * held[open_].astype(np.float64)
    weekly_min = catchment(times, situation.weights, hours, DECAY).weekly_min
    cantons = situation.points["canton"].fillna("").astype("category").cat.codes.to_numpy()
    return equity(weekly_min, situation.weights, cantons.astype(np.intp), np.finfo(float).tiny)
