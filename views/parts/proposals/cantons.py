"""A plan by canton: positions, people, places, and the reason for each."""

from typing import Final

import numpy as np
import pandas as pd

from geodata import tables
from planning.adjust import Adjusted, reasons
from planning.deployment import Deployment
from views.parts import wording
from views.parts.tables import Column

NO_CANTON: Final = "(sans canton)"

CANTON_COLUMNS: Final = (
    Column("Canton"),
    Column("Personnes", number=True),
    Column("Postes fixes", number=True),
    Column("Plan", number=True),
    Column("Personnes par poste", number=True),
    Column("À {limit} min ou moins", number=True),
    Column("Lieux des postes"),
)


def canton_names(plan: Deployment) -> pd.Series:
    """Return the name of each commune's canton, indexed by commune."""
    names = tables.cantons()["name"]
    return plan.situation.points["canton"].map(names).fillna(NO_CANTON).astype(str)


def canton_columns(plan: Deployment) -> list[Column]:
    """Return the columns of the table by canton."""
    limit = str(plan.scenario.threshold_min)
    return [Column(one.title.format(limit=limit), one.number) for one in CANTON_COLUMNS]


def canton_rows(plan: Deployment, adjusted: Adjusted) -> list[tuple[str, ...]]:
    """Return one row a canton: people, positions, share within the threshold, places."""
    situation = plan.situation
    cantons = canton_names(plan)
    weights = pd.Series(situation.weights, index=situation.points.index)
    near = weights.where(adjusted.minutes <= plan.scenario.threshold_min, 0.0)
    people = weights.groupby(cantons).sum()
    covered = near.groupby(cantons).sum()
    places = situation.places["commune_code"].to_numpy()
    held = pd.Series(adjusted.positions, index=places)
    held = held[held > 0]
    by_canton = held.groupby(cantons.reindex(held.index))
    positions = by_canton.sum()
    planned = pd.Series(plan.fixed.positions, index=places)
    planned = planned.groupby(cantons.reindex(planned.index)).sum()
    where = {
        canton: ", ".join(
            f"{situation.points.at[code, 'name']} ({count})" for code, count in group.items()
        )
        for canton, group in by_canton
    }
    rows = []
    for canton in sorted(people.index, key=lambda name: (name == NO_CANTON, name)):
        count = int(positions.get(canton, 0))
        total = float(people[canton])
        rows.append(
            (
                str(canton),
                wording.number(total),
                wording.number(count),
                wording.number(int(planned.get(canton, 0))),
                wording.number(total / count) if count else "—",
                wording.share(float(covered[canton]) / total if total else None),
                where.get(canton, "aucun poste fixe"),
            )
        )
    return rows


def adjusted_layer_rows(plan: Deployment, adjusted: Adjusted) -> list[tuple[object, ...]]:
    """Return the places with positions, as points of the map."""
    places = plan.situation.places
    rows = []
    for k in np.flatnonzero(adjusted.positions > 0):
        place = places.iloc[k]
        town = plan.situation.points["name"].get(place["commune_code"], "")
        count = int(adjusted.positions[k])
        rows.append(
            (
                float(place["lat"]),
                float(place["lon"]),
                str(count),
                f"{town} : {wording.count(count, 'poste')}",
                str(place["name"]),
                f"{wording.number(float(adjusted.load[k]))} personnes les plus proches",
            )
        )
    return rows


SITE_COLUMNS: Final = (
    Column("Canton"),
    Column("Commune"),
    Column("Lieu"),
    Column("Postes", number=True),
    Column("Plan", number=True),
    Column("Pourquoi"),
)


def site_rows(plan: Deployment, adjusted: Adjusted) -> list[tuple[str, ...]]:
    """Return one row a place with positions, in the plan or as adjusted, with the reason."""
    situation = plan.situation
    cantons = canton_names(plan)
    whys = {site.commune_code: site.why for site in plan.sites}
    now = reasons(plan, adjusted)
    rows = []
    for k in np.flatnonzero((adjusted.positions > 0) | (plan.fixed.positions > 0)):
        place = situation.places.iloc[k]
        code = str(place["commune_code"])
        if code not in situation.points.index:
            continue
        count, planned = int(adjusted.positions[k]), int(plan.fixed.positions[k])
        rows.append(
            (
                str(cantons[code]),
                str(situation.points.at[code, "name"]),
                str(place["name"]),
                wording.number(count),
                wording.number(planned),
                _why((count, planned), whys.get(code, ""), now.get(int(k), "")),
            )
        )
    return sorted(rows, key=lambda row: (row[0] == NO_CANTON, row[:2]))


def _why(counts: tuple[int, int], why: str, now: str) -> str:
    """Return the reason for the positions of a place, told as what was moved by hand."""
    count, planned = counts
    if count == planned:
        return why
    if not planned:
        return f"Ajouté à la main. {now}"
    if not count:
        return f"Retiré à la main. Le plan en disait : {why}"
    return f"Changé à la main (le plan : {planned}). {now}"
