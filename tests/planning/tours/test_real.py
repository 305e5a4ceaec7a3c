"""The real tour of the Ruffécois and the plan of the same service."""

import os
from pathlib import Path

import pytest

from coverage.network import CommuneNetwork
from geodata import tables
from geodata.readers.tours import read_bus_tour
from planning.stopping import after_iterations
from planning.tours import TourBase, solve
from planning.tours.real import as_published, compare, same_service
from planning.tours.routing import refused_routes

FILE = Path(os.environ.get("GEODATA_DIR", "../shared/data")) / "bus-france-services-charente.json"
RUFFEC = "16292"


@pytest.mark.official
@pytest.mark.skipif(not FILE.exists(), reason=f"fichier absent : {FILE}")
def test_the_planner_drives_no_more_than_the_real_bus():
    stops = read_bus_tour(FILE).frame
    points = tables.demand_points()
    network = CommuneNetwork.build(points[points["department"].isin(["16", "79", "86"])])
    minutes, km = network.between([RUFFEC, *stops["commune_code"]], 120.0)
    problem = same_service(stops, TourBase(RUFFEC, "Ruffec"), minutes, km)
    real = as_published(problem, stops)
    assert len(real.days) == 9  # five odd days, and no tour on even Mondays
    assert [len(route.visits) for route in real.days] == [1, 1, 1, 1, 2, 2, 1, 2, 1]
    assert sum(stop.service_min for stop in problem.stops) == 46 * 60
    assert refused_routes(real) == []  # the real calendar stands within the limits
    assert 45 <= problem.day.lunch_min <= 60
    plan = solve(problem, after_iterations(1500), seed=1)
    assert plan.feasible
    assert refused_routes(plan) == []
    found = compare(real, plan)
    assert found.visits == (12, 12)
    assert found.km[1] <= found.km[0]
    assert found.outings[1] <= found.outings[0]
    assert plan.cost < real.cost
