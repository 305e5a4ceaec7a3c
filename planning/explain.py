"""Reasons in plain French: why a site, why so many mobile counsellors."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coverage.arrays import FloatArray, IntArray
from planning.fixed import FixedPlan
from planning.mobile import FEWEST_COMMUNES_PER_VAN, MobileStep, best_step
from planning.scenario import Scenario
from planning.situation import LIMIT_MIN, Situation

WEIGHT_FR: Final = {
    "persons_in_need": "personnes",
    "population": "habitants",
}


def number(value: float) -> str:
    """Write a whole number in French: ``12 345``, with a narrow no-break space."""
    return f"{round(value):,}".replace(",", "\u202f")


def explain_mobile(steps: list[MobileStep], scenario: Scenario, weight: str) -> str:
    """Say why the best number of mobile counsellors is the best."""
    people = WEIGHT_FR[weight]
    best = best_step(steps)
    threshold = f"{scenario.isolated_min:g} min"
    if best.mobile == 0:
        return (
            f"Aucun conseiller mobile : trop peu de communes resteraient à plus de {threshold} "
            f"d'un lieu pour occuper un véhicule (au moins {FEWEST_COMMUNES_PER_VAN}), ou leurs "
            f"tournées atteindraient trop peu de {people} pour un poste à temps plein."
        )
    before = steps[best.mobile - 1]
    gained = best.on_tours - before.on_tours
    lost = before.near_fixed - best.near_fixed
    who = "1 conseiller mobile" if best.mobile == 1 else f"{best.mobile} conseillers mobiles"
    text = (
        f"{who} : {'il' if best.mobile == 1 else 'le dernier'} atteint par ses tournées "
        f"{number(gained)} {people}"
    )
    if lost >= 0.5:
        text += f" et en laisse {number(lost)} à plus de {threshold} d'un site fixe"
    return text + ". Un de plus en servirait moins, ou en atteindrait trop peu à lui seul."


def explain_sites(scenario: Scenario, situation: Situation, fixed: FixedPlan) -> dict[int, str]:
    """Say why each place holds a counsellor: position among the places → sentence."""
    existing = situation.places["existing"].to_numpy(dtype=bool)
    posted = np.flatnonzero(fixed.positions > 0)
    effect = _site_effects(scenario, situation, fixed, np.union1d(posted, np.flatnonzero(existing)))
    other = {} if fixed.siting is None else {r.code: r.alternative for r in fixed.siting.reasons}
    people = WEIGHT_FR[situation.weight]
    sentences = {}
    for j in posted.tolist():
        if existing[j]:
            sentences[j] = _why_reinforced(fixed, j, people)
        else:
            sentences[j] = _why_opened(scenario, effect, j, people)
            sentences[j] += _near_alternative(scenario, situation, j, other) + "."
    return sentences


@dataclass(frozen=True)
class _Effects:
    """What each place changes, shape (n_place,).

    ``load``: persons who have it for nearest; ``new``: those of them with no known place within
    the threshold today, ``None`` where the offer is unknown; ``lost_min``: mean minutes that
    they would lose without it, at least where ``lost_more``; ``pushed_out``: those who would
    then pass the threshold.
    """

    load: FloatArray
    new: FloatArray | None
    lost_min: FloatArray
    lost_more: NDArray[np.bool_]
    pushed_out: FloatArray


def _site_effects(
    scenario: Scenario, situation: Situation, fixed: FixedPlan, open_: IntArray
) -> _Effects:
    times = situation.times.restrict(destinations=open_).k_nearest(2)
    minutes = np.sort(np.minimum(times.dense(), LIMIT_MIN), axis=1)
    first = minutes[:, 0]
    second = minutes[:, 1] if minutes.shape[1] > 1 else np.full(len(first), LIMIT_MIN)
    served = fixed.assignment >= 0
    place, weight = fixed.assignment[served], situation.weights[served]

    def by_place(values: FloatArray) -> FloatArray:
        total = np.bincount(place, weight * values[served], minlength=len(situation.places))
        return total.astype(np.float64)

    threshold = scenario.threshold_min
    before = situation.minutes_before
    load = by_place(np.ones(len(first)))
    return _Effects(
        load=load,
        new=None
        if before is None
        else by_place(_flag((first <= threshold) & (before > threshold))),
        lost_min=by_place(second - first) / np.maximum(load, 1e-9),
        lost_more=by_place(_flag(second >= LIMIT_MIN)) > 0,
        pushed_out=by_place(_flag((first <= threshold) & (second > threshold))),
    )


def _flag(is_so: NDArray[np.bool_]) -> FloatArray:
    return is_so.astype(np.float64)


def _why_reinforced(fixed: FixedPlan, place: int, people: str) -> str:
    load = float(fixed.load[place])
    teams = int(fixed.positions[place]) + 1
    return (
        f"Renforce un lieu d'accompagnement existant, le plus proche pour {number(load)} "
        f"{people} : {number(load / teams)} par équipe avec ce renfort."
    )


def _why_opened(scenario: Scenario, effect: _Effects, place: int, people: str) -> str:
    text = f"Le plus proche pour {number(effect.load[place])} {people}"
    if effect.new is not None and effect.new[place] >= 0.5:
        text += (
            f", dont {number(effect.new[place])} sans lieu connu "
            f"à moins de {scenario.threshold_min} min aujourd'hui"
        )
    if effect.lost_min[place] >= 0.5:
        least = "au moins " if effect.lost_more[place] else ""
        text += (
            f" ; sans ce site, {least}{effect.lost_min[place]:.0f} min de trajet de plus en moyenne"
        )
    if effect.pushed_out[place] >= 0.5:
        text += f" et {number(effect.pushed_out[place])} à plus de {scenario.threshold_min} min"
    return text


def _near_alternative(
    scenario: Scenario, situation: Situation, place: int, other: dict[str, str | None]
) -> str:
    """Name the best replacement of a site where it serves the same people."""
    code = str(situation.places.index[place])
    found = other.get(code)
    if found is None or _minutes(situation, code, found) > scenario.threshold_min:
        return ""
    return f" ; autre choix possible tout près : {situation.points['name'].loc[found]}"


def _minutes(situation: Situation, commune: str, place: str) -> float:
    """Return the minutes from a commune to a place, infinite beyond the limit."""
    row = situation.points.index.get_loc(commune)
    column = situation.places.index.get_loc(place)
    return float(situation.times.restrict(np.array([row]), np.array([column])).nearest()[1][0])
