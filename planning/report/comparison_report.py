"""The report of two plans side by side; its tables are also those of the page."""

from datetime import date

import numpy as np
import pandas as pd

from planning.comparison import Gap, Measure, SiteGap, gaps, minute_gaps, same_ground, site_gaps
from planning.deployment import Deployment
from planning.explain import number
from planning.programme import programme
from planning.report import method, plan_map
from planning.report.content import (
    Cell,
    Column,
    Kind,
    Note,
    Paragraph,
    Quantity,
    Report,
    Section,
    Table,
)
from planning.report.plan_report import cautions, map_block
from planning.report.plan_tables import people
from planning.report.writing import signed, written
from planning.situation import LIMIT_MIN

KINDS: dict[Measure, Kind] = {
    "count": "count",
    "share": "share",
    "minutes": "minutes",
    "euros": "euros",
    "km": "km",
    "index": "decimal",
}
SIDES = {"a": "A seulement", "b": "B seulement", "differ": "les deux", "both": "les deux, autant"}
ALIKE = 5e-4
ALIKE_OF: dict[Measure, float] = {"minutes": 0.05, "km": 0.05, "index": 0.005}
"""Differences that would be written as nothing."""


def comparison_report(
    a: Deployment, b: Deployment, names: tuple[str, str], on: date | None = None
) -> Report:
    """Return the report of two plans.

    Parameters
    ----------
    a, b
        The plans.
    names
        What each is called.
    on
        Day of the report; today by default.
    """
    maps = [map_block(plan, plan_map.draw(plan)) for plan in (a, b)]
    territories = list(dict.fromkeys((a.territory.name, b.territory.name)))
    return Report(
        title="Comparaison de deux plans",
        territory=" et ".join(territories),
        on=on or date.today(),
        author="",
        summary=f"Plan A : {names[0]}. Plan B : {names[1]}.",
        sections=(
            Section("L'essentiel", [*(Note(text) for text in summary(a, b)), *cautions(a)]),
            Section("Chiffres", [figures_table(a, b)]),
            Section("Carte du plan A", [maps[0]]),
            Section("Carte du plan B", [maps[1]]),
            Section("Sites", [sites_table(a, b)]),
            Section("Communes", [communes_table(a, b)]),
            Section(
                "Méthode et hypothèses",
                [Paragraph(f"plan A, puis plan B : {names[0]} ; {names[1]}.", "Choix"),
                 *method.paragraphs(a)],
            ),
            Section("Sources", method.source_blocks(a)),
        ),
    )  # fmt: skip


def summary(a: Deployment, b: Deployment) -> list[str]:
    """Return what differs, in a few sentences."""
    if not same_ground(a, b):
        return [
            "Les deux plans ne portent pas sur le même territoire : seuls leurs chiffres se "
            "comparent."
        ]
    moved = [gap for gap in site_gaps(a, b) if gap.side != "both"]
    table = minute_gaps(a, b)
    nearer, farther = table[table["gap"] < 0], table[table["gap"] > 0]
    if not moved and table.empty:
        return ["Les deux plans posent les mêmes postes aux mêmes endroits."]
    return [
        f"Avec B, {number(nearer['people'].sum())} {people(a)} ({len(nearer)} communes) gagnent au "
        f"moins une minute, {number(farther['people'].sum())} ({len(farther)} communes) en "
        f"perdent. {len(moved)} lieux n'ont pas le même nombre de postes."
    ]


def figures_table(a: Deployment, b: Deployment) -> Table:
    """Return the figures of both plans and their differences."""
    salary = programme().values()["employer_cost_eur"]
    return Table(
        name="Chiffres",
        caption="Les deux plans en chiffres : trajets en voiture, modélisés ; besoin estimé, "
        f"2021 ; coûts selon le barème V2 de 2023, salaires seuls ({number(salary)} € "
        f"chargés par an, hypothèse). Trajet moyen : des personnes à {LIMIT_MIN:g} min ou moins "
        f"d'un lieu ; au-delà, l'indice de Gini compte {LIMIT_MIN:g} min",
        columns=(
            Column("Mesure", 3.0),
            Column("Plan A", number=True),
            Column("Plan B", number=True),
            Column("B moins A", number=True),
            Column("Lecture", 1.1),
        ),
        rows=tuple(_figure(gap) for gap in gaps(a, b)),
    )


def _figure(gap: Gap) -> tuple[Cell, ...]:
    kind = KINDS[gap.kind]
    sides = Quantity(gap.a, kind), Quantity(gap.b, kind)
    difference = gap.difference
    if difference is None:
        return (gap.title, *sides, "inconnu", "")
    if gap.kind == "share":
        return (gap.title, *sides, Quantity(difference, "points"), _reading(gap, ALIKE))
    if gap.kind in ("count", "euros"):  # of what is written, to a unit
        difference = float(round(gap.b or 0.0) - round(gap.a or 0.0))
    alike = ALIKE_OF.get(gap.kind, 0.5)
    return (gap.title, *sides, signed(written(Quantity(difference, kind))), _reading(gap, alike))


def _reading(gap: Gap, alike: float) -> str:
    """Say which plan does better, without which a sign would have to be guessed at."""
    difference = gap.difference or 0.0
    if abs(difference) < alike:
        return "autant"
    if not gap.better:
        return "plus en B" if difference > 0 else "plus en A"
    return "mieux en B" if difference * gap.better > 0 else "mieux en A"


def sites_table(a: Deployment, b: Deployment) -> Table:
    """Return the places of both plans, those that differ first."""
    return Table(
        name="Sites",
        caption="Lieux des postes fixes : ceux qui diffèrent d'abord",
        columns=(
            Column("Commune", 1.6),
            Column("Lieu", 2.6),
            Column("Dans", 1.1),
            Column("Postes A", 0.8, number=True),
            Column("Postes B", 0.8, number=True),
        ),
        rows=tuple(_site(gap) for gap in site_gaps(a, b)),
        empty="Aucun poste fixe.",
    )


def _site(gap: SiteGap) -> tuple[Cell, ...]:
    where = f"{gap.commune_name} ({gap.commune_code})"
    return (where, gap.name, SIDES[gap.side], Quantity(gap.a), Quantity(gap.b))


def communes_table(a: Deployment, b: Deployment, most: int | None = None) -> Table:
    """Return the communes that gain or lose minutes, those most people feel first.

    Parameters
    ----------
    a, b
        The plans.
    most
        How many communes are wanted; all of them by default.
    """
    table = minute_gaps(a, b)
    shown = table if most is None else table.head(most)
    left = "" if len(shown) == len(table) else f", les {len(shown)} premières sur {len(table)}"
    return Table(
        name="Communes",
        caption="Communes qui gagnent ou perdent au moins une minute vers le lieu le plus proche "
        f"(modélisé){left}",
        columns=(
            Column("Commune", 2.0),
            Column(people(a).capitalize(), 1.2, number=True),
            Column("Avec A", number=True),
            Column("Avec B", number=True),
            Column("Écart", number=True),
            Column("Avec B", 1.0),
        ),
        rows=tuple(
            (
                f"{row['name']} ({code})",
                Quantity(float(row["people"])),
                _minutes(row["a"]),
                _minutes(row["b"]),
                _gap(row),
                "plus proche" if row["gap"] < 0 else "plus loin",
            )
            for code, row in shown.iterrows()
        ),
        empty="Aucune commune ne gagne ni ne perd une minute."
        if same_ground(a, b)
        else "Les deux plans ne portent pas sur le même territoire.",
    )


def _minutes(value: float) -> Cell:
    beyond = np.isinf(value)
    return f"plus de {LIMIT_MIN:g} min" if beyond else Quantity(float(value), "minutes")


def _gap(row: pd.Series) -> str:
    """Return a gap of minutes; a side beyond the limit makes it the least that it can be."""
    text = signed(written(Quantity(float(row["gap"]), "minutes")))
    return f"au moins {text}" if np.isinf([row["a"], row["b"]]).any() else text
