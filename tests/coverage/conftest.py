import pytest

from coverage.road_files import read_roads
from coverage.roads import RoadGraph


@pytest.fixture(scope="session")
def andorra_roads(official_folder) -> RoadGraph:
    """The complete roads of a mountain country, read once."""
    return read_roads(official_folder / "andorra-latest.osm.pbf")
