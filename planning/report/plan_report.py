"""The report of a plan: what it says, from what was computed."""

import itertools
from datetime import date

from planning.deployment import Deployment
from planning.explain import number
from planning.report import method, plan_map
from planning.report.content import Figure, Figures, Map, Note, Report, Sample, Section, Signature
from planning.report.cost_tables import cost_blocks
from planning.report.drawing import Drawing
from planning.report.plan_tables import (
    access_table,
    canton_table,
    people_tables,
    sites_table,
    within,
)
from planning.report.tour_tables import tour_blocks, van_title, vans
from planning.report.writing import minutes, percent


def plan_report(deployment: Deployment, on: date | None = None, author: str = "") -> Report:
    """Return the report of a plan, ready to print and sign.

    Parameters
    ----------
    deployment
        The plan.
    on
        Day of the report; today by default.
    author
        Who established it; empty leaves a line to fill in.
    """
    scenario = deployment.scenario
    return Report(
        title="Plan de déploiement",
        territory=deployment.territory.name,
        on=on or date.today(),
        author=author,
        summary=(
            f"{scenario.positions} postes de conseiller numérique, dont "
            f"{deployment.mobile.mobile} en tournée. {deployment.mobile_why}"
        ),
        sections=(
            Section("L'essentiel", [key_figures(deployment), *cautions(deployment)]),
            Section("Avant et après", [access_table(deployment), *people_tables(deployment)]),
            Section("Carte", [map_block(deployment, plan_map.draw(deployment))]),
            Section("Sites fixes", [sites_table(deployment)]),
            *canton_sections(deployment),
            Section("Tournées", tour_blocks(deployment)),
            Section("Coût par an", cost_blocks(scenario.positions)),
            Section("Méthode et hypothèses", method.paragraphs(deployment)),
            Section("Sources", method.source_blocks(deployment)),
            Section("Signature", [Signature(("Établi par", "Vu et approuvé par"))]),
        ),
    )


def canton_sections(deployment: Deployment) -> list[Section]:
    """Return the part on cantons; none where there are no cantons, as in Martinique."""
    table = canton_table(deployment)
    return [Section("Par canton", [table])] if len(table.rows) > 1 else []


def key_figures(deployment: Deployment) -> Figures:
    """Return the figures that sum up the plan."""
    card, threshold = deployment.scorecard, deployment.scenario.threshold_min
    fixed = sum(site.positions for site in deployment.sites)
    items = [
        Figure(
            "Postes",
            number(deployment.scenario.positions),
            f"{fixed} fixes dans {len(deployment.sites)} lieux, "
            f"{deployment.mobile.mobile} en tournée",
        ),
        _need_figure(deployment),
    ]
    before = within(card.before, threshold)
    left_out = f", {card.after.left_out_fr}" if card.after and card.after.left_out_fr else ""
    partial = "au moins : offre recensée en partie" if card.before_partial else "offre connue"
    items += [
        Figure(
            f"À {threshold} min ou moins d'un lieu, avant",
            percent(before),
            "offre actuelle inconnue" if before is None else partial,
        ),
        Figure(
            f"À {threshold} min ou moins d'un lieu, après",
            percent(within(card.after, threshold)),
            f"{percent(card.share_with_tours)} avec les communes en tournée",
        ),
        Figure(
            "Trajet moyen, après",
            minutes(card.after.mean_min if card.after else None),
            f"avant : {minutes(card.before.mean_min if card.before else None)} ; "
            f"en voiture, modélisé{left_out}",
        ),
    ]
    served = len(set(deployment.touring.isolated) & deployment.touring.communes)
    items.append(
        Figure(
            f"Communes à plus de {deployment.scenario.isolated_min:g} min",
            number(len(deployment.touring.isolated)),
            f"dont {served} sur une tournée",
        )
    )
    return Figures(tuple(items))


def _need_figure(deployment: Deployment) -> Figure:
    situation = deployment.situation
    if situation.weight != "persons_in_need":
        inhabitants = number(float(situation.points["population"].sum()))
        return Figure(
            "Besoin",
            "non estimé",
            f"âges non publiés ici : les communes comptent pour leurs {inhabitants} habitants",
        )
    row = situation.need.by(["all"] * len(situation.points)).iloc[0]
    return Figure(
        "Personnes en illectronisme",
        number(row["persons"]),
        f"estimation 2021, entre {number(row['low'])} et {number(row['high'])} "
        f"(intervalle à 90 %) ; {percent(row['rate'])} des 15 ans et plus",
    )


def cautions(deployment: Deployment) -> list[Note]:
    """Return what must not be missed: what is modelled, and the layers that are missing."""
    found = [
        Note(
            "Le besoin est une estimation et les temps de trajet en voiture sont modélisés, sans "
            "fichier de routes : ils valent pour comparer des plans, pas pour un trajet précis."
        )
    ]
    missing = [p.title for p, _ in deployment.situation.provenance if p.status == "missing"]
    if missing:
        found.append(
            Note(
                f"Couches absentes de ce calcul : {', '.join(missing)}. Les lieux qu'elles "
                "décrivent n'y figurent pas."
            )
        )
    if deployment.situation.minutes_before is None:
        found.append(
            Note("L'offre actuelle n'est décrite par aucune couche chargée : elle est inconnue.")
        )
    elif deployment.situation.offer_partial:
        found.append(
            Note(
                "L'offre actuelle n'est recensée qu'en partie : la situation « avant » est un "
                "minimum."
            )
        )
    return found


def map_block(deployment: Deployment, drawing: Drawing) -> Map:
    """Return a map with its legend."""
    bounds = [f"{b:.0f}" for b in plan_map.CLASS_BOUNDS_MIN]
    labels = [
        f"jusqu'à {bounds[0]} min",
        *(f"{a} à {b} min" for a, b in itertools.pairwise(bounds)),
        f"plus de {bounds[-1]} min",
    ]
    samples = [Sample("area", c, t) for c, t in zip(plan_map.CLASS_COLOURS, labels, strict=True)]
    samples += [
        Sample("hatched", plan_map.UNREACHED, "pas d'accès routier connu, ou plus de 45 min"),
        Sample("disc", plan_map.SITE_COLOUR, "site et nombre de postes"),
        Sample("square", plan_map.INK, "lieu d'accompagnement existant"),
    ]
    for rank, van in enumerate(vans(deployment)):
        colour, dash = plan_map.tour_colour(rank), plan_map.tour_dash(rank)
        samples.append(Sample("line", colour, van_title(deployment, van), dash))
    return Map(
        drawing,
        tuple(samples),
        "Couleur : minutes en voiture jusqu'au lieu le plus proche une fois le plan en place "
        "(modélisé). Traits gris : cantons ; les lignes des tournées relient les arrêts dans "
        "l'ordre. Contours IGN – ADMIN EXPRESS COG 2021, Licence Ouverte 2.0.",
    )
