"""Sharings kept between visitors, keyed by what was asked and by the layers read."""

from dataclasses import replace

import streamlit as st

from coverage.local import LOCAL_LAYERS
from geodata import layers
from geodata.errors import SourceError
from planning.allocation import Allocation, Bounds, Choices, allocate, rural_communes
from planning.granted import LAYER, Comparison, compare, granted_by
from views.parts.allocation.view import Asked

KEPT = 32


def allocation(asked: Asked) -> Allocation:
    """Return the sharing asked for; a département's cantons come from that of the country."""
    return _allocation(replace(asked, department=""), _version())


def comparison(asked: Asked) -> Comparison | None:
    """Return the sharing beside the positions granted, or ``None`` without the layer."""
    return _comparison(replace(asked, department=""), _version())


def _version() -> tuple[str, ...]:
    return layers.version((*LOCAL_LAYERS, LAYER))


@st.cache_resource(max_entries=KEPT, show_spinner="Répartition des postes…")
def _allocation(asked: Asked, version: tuple[str, ...]) -> Allocation:  # noqa: ARG001
    bounds = {}
    if asked.keep:
        bounds = {
            str(code): Bounds(existing=int(count))
            for code, count in granted_by(asked.level).items()
        }
    return allocate(
        Choices(
            total=asked.total,
            level=asked.level,
            method=asked.method,
            cascade=asked.cascade,
            floor=asked.floor,
            cap=asked.cap,
            bounds=bounds,
            bonus=asked.bonus,
            priority=rural_communes() if asked.bonus else (),
        )
    )


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _comparison(asked: Asked, version: tuple[str, ...]) -> Comparison | None:
    try:
        return compare(_allocation(asked, version))
    except SourceError:
        return None
