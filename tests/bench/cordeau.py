"""Cordeau's periodic vehicle routing instances (the "old" set), read from outside the project.

Quirks of the files: the most significant bit of a pattern is day 1; the visits of a
client are the length of its patterns (the frequency column of p11 is wrong once); nodes
without a pattern are dummies; p01's node 51, at the depot with a full load, holds one
vehicle and costs nothing.  Distances are Euclidean and not rounded.
"""

import csv
import os
from pathlib import Path

import numpy as np

from planning.tours.instance import PeriodicInstance

FOLDER = (
    Path(os.environ.get("COVERAGE_BENCH_DIR", Path(__file__).parents[3] / "shared" / "bench"))
    / "pvrp"
)
NAMES = tuple(f"p{i:02d}" for i in range(1, 14))


def best_known() -> dict[str, float]:
    """Best known cost of each instance (an older list)."""
    with (FOLDER / "bks.csv").open() as file:
        return {row["instance"]: float(row["bks"]) for row in csv.DictReader(file)}


def read(name: str) -> PeriodicInstance:
    """The instance as the search sees it."""
    lines = [line.split() for line in (FOLDER / name).read_text().splitlines() if line.strip()]
    _, vans, _, n_day = map(int, lines[0])
    limits = [tuple(map(float, line)) for line in lines[1 : 1 + n_day]]
    assert len(set(limits)) == 1, "the same limits on all days"
    longest, capacity = limits[0]
    points, loads, services, patterns = [], [], [], []
    for number, line in enumerate(lines[1 + n_day :]):
        masks = [int(mask) for mask in line[7 : 7 + int(line[6])]] if number else []
        if number and not masks:
            continue
        points.append((float(line[1]), float(line[2])))
        if number:
            services.append(float(line[3]))
            loads.append(float(line[4]))
            patterns.append(tuple(days_of(mask, n_day) for mask in masks))
    at = np.array(points)
    cost = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    return PeriodicInstance(
        arc_cost=cost,
        n_base=1,
        n_day=n_day,
        slot_base=np.zeros((n_day, vans), dtype=np.int64),
        load=np.array(loads),
        capacity=capacity,
        patterns=tuple(patterns),
        pattern_cost=tuple((0.0,) * len(choices) for choices in patterns),
        leave_out_cost=np.full(len(patterns), np.inf),
        arc_min=cost,
        service_min=np.array([0.0, *services]),
        max_min=longest or np.inf,
    )


def days_of(mask: int, n_day: int) -> tuple[int, ...]:
    """Days of a pattern, from 0; the most significant bit is the first day."""
    return tuple(day for day in range(n_day) if mask >> (n_day - 1 - day) & 1)
