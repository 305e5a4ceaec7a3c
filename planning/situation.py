"""What is known of a territory before anything is decided: need, places, minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from coverage import need as need_model
from coverage.arrays import FloatArray
from coverage.local import LOCAL_LAYERS
from coverage.need import Need
from coverage.network import CommuneNetwork
from coverage.travel import TravelTimes
from geodata import catalog, layers, tables
from geodata.distance import great_circle_km
from geodata.errors import DataError
from geodata.schema import WHOLE, Provenance
from geodata.territory import Territory
from planning.fixed import SitingInputs, places_frame
from planning.hosts import candidate_hosts

OFFER_LAYERS = ("france_services", "permanences", "mediation_places")
"""Layers of places that already help people with digital life."""

HOST_LAYERS = (*OFFER_LAYERS, "libraries", "postal_points")
"""Layers of places that could host a position; town halls come from the snapshot."""

LIMIT_MIN = 45.0
"""Limit of the travel times between people and places, in minutes."""

MARGIN_DEG = 0.5
"""How far beyond the territory an existing place may still serve its people, in degrees."""


@dataclass(frozen=True)
class Situation:
    """A territory as it is.

    Parameters
    ----------
    territory
        The territory.
    points
        Its communes and arrondissements, indexed by code.
    need
        Estimated need, in the order of ``points``.
    weights
        What plans weigh, shape (n_point,): persons in need, or inhabitants where the need
        of the territory cannot be estimated.
    weight
        ``"persons_in_need"`` or ``"population"``.
    hosts
        Places that could host a position (:func:`planning.hosts.candidate_hosts`).
    places
        One row a place of the location model, existing ones first, indexed like the
        columns of ``times``.
    times
        Minutes from ``points`` to ``places``.
    minutes_before
        Minutes to the nearest place of help known today, shape (n_point,); ``None`` where
        no layer says what exists.
    offer_partial
        Whether the places of help are known in part only.
    provenance
        Sources used or missing, with whether each counts as a place of help.
    """

    territory: Territory
    points: pd.DataFrame
    need: Need
    weights: FloatArray
    weight: str
    hosts: pd.DataFrame
    places: pd.DataFrame
    times: TravelTimes
    minutes_before: FloatArray | None
    offer_partial: bool
    provenance: tuple[tuple[Provenance, bool], ...]

    def siting_inputs(self) -> SitingInputs:
        """Return what :func:`planning.fixed.choose_fixed_sites` needs."""
        ours = self.places["commune_code"].isin(self.points.index)
        existing = self.places["existing"].to_numpy(dtype=bool)
        preference_min = self.places["preference_min"].to_numpy(dtype=float)
        return SitingInputs(
            times=self.times,
            weights=self.weights,
            existing=existing,
            reinforceable=ours.to_numpy(dtype=bool),
            preference_min=np.where(existing, 0.0, preference_min),  # they stay in any case
        )


@cache
def national_network() -> CommuneNetwork:
    """Return the modelled road network of the whole country, built once."""
    return CommuneNetwork.build()


def national_need() -> Need:
    """Return the estimated need of every commune, computed once for the figures loaded."""
    return _national_need(layers.version(LOCAL_LAYERS))


@lru_cache(maxsize=2)
def _national_need(_version: tuple[str, ...]) -> Need:
    return need_model.estimate_here(tables.demand_points())


def survey(territory: Territory, preference_min: Mapping[str, float]) -> Situation:
    """Gather what is known of a territory.

    Parameters
    ----------
    territory
        Any territory with communes.
    preference_min
        Kind of host → minutes that it costs against the best kind.

    Raises
    ------
    DataError
        If nobody lives there, or no place could host a position.
    """
    points = territory.points()
    if not len(points) or not points["population"].sum():
        raise DataError(
            "Ce territoire n'a pas d'habitant", where=f"{territory.name} ({territory.code})"
        )
    network = national_network()
    rows = network.points.index.get_indexer(points.index)
    need = national_need().at(rows)
    weights, weight = _weights(points, need)
    loaded = layers.places(HOST_LAYERS)
    around = _around(loaded.frame, points)
    offers = _offers(around, preference_min)
    known, partial = _knowledge(loaded.provenances, around, territory)
    hosts = candidate_hosts(
        around[around["commune_code"].isin(points.index)], _town_halls(points), preference_min
    )
    if hosts.empty and offers.empty:
        raise DataError(
            "Aucun lieu ne peut accueillir de poste dans ce territoire",
            where=f"{territory.name} ({territory.code})",
            remedy="Chargez les couches officielles (`make data`) ou indiquez leur dossier "
            "dans GEODATA_DIR.",
        )
    places = places_frame(hosts, offers if known else offers.iloc[:0])
    times = network.minutes(rows, _met_first(places, offers, hosts), LIMIT_MIN)
    before = None
    if known:
        # Every place of help counts, not only the best of its commune kept for the model.
        everyone = network.minutes(rows, offers.set_index("id"), LIMIT_MIN)
        before = everyone.nearest()[1]
    return Situation(
        territory=territory,
        points=points,
        need=need,
        weights=weights,
        weight=weight,
        hosts=hosts,
        places=places,
        times=times,
        minutes_before=before,
        offer_partial=partial,
        provenance=_provenance(loaded),
    )


def _met_first(places: pd.DataFrame, offers: pd.DataFrame, hosts: pd.DataFrame) -> pd.DataFrame:
    """Return the places with the point where the people of their commune meet them first.

    A place stands for every place of help of its commune, or every host where there is none:
    people go to the one nearest to the commune's point, not to the one that a plan prefers.
    """
    centre = national_network().points[["lon", "lat"]]
    found = places[["commune_code", "lon", "lat"]].copy()
    for existing, frame in ((True, offers), (False, hosts)):
        at = centre.reindex(frame["commune_code"])
        away = great_circle_km(
            *(one[name].to_numpy(dtype=float) for one in (frame, at) for name in ("lon", "lat"))
        )
        nearest = frame.iloc[np.argsort(away, kind="stable")].drop_duplicates("commune_code")
        ours = (places["existing"] == existing).to_numpy()
        points = nearest.set_index("commune_code")[["lon", "lat"]]
        found.loc[ours, ["lon", "lat"]] = points.reindex(places["commune_code"][ours]).to_numpy()
    return found


def _provenance(loaded: layers.Places) -> tuple[tuple[Provenance, bool], ...]:
    """Return the sources used, and the layers that are missing, in the catalogue's order."""
    snapshot = [tables.provenance(name) for name in ("communes", "outlines", "town_halls")]
    missing = [catalog.source(layer).provenance() for layer in loaded.missing]
    found = [*snapshot, *loaded.provenances, *missing]
    return tuple((p, p.layer in OFFER_LAYERS and p.status != "missing") for p in found)


def _weights(points: pd.DataFrame, need: Need) -> tuple[FloatArray, str]:
    if np.isnan(need.persons).all():
        return points["population"].to_numpy(dtype=float), "population"
    return np.nan_to_num(need.persons), "persons_in_need"


def _around(places: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Keep the places in the territory's bounding box and a margin around it."""
    lon, lat = points["lon"], points["lat"]
    near = places["lon"].between(lon.min() - MARGIN_DEG, lon.max() + MARGIN_DEG)
    near &= places["lat"].between(lat.min() - MARGIN_DEG, lat.max() + MARGIN_DEG)
    return places[near].reset_index(drop=True)


def _offers(places: pd.DataFrame, preference_min: Mapping[str, float]) -> pd.DataFrame:
    """Return the fixed places of help, each commune's best first, with unique identifiers."""
    offers = places[places["layer"].isin(OFFER_LAYERS) & ~places["mobile"]].copy()
    offers["id"] = offers["layer"] + ":" + offers["id"]
    nothing = tables.town_halls().iloc[:0]
    return candidate_hosts(offers, nothing, preference_min)


def _knowledge(
    provenances: tuple[Provenance, ...], places: pd.DataFrame, territory: Territory
) -> tuple[bool, bool]:
    """Tell whether the present offer is known, and whether in part only.

    Unknown is not zero: a partial layer counts only where it has places in every
    département of the territory.
    """
    offers = [p for p in provenances if p.layer in OFFER_LAYERS and p.status != "missing"]
    if any(p.status in WHOLE for p in offers):
        return True, False
    inside = places[places["layer"].isin(OFFER_LAYERS)]["commune_code"]
    covered = set(tables.communes()["department"].reindex(inside).dropna())
    known = bool(offers) and set(territory.departments) <= covered
    return known, known


def _town_halls(points: pd.DataFrame) -> pd.DataFrame:
    halls = tables.town_halls()
    return halls[halls["commune_code"].isin(points.index)]
