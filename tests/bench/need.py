"""How long the need of the whole country takes: ``python -m tests.bench.need``.

Medians of five once the layers are read; tier 2 where ``GEODATA_DIR`` names the official files,
else tier 1.
"""

import os
import statistics
import time

from coverage.local import gather
from coverage.need import estimate
from geodata import tables

RUNS = 5
TARGET_S = 3.0


def main() -> None:
    points = tables.demand_points()
    local = gather(points)
    walls, processors = [], []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        estimate(points, local)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    tier = int(local.tier.max())
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| need of all France | median (s) | processor (s) | target (s) |\n|---|---|---|---|")
    print(
        f"| tier {tier}, {len(points)} communes | {statistics.median(walls):.2f} "
        f"| {statistics.median(processors):.2f} | {TARGET_S:.1f} |"
    )


if __name__ == "__main__":
    main()
