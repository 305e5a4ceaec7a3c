"""Candidate lists: for each demand point, its cheapest sites in order.

A list may be cut short.  ``beyond`` then says what anything that is not on the list
costs at least, so that bounds computed on the lists hold for the whole problem.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.points import PointCosts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lists:
    """Pairs (demand, site) sorted by demand, then cost, then site.

    Attributes
    ----------
    indptr
        Where the list of each demand starts, shape (n + 1,).
    sites
        Site of each pair, shape (n_pair,).
    cost
        Weighted cost of each pair (person-minutes, or persons), shape (n_pair,).
    beyond
        Least weighted cost of what is not listed, the outside option included, shape (n,).
    cut
        Whether unlisted sites exist that may cost less than the outside option, shape (n,).
    m
        Number of candidates.
    """

    indptr: Ints
    sites: npt.NDArray[np.int32]
    cost: Floats
    beyond: Floats
    cut: Bools
    m: int

    @property
    def n(self) -> int:
        """Number of demand points."""
        return len(self.indptr) - 1

    @cached_property
    def rows(self) -> npt.NDArray[np.int32]:
        """Demand of each pair, shape (n_pair,)."""
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.indptr))

    @cached_property
    def columns(self) -> tuple[Ints, npt.NDArray[np.int32], Floats]:
        """The same pairs by site: ``indptr`` (m + 1,), demands and costs (n_pair,)."""
        by_site = sparse.csr_array(
            (np.arange(len(self.cost)), self.sites, self.indptr), shape=(self.n, self.m)
        ).tocsc()
        order = by_site.data
        return by_site.indptr.astype(np.int64), self.rows[order], self.cost[order]

    def keep(self, pairs: Bools) -> "Lists":
        """Return the lists with only some pairs; what is dropped must be ruled out."""
        kept = np.concatenate([[0], np.cumsum(pairs)])[self.indptr]
        return Lists(kept, self.sites[pairs], self.cost[pairs], self.beyond, self.cut, self.m)

    def replaced(self, rows: Ints, part: "Lists") -> "Lists":
        """Return the same lists with those of ``rows`` (increasing) taken from ``part``."""
        size = np.diff(self.indptr)
        other = np.ones(self.n, dtype=bool)
        other[rows] = False
        size[rows] = np.diff(part.indptr)
        indptr = np.concatenate([[0], np.cumsum(size)])
        old = np.repeat(other, size)
        new = ~old
        before = np.repeat(other, np.diff(self.indptr))
        sites = np.empty(indptr[-1], dtype=np.int32)
        cost = np.empty(indptr[-1])
        sites[old], sites[new] = self.sites[before], part.sites
        cost[old], cost[new] = self.cost[before], part.cost
        beyond, cut = self.beyond.copy(), self.cut.copy()
        beyond[rows], cut[rows] = part.beyond, part.cut
        return Lists(indptr, sites, cost, beyond, cut, self.m)


def sums(place: npt.NDArray[np.integer], values: Floats, size: int) -> Floats:
    """Sum ``values`` by ``place``, shape (size,)."""
    return np.bincount(place, values, minlength=size).astype(np.float64, copy=False)


class Source(Protocol):
    """Where lists of any length come from."""

    @property
    def outside(self) -> Floats:
        """Weighted cost of being served by no site, shape (n,); may be infinite."""
        ...

    @property
    def full_length(self) -> int:
        """Length at which every list is whole."""
        ...

    @property
    def size(self) -> int:
        """Pairs of all whole lists together."""
        ...

    def lists(self, rows: Ints, length: Ints) -> Lists:
        """Return lists of at most ``length`` sites for some demands, both of shape (k,)."""
        ...

    def serve(self, sites: Ints) -> tuple[Ints, Floats]:
        """Return the cheapest of ``sites`` (-1: none) and its weighted cost, shapes (n,)."""
        ...


class MatrixSource:
    """Lists from a sparse matrix of weighted costs.

    Parameters
    ----------
    cost
        Weighted costs in canonical order, shape (n, m); absent pairs are out of reach.
    outside
        Weighted cost of the outside option, shape (n,), at least every cost of its row.
    """

    def __init__(self, cost: sparse.csr_array, outside: Floats) -> None:
        self.outside = outside
        self.m = int(cost.shape[1])
        indptr = cost.indptr.astype(np.int64)
        sites = cost.indices.astype(np.int32)
        data = cost.data
        for start, end in pairwise(indptr):
            order = np.argsort(data[start:end], kind="stable")
            sites[start:end] = sites[start:end][order]
            data[start:end] = data[start:end][order]
        whole = np.zeros(len(outside), dtype=bool)
        self._whole = Lists(indptr, sites, data, outside, whole, self.m)

    @property
    def full_length(self) -> int:
        """Length of the longest list."""
        return int(np.diff(self._whole.indptr).max(initial=0))

    @property
    def size(self) -> int:
        """Pairs of the matrix."""
        return len(self._whole.cost)

    def lists(self, rows: Ints, length: Ints) -> Lists:
        """Return the first ``length`` sites of some demands."""
        whole = self._whole
        size = np.diff(whole.indptr)[rows]
        if len(rows) == whole.n and (length >= size).all():
            return whole
        taken = np.minimum(length, size)
        indptr = np.concatenate([[0], np.cumsum(taken)])
        pairs = np.arange(indptr[-1]) + np.repeat(whole.indptr[rows] - indptr[:-1], taken)
        cut = length < size
        following = np.minimum(whole.indptr[rows] + length, max(len(whole.cost) - 1, 0))
        beyond = self.outside[rows]
        if cut.any():
            beyond = np.where(cut, whole.cost[following], beyond)
        return Lists(indptr, whole.sites[pairs], whole.cost[pairs], beyond, cut, self.m)

    def serve(self, sites: Ints) -> tuple[Ints, Floats]:
        """Return the cheapest site, or -1 and the outside cost."""
        whole = self._whole
        chosen = np.zeros(self.m, dtype=bool)
        chosen[sites] = True
        pairs = np.flatnonzero(chosen[whole.sites])
        rows, first = np.unique(whole.rows[pairs], return_index=True)
        site = np.full(whole.n, -1, dtype=np.int64)
        cost = self.outside.copy()
        site[rows] = whole.sites[pairs[first]]
        cost[rows] = whole.cost[pairs[first]]
        return site, cost


class PointSource:
    """Lists from coordinates by KD-tree: the matrix is never built.

    Parameters
    ----------
    points
        Coordinates, in canonical order.
    weights
        Persons, shape (n,), greater than 0.
    outside_min
        Minutes of the outside option; may be infinite.
    """

    def __init__(self, points: PointCosts, weights: Floats, outside_min: float) -> None:
        self.points = points
        self.weights = weights
        self.outside = weights * outside_min
        self.full_length = points.shape[1]
        self.size = points.shape[0] * points.shape[1]

    def lists(self, rows: Ints, length: Ints) -> Lists:
        """Return the ``length`` nearest sites of some demands."""
        m = self.points.shape[1]
        length = np.minimum(length, m)
        indptr = np.concatenate([[0], np.cumsum(length)])
        sites = np.empty(indptr[-1], dtype=np.int32)
        cost = np.empty(indptr[-1])
        outside = self.outside[rows]
        beyond = outside.copy()
        for k in np.unique(length):
            part = np.flatnonzero(length == k)
            near, minutes = self.points.nearest(rows[part], min(int(k) + 1, m))
            value = minutes * self.weights[rows[part], None]
            if k < m:
                beyond[part] = np.minimum(value[:, k], outside[part])
            near, value = near[:, :k], value[:, :k]
            tied = np.flatnonzero((np.diff(value, axis=1) <= 0).any(axis=1))
            order = np.lexsort((near[tied], value[tied]), axis=1)
            near[tied] = np.take_along_axis(near[tied], order, axis=1)
            value[tied] = np.take_along_axis(value[tied], order, axis=1)
            place = (indptr[part][:, None] + np.arange(k)[None, :]).ravel()
            sites[place], cost[place] = near.ravel(), value.ravel()
        lists = Lists(indptr, sites, cost, beyond, (length < m) & (beyond < outside), m)
        useless = lists.cost >= outside[lists.rows]
        return lists.keep(~useless) if useless.any() else lists

    def serve(self, sites: Ints) -> tuple[Ints, Floats]:
        """Return the nearest of ``sites``, or -1 where the outside option is cheaper."""
        sites = np.sort(sites)
        position, minutes = self.points.nearest_open(sites)
        cost = minutes * self.weights
        outside = cost >= self.outside
        return np.where(outside, -1, sites[position]), np.where(outside, self.outside, cost)
