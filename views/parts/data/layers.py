"""The catalogue of layers as rows: where each one is, how old, what was set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from geodata import catalog, kept, layers
from geodata.catalog import Source
from geodata.errors import CoverageError
from geodata.schema import Provenance
from views.parts import wording
from views.parts.tables import Column, Html, badge

COLUMNS: Final = (
    Column("Couche"),
    Column("État"),
    Column("Producteur et licence"),
    Column("Millésime"),
    Column("Âge"),
    Column("Lignes gardées", number=True),
    Column("Écartées", number=True),
)

TONES: Final[Mapping[str, str]] = {
    "embedded": "bon",
    "imported": "bon",
    "folder": "bon",
    "downloaded": "bon",
    "partial": "info",
    "missing": "alerte",
}

AGES: Final[Mapping[str, tuple[str, str]]] = {
    "recent": ("récent", "bon"),
    "year": ("6 à 12 mois", "info"),
    "aging": ("12 à 18 mois", ""),
    "old": ("plus ancien", "alerte"),
    "unknown": ("âge inconnu", ""),
}
"""Class of age → its name and its tone."""

FEW_DEPARTMENTS: Final = 4

AGES_NOTE: Final = (
    "Âge des données, du dernier jour de leur millésime à aujourd'hui : récent (moins de 6 mois), "
    "6 à 12 mois, 12 à 18 mois, plus ancien."
)

SECONDS_PER_MB: Final = 1.5
"""Time to load a layer over an ordinary line, checks included: a rough guide."""


@dataclass(frozen=True)
class Layer:
    """A source of the catalogue, and what this machine has of it.

    ``fault`` is why its file cannot be read, empty when it can or when there is none;
    ``departments`` are those that a file brought by a user covers, none when it covers all.
    """

    source: Source
    provenance: Provenance
    rejected: pd.DataFrame
    fault: str = ""
    departments: tuple[str, ...] = ()


@st.cache_data(max_entries=8, ttl=60, show_spinner="Lecture des couches…")
def catalogue(_folder: str) -> list[Layer]:
    """Return every layer of the catalogue that this version reads.

    Parameters
    ----------
    _folder
        Where files are looked for.
    """
    return [_layer(source) for source in catalog.sources().values() if source.reader]


def _layer(source: Source) -> Layer:
    nothing = pd.DataFrame()
    if catalog.locate(source.id) is None:
        return Layer(source, source.provenance(), nothing)
    try:
        table = layers.load(source.id)
    except CoverageError as error:
        return Layer(source, source.provenance(), nothing, fault=str(error))
    brought = kept.find(catalog.imports_folder(), source.id)
    covered = () if brought is None else brought[0].departments
    return Layer(source, table.provenance, table.rejected, departments=covered)


def rows(found: list[Layer], today: date) -> list[tuple[str | Html, ...]]:
    """Return one row a layer."""
    return [_row(layer, today) for layer in found]


def _row(layer: Layer, today: date) -> tuple[str | Html, ...]:
    known = layer.provenance
    status = "missing" if layer.fault else known.status
    text = "illisible" if layer.fault else wording.STATUSES[known.status]
    if layer.departments:
        text = f"importée en partie : {departments_text(layer.departments)}"
    producer = f"{wording.html_text(known.producer)}<br>{wording.html_text(known.licence)}"
    vintage = wording.day_text(known.vintage) if known.vintage else "—"
    level = wording.age_class(known.vintage, today)
    old = wording.age_text(known.vintage, today) if level == "old" else ""
    age = Html(f"{badge(*AGES[level]).text} {wording.html_text(old)}") if known.vintage else "—"
    missing = known.status == "missing" or layer.fault
    return (
        known.title,
        badge(text, TONES[status]),
        Html(producer),
        vintage,
        age,
        "—" if missing else wording.number(known.rows),
        "—" if missing else wording.number(known.set_aside),
    )


def departments_text(codes: tuple[str, ...]) -> str:
    """Return what a file covers: the codes of its départements while they are few."""
    if len(codes) > FEW_DEPARTMENTS:
        return wording.count(len(codes), "département")
    return f"{'département' if len(codes) == 1 else 'départements'} {wording.joined(codes)}"


def wanted(layer: Layer) -> bool:
    """Tell whether a layer is missing, or known in part and known better by its producer.

    Not so of a file that a user brought: it stays before any other until it is erased.
    """
    partial = layer.provenance.status == "partial" and layer.source.can_fetch
    return (partial and not layer.departments) or layer.provenance.status == "missing"


def offer_text(source: Source) -> str:
    """Return what loading a layer costs: size, licence, time."""
    size = wording.size(source.size_mb * 1e6)
    seconds = max(2, round(source.size_mb * SECONDS_PER_MB))
    return f"{source.title} — {size}, {source.licence}, environ {wording.number(seconds)} s"


def reasons(rejected: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the reasons for which rows were set aside, with their number, most frequent first."""
    counts = rejected["reason"].value_counts()
    return [(str(reason), wording.number(count)) for reason, count in counts.items()]
