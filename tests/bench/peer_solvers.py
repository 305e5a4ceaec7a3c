"""Runs one peer on one matrix, in the peers' own Python; imports nothing of the project.

``python tests/bench/peer_solvers.py spopt|pbp matrix.npz seconds`` prints JSON.  Time spent
importing and building stands apart from solving; all are processor seconds of one core.
"""

import json
import sys
import time

import numpy as np


def spopt(cost, p, seconds, clock):
    """Solve with spopt's PMedian and HiGHS, one thread."""
    import pulp
    from spopt.locate import PMedian

    clock("import")
    model = PMedian.from_cost_matrix(cost, np.ones(len(cost)), p_facilities=p)
    clock("build")
    solver = pulp.HiGHS(msg=False, threads=1, timeLimit=seconds, gapRel=0.0)
    model = model.solve(solver)
    clock("solve")
    return model.problem.objective.value(), model.problem.sol_status == 1


def pbp(cost, p, seconds, clock):
    """Solve with pbp-pmedian's own choice of engine."""
    from pbp_pmedian import solve

    clock("import")
    clock("build")
    value, _, _, status, _ = solve(cost.T.copy(), p=p, time_limit=seconds)
    clock("solve")
    return value, "optimal" in str(status).lower() or status in (0, True)


def main() -> None:
    """Run one peer."""
    name, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    data = np.load(path)
    spent = {}
    last = [time.process_time()]

    def clock(step):
        now = time.process_time()
        spent[step] = now - last[0]
        last[0] = now

    run = {"spopt": spopt, "pbp": pbp}[name]
    value, proven = run(data["cost"], int(data["p"]), seconds, clock)
    print(json.dumps({"value": float(value), "proven": bool(proven), **spent}))


if __name__ == "__main__":
    main()
