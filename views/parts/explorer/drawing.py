"""The explorer's map as plain values: areas in classes or types, and their legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from coverage.atlas import FEW_PEOPLE
from coverage.typology import Typology
from views.parts import legend, wording
from views.parts import map as maps
from views.parts.explorer import breaks, overlays, zones
from views.parts.explorer.measures import INDEX, TYPES, Measure
from views.parts.explorer.view import View

DARK: Final = 0.45
"""Lightness (0–1) of a colour under which lines over it are white."""

POORER_SHARE: Final = 0.05
"""Share of its people estimated at a lower tier beyond which a territory is marked."""

# Told apart by lightness and by their hatching, besides their colour and their name.
TYPE_STYLES: Final = (
    {"fill": "#4a1242"},
    {"fill": "#f2b84b", "hatch": "lines", "ink": "#6a4a00"},
    {"fill": "#1f7a6b"},
    {"fill": "#c9d8f0", "hatch": "dots", "ink": "#3a3a9a"},
    {"fill": "#8fb8a8"},
    {"fill": "#d9776a", "hatch": "lines", "ink": "#5f2200"},
    {"fill": "#6a6ad0"},
    {"fill": "#efe6d8", "hatch": "dots", "ink": "#6e3b1f"},
)


@dataclass(frozen=True)
class Drawn:
    """What is drawn: the layer of areas, and its legend in HTML."""

    layer: maps.Layer
    legend: str


def areas(view: View, table: pd.DataFrame, measure: Measure) -> Drawn:
    """Return the units of a view filled by the classes of a measure.

    Parameters
    ----------
    view
        The view.
    table
        Figures of the units of its zone.
    measure
        One of those whose column the table has.
    """
    values = measure.factor * table[measure.column]
    bounds = view.bounds
    if view.method != "libres":
        bounds = breaks.class_bounds(
            values.to_numpy(dtype=float), view.method, view.number, measure.digits
        )
    scale = legend.bounded_scale(measure.title, bounds, measure.unit, _note(view, measure))
    poorer, meaning = _poorer(table, measure)
    layer = maps.areas(
        zones.outline(view.zone, view.level), values, scale, _texts(table, measure), _unknown(view)
    )
    layer = _marked(layer, scale, table.index[poorer], meaning)
    without = _unknown(view) if values.isna().any() else ""
    return Drawn(
        maps.choosable(layer, _shown(view, table)),
        legend.scale_html(scale, missing=without, marked=meaning),
    )


def type_areas(view: View, table: pd.DataFrame, found: Typology) -> Drawn:
    """Return the cantons of a view filled by their type."""
    frame = found.frame().reindex(table.index)
    names = [kind.name for kind in found.types]
    known = frame["type"].fillna(-1).astype(int)
    values = {str(code): [int(kind), names[kind]] for code, kind in known.items() if kind >= 0}
    layer: maps.Layer = {
        "type": "areas",
        "url": maps.outline_address(zones.outline(view.zone, view.level)),
        "values": values,
        "template": "{0}",
        "styles": [dict(TYPE_STYLES[k]) for k in range(len(names))],
        "missing": dict(legend.NO_VALUE),
        "unknown": "type inconnu : un critère manque",
        "legend": {"title": "Types", "texts": names, "missing": "", "note": TYPES.source},
    }
    rows = [(TYPE_STYLES[k], name) for k, name in enumerate(names)]
    return Drawn(maps.choosable(layer, _shown(view, table)), legend.styles_html("Types", rows))


def _shown(view: View, table: pd.DataFrame) -> pd.Index | None:
    """Return the units to draw, where the outlines hold others."""
    return table.index if view.zone.startswith(zones.REGION) else None


def _note(view: View, measure: Measure) -> str:
    how = breaks.METHODS[view.method].lower()
    return f"{measure.source}. Classes : {how}."


def _unknown(view: View) -> str:
    if view.department == "976":
        return "âges non publiés à Mayotte : non estimé"
    return "non connu, ou aucun habitant"


def _texts(table: pd.DataFrame, measure: Measure) -> tuple[str, pd.DataFrame]:
    """Return what is said of each unit: the measure, then need with its interval."""
    parts = pd.DataFrame({"value": [measure.shown(value) for value in table[measure.column]]})
    parts["rate"] = [wording.share(rate, 1) for rate in table["rate"]]
    parts["range"] = [
        f"{wording.number(100 * low, 1)} à {wording.share(high, 1)}"
        for low, high in zip(table["low_rate"], table["high_rate"], strict=True)
    ]
    parts["persons"] = [persons_text(row) for row in table.itertuples()]
    parts["tier"] = table["tier"].astype(str).to_numpy()
    need = "Illectronisme estimé : {1} ({2})\n{3}\nNiveau d'information : {4}"
    if measure.column in ("rate", "persons"):
        return need, parts
    return f"{measure.label} : {{0}}\n{need}", parts


def persons_text(row: object) -> str:
    """Return the persons of a unit with their interval; rounded where few people live."""
    persons, low, high = (float(getattr(row, name)) for name in ("persons", "low", "high"))
    if np.isnan(persons):
        return "personnes non estimées"
    if float(getattr(row, "population")) < FEW_PEOPLE:  # noqa: B009 - a row of a table
        about = wording.about(persons)
        return f"{about} personnes (entre {wording.number(low)} et {wording.number(high)})"
    return (
        f"{wording.number(persons)} personnes "
        f"(entre {wording.number(low)} et {wording.number(high)})"
    )


def _poorer(table: pd.DataFrame, measure: Measure) -> tuple[np.ndarray, str]:
    """Tell which units rest on less than the best informed of the view, and what to say of it."""
    if measure is INDEX:
        known = table["n_indicators"].where(table["score"].notna())
        best = known.max()
        poorer = (known < best).to_numpy()
        return poorer, f"indice sur moins de {int(best)} indicateurs" if poorer.any() else ""
    if not measure.estimated:
        return np.zeros(len(table), dtype=bool), ""
    poorer = (table["poorer_share"] > POORER_SHARE).to_numpy()
    if not poorer.any():
        return poorer, ""
    told = "estimation moins bien informée (niveau inférieur au reste du pays)"
    return poorer, told


def _marked(layer: maps.Layer, scale: legend.Scale, codes: pd.Index, meaning: str) -> maps.Layer:
    """Return a layer whose units of these codes are drawn with lines over their colour."""
    if codes.empty:
        return layer
    lined = [
        {"fill": colour, "hatch": "lines", "ink": "#ffffff" if _dark(colour) else "#3a3a3a"}
        for colour in scale.colours
    ]
    n = len(scale.colours)
    values = dict(layer["values"])
    for code in codes.astype(str):
        if code in values:
            rank, *rest = values[code]
            values[code] = [rank + n, *rest]
    told = {**layer["legend"], "texts": [*layer["legend"]["texts"], meaning]}
    return {**layer, "values": values, "styles": [*layer["styles"], *lined], "legend": told}


def _dark(colour: str) -> bool:
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < DARK


def specification(
    view: View, drawn: Drawn, computed: Sequence[maps.Layer], towns: pd.DataFrame
) -> dict[str, object]:
    """Return what the map shows: areas, overlays, what was computed, names of towns."""
    over = overlays.layers(view.zone, view.layers)
    layers = [drawn.layer, *over, *computed, maps.labels(towns)]
    level = zones.LEVEL_TITLES[view.level].lower()
    title = f"Carte : {view.zone_name}, {level}. Le tableau de la page dit la même chose en texte."
    bounds = METROPOLE if view.zone == zones.COUNTRY else None
    other = view.other if view.other in zones.units(view.zone, view.level) else ""
    return maps.specification(view.zone, title, layers, bounds, selected=(view.unit, other))


METROPOLE: Final = ((41.3, -5.2), (51.1, 9.6))
"""Corners of the metropole, which the map of the country frames first (degrees)."""
