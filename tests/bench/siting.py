"""Proofs and speed of the siting models; prints a Markdown table.

``python -m tests.bench.siting [--only orlib,allier,…] [--seconds 60]``

Each instance runs in its own process, so that its peak of memory is its own.  Communes:
great circle x 1.3 at 50 km/h, demand = population, every commune a candidate.  Limits are
processor seconds of one core, so that other work on the machine changes nothing; wall time
stands beside.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np

from geodata import tables
from planning.siting.plan import solve
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from tests.bench import orlib

AUVERGNE_RHONE_ALPES = "01 03 07 15 26 38 42 43 63 69 73 74"


@dataclass(frozen=True)
class Instance:
    """Départements (empty: metropole), sites, threshold (0: p-median), processor seconds."""

    departments: str
    sites: int
    threshold_min: float
    seconds: float
    target: str


INSTANCES = {
    "allier": Instance("03", 36, 0, 60, "proven, ≤ 0.5 s"),
    "west": Instance("22 29 35 56 44", 155, 0, 60, "proven, ≤ 10 s"),
    "auvergne-rhone-alpes": Instance(AUVERGNE_RHONE_ALPES, 444, 0, 60, "proven, ≤ 15 s"),
    "metropole-4000": Instance("", 4000, 0, 60, "≤ 0.005 % in 60 s, < 500 MB"),
    "metropole-8000": Instance("", 8000, 0, 60, "≤ 0.006 % in 60 s"),
    "metropole-1000": Instance("", 1000, 0, 90, "≤ 0.01 % in 90 s, < 1 GB"),
    "allier-cover": Instance("03", 36, 8, 60, "–"),
    "west-cover": Instance("22 29 35 56 44", 155, 8, 60, "–"),
    "metropole-cover-30": Instance("", 4000, 8, 30, "≤ 0.2 % in 30 s"),
    "metropole-cover-60": Instance("", 4000, 8, 60, "≤ 0.15 % in 60 s"),
}


class ProcessorSeconds:
    """Stops after so many processor seconds of this process."""

    kind = "processor seconds"

    def __init__(self, value: float) -> None:
        self.value = value
        self._until = time.process_time() + value

    def __call__(self, iteration: int, best: float) -> bool:
        return time.process_time() >= self._until


def communes(instance: Instance) -> SitingProblem:
    """The inhabited communes of some départements, or of the whole metropole."""
    frame = tables.communes()
    frame = frame[(frame["kind"] == "commune") & (frame["population"] > 0) & frame["lon"].notna()]
    if instance.departments:
        frame = frame[frame["department"].isin(instance.departments.split())]
    else:
        frame = frame[frame["department"].str.len() == 2]
    lonlat = frame[["lon", "lat"]].to_numpy(dtype=float)
    codes = tuple(frame.index.astype(str))
    cover = instance.threshold_min > 0
    return SitingProblem(
        PointCosts(lonlat, lonlat),
        frame["population"].to_numpy(dtype=float),
        instance.sites,
        codes,
        codes,
        model="max-cover" if cover else "p-median",
        cover_min=instance.threshold_min if cover else None,
    )


def measure(name: str, problem: SitingProblem, seconds: float, target: str) -> dict[str, object]:
    """Solve and describe one run."""
    wall, processor = time.perf_counter(), time.process_time()
    plan = solve(problem, ProcessorSeconds(seconds))
    return {
        "instance": name,
        "n": problem.shape[0],
        "p": problem.sites,
        "objective": round(plan.objective, 1),
        "gap %": "proven" if plan.optimal else f"{100 * plan.gap:.4f}",
        "processor s": round(time.process_time() - processor, 2),
        "wall s": round(time.perf_counter() - wall, 2),
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "solver": plan.solver,
        "target": target,
    }


def measured_orlib() -> dict[str, object]:
    """Solve pmed1 to pmed20 one after the other: one row."""
    known = orlib.optima()
    rows = [measure(name, orlib.problem(name), 120, "") for name in orlib.NAMES]
    right = sum(
        row["gap %"] == "proven" and row["objective"] == known[str(row["instance"])] for row in rows
    )
    return {
        **rows[-1],
        "instance": "OR-Library pmed1–20",
        "n": "100–400",
        "p": "5–133",
        "objective": f"{right} of 20 optima",
        "gap %": "proven" if right == len(rows) else "–",
        "processor s": round(sum(float(str(row["processor s"])) for row in rows), 2),
        "wall s": round(sum(float(str(row["wall s"])) for row in rows), 2),
        "solver": "–",
        "target": "20 of 20, ≤ 25 s",
    }


def scaling() -> list[dict[str, object]]:
    """How time and memory grow: communes nearest to Clermont-Ferrand, one site in nine."""
    whole = communes(Instance("", 1, 0, 0, ""))
    costs = whole.costs_min
    assert isinstance(costs, PointCosts)
    apart = np.hypot(*(costs.demand_lonlat - [3.08, 45.78]).T * [[0.7], [1.0]])
    rows = []
    for n in (300, 1000, 3000, 10_000, 20_000):
        near = np.sort(np.argsort(apart, kind="stable")[:n])
        lonlat = costs.demand_lonlat[near]
        codes = tuple(whole.demand_codes[i] for i in near)
        problem = SitingProblem(
            PointCosts(lonlat, lonlat), whole.weights[near], n // 9, codes, codes
        )
        rows.append(measure(f"nearest {n}", problem, 60, "–"))
    return rows


def _alone(name: str) -> list[dict[str, object]]:
    """Run one instance in its own process."""
    out = subprocess.run(
        [sys.executable, "-m", "tests.bench.siting", "--alone", name],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(out.stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--alone")
    args = parser.parse_args()
    if args.alone:
        if args.alone == "orlib":
            rows = [measured_orlib()]
        elif args.alone == "scaling":
            rows = scaling()
        else:
            instance = INSTANCES[args.alone]
            problem = communes(instance)
            rows = [measure(args.alone, problem, instance.seconds, instance.target)]
        print(json.dumps(rows))
        return
    names = args.only.split(",") if args.only else ["orlib", *INSTANCES, "scaling"]
    if "orlib" in names and not orlib.FOLDER.is_dir():
        print(f"OR-Library skipped: no folder {orlib.FOLDER} (COVERAGE_BENCH_DIR).\n")
        names.remove("orlib")
    first = True
    for name in names:
        for row in _alone(name):
            if first:
                print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
                first = False
            print("| " + " | ".join(map(str, row.values())) + " |", flush=True)


if __name__ == "__main__":
    main()
