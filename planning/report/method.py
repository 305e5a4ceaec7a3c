"""How a plan was made, what it assumes and what it rests on, in French."""

from coverage import accuracy
from geodata import catalog
from geodata.schema import STATUS_FR, Provenance
from planning.deployment import Deployment
from planning.need_words import main_tier, need_sentence
from planning.report.content import Cell, Column, Note, Paragraph, Quantity, Table
from planning.report.writing import percent, vintage

MODEL_FR = {
    "p-median": "p-médiane (temps moyen le plus court)",
    "max-cover": "couverture maximale (le plus de personnes sous le seuil)",
}


def paragraphs(deployment: Deployment) -> list[Paragraph]:
    """Return the method and the assumptions of a plan."""
    scenario, siting = deployment.scenario, deployment.fixed.siting
    need = deployment.situation.need
    proof = ""
    if siting is not None:
        proof = (
            " La solution est prouvée optimale selon ce modèle."
            if siting.optimal
            else f" La meilleure solution possible ferait au plus {percent(siting.gap)} de mieux."
        )
    return [
        Paragraph(
            f"{need_sentence(main_tier(need), deployment.territory.departments)} Taux : Insee "
            "Première n° 1953, 15,4 % des personnes de 15 ans et plus en 2021 ; âges : "
            "recensement de 2021. L'intervalle affiché est à 90 %.",
            "Besoin",
        ),
        Paragraph(
            "d'après la distance, les contours des communes, le relief et la densité. "
            f"{accuracy.NOTE}",
            "Temps de trajet",
        ),
        Paragraph(
            f"{MODEL_FR[scenario.model]}, les lieux existants restant ouverts.{proof} Un site "
            f"reçoit un poste de plus quand il dépasserait {_plain(scenario.max_load_ratio)} fois "
            f"la charge moyenne par poste, et n'ouvre que s'il en sert au moins "
            f"{percent(scenario.min_load_ratio)} (hypothèses). Une mairie ou un guichet ne sont "
            "retenus que s'ils font gagner plus de temps qu'un lieu déjà tourné vers le numérique "
            "(hypothèse).",
            "Sites",
        ),
        Paragraph(
            f"une commune est dite isolée à plus de {_plain(scenario.isolated_min)} min du lieu "
            f"le plus proche, une personne à portée à {scenario.threshold_min} min ou moins "
            "(seuils modifiables).",
            "Seuils",
        ),
        Paragraph(
            f"demi-journées d'arrêt, un cycle de {scenario.tour_weeks} semaines, journées de "
            "travail avec pause de midi ; départ et retour au site de base.",
            "Tournées",
        ),
        Paragraph(
            f"mêmes choix, mêmes données et même graine ({scenario.seed}) donnent le même plan.",
            "Reproduction",
        ),
    ]


def _plain(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def source_blocks(deployment: Deployment) -> list[Table | Note]:
    """Return the sources with their vintages and licences, and what a licence asks to tell."""
    return [_sources(deployment), *(Note(text) for text in notices(deployment))]


def notices(deployment: Deployment) -> list[str]:
    """Return what a licence asks to be told with the data, in French."""
    sources = catalog.sources()
    shared = [
        p
        for p, _ in deployment.situation.provenance
        if p.layer in sources and sources[p.layer].share_alike and p.status != "missing"
    ]
    return [
        f"Contient des données de {p.producer} ({p.title}, {vintage(p.vintage)}) sous "
        f"{p.licence} : toute base qui en est dérivée et publiée doit l'être sous la même licence."
        for p in shared
    ]


def _sources(deployment: Deployment) -> Table:
    return Table(
        name="Sources",
        caption="Sources, millésimes et licences ; « offre » : la couche compte comme lieux "
        "d'accompagnement existants",
        columns=(
            Column("Couche", 2.2),
            Column("Producteur", 1.7),
            Column("Millésime", 1.2),
            Column("Licence", 1.4),
            Column("État", 1.0),
            Column("Lignes", 0.8, number=True),
            Column("Écartées", 0.9, number=True),
            Column("Offre", 0.6),
        ),
        rows=tuple(_source(p, offer) for p, offer in deployment.situation.provenance),
    )


def _source(p: Provenance, offer: bool) -> tuple[Cell, ...]:
    missing = p.status == "missing"
    return (
        p.title,
        p.producer,
        vintage(p.vintage),
        p.licence,
        STATUS_FR[p.status],
        "—" if missing else Quantity(p.rows),
        "—" if missing else Quantity(p.set_aside),
        "oui" if offer else "non",
    )
