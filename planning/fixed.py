"""Fixed sites: which ones open, and how many positions each holds.

Existing places of help stay open and keep their visitors.  With *F* positions, *n* of them
open new sites where the location model puts them and the other *F − n* reinforce the sites,
new or existing, that serve too many people.  *n* is the largest number that leaves enough
positions for every site to stay under the load allowed, and whose new sites are each worth a
full-time counsellor,

    (1)  load_j / (positions_j + team_j) ≤ κ · Σ_i w_i / F
    (2)  load_j ≥ φ · Σ_i w_i / F                            at each new site

with *κ* the scenario's ``max_load_ratio``, *φ* its ``min_load_ratio`` and *team_j* = 1 at an
existing place of help: opening sites brings help nearer, reinforcing them makes it available.
Where nothing exists one site opens whatever its load.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray, IntArray
from coverage.travel import TravelTimes
from planning.siting.plan import SitingPlan, solve
from planning.siting.problem import Model, SitingProblem
from planning.staffing import positions_needed, share_positions
from planning.stopping import after_iterations

UNSERVED_FACTOR = 2.0
"""A person with no site within the limit counts this many times the limit, in minutes."""

SITING_ITERATIONS = 100_000
"""Far above what proofs on a region take: a guard, not a tuning."""


@dataclass(frozen=True)
class SitingInputs:
    """What choosing fixed sites needs.

    Parameters
    ----------
    times
        Minutes from demand points to places, shape (n_point, n_place): first the existing
        places of help, then the candidates, one a commune.
    weights
        Persons in need, shape (n_point,), none missing.
    existing
        Which places already help people, shape (n_place,).
    reinforceable
        Which places may receive a position, shape (n_place,).
    preference_min
        Penalty of each place in minutes, shape (n_place,); 0 for existing places.
    """

    times: TravelTimes
    weights: FloatArray
    existing: np.ndarray
    reinforceable: np.ndarray
    preference_min: FloatArray

    @property
    def most_new(self) -> int:
        """Number of places where a new site can open."""
        return int((~self.existing).sum())


@dataclass(frozen=True)
class FixedPlan:
    """Fixed sites and their positions.

    Parameters
    ----------
    siting
        The location model's plan, over existing and new sites; ``None`` when nothing could
        or needed to be located.
    positions
        Positions at each place, shape (n_place,); 0 where none is added.
    load
        Persons in need nearest to each place, shape (n_place,).
    assignment
        Place that serves each demand point, shape (n_point,); -1 when none is in reach.
    """

    siting: SitingPlan | None
    positions: IntArray
    load: FloatArray
    assignment: IntArray


@dataclass(frozen=True)
class ModelChoice:
    """The location model: its name, the threshold of max-cover in minutes, κ and φ."""

    model: Model
    threshold_min: float
    max_load_ratio: float
    min_load_ratio: float = 0.0
    seed: int = 0


def choose_fixed_sites(inputs: SitingInputs, positions: int, choice: ModelChoice) -> FixedPlan:
    """Open sites and place ``positions`` fixed positions; see the module's equations.

    Raises
    ------
    InfeasibleError
        When a solver proves that the choices contradict each other.
    """
    mean = float(inputs.weights.sum()) / positions
    most = max(choice.max_load_ratio * mean, np.finfo(float).tiny)
    least = choice.min_load_ratio * mean * (1 - 1e-9)
    low, high = 0, min(positions, inputs.most_new)
    if not inputs.existing.any():
        low = min(1, high)
    best = _staffed(inputs, positions, low, choice)
    while low < high:
        new = (low + high + 1) // 2
        trial = _located(inputs, new, choice)
        opened = trial.load[trial.open_ & ~inputs.existing]
        if new + _reinforcements(inputs, trial, most) <= positions and opened.min() >= least:
            low = new
            best = _with_positions(inputs, trial, positions)
        else:
            high = new - 1
    return best


@dataclass(frozen=True)
class _Located:
    siting: SitingPlan | None
    open_: np.ndarray
    assignment: IntArray
    load: FloatArray


def _located(inputs: SitingInputs, new: int, choice: ModelChoice) -> _Located:
    """Locate ``new`` sites beside the existing ones."""
    existing = inputs.existing
    open_ = existing.copy()
    siting = None
    if new:
        problem = SitingProblem(
            costs_min=inputs.times.minutes,
            weights=inputs.weights,
            sites=int(existing.sum()) + new,
            demand_codes=inputs.times.origins,
            candidate_codes=inputs.times.destinations,
            model=choice.model,
            cover_min=choice.threshold_min,
            kept=existing,
            penalty_min=inputs.preference_min,
            unserved_min=UNSERVED_FACTOR * inputs.times.limit_min,
        )
        siting = solve(problem, after_iterations(SITING_ITERATIONS), seed=choice.seed)
        open_[siting.sites] = True
    assignment, load = assign_people(inputs.times, inputs.weights, np.flatnonzero(open_))
    return _Located(siting, open_, assignment, load)


def _reinforcements(inputs: SitingInputs, located: _Located, most: float) -> int:
    """Return the positions needed beyond the first of each new site."""
    ours = located.open_ & inputs.reinforceable
    return positions_needed(located.load[ours], np.ones(int(ours.sum()), dtype=np.intp), most)


def _with_positions(inputs: SitingInputs, located: _Located, positions: int) -> FixedPlan:
    """Give each new site its first position, and the others where they relieve most."""
    new = located.open_ & ~inputs.existing
    ours = np.flatnonzero(located.open_ & inputs.reinforceable)
    codes = [inputs.times.destinations[j] for j in ours]
    added = share_positions(
        located.load[ours], np.ones(ours.size, dtype=np.intp), positions - int(new.sum()), codes
    )
    held = new.astype(np.intp)
    held[ours] += added
    return FixedPlan(located.siting, held, located.load, located.assignment)


def _staffed(inputs: SitingInputs, positions: int, new: int, choice: ModelChoice) -> FixedPlan:
    return _with_positions(inputs, _located(inputs, new, choice), positions)


def assign_people(
    times: TravelTimes, weights: FloatArray, open_: IntArray
) -> tuple[IntArray, FloatArray]:
    """Send people to the nearest open place.

    Returns
    -------
    assignment
        Place of each demand point, shape (n_point,); -1 when none is in reach.
    load
        Persons at each place, shape (n_place,).
    """
    near, _ = times.restrict(destinations=open_).nearest()
    assignment = np.where(near >= 0, open_[near], -1) if open_.size else near
    served = assignment >= 0
    load = np.bincount(assignment[served], weights[served], minlength=len(times.destinations))
    return assignment, load.astype(np.float64)


def busiest_team(inputs: SitingInputs, positions: IntArray, load: FloatArray) -> float:
    """Return the persons in need of the busiest team; NaN where there is none.

    A team is a counsellor, or the people of a place of help that exists.

    Parameters
    ----------
    inputs
        The places.
    positions, load
        Positions and persons at each place, shape (n_place,).
    """
    teams = positions + inputs.existing
    held = inputs.reinforceable & (teams > 0)
    return float((load[held] / teams[held]).max()) if held.any() else np.nan


def subset_minutes(times: TravelTimes, columns: IntArray) -> FloatArray:
    """Return minutes to the nearest of some places, shape (n_point,); infinite beyond reach."""
    if not columns.size:
        return np.full(len(times.origins), np.inf)
    return times.restrict(destinations=columns).nearest()[1]


def places_frame(hosts: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Return one row a place for the location model: existing places, then candidates.

    Both frames are sorted with each commune's best first; a commune keeps one place, and an
    existing place of help stands for the candidates of its commune.
    """
    existing = offers.drop_duplicates("commune_code").assign(existing=True)
    candidates = hosts.drop_duplicates("commune_code").assign(existing=False)
    candidates = candidates[~candidates["commune_code"].isin(existing["commune_code"])]
    both = pd.concat([existing, candidates], ignore_index=True)
    return both.set_index("commune_code", drop=False).rename_axis("place")
