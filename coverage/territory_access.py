"""Access of the people of one territory, taken from the measure of the whole country."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from coverage.access import curve, quantile
from coverage.arrays import FloatArray, IntArray
from coverage.cantons import canton_sites
from coverage.catchment import Decay
from coverage.equity import Equity, equity, interval, need_draws
from coverage.isolation import IsolationRule
from coverage.measure import SiteAccess, people_of, weights_of
from coverage.need import Need
from coverage.without_car import share_without_car
from geodata.territory import Territory

INTERVAL_DRAWS: Final = 60
"""Draws behind an interval: each shares the hours of every site of the country again."""


@dataclass(frozen=True)
class TerritoryAccess:
    """Access of a territory to some sites.

    Parameters
    ----------
    territory
        The territory.
    access
        Access of the whole country to the sites.
    need
        Need of the whole country, in the same order.
    decay
        How much a site counts by its distance.
    """

    territory: Territory
    access: SiteAccess
    need: Need
    decay: Decay

    @cached_property
    def rows(self) -> IntArray:
        """Positions of the territory's communes among the points of the country."""
        return self.access.points.index.get_indexer(self.points.index)

    @cached_property
    def points(self) -> pd.DataFrame:
        """The territory's communes, indexed by code."""
        return self.territory.points()

    @cached_property
    def _everyone(self) -> FloatArray:
        return people_of(self.access.points, self.need.persons)

    @cached_property
    def weights(self) -> FloatArray:
        """People weighed in each commune, shape (n_commune,); NaN where they are left out."""
        whole = [self.territory.code] * len(self.rows)
        return weights_of(self.points, self.need.persons[self.rows], whole)

    @property
    def left_out(self) -> int:
        """Inhabitants not weighed: their need is not estimated, that of others here is."""
        return int(self.points["population"].to_numpy()[np.isnan(self.weights)].sum())

    @property
    def weighs_inhabitants(self) -> bool:
        """Whether people are inhabitants, because the need is estimated nowhere here."""
        return bool(np.isnan(self.need.persons[self.rows]).all())

    @property
    def minutes(self) -> FloatArray:
        """Minutes to the nearest site, shape (n_commune,); infinite beyond the limit."""
        return self.access.minutes[self.rows]

    @cached_property
    def weekly_min(self) -> FloatArray:
        """Minutes a week that sites have for each person, shape (n_commune,); NaN if unknown."""
        return self.access.weekly_min(self._everyone, self.decay)[self.rows]

    def share_within(self, at_min: FloatArray) -> FloatArray:
        """Return the share (0–1) of people within each of some minutes, shape of ``at_min``."""
        return curve(self.minutes, self.weights, at_min)

    def minutes_quantile(self, part: float) -> float:
        """Return the minutes that a part (0–1) of people do not exceed."""
        return quantile(self.minutes, self.weights, part)

    def isolation(self, rule: IsolationRule) -> pd.DataFrame:
        """Return one row a commune: isolated, reason, people (weighed), minutes, nearest_site.

        ``nearest_site`` is the name of the nearest site, missing where none is reached.
        """
        table = self.access.isolation(rule, self.rows)
        table["people"] = self.weights
        table["minutes"] = self.minutes
        nearest = self.access.nearest_id.iloc[self.rows]
        table["nearest_site"] = nearest.map(self.access.sites.frame["name"])
        return table

    def cantons(self) -> pd.DataFrame:
        """Return the territory's cantons and how many sites each holds, on wheels included."""
        mine = self.points["canton"].dropna().unique()
        sites = self.access.sites
        every = canton_sites([*sites.frame["commune_code"], *sites.mobile])
        return every[every.index.isin(mine)]

    def without_car(self, reach_km: float, detour: float) -> float:
        """Return the share (0–1) of people who reach a site by covering ``reach_km`` by road."""
        share = share_without_car(self.points, self.access.sites.frame, reach_km, detour)
        people = np.nan_to_num(self.weights)
        return float(share @ people / people.sum()) if people.sum() > 0 else float("nan")

    def equity(self, floor_min: float) -> tuple[Equity, Equity, Equity]:
        """Return how evenly weekly minutes are shared, and the bounds of the 90 % interval.

        The interval carries the doubt of the need: each draw of it shares the hours again.
        Without an estimated need, the bounds are the figures themselves.

        Parameters
        ----------
        floor_min
            Weekly minutes below which a person is counted in ``share_below``.
        """
        canton = self.points["canton"].fillna("").to_numpy(dtype=str)
        groups = np.unique(canton, return_inverse=True)[1]

        def measured(people: FloatArray) -> Equity:
            weekly = self.access.weekly_min(people, self.decay)[self.rows]
            weighed = np.where(np.isnan(self.weights), np.nan, people[self.rows])
            return equity(weekly, weighed, groups, floor_min)

        central = measured(self._everyone)
        if self.weighs_inhabitants or np.isnan(self.weekly_min).all():
            return central, central, central
        draws = need_draws(self.need, INTERVAL_DRAWS)
        draws = np.where(np.isnan(draws), self._everyone, draws)
        low, high = interval(measured, draws)
        return central, low, high

    def summary(self, floor_min: float, rule: IsolationRule) -> dict[str, float]:
        """Return figures to compare territories by, without intervals.

        Keys: people, within_10, within_20, within_30 (shares), median_min, p90_min,
        weekly_mean, weekly_p50, gini, share_below, isolated, communes, cantons, cantons_without.
        """
        groups = np.zeros(len(self.rows), dtype=np.intp)
        shared = equity(self.weekly_min, self.weights, groups, floor_min)
        cantons = self.cantons()
        near = self.share_within(np.array([10.0, 20.0, 30.0]))
        return {
            "people": float(np.nansum(self.weights)),
            **{f"within_{t}": float(share) for t, share in zip((10, 20, 30), near, strict=True)},
            "median_min": self.minutes_quantile(0.5),
            "p90_min": self.minutes_quantile(0.9),
            "weekly_mean": shared.mean,
            "weekly_p50": shared.p50,
            "gini": shared.gini,
            "share_below": shared.share_below,
            "isolated": float(self.isolation(rule)["isolated"].sum()),
            "communes": float(len(self.rows)),
            "cantons": float(len(cantons)),
            "cantons_without": float((cantons["sites"] == 0).sum()),
        }
