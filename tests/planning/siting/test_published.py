"""Published optima, where the folder of public instances is present."""

import pytest

from planning.siting.plan import solve
from planning.stopping import after_iterations
from tests.bench import orlib

pytestmark = pytest.mark.skipif(
    not orlib.FOLDER.is_dir(), reason=f"no instances in {orlib.FOLDER} (COVERAGE_BENCH_DIR)"
)


@pytest.mark.parametrize("name", orlib.NAMES)
def test_the_published_optimum_is_found_and_proven(name):
    plan = solve(orlib.problem(name), after_iterations(100_000))
    assert plan.optimal
    assert plan.objective == orlib.optima()[name]
