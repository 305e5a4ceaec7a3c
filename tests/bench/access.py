"""Access at the scale of the country, and over real roads, against open peers in the same run.

Needs the official files (``GEODATA_DIR``).  Every measurement runs in a process of its own;
times are processor seconds, so that other work on the machine does not count.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[2]
LIMIT_MIN = 30.0
PEER_ORIGINS = 40


def measured(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Run some work; return what it tells, its processor seconds and the peak of memory."""
    start = time.process_time()
    told = work()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"seconds": time.process_time() - start, "peak_mb": peak_mb} | told


def national() -> dict[str, Any]:
    """Communes of metropolitan France to France Services and postal points, within 30 min."""
    from coverage.measure import measure
    from coverage.network import CommuneNetwork
    from coverage.sites import load_sites
    from geodata import tables

    points = tables.demand_points()
    metropole = points[~points["department"].str.startswith("97")]
    sites = load_sites(["france_services", "postal_points"])

    def work() -> dict[str, Any]:
        network = CommuneNetwork.build(metropole)
        found = measure(network, sites, LIMIT_MIN)
        return {"pairs": int(found.times.minutes.nnz), "sites": len(sites.frame)}

    return measured(work)


def catchment_national() -> dict[str, Any]:
    """E2SFCA of the whole country, and the same by PySAL ``access`` on the same times."""
    from access.fca import two_stage_fca

    from coverage.catchment import Decay, catchment
    from coverage.measure import measure
    from coverage.network import CommuneNetwork
    from coverage.sites import load_sites

    found = measure(CommuneNetwork.build(), load_sites(["france_services"]), LIMIT_MIN)
    people = found.points["population"].to_numpy(dtype=float)
    supply_h, decay, times = found.sites.supply_h, Decay("gaussian", LIMIT_MIN), found.times
    ours = measured(lambda: {"score": catchment(times, people, supply_h, decay).weekly_min / 60})
    rows = np.repeat(np.arange(len(people)), np.diff(times.minutes.indptr))
    cost = pd.DataFrame(
        {
            "origin": np.array(times.origins)[rows],
            "dest": np.array(times.destinations)[times.minutes.indices],
            "cost": times.minutes.data,
        }
    )
    demand = pd.DataFrame({"geoid": times.origins, "demand": people})
    supply = pd.DataFrame({"supply": supply_h}, index=list(times.destinations))
    peer = measured(
        lambda: {
            "score": two_stage_fca(
                demand, supply, cost, max_cost=LIMIT_MIN,
                weight_fn=lambda minutes: float(decay.weights(minutes)),
            )
        }
    )  # fmt: skip
    theirs = peer["score"].reindex(times.origins).fillna(0.0).to_numpy()
    gap = float(np.abs(ours["score"] - theirs).max())
    return {"seconds": ours["seconds"], "peer_s": peer["seconds"], "gap": gap}


def andorra() -> dict[str, Any]:
    """Table of 500 × 500 places over the roads of Andorra, and a loop of networkx."""
    import networkx as nx

    from coverage.road_files import read_roads

    start = time.process_time()
    graph = read_roads(Path(os.environ["GEODATA_DIR"]) / "andorra-latest.osm.pbf")
    read_s = time.process_time() - start
    node = np.random.default_rng(0).choice(len(graph.lon), 500, replace=False)
    places = pd.DataFrame(
        {"lon": graph.lon[node], "lat": graph.lat[node]}, index=[f"n{n}" for n in node]
    )
    ours = measured(lambda: {"times": graph.travel(places, places, 240.0).times.dense()})
    coo = graph.minutes.tocoo()
    peer = nx.DiGraph()
    peer.add_weighted_edges_from(zip(*coo.coords, coo.data, strict=True))

    def loop() -> dict[str, Any]:
        return {
            "times": [
                [away[n] for n in node]
                for origin in node[:PEER_ORIGINS]
                for away in [nx.single_source_dijkstra_path_length(peer, origin, weight="weight")]
            ]
        }

    theirs = measured(loop)
    gap = float(np.abs(ours["times"][:PEER_ORIGINS] - np.array(theirs["times"])).max())
    peer_s = theirs["seconds"] * len(node) / PEER_ORIGINS
    return {"seconds": ours["seconds"], "read_s": read_s, "peer_s": peer_s, "gap": gap}


WORKS = {"national": national, "catchment": catchment_national, "andorra": andorra}


def alone(name: str) -> dict[str, Any]:
    """Run one measurement in its own process."""
    command = [sys.executable, "-m", "tests.bench.access", name]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print the tables."""
    if len(sys.argv) > 1:
        print(json.dumps(WORKS[sys.argv[1]]()))
        return
    os.environ.setdefault("GEODATA_DIR", str(ROOT.parent / "shared" / "data"))
    country = alone("national")
    print("| access | target | processor s | peak MB | against a peer, same run |")
    print("|---|---|---|---|---|")
    print(
        f"| metropole → {country['sites']:,} France Services and postal points within 30 min "
        f"({country['pairs']:,} pairs) | 20 s, 1,500 MB | {country['seconds']:.1f} "
        f"| {country['peak_mb']:.0f} | – |"
    )
    shared = alone("catchment")
    print(
        f"| E2SFCA, France Services, France | 5 s | {shared['seconds']:.3f} | – | PySAL access "
        f"{shared['peer_s']:.1f} s: × {shared['peer_s'] / shared['seconds']:.0f}, "
        f"largest gap {shared['gap']:.0e} |"
    )
    roads = alone("andorra")
    print(
        f"| Andorra, 500 × 500 over {roads['read_s']:.1f} s of reading | 5 s "
        f"| {roads['seconds']:.2f} | – | networkx, a run an origin ({PEER_ORIGINS} of 500, scaled) "
        f"{roads['peer_s']:.1f} s: × {roads['peer_s'] / roads['seconds']:.0f}, "
        f"largest gap {roads['gap']:.0e} min |"
    )


if __name__ == "__main__":
    main()
