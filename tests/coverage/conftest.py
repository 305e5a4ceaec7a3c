import pandas as pd
import pytest

from coverage.need import Need, estimate
from coverage.road_files import read_roads
from coverage.roads import RoadGraph
from geodata import tables


@pytest.fixture(scope="session")
def points() -> pd.DataFrame:
    """Return the communes of the embedded snapshot; no test changes them."""
    return tables.demand_points()


@pytest.fixture(scope="session")
def need(points) -> Need:
    """Return the need of every commune on the snapshot alone, estimated once."""
    return estimate(points)


@pytest.fixture(scope="session")
def andorra_roads(official_folder) -> RoadGraph:
    """The complete roads of a mountain country, read once."""
    return read_roads(official_folder / "andorra-latest.osm.pbf")
