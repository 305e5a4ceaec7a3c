"""What the page of access reads: kinds of sites, measures of the country, territories."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from coverage.catchment import Decay
from coverage.measure import SiteAccess, measure
from coverage.postal import RULE_MIN, postal_rule
from coverage.sites import load_sites, positions_as_sites
from coverage.territory_access import TerritoryAccess
from geodata import catalog, layers, tables
from geodata import territory as territories
from geodata.schema import WHOLE
from geodata.territory import Territory
from planning.deployment import Deployment
from planning.situation import OFFER_LAYERS, national_need, national_network
from views.parts import cached, legend, territory_view


@dataclass(frozen=True)
class Kind:
    """A kind of site: its title, how many are spoken of, its layers and its mark."""

    title: str
    one: str
    layers: tuple[str, ...]
    mark: legend.Mark


HELP: Final = "aide"

KINDS: Final[Mapping[str, Kind]] = {
    "france-services": Kind(
        "France Services",
        "un France Services",
        ("france_services",),
        territory_view.PLACE_LAYERS["france-services"].mark,
    ),
    HELP: Kind(
        "Tous les lieux d'accompagnement",
        "un lieu d'accompagnement",
        OFFER_LAYERS,
        legend.Mark("lieu d'accompagnement", "diamond", "#00654f", 5.5),
    ),
    "permanences": Kind(
        "Permanences de conseillers",
        "une permanence de conseiller",
        ("permanences",),
        territory_view.PLACE_LAYERS["permanences"].mark,
    ),
    "poste": Kind(
        "La Poste",
        "un point de contact La Poste",
        ("postal_points",),
        territory_view.PLACE_LAYERS["poste"].mark,
    ),
    "bibliotheques": Kind(
        "Bibliothèques",
        "une bibliothèque publique",
        ("libraries",),
        territory_view.PLACE_LAYERS["bibliotheques"].mark,
    ),
}

PROMISE: Final = "france-services"
"""The kind of which the programme promised one a canton."""

POSTAL: Final = "poste"


def available() -> list[str]:
    """Return the kinds of which this machine has some layer, in the order offered."""
    return [name for name, kind in KINDS.items() if any(map(_present, kind.layers))]


def _present(layer: str) -> bool:
    return catalog.locate(layer) is not None


def access(kind: str) -> SiteAccess:
    """Return the access of the whole country to a kind of site, measured once."""
    return _access(kind, layers.version(KINDS[kind].layers))


@st.cache_resource(max_entries=6, show_spinner="Calcul des temps de trajet de tout le pays…")
def _access(kind: str, version: tuple[str, ...]) -> SiteAccess:  # noqa: ARG001 - in the key
    return measure(national_network(), load_sites(KINDS[kind].layers))


def postal_standing() -> pd.DataFrame:
    """Return how each département stands against the postal rule, measured once."""
    return _postal_standing(layers.version(KINDS[POSTAL].layers))


@st.cache_resource(max_entries=1, show_spinner="Calcul des temps de trajet vers La Poste…")
def _postal_standing(version: tuple[str, ...]) -> pd.DataFrame:  # noqa: ARG001 - in the key
    sites = load_sites(KINDS[POSTAL].layers)
    # A minute beyond the rule's bound is enough, and four times as quick as the whole measure.
    near = measure(national_network(), sites, RULE_MIN + 1.0)
    return postal_rule(near, national_network().model.detour)


def of_territory(code: str, kind: str, decay: Decay) -> TerritoryAccess:
    """Return the access of a territory (``"03"``, ``"REG-84"``, ``"FR"``) to a kind of site."""
    return TerritoryAccess(territory(code), access(kind), national_need(), decay)


@st.cache_resource(max_entries=130, show_spinner=False)
def territory(code: str) -> Territory:
    """Return a territory."""
    return territories.resolve(code)


@st.cache_resource(max_entries=24, show_spinner="Calcul avec le plan…")
def _with_plan(kind: str, key: str, _plan: Deployment) -> SiteAccess:  # noqa: ARG001 - the key
    places = _plan.situation.places
    added = positions_as_sites(places, _plan.fixed.positions)
    return access(kind).plus(national_network(), added)


def with_plan(kind: str, plan: Deployment, decay: Decay) -> TerritoryAccess:
    """Return the access of a plan's territory once its fixed positions are there."""
    key = f"{layers.version(KINDS[kind].layers)} {cached.plan_key(plan.scenario)}"
    measured = _with_plan(kind, key, plan)
    return TerritoryAccess(plan.territory, measured, national_need(), decay)


@st.cache_data(max_entries=1, show_spinner=False)
def compared() -> dict[str, str]:
    """Return the territories to compare with, code → name: the country, regions, départements."""
    regions = tables.regions()["name"].sort_values()
    departments = tables.departments()["name"].sort_index()
    return {
        "FR": "France entière",
        **{f"REG-{code}": f"Région {name}" for code, name in regions.items()},
        **{str(code): f"{code} · {name}" for code, name in departments.items()},
    }


def known_offer(found: TerritoryAccess) -> bool:
    """Tell whether what exists in a territory is known: unknown is not zero."""
    if not found.access.sites.partial:
        return True
    if any(one.status in WHOLE for one in found.access.sites.provenances):
        return True
    inside = found.access.sites.frame["commune_code"]
    covered = set(tables.communes()["department"].reindex(inside).dropna())
    return set(found.territory.departments) <= covered
