"""The explorer's figures, computed once for all visitors: kept by what they rest on."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage import atlas
from coverage.features import Offer, canton_features
from coverage.index import FragilityIndex, fragility
from coverage.indicators import IDS, indicator_values
from coverage.local import gather
from coverage.measure import weights_of
from coverage.typology import Typology, typology
from geodata import catalog, tables
from planning.situation import national_need
from views.parts import cached
from views.parts.access import data as access_data
from views.parts.explorer import zones
from views.parts.explorer.measures import ACCESS, FRANCE_SERVICES, HELP, MEASURES, TYPES
from views.parts.explorer.view import View

Version = tuple[str, ...]
NO_TYPE: Final = "sans type"

_KINDS: Final = {FRANCE_SERVICES.column: access_data.PROMISE, HELP.column: access_data.HELP}


def units(level: str, weights: tuple[float, ...] = ()) -> pd.DataFrame:
    """Return the figures of every unit of a level of the country (shared: read only)."""
    return _units(zones.LEVELS[level], weights, cached.layers_version())


def of_view(view: View) -> pd.DataFrame:
    """Return the figures of the units of a view's zone, its measure among them."""
    table = units(view.level, view.weights).loc[zones.units(view.zone, view.level)]
    measure = MEASURES[view.measure]
    if measure in ACCESS:
        return table.assign(**{measure.column: access(measure.column, view.level)})
    if measure is TYPES:
        return table.assign(type=types().frame()["name"].reindex(table.index).fillna(NO_TYPE))
    return table


def whole(code: str, weights: tuple[float, ...] = ()) -> pd.Series:
    """Return the figures of a territory that holds units: ``FR``, ``REG-84``, ``DEP-03``."""
    level, key = _of_whole(code)
    return _units(level, weights, cached.layers_version()).loc[key]


def _of_whole(code: str) -> tuple[str, str]:
    for prefix, level in ((zones.REGION, "region"), (zones.DEPARTMENT, "department")):
        if code.startswith(prefix):
            return level, code.removeprefix(prefix)
    return "country", atlas.COUNTRY


@st.cache_resource(max_entries=16, show_spinner="Calcul des chiffres du territoire…")
def _units(level: str, weights: tuple[float, ...], current: Version) -> pd.DataFrame:
    points = tables.demand_points()
    table = atlas.units_table(points, national_need(), _index(weights, current), level)
    counts = atlas.counts_by_unit(points, cached.places().frame, level)
    return table.join(counts).assign(granted=_granted(points, level).reindex(table.index))


@st.cache_resource(max_entries=8, show_spinner=False)
def _index(weights: tuple[float, ...], current: Version) -> FragilityIndex:  # noqa: ARG001 - a key
    points, need = tables.demand_points(), national_need()
    values = indicator_values(points, need)
    people = points["population"].to_numpy(dtype=float)
    chosen = dict(zip(IDS, weights, strict=True)) if weights else None
    return fragility(values, people, need.persons_15p, chosen)


def known_indicators() -> list[str]:
    """Return the indicators that this machine knows somewhere."""
    absent = _index((), cached.layers_version()).absent
    return [name for name in IDS if name not in absent]


def _granted(points: pd.DataFrame, level: str) -> pd.Series:
    """Return the positions granted to employers seated in each unit."""
    frame = cached.granted_positions()
    repeated = frame.loc[frame.index.repeat(frame["positions"].astype(int))]
    seats = repeated.assign(layer="granted")[["layer", "commune_code"]]
    counts = atlas.counts_by_unit(points, seats, level)
    return counts["granted"] if "granted" in counts else pd.Series(dtype=float)


def access_known(column: str) -> bool:
    """Tell whether the sites of a measure of access are known everywhere, not in part."""
    return _access_known(column, cached.layers_version())


@st.cache_data(max_entries=4, show_spinner=False)
def _access_known(column: str, current: Version) -> bool:  # noqa: ARG001 - a key
    found = [catalog.locate(layer) for layer in access_data.KINDS[_KINDS[column]].layers]
    return any(one is not None and one.status != "partial" for one in found)


def access(column: str, level: str) -> pd.Series:
    """Return the median minutes of each unit to the nearest site, infinite beyond the limit."""
    return _minutes(column, zones.LEVELS[level], cached.layers_version())


def whole_access(column: str, code: str) -> float:
    """Return the median minutes of a territory that holds units."""
    level, key = _of_whole(code)
    return float(_minutes(column, level, cached.layers_version())[key])


@st.cache_resource(max_entries=16, show_spinner=False)
def _minutes(column: str, level: str, current: Version) -> pd.Series:  # noqa: ARG001 - a key
    found = access_data.access(_KINDS[column])
    groups = atlas.group_of(found.points, level)
    people = weights_of(found.points, national_need().persons, groups)
    return atlas.minutes_by_unit(found.points, found.minutes, people, level)


def types() -> Typology:
    """Return the types of cantons, on what this machine knows."""
    return _types(cached.layers_version())


def warm_up() -> None:
    """Compute what the explorer opens on, then what takes seconds: times of travel."""
    for level in ("departements", "cantons"):
        units(level)
    for column in _KINDS:
        if access_known(column):
            access(column, "cantons")


@st.cache_resource(max_entries=2, show_spinner="Classement des cantons par types…")
def _types(current: Version) -> Typology:  # noqa: ARG001 - a key
    points, need = tables.demand_points(), national_need()
    offer = None
    if access_known(HELP.column):
        found = access_data.access(access_data.HELP)
        places = found.sites.frame["commune_code"].value_counts()
        counts = places.reindex(points.index).fillna(0.0).to_numpy(dtype=float)
        offer = Offer(found.minutes, counts, found.times.limit_min)
    income = gather(points).log_income
    known = income if np.isfinite(income).any() else None
    return typology(canton_features(points, need, known, offer))
