"""The bound, the exchanges and the fixing, each against its own definition."""

import itertools

import numpy as np
import pytest

from planning.siting.ascent import (
    Ascent,
    CountedSites,
    evaluate,
    starting_multipliers,
    step_scale,
)
from planning.siting.core import canonical
from planning.siting.fixing import fix, reduce
from planning.siting.highs import minimise
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.siting.swap import exchange_profits, greedy, improve, two_nearest
from planning.siting.watch import Watch
from planning.stopping import after_iterations
from tests.planning.siting.oracles import random_problem


def random_points(seed: int, n: int = 60, p: int = 6) -> SitingProblem:
    rng = np.random.default_rng(seed)
    points = rng.uniform([1, 46], [3, 47], (n, 2))
    codes = tuple(f"{i:05d}" for i in range(n))
    return SitingProblem(PointCosts(points, points), rng.uniform(1, 99, n), p, codes, codes)


def brute_bound(core, multipliers) -> float:
    """Equation (3) by loops over the whole problem."""
    whole = core.source.lists(np.arange(core.n), np.full(core.n, core.source.full_length))
    reduced = np.zeros(core.m)
    for i in range(core.n):
        for pair in range(whole.indptr[i], whole.indptr[i + 1]):
            reduced[whole.sites[pair]] += min(0.0, whole.cost[pair] - multipliers[i])
    return float(multipliers.sum() + np.sort(reduced)[: core.p].sum())


@pytest.mark.parametrize("length", [3, 8, 60])
@pytest.mark.parametrize("seed", range(5))
def test_a_bound_on_cut_lists_is_the_bound_of_the_whole(seed, length):
    core = canonical(random_points(seed))
    lists = core.source.lists(np.arange(core.n), np.full(core.n, length))
    wild = np.random.default_rng(seed).uniform(0, 3000, core.n)
    dual = evaluate(lists, CountedSites(core.p, core.opened, core.closed), wild)
    assert (dual.multipliers <= lists.beyond).all()
    assert dual.bound == pytest.approx(brute_bound(core, dual.multipliers), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_window_of_the_ascent_loses_nothing(seed):
    core = canonical(random_points(seed))
    lists = core.source.lists(np.arange(core.n), np.full(core.n, 30))
    chosen, served = improve(
        lists, greedy(lists, core.p, core.opened, core.closed), core.opened, core.closed
    )
    start = starting_multipliers(served, lists.beyond)
    ascent = Ascent(
        lists, CountedSites(core.p, core.opened, core.closed), start, step_scale(served)
    )
    upper = core.value(np.flatnonzero(chosen))
    ascent.run(upper, 300, Watch(after_iterations(10**6)), 1e-4)
    first = evaluate(lists, CountedSites(core.p, core.opened, core.closed), start).bound
    assert ascent.best_bound > first
    assert ascent.best_bound == pytest.approx(brute_bound(core, ascent.best), rel=1e-12)
    assert upper * 0.97 < ascent.best_bound <= upper * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_the_profit_of_an_exchange_is_what_it_changes(seed):
    core = canonical(random_problem(seed, n=20, m=10, p=4))
    lists = core.source.lists(np.arange(core.n), np.full(core.n, core.source.full_length))
    chosen = np.arange(10) % 3 == 0
    served = two_nearest(lists, chosen)
    gain, loss, extra = exchange_profits(lists, chosen, served, np.ones(10, bool))
    for enter, leave in itertools.product(np.flatnonzero(~chosen), np.flatnonzero(chosen)):
        after = chosen.copy()
        after[enter], after[leave] = True, False
        profit = core.value(np.flatnonzero(chosen)) - core.value(np.flatnonzero(after))
        assert gain[enter] - loss[leave] + extra[enter, leave] == pytest.approx(profit, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_no_single_exchange_improves_what_improve_returns(seed):
    core = canonical(random_points(seed))
    lists = core.source.lists(np.arange(core.n), np.full(core.n, 60))
    start = np.arange(core.m) < core.p
    chosen, _ = improve(lists, start, core.opened, core.closed)
    value = core.value(np.flatnonzero(chosen))
    assert value <= core.value(np.flatnonzero(start))
    for enter, leave in itertools.product(np.flatnonzero(~chosen), np.flatnonzero(chosen)):
        after = chosen.copy()
        after[enter], after[leave] = True, False
        assert core.value(np.flatnonzero(after)) >= value * (1 - 1e-9)


@pytest.mark.parametrize("model", ["p-median", "max-cover"])
@pytest.mark.parametrize("seed", range(15))
def test_fixing_never_loses_a_better_plan(seed, model):
    core = canonical(random_problem(seed, n=16, m=9, p=3, model=model, cover_min=12.0))
    lists = core.source.lists(np.arange(core.n), np.full(core.n, core.source.full_length))
    plans = [np.array(sites) for sites in itertools.combinations(range(9), 3)]
    values = np.array([core.value(sites) for sites in plans])
    upper = float(np.sort(values)[len(values) // 8])
    served = two_nearest(lists, np.isin(np.arange(9), plans[int(np.argmin(values))]))
    start = starting_multipliers(served, lists.beyond)
    dual = evaluate(lists, CountedSites(core.p, core.opened, core.closed), start)
    left = fix(lists, dual, core.opened, core.closed, upper)
    for sites, value in zip(plans, values, strict=True):
        if value < upper - 1e-6:
            assert set(np.flatnonzero(left.opened)) <= set(sites)
            assert not set(np.flatnonzero(left.closed)) & set(sites)
    reduced = reduce(lists, left, core.p)
    if values.min() < upper - 1e-6:
        answer = minimise(reduced.programme, Watch(after_iterations(10**6)))
        assert answer.objective + reduced.constant == pytest.approx(values.min(), abs=1e-6)
        assert core.value(np.flatnonzero(reduced.plan(answer.x))) == pytest.approx(values.min())
