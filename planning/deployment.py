"""The whole plan of a territory: fixed sites, their positions, tours, and what they change."""

import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from coverage.access import THRESHOLDS_MIN, reach
from coverage.arrays import FloatArray
from geodata import territory as territories
from geodata.errors import DataError
from geodata.territory import Territory
from planning.explain import explain_mobile, explain_sites
from planning.fixed import (
    FixedPlan,
    ModelChoice,
    assign_people,
    busiest_team,
    choose_fixed_sites,
    subset_minutes,
)
from planning.mobile import MobileStep, best_step, mobile_steps
from planning.scenario import Scenario
from planning.scorecard import Scorecard
from planning.situation import LIMIT_MIN, Situation, survey
from planning.stopping import Progress, ProgressCallback
from planning.touring import Touring, plan_tours


@dataclass(frozen=True)
class Site:
    """A place where counsellors are posted.

    ``persons_assigned`` are the persons in need (or inhabitants) nearest to it, shared
    between the hosts of one commune in proportion to their positions; ``reinforces`` tells
    that help already exists there; ``why`` is a French sentence.
    """

    commune_code: str
    commune_name: str
    name: str
    host_kind: str
    lon: float
    lat: float
    hours: str | None
    positions: int
    persons_assigned: float
    reinforces: bool
    why: str


@dataclass(frozen=True)
class Deployment:
    """A finished plan.

    Parameters
    ----------
    scenario, territory
        What was asked, and where.
    situation
        What was known.
    fixed
        The location model's plan and the positions at each place.
    mobile
        What the chosen number of mobile counsellors would serve; ``mobile_why`` explains it.
    sites
        Where fixed counsellors are posted, by code of commune.
    touring
        Tours and the isolated communes, or the reason for which there is none.
    minutes_after
        Minutes to the nearest place of help once the fixed sites are open, shape (n_point,).
    scorecard
        Before and after.
    seconds
        Time taken.
    """

    scenario: Scenario
    territory: Territory
    situation: Situation
    fixed: FixedPlan
    mobile: MobileStep
    mobile_why: str
    sites: tuple[Site, ...]
    touring: Touring
    minutes_after: FloatArray
    scorecard: Scorecard
    seconds: float

    def persons_per_team(self) -> tuple[float | None, float]:
        """Return the persons in need of the busiest team, before the plan and with it.

        See :func:`planning.fixed.busiest_team`; before is ``None`` where no layer says what
        exists.
        """
        inputs = self.situation.siting_inputs()
        after = busiest_team(inputs, self.fixed.positions, self.fixed.load)
        if self.situation.minutes_before is None:
            return None, after
        _, load = assign_people(inputs.times, inputs.weights, np.flatnonzero(inputs.existing))
        return busiest_team(inputs, np.zeros_like(self.fixed.positions), load), after

    def communes(self) -> pd.DataFrame:
        """Return one row a commune: need, minutes before and after, whether a tour stops there."""
        situation = self.situation
        before = situation.minutes_before
        columns = ["name", "department", "canton", "population", "lon", "lat"]
        table = situation.points[columns].join(situation.need.frame())
        table["minutes_before"] = np.nan if before is None else before
        table["minutes_after"] = self.minutes_after
        table["on_tour"] = table.index.isin(self.touring.communes)
        return table


def deploy(scenario: Scenario, progress: ProgressCallback | None = None) -> Deployment:
    """Plan a territory.

    Parameters
    ----------
    scenario
        The choices.
    progress
        Called now and then; raise from it to cancel.

    Raises
    ------
    DataError
        If the territory is unknown, empty, or offers no place for a position.
    InfeasibleError
        If the choices contradict each other.
    """
    started = time.perf_counter()
    tell = progress or (lambda _: None)
    tell(Progress(0.02, "Lecture du territoire et des lieux"))
    territory = territories.resolve(scenario.territory)
    if territory.kind == "country":
        raise DataError(
            "Un plan complet se calcule pour une région ou un département, pas pour tout le pays",
            where=f"{territory.name}, {scenario.positions} postes",
            remedy="Planifiez chaque région, par exemple REG-84.",
        )
    situation = survey(territory, scenario.host_preference_min)
    tell(Progress(0.15, "Choix des sites fixes"))
    choice = ModelChoice(
        scenario.model,
        float(scenario.threshold_min),
        scenario.max_load_ratio,
        scenario.min_load_ratio,
        scenario.seed,
    )
    step, why = _choose_mobile(scenario, situation, choice)
    fixed = choose_fixed_sites(situation.siting_inputs(), scenario.positions - step.mobile, choice)
    minutes_after = _minutes_after(situation, fixed)
    tell(Progress(0.4, "Organisation des tournées"))
    touring = plan_tours(
        scenario,
        situation,
        _posted(fixed),
        minutes_after,
        step.mobile,
        lambda p: tell(replace(p, done_share=0.4 + 0.55 * p.done_share)),
    )
    tell(Progress(0.97, "Bilan avant et après"))
    return Deployment(
        scenario=scenario,
        territory=territory,
        situation=situation,
        fixed=fixed,
        mobile=step,
        mobile_why=why,
        sites=posted_sites(scenario, situation, fixed),
        touring=touring,
        minutes_after=minutes_after,
        scorecard=scorecard_of(scenario, situation, minutes_after, touring),
        seconds=time.perf_counter() - started,
    )


def _posted(fixed: FixedPlan) -> np.ndarray:
    """Return the positions among the places of those that hold a counsellor."""
    return np.flatnonzero(fixed.positions > 0)


def _choose_mobile(
    scenario: Scenario, situation: Situation, choice: ModelChoice
) -> tuple[MobileStep, str]:
    """Decide how many counsellors go on tours, and say why."""
    if not scenario.tours and scenario.mobile is None:
        return MobileStep(0, 0.0, 0.0), "Sans tournées, tous les postes sont fixes."
    inputs = situation.siting_inputs()
    full = choose_fixed_sites(inputs, scenario.positions, choice)
    existing = np.flatnonzero(inputs.existing)
    new = np.flatnonzero((full.positions > 0) & ~inputs.existing)
    worth = scenario.min_load_ratio * float(situation.weights.sum()) / scenario.positions
    steps = mobile_steps(
        situation.times,
        situation.weights,
        (existing, new),
        scenario.isolated_min,
        scenario.positions - 1,  # a plan keeps one fixed position, from which the tours start
        worth if scenario.mobile is None else 0.0,
    )
    if scenario.mobile is None:
        return best_step(steps), explain_mobile(steps, scenario, situation.weight)
    asked = next((s for s in steps if s.mobile == scenario.mobile), None)
    found = asked or replace(steps[-1], mobile=scenario.mobile)
    return found, f"{scenario.mobile} conseillers mobiles, nombre demandé."


def _minutes_after(situation: Situation, fixed: FixedPlan) -> FloatArray:
    with_sites = subset_minutes(situation.times, _posted(fixed))
    if situation.minutes_before is None:
        return with_sites
    return np.minimum(situation.minutes_before, with_sites)


def posted_sites(scenario: Scenario, situation: Situation, fixed: FixedPlan) -> tuple[Site, ...]:
    """Spread the positions of each place over the hosts of its commune, the best first."""
    why = explain_sites(scenario, situation, fixed)
    by_commune = dict(tuple(situation.hosts.groupby("commune_code", sort=False)))
    sites: list[Site] = []
    for j in _posted(fixed):
        place = situation.places.iloc[j]
        hosts = by_commune.get(place["commune_code"])
        rows = place.to_frame().T if hosts is None else hosts
        held = int(fixed.positions[j])
        spread = np.bincount(np.arange(held) % len(rows), minlength=len(rows))
        for (_, host), count in zip(rows.iterrows(), spread, strict=True):
            if count:
                sites.append(
                    Site(
                        commune_code=str(place["commune_code"]),
                        commune_name=str(situation.points.at[place["commune_code"], "name"]),
                        name=str(host["name"]),
                        host_kind=str(host["kind"]),
                        lon=float(host["lon"]),
                        lat=float(host["lat"]),
                        hours=host["hours"] if isinstance(host["hours"], str) else None,
                        positions=int(count),
                        persons_assigned=float(fixed.load[j]) * int(count) / held,
                        reinforces=bool(place["existing"]),
                        why=why[j],
                    )
                )
    return tuple(sorted(sites, key=lambda site: (site.commune_code, -site.positions, site.name)))


def scorecard_of(
    scenario: Scenario, situation: Situation, minutes_after: FloatArray, touring: Touring
) -> Scorecard:
    """Return what a plan changes, from the minutes to the nearest place once it is there."""
    thresholds = tuple(sorted({*THRESHOLDS_MIN, scenario.threshold_min}))
    before = situation.minutes_before
    weights = situation.weights
    total = float(weights.sum())
    reached = minutes_after <= scenario.threshold_min
    reached |= situation.points.index.isin(touring.communes)
    return Scorecard(
        before=None if before is None else reach(before, weights, LIMIT_MIN, thresholds),
        before_partial=situation.offer_partial,
        after=reach(minutes_after, weights, LIMIT_MIN, thresholds),
        share_with_tours=float(weights[reached].sum()) / total if total else None,
        threshold_min=scenario.threshold_min,
    )
