"""The same instances by other open solvers; prints a Markdown table.

``COVERAGE_PEERS_PYTHON=peers/bin/python python -m tests.bench siting_peers [--seconds 60]
[--instances orlib,allier,west] [--solvers spopt,pbp]``

The peers live in an environment of their own (``tests/bench/requirements-peers.txt``) and
get the very matrix that this project solves.  Every number is processor seconds of one
core, with the time spent importing and building apart; ours has nothing to build.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from planning.siting.plan import solve
from planning.siting.points import PointCosts
from planning.siting.problem import SitingProblem
from planning.stopping import after_iterations
from tests.bench import orlib
from tests.bench.siting import INSTANCES, communes

PEERS = {"spopt": "spopt + HiGHS", "pbp": "pbp-pmedian"}
GROUPS = ("orlib", "allier", "west")
LIMITS = 4
"""Limits of solving after which a peer that is still importing or building is ended."""
RUNNER = Path(__file__).with_name("peer_solvers.py")


def matrix(problem: SitingProblem) -> np.ndarray:
    """Weighted minutes, shape (n_demand, n_candidate)."""
    costs = problem.costs_min
    if isinstance(costs, PointCosts):
        n, m = problem.shape
        columns, minutes = costs.nearest(np.arange(n), m)
        full = np.take_along_axis(minutes, np.argsort(columns, axis=1), axis=1)
    else:
        full = costs.toarray()
    return full * problem.weights[:, None]


def instances(only: tuple[str, ...]) -> Iterator[tuple[str, SitingProblem]]:
    """OR-Library where present, then the Allier, then Brittany with Loire-Atlantique."""
    if "orlib" in only and orlib.FOLDER.is_dir():
        for name in orlib.NAMES:
            yield name, orlib.problem(name)
    for name in ("allier", "west"):
        if name in only:
            yield name, communes(INSTANCES[name])


def peer(python: str, name: str, problem: SitingProblem, seconds: float) -> dict[str, float | str]:
    """Run one peer on one problem; a peer that dies or hangs has proven nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.npz"
        np.savez(path, cost=matrix(problem), p=problem.sites)
        try:
            out = subprocess.run(
                [python, str(RUNNER), name, str(path), str(seconds)],
                capture_output=True,
                text=True,
                timeout=LIMITS * seconds + 60,
                check=True,
            )
        except subprocess.TimeoutExpired:
            # Building alone may take the whole limit: what was reached is not known.
            return _nothing(f"ended after {LIMITS * seconds + 60:.0f} s")
        except subprocess.CalledProcessError as error:
            said = error.stderr.strip().splitlines() or [f"code {error.returncode}"]
            return _nothing(f"died: {said[-1][:80]}")
    return json.loads(out.stdout.splitlines()[-1])


def _nothing(why: str) -> dict[str, float | str]:
    return {"value": np.nan, "proven": False, "import": 0, "build": 0, "solve": 0, "why": why}


def main() -> None:
    """Print one row for each solver and group of instances."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--instances", default=",".join(GROUPS), help="orlib, allier, west")
    parser.add_argument("--solvers", default=",".join(PEERS), help="spopt, pbp")
    args = parser.parse_args()
    python = os.environ.get("COVERAGE_PEERS_PYTHON")
    if not python:
        print("Peers skipped: COVERAGE_PEERS_PYTHON names no Python that has them.")
        return
    rows: dict[tuple[str, str], list[dict[str, float | str]]] = {}
    for name, problem in instances(tuple(args.instances.split(","))):
        group = "pmed1–20" if name.startswith("pmed") else name
        start = time.process_time()
        plan = solve(problem, after_iterations(1_000_000))
        ours = {
            "right": plan.optimal,
            "import": 0.0,
            "build": 0.0,
            "solve": time.process_time() - start,
        }
        rows.setdefault((group, "this project"), []).append(ours)
        for key in args.solvers.split(","):
            label = PEERS[key]
            found = peer(python, key, problem, args.seconds)
            close = abs(float(found["value"]) - plan.objective) <= 1e-6 * plan.objective
            right = bool(found["proven"]) and close
            rows.setdefault((group, label), []).append({**found, "right": right})
    print("| instances | solver | proven and right | import s | build s | solve s |")
    print("|---|---|---|---|---|---|")
    for (group, label), found in rows.items():
        right = f"{sum(bool(row['right']) for row in found)} of {len(found)}"
        spent = (
            f"{sum(float(row[step]) for row in found):.2f}" for step in ("import", "build", "solve")
        )
        why = "; ".join(sorted({str(row["why"]) for row in found if row.get("why")}))
        right += f" ({why})" if why else ""
        print(f"| {group} | {label} | {right} | " + " | ".join(spent) + " |")


if __name__ == "__main__":
    main()
