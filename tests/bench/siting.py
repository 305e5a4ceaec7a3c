"""Proofs and speed of the siting models; prints a Markdown table.

``python -m tests.bench siting [--instances orlib,allier,…]``

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
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from geodata import tables
from planning.siting.plan import solve
from planning.siting.points import PointCosts
from planning.siting.problem import Model, SitingProblem
from tests.bench import orlib

GROWTH = (300, 1000, 3000, 10_000, 20_000, 34_740)
PLOT = Path("docs/images/siting-growth.svg")

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


@dataclass(frozen=True)
class Other:
    """Another model: départements, sites or positions, processor seconds, target.

    ``minutes`` is the threshold of "set-cover"; ``slack`` the room of all positions, as a share
    of the persons ("capacitated", three positions a site at most).
    """

    model: Model
    departments: str
    sites: int
    seconds: float
    target: str
    minutes: float = 0.0
    slack: float = 0.0


_WEST = "22 29 35 56 44"
OTHERS = {
    "allier-capacity": Other("capacitated", "03", 30, 8, "≤ 0.5 %", slack=1.25),
    "west-capacity": Other("capacitated", _WEST, 155, 30, "≤ 2 %", slack=1.25),
    "aura-capacity": Other("capacitated", AUVERGNE_RHONE_ALPES, 444, 60, "≤ 3 %", slack=1.25),
    "allier-set-cover": Other("set-cover", "03", 1, 15, "proven", minutes=20),
    "west-set-cover": Other("set-cover", _WEST, 1, 30, "–", minutes=20),
    "aura-set-cover": Other("set-cover", AUVERGNE_RHONE_ALPES, 1, 30, "–", minutes=20),
    "aura-set-cover-10": Other("set-cover", AUVERGNE_RHONE_ALPES, 1, 30, "–", minutes=10),
    "allier-center": Other("p-center", "03", 36, 30, "proven"),
    "aura-center": Other("p-center", AUVERGNE_RHONE_ALPES, 444, 60, "–"),
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


def other(instance: Other) -> SitingProblem:
    """The same communes under another model."""
    plain = communes(Instance(instance.departments, instance.sites, 0, 0, ""))
    capacity = plain.weights.sum() * instance.slack / instance.sites
    return replace(
        plain,
        model=instance.model,
        cover_min=instance.minutes or None,
        capacity=float(np.ceil(capacity)) if instance.slack else None,
        positions=3 if instance.slack else 1,
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


def scaling(n: int) -> dict[str, object]:
    """Solve the ``n`` communes nearest to Clermont-Ferrand, one site in nine."""
    whole = communes(Instance("", 1, 0, 0, ""))
    costs = whole.costs_min
    assert isinstance(costs, PointCosts)
    apart = np.hypot(*(costs.demand_lonlat - [3.08, 45.78]).T * [[0.7], [1.0]])
    near = np.sort(np.argsort(apart, kind="stable")[:n])
    lonlat = costs.demand_lonlat[near]
    codes = tuple(whole.demand_codes[i] for i in near)
    problem = SitingProblem(PointCosts(lonlat, lonlat), whole.weights[near], n // 9, codes, codes)
    return measure(f"nearest {n}", problem, 60, "–")


def plot_growth(rows: list[dict[str, object]], path: Path) -> None:
    """Draw processor seconds and peak memory against the number of points, both on log scales."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "siting"  # the same figures give the same file
    import matplotlib.pyplot as plt

    points = [int(str(row["n"])) for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for axis, column, label in (
        (left, "processor s", "processor seconds"),
        (right, "peak MB", "peak memory (MB)"),
    ):
        values = [float(str(row[column])) for row in rows]
        axis.loglog(points, values, marker="o", color="#000091")
        for x, y in zip(points, values, strict=True):
            axis.annotate(f"{y:g}", (x, y), textcoords="offset points", xytext=(4, 6), fontsize=8)
        axis.set_xlabel("communes (one site in nine)")
        axis.set_ylabel(label)
        axis.grid(alpha=0.3, which="both")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _alone(name: str) -> dict[str, object]:
    """Run one instance in its own process."""
    out = subprocess.run(
        [sys.executable, "-m", "tests.bench.siting", "--alone", name],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(out.stdout)


def one(name: str) -> dict[str, object]:
    """Measure one instance in this process."""
    if name == "orlib":
        return measured_orlib()
    if name.startswith("scaling-"):
        return scaling(int(name.removeprefix("scaling-")))
    if name in OTHERS:
        asked = OTHERS[name]
        return measure(name, other(asked), asked.seconds, asked.target)
    instance = INSTANCES[name]
    return measure(name, communes(instance), instance.seconds, instance.target)


def wanted(only: str) -> list[str]:
    """Return the instances to run: those named, or all that this machine has."""
    names = only.split(",") if only else ["orlib", *INSTANCES, *OTHERS, "scaling"]
    if "orlib" in names and not orlib.FOLDER.is_dir():
        print(f"OR-Library skipped: no folder {orlib.FOLDER} (COVERAGE_BENCH_DIR).\n")
        names.remove("orlib")
    if "scaling" in names:
        names.remove("scaling")
        names += [f"scaling-{n}" for n in GROWTH]
    return names


def main() -> None:
    """Print the table; draw the growth when it was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--instances", default="", help=f"orlib, {', '.join([*INSTANCES, *OTHERS])}, scaling"
    )
    parser.add_argument("--alone")
    args = parser.parse_args()
    if args.alone:
        print(json.dumps(one(args.alone)))
        return
    grown = []
    for rank, name in enumerate(wanted(args.instances)):
        row = _alone(name)
        if not rank:
            print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
        print("| " + " | ".join(map(str, row.values())) + " |", flush=True)
        if name.startswith("scaling-"):
            grown.append(row)
    if grown:
        plot_growth(grown, PLOT)
        print(f"\nGrowth drawn in {PLOT}.")


if __name__ == "__main__":
    main()
