"""Every unit of the view in a table that sorts, and in files to take away."""

import json
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.atlas import FEW_PEOPLE
from geodata.readers.reference import plain_name
from geodata.snapshot.topology import decode
from views.parts import assets, downloads, wording
from views.parts.explorer import zones
from views.parts.explorer.measures import (
    ACCESS,
    INDEX,
    MEASURES,
    PERSONS,
    RATE,
    TYPES,
    Measure,
    beyond,
)
from views.parts.explorer.view import View

HEIGHT_PX: Final = 380
SOURCES: Final = (
    "Estimation d'après Insee Première 1953 (2021), recensements, Filosofi 2021 et chiffres "
    "régionaux (2019) ; population 2023 ; intervalle à 90 %"
)


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return persons as they are shown: to the nearest 5 where under 100 people live."""
    few = table["population"] < FEW_PEOPLE
    persons = table["persons"].where(~few, 5 * (table["persons"] / 5).round())
    return table.assign(persons=persons)


def columns_of(view: View, table: pd.DataFrame) -> dict[str, Measure | str]:
    """Return column → measure or title, in the order of the table."""
    found: dict[str, Measure | str] = {
        "name": "Territoire",
        "population": "Habitants (2023)",
        "rate": RATE,
        "low_rate": "Taux : de (%)",
        "high_rate": "Taux : à (%)",
        "persons": PERSONS,
        "low": "Personnes : de",
        "high": "Personnes : à",
        "tier": "Niveau",
        "score": INDEX,
        "n_indicators": "Indicateurs",
    }
    measure = MEASURES[view.measure]
    if measure is TYPES:
        return {"name": found.pop("name"), "type": "Type", **found}
    if measure.column not in found and measure.column in table:
        return {"name": found.pop("name"), measure.column: measure, **found}
    return found


def shown(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is read: French titles, shares in percent, the measure first."""
    frame = rounded(table)
    columns = {}
    for name, what in columns_of(view, table).items():
        values = frame[name]
        factor = what.factor if isinstance(what, Measure) else 100.0 if "rate" in name else 1.0
        title = what if isinstance(what, str) else _title(what)
        if pd.api.types.is_numeric_dtype(values):
            digits = _digits(name, what)
            values = (factor * values.astype(float)).round(digits)
        columns[title] = values
    out = pd.DataFrame(columns, index=table.index.rename("Code"))
    return out.sort_values("Territoire", key=lambda names: names.map(plain_name), kind="stable")


def _title(measure: Measure) -> str:
    return f"{measure.label} ({measure.unit})" if measure.unit else measure.label


def _digits(name: str, what: Measure | str) -> int:
    if isinstance(what, Measure):
        return what.digits or 0
    return 1 if "rate" in name else 0


def show(view: View, table: pd.DataFrame) -> None:
    """Show the table and its downloads."""
    frame = shown(view, table)
    told = _readable(frame)
    st.dataframe(
        told,
        height=HEIGHT_PX,
        column_config={
            title: st.column_config.NumberColumn(format="localized")
            for title in told.columns
            if pd.api.types.is_numeric_dtype(told[title])
        },
        alt=f"Tableau des {zones.LEVEL_TITLES[view.level].lower()} : {view.zone_name}",
        key="explorer_listing",
    )
    name = f"{view.level}-{view.zone}".lower()
    with st.container(horizontal=True):
        downloads.csv_button(
            "Tableau (CSV)",
            lambda: _file(view, frame),
            f"{name}.csv",
        )
        downloads.button(
            "Carte (GeoJSON)",
            lambda: geojson(view, frame),
            f"{name}.geojson",
            "application/geo+json",
        )


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table for the screen: what is beyond the limit in words.

    Numbers of such a column have two figures before the comma, so that texts sort as they do.
    """
    told = frame.copy(deep=False)
    for name in frame.columns[(frame == np.inf).any()]:
        numbers = frame[name]
        texts = numbers.map(lambda one: f"{one:04.1f}".replace(".", ","), na_action="ignore")
        told[name] = texts.mask(np.isinf(numbers), beyond())
    return told


def _file(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table as a file: what is beyond the limit in words, and the sources."""
    told = frame.reset_index()
    for name in told.columns[(told == np.inf).any()]:
        numbers = told[name]
        texts = numbers.map(wording.number, na_action="ignore")
        told[name] = texts.mask(np.isinf(numbers), beyond())
    return told.assign(Source=_sources(view))


def _sources(view: View) -> str:
    measure = MEASURES[view.measure]
    return f"{SOURCES}. {measure.source}." if measure in ACCESS else SOURCES


def geojson(view: View, frame: pd.DataFrame) -> str:
    """Return the units with their outlines and figures, in EPSG:4326."""
    address = assets.outlines()[zones.outline(view.zone, view.level)]
    path = assets.STATIC_DIR / address.removeprefix(f"{assets.FROM_FRAME}/")
    outlines = decode(json.loads(path.read_text(encoding="utf-8")), "units")
    drawn = outlines.reindex(outlines.index.intersection(frame.index))[["geometry"]]
    told = frame.replace({np.nan: None, np.inf: None})
    joined = drawn.join(told).rename_axis("Code").reset_index()
    content = json.loads(joined.to_json(drop_id=True))
    return json.dumps({**content, "source": _sources(view)}, ensure_ascii=False)
