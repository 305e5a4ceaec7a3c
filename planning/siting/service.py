"""Who goes where: the assignment of every demand point to open sites, on plain minutes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


JOURNEY_ALONE: Final = ("max-cover", "set-cover", "p-center")
"""Models in which a penalty changes neither who is covered nor how far anybody goes."""


@dataclass(frozen=True, eq=False)
class Service:
    """How a set of sites serves the demand.

    Attributes
    ----------
    assignment
        Column of the site that serves each demand, -1 out of reach, shape (n_demand,).
    minutes
        Journey without penalty, infinite out of reach, shape (n_demand,).
    counted_min
        Journey, with penalty where the model counts it, at most ``unserved_min``, shape
        (n_demand,).
    """

    assignment: Ints
    minutes: Floats
    counted_min: Floats


def serve(problem: SitingProblem, sites: Ints) -> Service:
    """Send every demand to its cheapest open site; ties go to the lowest code.

    What is asked of a covering or center model is about journeys alone: there a penalty only
    parts sites that are equally near.

    Parameters
    ----------
    problem
        The problem.
    sites
        Open columns, any order; may be empty.
    """
    assert problem.penalty_min is not None
    codes = np.array(problem.candidate_codes)[sites]
    sites = np.asarray(sites)[np.lexsort((codes, problem.penalty_min[sites]))]
    n = problem.shape[0]
    if not len(sites):
        away = np.full(n, np.inf)
        return Service(np.full(n, -1), away, np.full(n, problem.unserved))
    if isinstance(problem.costs_min, PointCosts):
        position, minutes = problem.costs_min.nearest_open(sites)
        return Service(sites[position], minutes, np.minimum(minutes, problem.unserved))
    part = sparse.coo_array(sparse.csc_array(problem.costs_min)[:, sites])
    rank = part.col
    counted = part.data
    if problem.model not in JOURNEY_ALONE:
        counted = counted + problem.penalty_min[sites[rank]]
    order = np.lexsort((rank, counted, part.row))
    rows, first = np.unique(part.row[order], return_index=True)
    pair = order[first]
    assignment = np.full(n, -1, dtype=np.int64)
    minutes = np.full(n, np.inf)
    cost = np.full(n, problem.unserved)
    assignment[rows] = sites[rank[pair]]
    minutes[rows] = part.data[pair]
    cost[rows] = np.minimum(counted[pair], problem.unserved)
    return Service(assignment, minutes, cost)


def assigned(problem: SitingProblem, demand: Ints, candidate: Ints, main: Ints) -> Service:
    """Send each demand to a given site.

    Parameters
    ----------
    problem
        The problem, with a matrix of minutes.
    demand, candidate
        Rows and columns of a canonical order.
    main
        Site of each demand in that order, -1 for none, shape (len(demand),).
    """
    assert problem.penalty_min is not None
    n = problem.shape[0]
    assignment = np.full(n, -1, dtype=np.int64)
    has = main >= 0
    rows, columns = demand[has], candidate[main[has]]
    assignment[rows] = columns
    minutes = np.full(n, np.inf)
    if isinstance(problem.costs_min, PointCosts):
        costs = problem.costs_min
        apart = costs.demand_xyz[rows] - costs.candidate_xyz[columns]
        minutes[rows] = costs.minutes(np.linalg.norm(apart, axis=1))
    # Indexing a sparse array by no pair at all gives a sparse array back.
    elif len(rows):
        minutes[rows] = sparse.csr_array(problem.costs_min)[rows, columns]
    counted = np.full(n, problem.unserved)
    counted[rows] = np.minimum(minutes[rows] + problem.penalty_min[columns], problem.unserved)
    return Service(assignment, minutes, counted)


def objective(problem: SitingProblem, service: Service) -> float:
    """Objective of a p-median or maximal covering plan, recomputed from the problem itself.

    Person-minutes, or persons covered.
    """
    if problem.model == "max-cover":
        assert problem.cover_min is not None
        return float(problem.weights[service.minutes <= problem.cover_min].sum())
    return float((problem.weights * service.counted_min).sum())
