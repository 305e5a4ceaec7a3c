"""Other good plans: alternatives that differ, and the frontier between aims."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.errors import DataError, InfeasibleError
from planning.siting.plan import SitingPlan, near_enough, solve
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.rules import GroupRule
from planning.stopping import ProgressCallback, Stop, never

Floats = npt.NDArray[np.float64]


def alternatives(
    problem: SitingProblem,
    count: int,
    share: float,
    make_stop: Callable[[], Stop],
    *,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    enough: Callable[[], bool] = never,
) -> tuple[SitingPlan, ...]:
    r"""Return good plans that differ, the best first.

    Each plan is the best among those that share few sites with every plan before:

    .. math:: \sum_{j \in S_k} y_j \le (1 - \delta) |S_k| \quad \forall k \tag{11}

    over the sites that are free to choose.

    Parameters
    ----------
    problem
        A p-median or maximal covering problem.
    count
        Number of plans.
    share
        :math:`\delta`, least share of chosen sites that differs between any two plans, 0–1.
    make_stop
        Makes a new stop for each run.
    enough
        Asked between two plans: whether those already found will do.

    Raises
    ------
    InfeasibleError
        When no plan follows the problem's own rules.
    """
    if not 0 < share <= 1:
        raise DataError("La part de sites qui diffèrent doit être entre 0 et 1")
    plans: list[SitingPlan] = []
    rules = problem.rules
    for rank in range(count):
        if plans and enough():
            break
        ruled = replace(problem, rules=rules)
        try:
            plan = solve(ruled, make_stop(), seed=seed, progress=progress)
        except InfeasibleError:
            if not plans:
                raise
            break
        plans.append(plan)
        members = np.zeros(problem.shape[1], dtype=bool)
        members[plan.sites] = True
        members &= ~problem.imposed
        most = int(np.floor((1 - share) * members.sum() + 1e-9))
        group = GroupRule(f"les sites de la variante {rank + 1}", members, maximum=most)
        rules = replace(rules, groups=(*rules.groups, group))
    return tuple(plans)


@dataclass(frozen=True, eq=False)
class Compromise:
    """One plan of the frontier and what it is worth by each aim.

    Attributes
    ----------
    plan
        The plan; its objective is that of the weighted aim.
    extra_min
        Minutes added to each journey beyond the threshold: 0 is the p-median.
    mean_min
        Mean journey of all persons, those out of reach counted ``unserved_min``.
    share_within
        Share of persons within the threshold, 0–1.
    far_min
        Journey that 5 % of persons exceed: the lower the fairer.
    dominated
        Whether another plan of the frontier is at least as good by the three.
    """

    plan: SitingPlan
    extra_min: float
    mean_min: float
    share_within: float
    far_min: float
    dominated: bool


def frontier(
    problem: SitingProblem,
    threshold_min: float,
    extras_min: Sequence[float],
    make_stop: Callable[[], Stop],
    *,
    seed: int = 0,
    progress: ProgressCallback | None = None,
    enough: Callable[[], bool] = never,
) -> tuple[Compromise, ...]:
    r"""Return plans between the shortest mean journey and the most persons covered.

    Each minimises :math:`\sum_i w_i (c_{ij} + \mu [c_{ij} > T])`: the p-median for
    :math:`\mu = 0`, maximal covering as :math:`\mu \to \infty`.  These are supported points of
    the frontier; others may lie between.

    Parameters
    ----------
    problem
        A p-median problem with a matrix of minutes.
    threshold_min
        T, in minutes.
    extras_min
        The values of :math:`\mu`, in minutes, not negative.
    make_stop
        Makes a new stop for each run.
    enough
        Asked between two plans: whether those already found will do.
    """
    problem = near_enough(problem)  # what nobody may drive, before anything is added
    if isinstance(problem.costs_min, PointCosts):
        raise ValueError("the frontier needs a matrix of minutes")
    minutes = sparse.csr_array(problem.costs_min)
    found: list[tuple[SitingPlan, float, float, float, float]] = []
    for extra in extras_min:
        if found and enough():
            break
        raised = minutes.copy()
        raised.data = minutes.data + extra * (minutes.data > threshold_min)
        farthest = problem.rules.farthest_min
        limit = None if farthest is None else farthest + extra
        aim = replace(
            problem,
            model="p-median",
            costs_min=raised,
            unserved_min=problem.unserved + extra,
            rules=replace(problem.rules, farthest_min=limit),
        )
        plan = solve(aim, make_stop(), seed=seed, progress=progress)
        journey = plan.minutes - extra * (plan.minutes > threshold_min)
        near = np.isfinite(journey)
        assert problem.persons is not None
        reached = float(problem.persons[near].sum())
        mean = float((problem.persons * np.where(near, journey, 0.0)).sum())
        worth = _worth(problem, journey, threshold_min)
        plan = replace(
            plan,
            minutes=journey,
            mean_min=mean / reached if reached else np.nan,
            counted_min=worth[0],
        )
        found.append((plan, extra, *worth))
    values = np.array([[mean, -share, far] for _, _, mean, share, far in found])
    return tuple(Compromise(*one, dominated=_dominated(values, k)) for k, one in enumerate(found))


def _worth(problem: SitingProblem, journey: Floats, threshold: float) -> tuple[float, float, float]:
    assert problem.persons is not None
    people = problem.persons
    total = max(float(people.sum()), np.finfo(float).tiny)
    counted = np.minimum(journey, problem.unserved)
    order = np.argsort(counted, kind="stable")
    place = np.searchsorted(np.cumsum(people[order]), 0.95 * total)
    far = float(counted[order[min(int(place), len(order) - 1)]])
    mean = float((people * counted).sum()) / total
    return mean, float(people[journey <= threshold].sum()) / total, far


def _dominated(values: Floats, k: int) -> bool:
    better = (values <= values[k]).all(axis=1) & (values < values[k]).any(axis=1)
    return bool(better.any())
