"""Reasons in plain French: why a site, why so many mobile counsellors."""

from typing import Final

import numpy as np

from planning.fixed import FixedPlan
from planning.mobile import FEWEST_COMMUNES_PER_VAN, MobileStep, best_step
from planning.scenario import Scenario
from planning.siting.explain import Reason
from planning.situation import Situation

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
            f"tournées atteindraient moins de {people} que le poste fixe qu'elles remplacent."
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
    return text + ". Un de plus en servirait moins, ou n'aurait pas assez de communes à visiter."


def explain_sites(scenario: Scenario, situation: Situation, fixed: FixedPlan) -> dict[int, str]:
    """Say why each place holds a counsellor: position among the places → sentence."""
    people = WEIGHT_FR[situation.weight]
    existing = situation.places["existing"].to_numpy(dtype=bool)
    reasons = (
        {}
        if fixed.siting is None
        else dict(zip(fixed.siting.sites.tolist(), fixed.siting.reasons, strict=True))
    )
    return {
        j: _why_reinforced(fixed, j, people)
        if existing[j] or j not in reasons
        else _why_opened(scenario, situation, reasons[j], people)
        for j in np.flatnonzero(fixed.positions > 0).tolist()
    }


def _why_reinforced(fixed: FixedPlan, place: int, people: str) -> str:
    load = float(fixed.load[place])
    teams = int(fixed.positions[place]) + 1
    return (
        f"Renforce un lieu d'accompagnement existant, le plus proche pour {number(load)} "
        f"{people} : {number(load / teams)} par équipe avec ce renfort."
    )


def _why_opened(scenario: Scenario, situation: Situation, reason: Reason, people: str) -> str:
    text = f"Le plus proche pour {number(reason.persons)} {people}"
    if reason.new_persons >= 0.5:
        text += (
            f", dont {number(reason.new_persons)} qui n'avaient aucun lieu "
            f"à moins de {scenario.threshold_min} min"
        )
    if scenario.model == "p-median" and reason.persons >= 1:
        more = reason.loss / reason.persons
        text += f" ; sans ce site, {more:.0f} min de trajet de plus en moyenne"
    elif reason.loss >= 0.5:
        text += f" ; sans ce site, {number(reason.loss)} passeraient au-delà"
    other = reason.alternative
    # The best replacement anywhere is worth naming only where it serves the same people.
    if other is not None and _minutes(situation, reason.code, other) <= scenario.threshold_min:
        text += f" ; autre choix possible tout près : {situation.points['name'].loc[other]}"
    return text + "."


def _minutes(situation: Situation, commune: str, place: str) -> float:
    """Return the minutes from a commune to a place, infinite beyond the limit."""
    row = situation.points.index.get_loc(commune)
    column = situation.places.index.get_loc(place)
    return float(situation.times.restrict(np.array([row]), np.array([column])).nearest()[1][0])
