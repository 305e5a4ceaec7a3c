"""A plan by canton: positions, people, and the table that a prefect adjusts."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from geodata import tables
from planning.adjust import Adjusted
from planning.deployment import Deployment
from views.parts import wording
from views.parts.tables import Column, Fact

NO_CANTON: Final = "(sans canton)"

CANTON_COLUMNS: Final = (
    Column("Canton"),
    Column("Personnes", number=True),
    Column("Postes fixes", number=True),
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
                wording.number(total / count) if count else "—",
                wording.share(float(covered[canton]) / total if total else None),
                where.get(canton, "aucun poste fixe"),
            )
        )
    return rows


def editable(plan: Deployment) -> pd.DataFrame:
    """Return the places where positions may be put, those of the plan first.

    Indexed by commune; columns canton, commune, place, kind and positions.
    """
    situation = plan.situation
    places = situation.places.copy()
    places["positions"] = plan.fixed.positions
    places = places[places["commune_code"].isin(situation.points.index)]
    codes = places["commune_code"]
    frame = pd.DataFrame(
        {
            "canton": canton_names(plan).reindex(codes).to_numpy(),
            "commune": situation.points["name"].reindex(codes).to_numpy(),
            "place": places["name"].to_numpy(),
            "kind": [wording.kind_text(kind) for kind in places["kind"]],
            "positions": places["positions"].to_numpy(),
        },
        index=pd.Index(codes, name="code"),
    )
    order = np.lexsort((frame["commune"], frame["canton"], frame["positions"] == 0))
    return frame.iloc[order]


def effect(plan: Deployment, adjusted: Adjusted, start: Adjusted) -> list[Fact]:
    """Return what the positions as adjusted change, against the plan they started from."""
    used, had = int(adjusted.positions.sum()), int(start.positions.sum())
    limit = plan.scenario.threshold_min
    now, then = adjusted.reach, start.reach
    rows = [
        Fact(
            "Postes fixes placés",
            wording.number(used),
            f"le plan en compte {wording.number(had)}",
            strong=used != had,
        )
    ]
    if now is None or then is None:
        return rows
    share, was = now.share_within[limit], then.share_within[limit]
    rows.append(Fact(f"À {limit} min ou moins", wording.share(share, 1), _gap(share - was)))
    mean = wording.minutes(now.mean_min, 1)
    rows.append(Fact("Temps moyen", mean, f"plan : {wording.minutes(then.mean_min, 1)}"))
    rows.append(
        Fact(
            f"Communes à plus de {wording.number(plan.scenario.isolated_min)} min",
            wording.number(adjusted.isolated),
            f"plan : {wording.number(start.isolated)}",
        )
    )
    busiest = _busiest(adjusted)
    rows.append(
        Fact(
            "Poste le plus chargé",
            wording.number(busiest),
            f"personnes pour un poste ; plan : {wording.number(_busiest(start))}",
        )
    )
    return rows


def _gap(difference: float) -> str:
    if abs(difference) < 0.0005:
        return "comme le plan"
    return f"{wording.points(difference, 1)} par rapport au plan"


def _busiest(adjusted: Adjusted) -> float:
    held = adjusted.positions > 0
    return float((adjusted.load[held] / adjusted.positions[held]).max()) if held.any() else np.nan


def read_positions(edited: pd.DataFrame) -> Mapping[str, int]:
    """Return the positions of an edited table, those above zero."""
    counts = pd.to_numeric(edited["positions"], errors="coerce").fillna(0).clip(lower=0)
    return {str(code): int(count) for code, count in counts.items() if count >= 1}


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
