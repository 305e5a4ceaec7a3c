"""Quality and speed of the tour planner; prints Markdown tables.

``python -m tests.bench.tours [--instances p01,p02] [--seconds 60] [--seeds 1,2,3]
[--departments 23,48] [--cycle-seconds 30] [--cycle-seeds 1,2,3,4,5]``

Seconds are processor time of one core for every solver, so that other work on the machine
changes nothing.  OR-Tools is compared with where it is installed (extra ``bench``).
"""

import argparse
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np

from coverage.need import estimate_here
from coverage.network import CommuneNetwork
from geodata import tables
from planning.stopping import after_iterations
from planning.tours import StopRules, TourBase, TourProblem, isolated_stops, solve
from planning.tours.anneal import anneal
from planning.tours.national import NationalTask, plan_department
from planning.tours.routing import polish
from planning.tours.territory import TourRequest
from tests.bench import cordeau
from tests.bench.flat import flat_model, matching_bound, ortools_cost, pyvrp_cost
from tests.planning.tours.pyvrp_days import refused_routes

_POLISH_SECONDS = 2.0
_PERIOD = (date(2027, 1, 4), date(2027, 3, 28))


class ProcessorSeconds:
    """Stops after so many seconds of this process's processor time."""

    kind = "seconds"
    clock = staticmethod(time.process_time)

    def __init__(self, value: float) -> None:
        self.value = value
        self._until: float | None = None

    def __call__(self, iteration: int, best: float) -> bool:
        if self._until is None:
            self._until = time.process_time() + self.value
        return time.process_time() >= self._until


def cordeau_rows(
    names: list[str], seconds: float, seeds: list[int]
) -> Iterator[tuple[str, list[float], float]]:
    """Yield name, gaps in % of the best known, and processor seconds of a run."""
    known = cordeau.best_known()
    for name in names:
        instance = cordeau.read(name)
        gaps, spent = [], 0.0
        for seed in seeds:
            began = time.process_time()
            stop = ProcessorSeconds(seconds - _POLISH_SECONDS)
            found = anneal(instance, stop, seed=seed).solution
            found = polish(instance, found, iterations=300, seed=seed)
            assert found.missing == 0, f"{name}: {found.missing} visits missing"
            gaps.append(100.0 * (found.cost / known[name] - 1.0))
            spent = max(spent, time.process_time() - began)
        yield name, gaps, spent


def department_problem(department: str, weeks: int = 4) -> TourProblem:
    """A département's isolated communes, all required, from its four largest communes.

    Isolated is farther than 15 min from the fifteen largest communes; vans are the
    fewest that hold 1.15 times the visits, two a day.
    """
    points = tables.demand_points()
    mine = points[points["department"] == department].sort_values("population", ascending=False)
    centres = list(mine.index[:15])
    bases = centres[:4]
    codes = list(mine.index)
    minutes, km = CommuneNetwork.build().between(codes, 90.0)
    at = {code: i for i, code in enumerate(codes)}
    far = minutes[[at[code] for code in centres]].min(axis=0) > 15.0
    far &= np.isfinite(minutes[[at[code] for code in bases]]).any(axis=0)
    chosen = [i for i in range(len(codes)) if far[i]]
    need = dict(zip(points.index, estimate_here(points).persons, strict=True))
    stops = isolated_stops(
        [codes[i] for i in chosen],
        list(mine["name"].iloc[chosen]),
        np.array([need[codes[i]] for i in chosen]),
        minutes[np.ix_(chosen, chosen)],
        rules=StopRules(),
        weeks=weeks,
    )
    rows = [at[code] for code in [*bases, *(stop.commune_code for stop in stops)]]
    visits = sum(weeks // stop.every_weeks for stop in stops)
    per_base = int(np.ceil(visits * 1.15 / (2 * 5 * weeks) / len(bases)))
    return TourProblem(
        stops=stops,
        bases=tuple(TourBase(code, str(mine.at[code, "name"]), per_base) for code in bases),
        minutes=minutes[np.ix_(rows, rows)],
        km=km[np.ix_(rows, rows)],
        weeks=weeks,
    )


def department_row(department: str, seconds: float, seeds: list[int]) -> str:
    """One line of the second table: medians over the seeds; OR-Tools has none."""
    problem = department_problem(department)
    flat = flat_model(problem)
    ours, theirs = [], []
    for seed in seeds:
        plan = solve(problem, ProcessorSeconds(seconds), seed=seed)
        assert not refused_routes(plan)
        ours.append(float("inf") if plan.left_for_room else plan.cost)
        theirs.append(pyvrp_cost(flat, _over(seconds), seed))
    third = float("nan")
    if importlib.util.find_spec("ortools"):
        third = ortools_cost(flat, _over(seconds))
    mine, pyvrp = statistics.median(ours), statistics.median(theirs)
    bound = matching_bound(problem)
    visits = sum(problem.visits(s) for s in range(problem.n_stop))
    vans = sum(base.vans for base in problem.bases)
    return (
        f"| {department} | {problem.n_stop} | {visits} | {vans} | {mine:.0f} | {pyvrp:.0f} "
        f"| {100 * (mine / pyvrp - 1):+.2f} % | {third:.0f} | {100 * (mine / third - 1):+.2f} % "
        f"| {bound:.0f} | {100 * (mine / bound - 1):+.2f} % |"
    )


def _over(seconds: float) -> Callable[[], bool]:
    """A question that is answered yes after so much processor time."""
    stop = ProcessorSeconds(seconds)
    return lambda: stop(0, 0.0)


def default_row(department: str, iterations: int) -> str:
    """One line of the third table: the default stop, by iterations."""
    problem = department_problem(department)
    began = time.process_time()
    plan = solve(problem, after_iterations(iterations))
    spent = time.process_time() - began
    return (
        f"| {department} | {problem.n_stop} | {iterations} | {spent:.1f} | {plan.cost:.0f} "
        f"| {plan.visits_served}/{plan.visits_required} |"
    )


def national_sample(size: int) -> list[str]:
    """Départements spread evenly over the order of their number of communes."""
    counts = tables.communes().groupby("department", observed=True).size()
    ordered = counts.sort_values(kind="stable").index
    ranks = np.linspace(0, len(ordered) - 1, 2 * size + 1)[1::2].round().astype(int)
    return [str(ordered[rank]) for rank in ranks]


def national_row(department: str, iterations: int) -> tuple[str, float]:
    """One line of the fourth table, and the processor seconds of a whole task."""
    with tempfile.TemporaryDirectory() as folder:
        task = NationalTask(department, TourRequest(vans=4), iterations, 0, _PERIOD)
        began = time.process_time()
        told = plan_department(task, Path(folder))
        spent = time.process_time() - began
    return f"| {department} | {spent:.1f} | {told.split(' : ', 1)[1]} |", spent


def national_rows(size: int, iterations: int) -> Iterator[str]:
    """Lines of the fourth table, the extrapolation to every département last."""
    seconds = []
    for department in national_sample(size):
        line, spent = national_row(department, iterations)
        seconds.append(spent)
        yield line
    every = tables.departments().shape[0]
    total = statistics.mean(seconds) * every
    yield f"| all {every}, extrapolated | {total:.0f} | {total / 3600:.2f} h of one core |"


def _list(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _numbers(text: str) -> list[int]:
    return [int(part) for part in _list(text)]


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=_list, default=list(cordeau.NAMES))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=_numbers, default=[1, 2, 3])
    parser.add_argument("--departments", type=_list, default=["23", "48"])
    parser.add_argument("--cycle-seconds", type=float, default=30.0)
    parser.add_argument("--cycle-seeds", type=_numbers, default=[1, 2, 3, 4, 5])
    parser.add_argument("--iterations", type=int, default=5000)
    parser.add_argument("--national", type=int, default=10)
    options = parser.parse_args()
    if not cordeau.FOLDER.exists():
        print(f"Cordeau's instances are not at {cordeau.FOLDER}: skipped.")
    elif options.instances:
        print("| instance | gap, median | gaps by seed | processor s |\n|---|---|---|---|")
        medians = []
        for name, gaps, spent in cordeau_rows(options.instances, options.seconds, options.seeds):
            medians.append(max(0.0, statistics.median(gaps)))
            each = ", ".join(f"{gap:+.2f}" for gap in gaps)
            print(f"| {name} | {medians[-1]:.2f} % | {each} | {spent:.0f} |", flush=True)
        print(f"| mean (below zero as 0) | {statistics.mean(medians):.2f} % | | |\n")
    if options.departments:
        print(
            "| département | stops | visits | vans | ours, € | flat PyVRP, € | difference "
            "| flat OR-Tools, € | difference | lower bound, € | difference |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for department in options.departments:
            print(
                department_row(department, options.cycle_seconds, options.cycle_seeds), flush=True
            )
        print("\n| département | stops | iterations | processor s | cost, € | visits served |")
        print("|---|---|---|---|---|---|")
        for department in options.departments:
            print(default_row(department, options.iterations), flush=True)
    if options.national:
        print("\n| département | processor s, whole task | tours |\n|---|---|---|")
        for line in national_rows(options.national, options.iterations):
            print(line, flush=True)


if __name__ == "__main__":
    main()
