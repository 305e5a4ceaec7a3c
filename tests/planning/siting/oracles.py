"""Small problems and their answers by plain enumeration, written without the solvers."""

import itertools

import numpy as np
from scipy import sparse

from planning.siting.problem import SitingProblem


def matrix(minutes: np.ndarray) -> sparse.csr_array:
    """Sparse matrix of minutes; infinite pairs are absent, zeros are stored."""
    rows, columns = np.nonzero(np.isfinite(minutes))
    return sparse.csr_array((minutes[rows, columns], (rows, columns)), shape=minutes.shape)


def random_problem(seed: int, n: int = 14, m: int = 9, p: int = 3, **more) -> SitingProblem:
    """A random problem with holes, true zeros, ties and points without persons."""
    rng = np.random.default_rng(seed)
    minutes = np.rint(rng.uniform(0, 40, (n, m)))
    minutes[rng.random((n, m)) < 0.25] = np.inf
    minutes[rng.random((n, m)) < 0.05] = 0.0
    weights = np.rint(rng.uniform(0, 30, n)) * (rng.random(n) > 0.1)
    return SitingProblem(
        costs_min=matrix(minutes),
        weights=weights,
        sites=p,
        demand_codes=tuple(f"{i:05d}" for i in rng.permutation(90)[:n]),
        candidate_codes=tuple(f"c{j:03d}" for j in rng.permutation(90)[:m]),
        **{"unserved_min": 60.0, **more},
    )


def dense(problem: SitingProblem) -> np.ndarray:
    """Minutes as a dense array, infinite out of reach."""
    coo = sparse.coo_array(problem.costs_min)
    full = np.full(problem.shape, np.inf)
    full[coo.row, coo.col] = coo.data
    return full


def plan_value(problem: SitingProblem, sites: tuple[int, ...]) -> float:
    """Objective of a set of columns, straight from the definition (lower is better)."""
    minutes = dense(problem)[:, list(sites)]
    weights = problem.weights
    if problem.model == "max-cover":
        return -float(weights[(minutes <= problem.cover_min).any(axis=1)].sum())
    if problem.model == "p-center":
        nearest = np.minimum(minutes.min(axis=1), problem.unserved_min)
        return float(nearest[weights > 0].max(initial=0.0))
    counted = np.minimum(minutes + problem.penalty_min[list(sites)], problem.unserved_min)
    return float((weights * counted.min(axis=1)).sum())


def allowed_plans(problem: SitingProblem):
    """Every set of sites that the masks allow."""
    imposed = set(np.flatnonzero(problem.imposed))
    free = [j for j in range(problem.shape[1]) if not problem.forbidden[j]]
    for sites in itertools.combinations(free, problem.sites):
        if imposed <= set(sites):
            yield sites


def best_value(problem: SitingProblem) -> float:
    """The best objective over every allowed plan (lower is better)."""
    return min(plan_value(problem, sites) for sites in allowed_plans(problem))
