"""Small tour problems for the tests; all drawn at random or written by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from planning.tours import TourBase, TourProblem, TourStop


def make_problem(
    n_stop: int = 8,
    n_base: int = 1,
    vans: int = 1,
    *,
    seed: int = 0,
    side_km: float = 40.0,
    every: tuple[int, ...] = (4, 2, 1),
    service: tuple[float, ...] = (150.0, 180.0),
    order: list[int] | None = None,
    **changes,
) -> TourProblem:
    """A random plane of stops and bases, 50 km/h everywhere; ``order`` permutes the stops."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, side_km, (n_base + n_stop, 2))
    ranks = order or list(range(n_stop))
    rows = list(range(n_base)) + [n_base + i for i in ranks]
    points = points[rows]
    km = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) * 1.3
    stops = tuple(
        TourStop(
            f"03{i:03d}",
            f"Commune {i}",
            service[i % len(service)],
            every[i % len(every)],
            persons=20.0 + i,
            lon=3.0 + i / 100,
            lat=46.0,
        )
        for i in ranks
    )
    bases = tuple(TourBase(f"0390{b}", f"Base {b}", vans, lon=3.0, lat=46.1) for b in range(n_base))
    given = {"weeks": 4, **changes}
    return TourProblem(stops, bases, km / 50 * 60, km, **given)


@pytest.fixture(scope="session")
def problem_of() -> Callable[..., TourProblem]:
    return make_problem
