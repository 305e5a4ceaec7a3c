"""The tables of a plan's report: access, people, sites, cantons, communes."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from coverage.access import Reach
from coverage.arrays import FloatArray
from geodata import tables
from planning.deployment import Deployment
from planning.french import host_kind
from planning.report.content import Cell, Column, Kind, Quantity, Table

PEOPLE_FR = {"persons_in_need": "personnes en illectronisme", "population": "habitants"}


def people(deployment: Deployment) -> str:
    """Return what the plan weighs, in French."""
    return PEOPLE_FR[deployment.situation.weight]


def within(side: Reach | None, threshold: int) -> float | None:
    """Return the share of people within a threshold, ``None`` where it is unknown."""
    return None if side is None else side.share_within.get(threshold)


def access_table(deployment: Deployment) -> Table:
    """Return the shares of people by travel time, before and after."""
    card = deployment.scorecard
    after = {} if card.after is None else card.after.share_within
    rows: list[tuple[Cell, ...]] = []
    for limit, share in sorted(after.items()):
        rows.append((f"à {limit} min ou moins", *_pair(within(card.before, limit), share)))
    if card.after is not None:
        was = card.before.mean_min if card.before else None
        title = f"trajet moyen (personnes à {card.after.limit_min:g} min ou moins)"
        rows.append((title, *_pair(was, card.after.mean_min, "minutes")))
    before = "Avant (au moins)" if card.before_partial else "Avant"
    return Table(
        name="Avant et après",
        caption=f"Part des {people(deployment)} selon le temps jusqu'au lieu le plus proche "
        "(en voiture, modélisé ; tournées non comptées)",
        columns=(
            Column("Mesure", 2.2),
            Column(before, number=True),
            Column("Après", number=True),
            Column("Écart", number=True),
        ),
        rows=tuple(rows),
        empty="Personne à compter dans ce territoire.",
    )


def _pair(before: float | None, after: float | None, kind: str = "share") -> tuple[Cell, ...]:
    gap = None if before is None or after is None else after - before
    if kind == "minutes":
        return Quantity(before, "minutes"), Quantity(after, "minutes"), Quantity(gap, "minutes")
    return Quantity(before, "share"), Quantity(after, "share"), Quantity(gap, "points")


def people_tables(deployment: Deployment, after: FloatArray | None = None) -> Iterator[Table]:
    """Yield the number of people in reach with its interval, where need is estimated.

    Parameters
    ----------
    deployment
        The plan.
    after
        Minutes once the positions are there, shape (n_point,); those of the plan by default.
    """
    situation, limit = deployment.situation, deployment.scenario.threshold_min
    if situation.weight != "persons_in_need":
        return
    reached = (deployment.minutes_after if after is None else after) <= limit
    touring = situation.points.index.isin(deployment.touring.communes)
    groups = [("ensemble du territoire", np.ones(len(reached), dtype=bool))]
    if situation.minutes_before is not None:
        groups.append((f"à {limit} min ou moins, avant", situation.minutes_before <= limit))
    groups += [
        (f"à {limit} min ou moins, après", reached),
        (f"à {limit} min ou moins ou sur une tournée, après", reached | touring),
    ]
    total = float(np.nansum(situation.need.persons))
    rows: list[tuple[Cell, ...]] = []
    for name, kept in groups:
        row = situation.need.by(["all" if one else None for one in kept])
        persons, low, high = (
            (0.0, 0.0, 0.0) if row.empty else row.iloc[0][["persons", "low", "high"]]
        )
        rows.append(
            (
                name,
                Quantity(float(persons)),
                Quantity(float(low)),
                Quantity(float(high)),
                Quantity(float(persons) / total if total else None, "share"),
            )
        )
    yield Table(
        name="Personnes",
        caption="Personnes en illectronisme : estimation (Insee, 2021), et bornes de son "
        "intervalle à 90 %",
        columns=(
            Column("Groupe", 2.6),
            Column("Personnes", number=True),
            Column("De", number=True),
            Column("À", number=True),
            Column("Part", number=True),
        ),
        rows=tuple(rows),
    )


def sites_table(deployment: Deployment) -> Table:
    """Return the fixed sites with their reasons."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"{site.commune_name} ({site.commune_code})",
            site.name,
            host_kind(site.host_kind),
            Quantity(site.positions),
            Quantity(site.persons_assigned),
            site.why,
        )
        for site in deployment.sites
    ]
    who = "Personnes" if deployment.situation.weight == "persons_in_need" else "Habitants"
    return Table(
        name="Sites",
        caption="Lieux proposés pour les postes fixes, et pourquoi",
        columns=(
            Column("Commune", 1.7),
            Column("Lieu", 1.9),
            Column("Type", 1.1),
            Column("Postes", 0.7, number=True),
            Column(who, 0.95, number=True),
            Column("Pourquoi", 3.3),
        ),
        rows=tuple(rows),
        empty="Aucun poste fixe.",
    )


def canton_table(deployment: Deployment) -> Table:
    """Return people, positions and minutes by canton."""
    situation = deployment.situation
    cantons = canton_names(situation.points)
    held = (
        pd.Series({k: s.positions for k, s in enumerate(deployment.sites)}, dtype=float)
        .groupby([cantons[s.commune_code] for s in deployment.sites])
        .sum()
    )
    weights = pd.Series(situation.weights, index=situation.points.index)
    after = pd.Series(deployment.minutes_after, index=weights.index)
    near = weights.where(after <= deployment.scenario.threshold_min, 0.0)
    total, covered = weights.groupby(cantons).sum(), near.groupby(cantons).sum()
    rows: list[tuple[Cell, ...]] = [
        (
            str(name),
            Quantity(float(total[name])),
            Quantity(float(held.get(name, 0))),
            Quantity(float(covered[name] / total[name]) if total[name] else None, "share"),
        )
        for name in sorted(total.index)
    ]
    return Table(
        name="Cantons",
        caption=f"Par canton : {people(deployment)}, postes fixes, part de celles et ceux qui ont "
        f"un lieu à {deployment.scenario.threshold_min} min ou moins",
        columns=(
            Column("Canton", 2.4),
            Column(people(deployment).capitalize(), 1.4, number=True),
            Column("Postes fixes", number=True),
            Column("À portée, après", number=True),
        ),
        rows=tuple(rows),
    )


def canton_names(points: pd.DataFrame) -> pd.Series:
    """Return the name of each commune's canton, indexed by commune."""
    return points["canton"].map(tables.cantons()["name"]).fillna("(sans canton)").astype(str)


def commune_table(deployment: Deployment, after: FloatArray | None = None) -> Table:
    """Return every commune: need with its interval, minutes before and after."""
    table = deployment.communes()
    if after is not None:
        table["minutes_after"] = after
    table["canton"] = canton_names(deployment.situation.points)
    rows: list[tuple[Cell, ...]] = [
        (
            str(code),
            str(row["name"]),
            str(row["canton"]),
            Quantity(float(row["population"])),
            *(_known(row[name]) for name in ("persons", "low", "high")),
            *(_known(row[name], "minutes") for name in ("minutes_before", "minutes_after")),
            "oui" if row["on_tour"] else "non",
        )
        for code, row in table.iterrows()
    ]
    return Table(
        name="Communes",
        caption="Communes : personnes en illectronisme (estimation 2021, intervalle à 90 %) et "
        "minutes jusqu'au lieu le plus proche (modélisées)",
        columns=(
            Column("Code"),
            Column("Commune", 2),
            Column("Canton", 2),
            Column("Habitants", number=True),
            Column("Personnes", number=True),
            Column("De", number=True),
            Column("À", number=True),
            Column("Minutes avant", number=True),
            Column("Minutes après", number=True),
            Column("Sur une tournée"),
        ),
        rows=tuple(rows),
    )


def _known(value: float, kind: Kind = "count") -> Quantity:
    return Quantity(float(value) if np.isfinite(value) else None, kind)
