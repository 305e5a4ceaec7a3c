r"""The one model behind p-median and maximal covering, in canonical order.

Both are a weighted p-median with an outside option:

.. math::

    \min \sum_i \min\Bigl(u_i, \min_{j \in S} d_{ij}\Bigr), \qquad |S| = p \tag{1}

- p-median: :math:`d_{ij} = w_i (c_{ij} + \pi_j)`, :math:`u_i = w_i U`
  (Hakimi 1964; ReVelle and Swain 1970).
- Maximal covering: :math:`d_{ij} = 0` where :math:`c_{ij} \le T`, else absent, and
  :math:`u_i = w_i`: the persons left out are minimised (Church and ReVelle 1974).

Demand is sorted by code; candidates by penalty, then code.  Points without persons are
left out.  So a plan does not depend on the order of the rows.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.lists import MatrixSource, PointSource, Source
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Core:
    """A weighted p-median with an outside option.

    Attributes
    ----------
    source
        Gives the candidate lists and serves a set of sites exactly.
    p
        Number of sites.
    opened, closed
        Sites that must be open, or must not, shape (m,).
    covering
        Whether it is maximal covering: every listed cost is zero.
    integral
        Whether every cost is a whole number, so that bounds may be rounded up.
    demand, candidate
        Original row of each demand (n,), original column of each candidate (m,).
    """

    source: Source
    p: int
    opened: Bools
    closed: Bools
    covering: bool
    integral: bool
    demand: Ints
    candidate: Ints

    @property
    def n(self) -> int:
        """Number of demand points with persons."""
        return len(self.demand)

    @property
    def m(self) -> int:
        """Number of candidates."""
        return len(self.candidate)

    def value(self, sites: Ints) -> float:
        """Objective of a set of sites by equation (1), recomputed in float64."""
        return float(self.source.serve(sites)[1].sum())

    def cutoff(self, upper: float) -> float:
        """Return the cost below which a plan would be better than ``upper``.

        One less for whole costs; a relative 1e-9 less otherwise: two plans that close are
        held equal, which is finer than the data and wider than rounding.
        """
        return upper - 1 + 1e-6 if self.integral else upper - 1e-9 * max(1.0, abs(upper))


def canonical(problem: SitingProblem) -> Core:
    """Put a p-median or maximal covering problem in the form of equation (1).

    Parameters
    ----------
    problem
        A problem whose model is "p-median" or "max-cover" (any other is read as a
        p-median).
    """
    assert problem.penalty_min is not None
    assert problem.forbidden is not None
    codes = np.array(problem.demand_codes)
    demand = np.argsort(codes, kind="stable")
    demand = demand[problem.weights[demand] > 0]
    candidate = np.lexsort((np.array(problem.candidate_codes), problem.penalty_min))
    source, integral = _source(problem, demand, candidate)
    return Core(
        source=source,
        p=int(problem.sites),
        opened=problem.imposed[candidate],
        closed=problem.forbidden[candidate],
        covering=problem.model == "max-cover",
        integral=integral,
        demand=demand,
        candidate=candidate,
    )


def _source(problem: SitingProblem, demand: Ints, candidate: Ints) -> tuple[Source, bool]:
    costs = problem.costs_min
    weights = problem.weights[demand]
    cover = problem.model == "max-cover"
    if isinstance(costs, PointCosts):
        if problem.penalty_min is not None and problem.penalty_min.any():
            raise ValueError("penalty_min needs a matrix of minutes, not points")
        points = PointCosts(
            costs.demand_lonlat[demand],
            costs.candidate_lonlat[candidate],
            costs.detour,
            costs.speed_km_h,
        )
        if not cover:
            return PointSource(points, weights, problem.unserved), False
        assert problem.cover_min is not None
        within = points.within(problem.cover_min)
        return _covering(within, weights)
    column = np.empty(problem.shape[1], dtype=np.int64)
    column[candidate] = np.arange(len(candidate))
    row = np.full(problem.shape[0], -1, dtype=np.int64)
    row[demand] = np.arange(len(demand))
    coo = sparse.coo_array(costs)
    used = row[coo.row] >= 0
    if cover:
        used &= coo.data <= problem.cover_min
    minutes = coo.data + problem.penalty_min[coo.col]  # type: ignore[index]
    if not cover:
        used &= minutes < problem.unserved
    i, j = row[coo.row[used]], column[coo.col[used]]
    shape = (len(demand), len(candidate))
    if cover:
        return _covering(sparse.csr_array((np.zeros(len(i)), (i, j)), shape=shape), weights)
    cost = sparse.csr_array((minutes[used] * weights[i], (i, j)), shape=shape)
    outside = weights * problem.unserved
    return MatrixSource(cost, outside), _whole(cost.data) and _whole(outside)


def _covering(within: sparse.csr_array, weights: Floats) -> tuple[Source, bool]:
    zero = sparse.csr_array(
        (np.zeros(len(within.data)), within.indices, within.indptr), shape=within.shape
    )
    return MatrixSource(zero, weights), _whole(weights)


def _whole(values: Floats) -> bool:
    return bool((values == np.rint(values)).all() and (np.abs(values) < 2**52).all())
