"""OR-Library p-median instances (Beasley), read from outside the project."""

import csv
import os
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from planning.siting.problem import SitingProblem

FOLDER = (
    Path(os.environ.get("COVERAGE_BENCH_DIR", Path(__file__).parents[3] / "shared" / "bench"))
    / "pmed"
)
NAMES = tuple(f"pmed{i}" for i in range(1, 21))


def optima() -> dict[str, int]:
    """Published optimum of each instance."""
    with (FOLDER / "optimal.csv").open() as file:
        return {row["instance"]: int(row["opt"]) for row in csv.DictReader(file)}


def distances(name: str) -> tuple[np.ndarray, int]:
    """All-pairs shortest paths, shape (n, n), and p; the last cost of a repeated edge counts."""
    lines = [line.split() for line in (FOLDER / f"{name}.txt").read_text().splitlines()]
    n, _, p = map(int, lines[0])
    cost = np.zeros((n, n))
    for i, j, c in (map(int, line) for line in lines[1:] if line):
        cost[i - 1, j - 1] = cost[j - 1, i - 1] = c
    return dijkstra(sparse.csr_array(cost), directed=False), p


def problem(name: str) -> SitingProblem:
    """The instance as a siting problem, one person at each node."""
    minutes, p = distances(name)
    n = len(minutes)
    rows, columns = np.divmod(np.arange(n * n), n)
    codes = tuple(f"{i:04d}" for i in range(n))
    matrix = sparse.csr_array((minutes.ravel(), (rows, columns)), shape=(n, n))
    return SitingProblem(matrix, np.ones(n), p, codes, codes)
