"""Access of every commune of the country to some sites, measured once for all territories."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from coverage.arrays import FloatArray, IntArray
from coverage.catchment import Decay, catchment
from coverage.isolation import IsolationRule, Reached, isolation
from coverage.network import CommuneNetwork
from coverage.sites import Sites
from coverage.travel import TravelTimes

LIMIT_MIN = 45.0
"""Limit of the travel times measured, in minutes."""


@dataclass(frozen=True)
class SiteAccess:
    """Access of all demand points to the sites of some layers.

    Parameters
    ----------
    points
        All communes and arrondissements, indexed by code.
    sites
        The sites.
    times
        Minutes from ``points`` to the sites, up to ``times.limit_min``.
    road
        Whether a road leads from each point to some site, however far, shape (n_point,).
    """

    points: pd.DataFrame
    sites: Sites
    times: TravelTimes
    road: NDArray[np.bool_]

    @cached_property
    def nearest(self) -> tuple[IntArray, FloatArray]:
        """Column of the nearest site (−1 for none) and its minutes, both of shape (n_point,)."""
        return self.times.nearest()

    @property
    def minutes(self) -> FloatArray:
        """Minutes to the nearest site, shape (n_point,); infinite beyond the limit."""
        return self.nearest[1]

    @cached_property
    def nearest_id(self) -> "pd.Series[str]":
        """Identifier of the nearest site, indexed by code; missing where none is reached."""
        column = self.nearest[0]
        names = np.array([*self.times.destinations, None], dtype=object)
        return pd.Series(names[column], index=self.points.index, dtype="str")

    @cached_property
    def canton_has_site(self) -> NDArray[np.bool_]:
        """Whether each point's canton (itself where it has none) holds a site, on wheels or not."""
        held = np.unique([*self.sites.frame["commune_code"], *self.sites.mobile])
        group = self.points["canton"].fillna(pd.Series(self.points.index, self.points.index))
        found: NDArray[np.bool_] = group.isin(group.reindex(held).dropna()).to_numpy()
        return found

    def weekly_min(self, people: FloatArray, decay: Decay) -> FloatArray:
        """Return the minutes a week that the sites have for each person, shape (n_point,).

        NaN everywhere when no site's hours are known, which is not zero.

        Parameters
        ----------
        people
            People at each point, shape (n_point,).
        decay
            How much a site counts by its distance.
        """
        supply_h = self.sites.supply_h
        if np.isnan(supply_h).all():
            return np.full(len(self.points), np.nan)
        return catchment(self.times, people, supply_h, decay).weekly_min

    def isolation(self, rule: IsolationRule, rows: IntArray) -> pd.DataFrame:
        """Return ``isolated`` and ``reason`` of some points, given by position."""
        reached = Reached(
            self.minutes[rows], self.road[rows], self.canton_has_site[rows], self.times.limit_min
        )
        return isolation(self.points.iloc[rows], reached, rule)

    def plus(self, network: CommuneNetwork, added: Sites) -> "SiteAccess":
        """Return the access once some sites are added, those of a plan for example.

        Raises
        ------
        ValueError
            If an added site has the identifier of one that is there.
        """
        limit_min = self.times.limit_min
        new = network.minutes(np.arange(len(self.points)), added.frame, limit_min)
        shift = len(self.times.destinations)
        minutes = TravelTimes.from_pairs(
            self.times.origins,
            (*self.times.destinations, *new.destinations),
            (
                np.concatenate([_rows(self.times), _rows(new)]),
                np.concatenate([self.times.minutes.indices, new.minutes.indices + shift]),
                np.concatenate([self.times.minutes.data, new.minutes.data]),
            ),
            limit_min,
        )
        frame = pd.concat([self.sites.frame, added.frame])
        road = self.road | road_to(network, added.frame["commune_code"])
        return SiteAccess(self.points, replace(self.sites, frame=frame), minutes, road)


def _rows(times: TravelTimes) -> IntArray:
    return np.repeat(np.arange(len(times.origins)), np.diff(times.minutes.indptr))


def measure(network: CommuneNetwork, sites: Sites, limit_min: float = LIMIT_MIN) -> SiteAccess:
    """Measure the access of every point of a network to some sites."""
    times = network.minutes(np.arange(len(network.points)), sites.frame, limit_min)
    return SiteAccess(network.points, sites, times, road_to(network, sites.frame["commune_code"]))


def road_to(network: CommuneNetwork, communes: "pd.Series[str]") -> NDArray[np.bool_]:
    """Tell from which points a road leads to one of some communes, shape (n_point,)."""
    _, part = connected_components(network.graph, directed=False)
    held = network.points.index.get_indexer(pd.Index(communes.unique()))
    joined: NDArray[np.bool_] = np.isin(part, part[held[held >= 0]])
    return joined


def people_of(points: pd.DataFrame, persons: FloatArray) -> FloatArray:
    """Return the people who share the hours of sites at each point, shape (n_point,).

    Persons in need where they are estimated; inhabitants elsewhere (Mayotte), whom no road
    leads to the sites of the others.  What is summed up weighs :func:`weights_of` instead.
    """
    known = np.asarray(persons, dtype=float)
    sharing: FloatArray = np.where(np.isnan(known), points["population"].to_numpy(float), known)
    return sharing


def weights_of(
    points: pd.DataFrame, persons: FloatArray, groups: Sequence[str | None]
) -> FloatArray:
    """Return the people to sum up by group, of one kind a group, shape (n_point,).

    Persons in need where the group has an estimate, NaN in its communes without one;
    inhabitants where it has none at all.

    Parameters
    ----------
    points
        Communes.
    persons
        Persons in need of each, NaN where they are not estimated, shape (n_point,).
    groups
        Group of each commune.
    """
    known = pd.Series(~np.isnan(persons)).groupby(list(groups), dropna=False).transform("any")
    return np.where(known, persons, points["population"].to_numpy(float))
