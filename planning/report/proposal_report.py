"""The report of a plan whose fixed positions were moved by hand, beside the plan itself."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from planning.adjust import Adjusted, reasons
from planning.deployment import Deployment
from planning.explain import number
from planning.french import host_kind
from planning.report import method, plan_map
from planning.report.content import (
    Cell,
    Column,
    Figure,
    Figures,
    Paragraph,
    Quantity,
    Report,
    Section,
    Signature,
    Table,
)
from planning.report.cost_tables import cost_blocks
from planning.report.plan_map import Posted
from planning.report.plan_report import cautions, map_block
from planning.report.plan_tables import (
    canton_names,
    people,
    people_tables,
    within,
)
from planning.report.tour_tables import tour_blocks
from planning.report.writing import minutes, percent, signed
from planning.situation import LIMIT_MIN


@dataclass(frozen=True)
class Adjustment:
    """A plan adjusted by hand, and what its author says of it.

    Parameters
    ----------
    adjusted
        The positions and what they change.
    author
        Who proposes it; empty leaves a line to fill in.
    comment
        Reasons given; may be empty.
    status
        Where it stands, in French, such as « soumise le 3 juin 2026 »; may be empty.
    """

    adjusted: Adjusted
    author: str = ""
    comment: str = ""
    status: str = ""


def proposal_report(
    deployment: Deployment, adjustment: Adjustment, on: date | None = None
) -> Report:
    """Return the report of an adjusted plan, ready to print and sign.

    Parameters
    ----------
    deployment
        The plan that was adjusted.
    adjustment
        What was proposed instead.
    on
        Day of the report; today by default.
    """
    adjusted = adjustment.adjusted
    said = [Paragraph(adjustment.status, "État")] if adjustment.status else []
    said += [Paragraph(adjustment.comment, "Motifs")] if adjustment.comment else []
    return Report(
        title="Proposition d'ajustement",
        territory=deployment.territory.name,
        on=on or date.today(),
        author=adjustment.author,
        summary=_summary(deployment, adjusted),
        sections=(
            Section(
                "L'essentiel", [_figures(deployment, adjusted), *said, *cautions(deployment)]
            ),
            Section(
                "Avant, plan et proposition",
                [_access(deployment, adjusted), *people_tables(deployment, adjusted.minutes)],
            ),
            Section(
                "Carte",
                [map_block(deployment, plan_map.draw(deployment, adjusted.minutes,
                                                     _posted(deployment, adjusted)))],
            ),
            Section("Postes proposés", [_places(deployment, adjusted)]),
            Section("Tournées du plan", tour_blocks(deployment)),
            Section("Coût par an", cost_blocks(_positions(deployment, adjusted))),
            Section("Méthode et hypothèses", method.paragraphs(deployment)),
            Section("Sources", method.source_blocks(deployment)),
            Section("Signature", [Signature(("Proposé par", "Vu et approuvé par"))]),
        ),
    )  # fmt: skip


def _positions(deployment: Deployment, adjusted: Adjusted) -> int:
    """Return the positions of a proposal, those on tours included."""
    return int(adjusted.positions.sum()) + deployment.mobile.mobile


def _summary(deployment: Deployment, adjusted: Adjusted) -> str:
    held, planned = int(adjusted.positions.sum()), int(deployment.fixed.positions.sum())
    text = f"{held} postes fixes ; le plan calculé en compte {planned}."
    gap = adjusted.positions - deployment.fixed.positions
    added, removed = int(gap[gap > 0].sum()), int(-gap[gap < 0].sum())
    if not added and not removed:
        return f"{text} La proposition est identique au plan."
    told = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((added, "ajouté"), (removed, "retiré"))
        if count
    ]
    return f"{text} Par rapport à lui : {' et '.join(told)}."


def _figures(deployment: Deployment, adjusted: Adjusted) -> Figures:
    limit = deployment.scenario.threshold_min
    planned, now = deployment.scorecard.after, adjusted.reach
    isolated = len(deployment.touring.isolated)
    items = [
        Figure(
            "Postes fixes",
            number(float(adjusted.positions.sum())),
            f"plan : {number(float(deployment.fixed.positions.sum()))}",
        ),
        Figure(
            f"À {limit} min ou moins d'un lieu",
            percent(within(now, limit)),
            f"plan : {percent(within(planned, limit))}",
        ),
        Figure(
            "Trajet moyen",
            minutes(now.mean_min if now else None),
            f"plan : {minutes(planned.mean_min if planned else None)} ; modélisé",
        ),
        Figure(
            f"Communes à plus de {deployment.scenario.isolated_min:g} min",
            number(adjusted.isolated),
            f"plan : {number(isolated)} ({signed(str(adjusted.isolated - isolated))})".replace(
                "-", "−"
            ),
        ),
    ]
    return Figures(tuple(items))


def _access(deployment: Deployment, adjusted: Adjusted) -> Table:
    card = deployment.scorecard
    sides = (card.before, card.after, adjusted.reach)
    limits = sorted(set(card.after.share_within) if card.after else ())
    rows: list[tuple[Cell, ...]] = []
    for limit in limits:
        before, plan, ours = (within(side, limit) for side in sides)
        gap = None if plan is None or ours is None else ours - plan
        shares = (Quantity(value, "share") for value in (before, plan, ours))
        rows.append((f"à {limit} min ou moins", *shares, Quantity(gap, "points")))
    means = [side.mean_min if side else None for side in sides]
    if means[1] is not None and means[2] is not None:
        gap = means[2] - means[1]
        rows.append(
            (
                f"trajet moyen (personnes à {LIMIT_MIN:g} min ou moins)",
                *(Quantity(m, "minutes") for m in means),
                Quantity(gap, "minutes"),
            )
        )
    return Table(
        name="Avant, plan, proposition",
        caption=f"Part des {people(deployment)} selon le temps jusqu'au lieu le plus proche (en "
        "voiture, modélisé ; tournées non comptées)",
        columns=(
            Column("Mesure", 1.8),
            Column("Avant (au moins)" if card.before_partial else "Avant", number=True),
            Column("Plan", number=True),
            Column("Proposition", number=True),
            Column("Écart au plan", number=True),
        ),
        rows=tuple(rows),
        empty="Personne à compter dans ce territoire.",
    )


def _posted(deployment: Deployment, adjusted: Adjusted) -> list[Posted]:
    places = deployment.situation.places
    found = []
    for k in np.flatnonzero(adjusted.positions > 0):
        place, count = places.iloc[k], int(adjusted.positions[k])
        title = f"{place['name']} : {count} poste(s)"
        found.append(Posted(float(place["lon"]), float(place["lat"]), count, title))
    return found


def _places(deployment: Deployment, adjusted: Adjusted) -> Table:
    situation = deployment.situation
    cantons = canton_names(situation.points)
    names = situation.points["name"].astype(str)
    why = {site.commune_code: site.why for site in deployment.sites}
    now = reasons(deployment, adjusted)
    concerned = np.flatnonzero((adjusted.positions > 0) | (deployment.fixed.positions > 0))
    rows = []
    for k in concerned:
        place = situation.places.iloc[k]
        code = str(place["commune_code"])
        held, planned = int(adjusted.positions[k]), int(deployment.fixed.positions[k])
        row: tuple[Cell, ...] = (
            f"{names[code]} ({code})",
            cantons[code],
            f"{place['name']} ({host_kind(str(place['kind']))})",
            Quantity(planned),
            Quantity(held),
            Quantity(float(adjusted.load[k])) if held else "—",
            _reason(held, planned, why.get(code, "") if held == planned else now.get(int(k), "")),
        )
        rows.append((code, row))
    return Table(
        name="Postes",
        caption="Postes fixes du plan et de la proposition, et pourquoi",
        columns=(
            Column("Commune", 1.5),
            Column("Canton", 1.2),
            Column("Lieu", 1.8),
            Column("Plan", 0.6, number=True),
            Column("Proposé", 0.9, number=True),
            Column("Personnes", 1.05, number=True),
            Column("Pourquoi", 2.6),
        ),
        rows=tuple(row for _, row in sorted(rows, key=lambda pair: pair[0])),
        empty="Aucun poste fixe.",
    )


def _reason(held: int, planned: int, why: str) -> str:
    if held == planned:
        return why
    if not held:
        return "Retiré par l'auteur de la proposition."
    if not planned:
        return f"Ajouté par l'auteur de la proposition. {why}"
    return f"{signed(number(held - planned))} par l'auteur de la proposition. {why}"
