"""What can be laid over the explorer's map: borders, places, granted positions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from geodata import tables
from views.parts import cached, territory_view, wording
from views.parts import map as maps
from views.parts.explorer import zones
from views.parts.legend import Mark
from views.parts.territory_view import GRANTED_MARK, PLACE_LAYERS


@dataclass(frozen=True)
class Border:
    """Borders of a level over another: colour, width in pixels, dashes."""

    label: str
    level: str
    colour: str
    weight: float
    dash: str


BORDERS: Final[Mapping[str, Border]] = {
    "departements": Border("Limites des départements", "departements", "#1e1e1e", 1.6, ""),
    "cantons": Border("Limites des cantons", "cantons", "#3a3a3a", 1.3, ""),
    "epci": Border("Limites des EPCI", "epci", "#8f1d6c", 1.6, "7 4"),
}
GRANTED: Final = "accordes"
OVERLAYS: Final = (*BORDERS, *PLACE_LAYERS, GRANTED)
"""Words of the link, in the order of the choices."""

SMALL: Final = 4.0
"""Radius in pixels of the points of a region or of the country, seen from near."""


@dataclass(frozen=True)
class Offered:
    """Overlays of a zone: name → button; layers absent from this machine; notes."""

    options: dict[str, str]
    absent: tuple[str, ...]
    notes: tuple[str, ...]


def offered(zone: str, level: str) -> Offered:
    """Return the overlays of a zone, with the number of places of each."""
    options = {
        name: border.label
        for name, border in BORDERS.items()
        if name != level and zones.borders(zone, border.level) and _has_several(zone, name)
    }
    counts = counts_of(zone)
    absent, notes = [], []
    for name, kind in PLACE_LAYERS.items():
        status = territory_view.layer_status(name)
        if status == "missing":
            absent.append(kind.label)
        elif counts[name]:
            partial = ", partiel" if status == "partial" else ""
            options[name] = f"{kind.label} ({wording.number(counts[name])}{partial})"
            if partial:
                notes.append(territory_view.partial_text(name, counts[name]))
    if counts[GRANTED]:
        options[GRANTED] = f"Postes accordés ({wording.number(counts[GRANTED])})"
    return Offered(options, tuple(absent), tuple(notes))


def _has_several(zone: str, name: str) -> bool:
    return name != "departements" or zones.kind(zone) != "department"


def counts_of(zone: str) -> dict[str, int]:
    """Return the number of places of each layer, and of granted positions, in a zone."""
    return _counts(zone, cached.layers_version())


@st.cache_data(max_entries=256, show_spinner=False)
def _counts(zone: str, version: tuple[str, ...]) -> dict[str, int]:  # noqa: ARG001 - a key
    inside = _inside(zone)
    places = cached.places().frame
    found = places[places["commune_code"].isin(inside)]["layer"].value_counts()
    counts = {name: int(found.get(kind.layer, 0)) for name, kind in PLACE_LAYERS.items()}
    granted = cached.granted_positions()
    ours = granted["commune_code"].isin(inside)
    return {**counts, GRANTED: int(granted.loc[ours, "positions"].sum())}


def _inside(zone: str) -> pd.Index:
    """Return the communes of a zone, cities of arrondissements included."""
    communes = tables.communes()
    if zone == zones.COUNTRY:
        return communes.index
    return communes.index[
        (communes[zones.kind(zone)] == zone.removeprefix(zones.REGION)).to_numpy()
    ]


def layers(zone: str, chosen: tuple[str, ...]) -> list[maps.Layer]:
    """Return the layers of the overlays chosen, borders first, the rarest points on top."""
    found = []
    for name, border in BORDERS.items():
        outline = zones.borders(zone, border.level)
        if name in chosen and outline:
            line = maps.lines(outline, colour=border.colour, weight=border.weight, dash=border.dash)
            found.append(_within(line, zone, border.level))
    found += [points(zone, name) for name in reversed(PLACE_LAYERS) if name in chosen]
    if GRANTED in chosen:
        found.append(granted(zone))
    return found


def _within(line: maps.Layer, zone: str, level: str) -> maps.Layer:
    """Keep the borders of a region's units, drawn from the national file."""
    if zones.kind(zone) != "region":
        return line
    return {**line, "only": list(zones.units(zone, level))}


def marks(chosen: tuple[str, ...]) -> list[Mark]:
    """Return the marks of the points chosen."""
    found = [kind.mark for name, kind in PLACE_LAYERS.items() if name in chosen]
    return [*found, *([GRANTED_MARK] if GRANTED in chosen else [])]


def lines_of(chosen: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return the legend of the borders chosen: colour, dashes, text."""
    return [(b.colour, b.dash, b.label) for name, b in BORDERS.items() if name in chosen]


def points(zone: str, name: str) -> maps.Layer:
    """Return the places of a layer: with all that is known of each in a département."""
    return _points(zone, name, cached.layers_version())


@st.cache_resource(max_entries=64, show_spinner="Lecture des lieux…")
def _points(zone: str, name: str, version: tuple[str, ...]) -> maps.Layer:  # noqa: ARG001 - a key
    if zones.kind(zone) == "department":
        return territory_view.place_layer(zone, name)
    kind = PLACE_LAYERS[name]
    frame = cached.places().frame
    ours = frame[(frame["layer"] == kind.layer) & frame["commune_code"].isin(_inside(zone))]
    towns = tables.communes()["name"].reindex(ours["commune_code"])
    rows = zip(ours["lat"], ours["lon"], ours["name"], towns.fillna(""), strict=True)
    mark = Mark(kind.mark.label, kind.mark.shape, kind.mark.colour, SMALL)
    return maps.dots(rows, mark)


def granted(zone: str) -> maps.Layer:
    """Return the positions granted: squares with their number in a département, else points."""
    return _granted(zone, cached.layers_version())


@st.cache_resource(max_entries=64, show_spinner=False)
def _granted(zone: str, version: tuple[str, ...]) -> maps.Layer:  # noqa: ARG001 - a key
    if zones.kind(zone) == "department":
        return territory_view.granted_layer(zone)
    frame = cached.granted_positions()
    ours = frame[frame["commune_code"].isin(_inside(zone))]
    by_town = ours.groupby("commune_code")["positions"].sum()
    towns = tables.communes().reindex(by_town.index)
    texts = [wording.count(int(n), "poste accordé", "postes accordés") for n in by_town]
    rows = zip(towns["lat"], towns["lon"], towns["name"], texts, strict=True)
    mark = Mark(GRANTED_MARK.label, GRANTED_MARK.shape, GRANTED_MARK.colour, SMALL)
    return maps.dots(rows, mark)
