"""The map of a sharing: positions, positions for 1,000 persons, what changes."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from planning.granted import Comparison
from views.parts import assets, legend, wording
from views.parts import map as maps
from views.parts.allocation.view import Asked, rate_text

METROPOLE: Final = ((51.2, -5.2), (41.3, 9.7))
DIVERGING: Final = ("#a84a14", "#f7b16a", "#d6d6d6", "#8b9be0", "#000091")


def outline(asked: Asked) -> str:
    """Return the logical name of the outlines of the units shown."""
    if asked.level == "canton":
        return f"cantons-{asked.department}"
    return f"{asked.level}s"


def rate_layer(units: pd.DataFrame, asked: Asked) -> tuple[maps.Layer, legend.Scale]:
    """Return the positions per 1,000 persons in need, in classes of equal numbers."""
    scale = legend.quantile_scale(
        "Postes pour 1 000 personnes en illectronisme",
        units["per_1000"].to_numpy(),
        "postes",
        "Le nombre de personnes est une estimation.",
        digits=3,
    )
    return _areas(units, units["per_1000"], scale, asked), scale


def count_layer(units: pd.DataFrame, asked: Asked) -> tuple[maps.Layer, legend.Scale]:
    """Return the positions, in classes of equal numbers."""
    scale = legend.quantile_scale(
        "Postes", units["positions"].to_numpy(dtype=float), "postes", "Par territoire."
    )
    return _areas(units, units["positions"].astype(float), scale, asked), scale


def gap_layer(
    units: pd.DataFrame, found: Comparison, asked: Asked
) -> tuple[maps.Layer, legend.Scale]:
    """Return what each unit gains or loses against what was granted, at equal totals."""
    values = found.units["same_total"].reindex(units.index)
    texts = ("perd plus de 10", "perd de 2 à 10", "à 2 près", "gagne de 2 à 10", "gagne plus de 10")
    scale = legend.Scale(
        "Écart avec les postes accordés en avril 2023, à total égal (postes)",
        (-10.0, -2.0, 2.0, 10.0),
        DIVERGING,
        texts,
        "Postes accordés au siège de l'employeur (ANCT).",
        hatched=frozenset({0}),
    )
    return _areas(units, values, scale, asked), scale


def _areas(units: pd.DataFrame, values: pd.Series, scale: legend.Scale, asked: Asked) -> maps.Layer:
    parts = pd.DataFrame(
        {
            "positions": [wording.count(int(n), "poste") for n in units["positions"]],
            "persons": [
                wording.number(row.persons) if row.estimated else "besoin non estimé :"
                for row in units.itertuples(index=False)
            ],
            "rate": [rate_text(value) for value in units["per_1000"]],
        },
        index=units.index,
    )
    sentence = "{0} · {1} personnes en illectronisme · {2} pour 1 000"
    return maps.areas(outline(asked), values, scale, (sentence, parts), "besoin non estimé")


def specification(asked: Asked, layers: Sequence[maps.Layer]) -> dict:
    """Return the map of the units shown."""
    where = f"département {asked.department}" if asked.level == "canton" else "France"
    title = f"Carte de la répartition, {where}. Le tableau de la page dit la même chose."
    if asked.level == "canton":
        return maps.specification(f"alloc-{asked.department}", title, layers)
    return maps.specification("alloc-FR", title, layers, METROPOLE)


def has_outline(asked: Asked) -> bool:
    """Whether the units shown have outlines to draw."""
    return outline(asked) in assets.outlines()
