import pytest

from planning.deployment import Deployment, deploy
from planning.scenario import Scenario

QUICK_ITERATIONS = 300


@pytest.fixture(scope="session")
def allier(tmp_path_factory) -> Deployment:
    """The plan of the Allier on the embedded snapshot alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GEODATA_DIR", raising=False)
        patch.setenv("GEODATA_CACHE", str(tmp_path_factory.mktemp("downloads")))
        return deploy(Scenario(territory="03", positions=30, tour_iterations=QUICK_ITERATIONS))


@pytest.fixture(scope="session")
def fewer(tmp_path_factory) -> Deployment:
    """Another plan of the Allier: twenty positions, no tours, most people within 20 minutes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GEODATA_DIR", raising=False)
        patch.setenv("GEODATA_CACHE", str(tmp_path_factory.mktemp("downloads")))
        return deploy(Scenario(territory="03", positions=20, model="max-cover", tours=False))
