"""A plan as rows, figures and map layers: pure functions from a deployment."""

from collections import Counter

import numpy as np
import pandas as pd

from planning.deployment import Deployment
from planning.need_words import main_tier, need_sentence
from planning.scorecard import Scorecard
from views.parts import legend, travel_text, wording
from views.parts import map as maps
from views.parts.charts import Pair
from views.parts.tables import Column, Fact, Html, badge

SITE_MARK = legend.Mark("site du plan (nombre de postes)", "circle", "#b3001b", 9.0)

ACCESS_BOUNDS_MIN = (5, 10, 15, 20, 30)


def facts(plan: Deployment) -> list[Fact]:
    """Return the figures that sum up a plan."""
    card, situation = plan.scorecard, plan.situation
    weighed = persons_text(plan)
    rows = [
        Fact("Postes", wording.number(plan.scenario.positions), _staff(plan), strong=True),
        Fact(
            wording.capital(weighed),
            wording.number(float(situation.weights.sum())),
            "estimation (Insee, 2021)"
            if situation.weight == "persons_in_need"
            else "le besoin n'est pas estimé ici",
        ),
    ]
    if card.after is not None:
        limit = card.threshold_min
        after = card.after.share_within.get(limit)
        before = card.before.share_within.get(limit) if card.before else None
        rows.append(
            Fact(
                f"À {limit} min ou moins d'un lieu",
                wording.share(after, 1),
                _was(wording.share(before, 1), card.before_partial)
                if before is not None
                else "avant : offre actuelle inconnue",
                strong=True,
            )
        )
        rows.append(
            Fact(
                "Temps moyen vers le lieu le plus proche",
                wording.minutes(card.after.mean_min, 1),
                _mean_note(card),
            )
        )
    busy, relieved = plan.persons_per_team()
    if np.isfinite(relieved):
        rows.append(
            Fact(
                "Personnes par équipe, au lieu le plus chargé",
                wording.number(relieved),
                "estimation ; avant : offre actuelle inconnue"
                if busy is None
                else f"estimation ; {_was(wording.number(busy), card.before_partial)}",
                strong=busy is not None and relieved < busy,
            )
        )
    served = len(set(plan.touring.isolated) & plan.touring.communes)
    rows.append(
        Fact(
            f"Communes à plus de {wording.number(plan.scenario.isolated_min)} min d'un site",
            wording.number(len(plan.touring.isolated)),
            f"dont {wording.number(served)} sur une tournée",
        )
    )
    return rows


def _staff(plan: Deployment) -> str:
    mobile = plan.mobile.mobile
    places = len(plan.sites)
    fixed = wording.count(plan.scenario.positions - mobile, "fixe")
    return (
        f"{fixed} sur {wording.count(places, 'lieu', 'lieux')}, {wording.count(mobile, 'mobile')}"
    )


def _mean_note(card: Scorecard) -> str:
    """Return what to know of the mean trip: the one before, and whom it leaves out."""
    known = "temps de trajet modélisé"
    if card.before:
        known = _was(wording.minutes(card.before.mean_min, 1), card.before_partial)
    left_out = card.after.left_out_fr if card.after else ""
    return f"{known} ; {left_out}" if left_out else known


def _was(text: str, partial: bool) -> str:
    return f"avant : {text}{' (offre connue en partie)' if partial else ''}"


def persons_text(plan: Deployment) -> str:
    """Return what the plan weighs, in French."""
    if plan.situation.weight == "persons_in_need":
        return "personnes en illectronisme"
    return "habitants"


def access_pairs(plan: Deployment) -> list[Pair]:
    """Return the share of people within each time, before and after."""
    card = plan.scorecard
    if card.after is None:
        return []
    before = card.before.share_within if card.before else {}
    return [
        Pair(f"{limit} min ou moins", before.get(limit), share)
        for limit, share in sorted(card.after.share_within.items())
    ]


SITE_COLUMNS = (
    Column("Commune"),
    Column("Structure d'accueil possible"),
    Column("Postes", number=True),
    Column("Personnes par équipe", number=True),
    Column("Pourquoi ce lieu"),
)


def site_rows(plan: Deployment) -> list[tuple[str | Html, ...]]:
    """Return the sites, those with the most positions first.

    Persons are those of a team: the counsellors posted in a commune, and the place of help
    that is there already.
    """
    persons: Counter[str] = Counter()
    teams: Counter[str] = Counter()
    for site in plan.sites:
        persons[site.commune_code] += site.persons_assigned
        teams[site.commune_code] += site.positions
    for code in {site.commune_code for site in plan.sites if site.reinforces}:
        teams[code] += 1
    ordered = sorted(plan.sites, key=lambda site: (-site.positions, -site.persons_assigned))
    return [
        (
            site.commune_name,
            _host_cell(site.name, site.host_kind, site.reinforces),
            wording.number(site.positions),
            wording.number(persons[site.commune_code] / teams[site.commune_code]),
            site.why,
        )
        for site in ordered
    ]


def _host_cell(name: str, kind: str, reinforces: bool) -> Html:
    kept = badge("renforce l'existant", "info").text if reinforces else badge("nouveau", "bon").text
    cell = badge(wording.kind_text(kind)).text
    escaped = wording.html_text(name)
    return Html(f"{escaped}<br>{cell} {kept}")


def site_layer(plan: Deployment) -> maps.Layer:
    """Return the sites with their number of positions."""
    rows = [
        (
            site.lat,
            site.lon,
            str(site.positions),
            f"{site.commune_name} : {wording.count(site.positions, 'poste')}",
            site.name,
            wording.kind_text(site.host_kind),
            site.why,
        )
        for site in plan.sites
    ]
    return maps.points(rows, SITE_MARK)


def minutes_scale(title: str) -> legend.Scale:
    """Return the classes of travel times."""
    return legend.fixed_scale(
        title, ACCESS_BOUNDS_MIN, "min", travel_text.short_note(), hatch_last=True
    )


def access_layer(plan: Deployment, outline: str, *, after: bool) -> tuple[maps.Layer, legend.Scale]:
    """Return the minutes to the nearest place, before or after the plan."""
    table = plan.communes()
    column = "minutes_after" if after else "minutes_before"
    moment = "avec le plan" if after else "aujourd'hui"
    scale = minutes_scale(f"Minutes vers le lieu le plus proche, {moment}")
    places = plan.situation.places["commune_code"]
    parts = pd.DataFrame({"minutes": travel_text.reach_texts(table[column], places)})
    texts = (f"{{0}} {moment}", parts)
    return maps.areas(outline, table[column], scale, texts, "offre actuelle inconnue"), scale


def method_text(plan: Deployment) -> str:
    """Return how the plan was made, and how good it is, in plain French."""
    scenario, siting, need = plan.scenario, plan.fixed.siting, plan.situation.need
    aim = (
        "le temps de trajet moyen le plus court"
        if scenario.model == "p-median"
        else f"le plus de personnes à {scenario.threshold_min} minutes ou moins"
    )
    lines = [
        f"Le plan recherche **{aim}**, parmi des lieux qui existent : espaces France Services, "
        "bibliothèques, centres sociaux, lieux de médiation… ; une mairie n'est retenue que si "
        "elle ouvre au moins 15 heures par semaine et que la commune n'a rien de mieux.",
    ]
    if siting is not None:
        lines.append(_proof(siting.gap, siting.optimal))
    lines += [
        f"Besoin. {need_sentence(main_tier(need), plan.territory.departments)}",
        "Temps de trajet : **modélisés** (distance, détour, densité, relief), pas mesurés. "
        f"{travel_text.minutes_note()}",
        f"Calcul fait en {wording.number(plan.seconds, 1)} s ; les mêmes choix donnent le même "
        "plan.",
    ]
    return "\n\n".join(lines)


def _proof(gap: float, optimal: bool) -> str:
    if optimal:
        return "Le calcul **prouve** qu'aucun autre choix de sites ne fait mieux selon ce modèle."
    return f"Le meilleur choix possible ferait au plus {wording.share(gap, 2)} de mieux."
