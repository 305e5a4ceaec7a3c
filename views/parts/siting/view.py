"""A siting plan as words, rows and map layers: no Streamlit here."""

from typing import Final

import numpy as np

from geodata import tables
from planning.fixed import UNSERVED_FACTOR
from planning.siting.outcome import Outcome, reached
from planning.siting.plan import SitingPlan
from planning.siting.posing import Posed
from planning.siting.study import Study
from views.parts import travel_text, wording
from views.parts.tables import Fact

AIMS: Final = {
    "p-median": "Le temps de trajet moyen le plus court",
    "max-cover": "Le plus de personnes sous le seuil de temps",
    "set-cover": "Le moins de sites pour que chacun soit sous le seuil",
    "p-center": "Le plus long trajet, le plus court possible",
    "capacitated": "Le temps moyen, avec une charge limitée par poste",
}


def title(study: Study, name: str) -> str:
    """Return what a study is called: « Allier : 10 sites, temps moyen »."""
    unit = "poste" if study.model == "capacitated" else "site"
    count = "" if study.model == "set-cover" else f"{wording.count(study.sites, unit)}, "
    return f"{name} : {count}{AIMS[study.model][:1].lower()}{AIMS[study.model][1:]}"


def facts(found: Outcome, plan: SitingPlan) -> list[Fact]:
    """Return the figures of a plan, the one it looks for first."""
    posed = found.posed
    threshold = posed.study.threshold_min
    people = "personnes en illectronisme" if posed.weight == "persons_in_need" else "habitants"
    new = len(plan.sites) - int(posed.problem.kept.sum())
    away = wording.minutes(posed.problem.unserved)
    rows = [
        Fact(
            "Sites du plan",
            wording.number(new),
            f"et {wording.number(len(plan.sites) - new)} existants gardés"
            if new < len(plan.sites)
            else f"{wording.number(int(plan.positions.sum()))} postes"
            if plan.model == "capacitated"
            else f"parmi {wording.number(len(posed.candidates))} possibles",
        ),
        Fact(
            "Temps moyen",
            wording.minutes(plan.counted_min, 1),
            f"qui est hors d'atteinte y compte {away}"
            if plan.persons_unserved >= 0.5
            else "vers le site qui sert la personne",
        ),
        Fact(
            f"À {wording.number(threshold)} min ou moins",
            wording.share(reached(posed, plan, threshold), 1),
            f"des {people} (estimation)",
        ),
        _proof_fact(plan),
    ]
    if plan.persons_unserved >= 0.5:
        rows.append(
            Fact(
                "Hors d'atteinte", wording.number(plan.persons_unserved), out_of_reach(posed, plan)
            )
        )
    return rows


def out_of_reach(posed: Posed, plan: SitingPlan) -> str:
    """Return what "hors d'atteinte" means in a plan."""
    if plan.model == "capacitated":
        return "sans place dans un site à portée"
    limit = wording.minutes(posed.problem.unserved / UNSERVED_FACTOR)
    return f"à plus de {limit} de tout site, ou sans route ; {reached_mean(plan)} pour les autres"


def reached_mean(plan: SitingPlan) -> str:
    """Return the mean journey of those in reach."""
    return f"{wording.minutes(plan.mean_min, 1)} en moyenne"


def _proof_fact(plan: SitingPlan) -> Fact:
    if plan.optimal:
        return Fact(
            "Preuve", "le meilleur", "aucun autre choix de sites ne fait mieux", strong=True
        )
    return Fact(
        "Écart au meilleur possible",
        f"au plus {gap_text(plan.gap)}",
        f"borne prouvée : {_worth(plan, plan.bound)}",
        strong=True,
    )


def gap_text(gap: float) -> str:
    """Return a gap as a share."""
    if not np.isfinite(gap):
        return "inconnu"
    return wording.share(gap, 1 if gap > 0.05 else 4 if gap < 0.0005 else 2)


def _worth(plan: SitingPlan, value: float) -> str:
    units = {
        "max-cover": "personnes",
        "set-cover": "sites",
        "p-center": "min",
    }
    if plan.model == "p-center":
        return wording.minutes(value, 1)
    return f"{wording.number(value)} {units.get(plan.model, 'personnes × minutes')}"


def proof_text(plan: SitingPlan) -> str:
    """Return the objective, the bound and the gap in one sentence."""
    value, bound = _worth(plan, plan.objective), _worth(plan, plan.bound)
    if plan.optimal:
        return (
            f"Ce plan vaut **{value}** et le calcul prouve qu'aucun plan qui suit les mêmes règles "
            "ne fait mieux."
        )
    side = "plus de" if plan.model == "max-cover" else "moins de"
    return (
        f"Ce plan vaut **{value}**. Le calcul prouve qu'aucun plan ne peut faire {side} "
        f"**{bound}** : le meilleur plan possible gagnerait donc **au plus {gap_text(plan.gap)}** "
        "sur celui-ci, peut-être rien. Plus de temps de calcul resserre l'écart."
    )


def method_rows(found: Outcome, plan: SitingPlan) -> list[tuple[str, str]]:
    """Return how a plan was made."""
    posed = found.posed
    rows = [
        ("Recherche", AIMS[plan.model]),
        ("Résolution", plan.solver),
        ("Temps de calcul", f"{wording.number(plan.seconds, 1)} s, {plan.iterations} itérations"),
        (
            "Temps de trajet",
            travel_text.minutes_note() if posed.road else travel_text.coarse_note(),
        ),
        ("Points de besoin", wording.number(len(posed.demand))),
        ("Sites possibles", wording.number(len(posed.candidates))),
        ("Graine", "sans tirage : les mêmes choix et la même durée mènent au même genre de plan"),
    ]
    if plan.clamped:
        rows.append(
            (
                "Listes trop courtes",
                f"{wording.number(plan.clamped)} points ; la borne reste valable",
            )
        )
    return rows


def territories() -> dict[str, str]:
    """Return the territories offered: the country, the regions, the départements."""
    regions = {f"REG-{code}": f"Région {name}" for code, name in tables.regions()["name"].items()}
    departments = {
        str(code): f"{code} · {name}" for code, name in tables.departments()["name"].items()
    }
    return {"FR": "France entière", **dict(sorted(regions.items(), key=lambda one: one[1])),
            **dict(sorted(departments.items()))}  # fmt: skip
