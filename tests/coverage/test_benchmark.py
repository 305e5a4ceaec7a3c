"""Shrinking regional misses by how precise the published figures are."""

from dataclasses import replace

import numpy as np
import pytest

from coverage.benchmark import RegionalMiss, benchmark
from coverage.published import REGIONAL_2019


def misses(*found):
    """Regions with a miss and a standard error each, as published figures, not bounds."""
    exact = next(figure for figure in REGIONAL_2019 if not figure.bound)
    return [
        RegionalMiss(replace(exact, region=str(k)), 0.0, 0.0, miss, psi)
        for k, (miss, psi) in enumerate(found)
    ]


def test_precise_figures_are_followed_and_vague_ones_less():
    found = benchmark(misses((0.2, 1e-9), (0.2, 0.2), (-0.2, 0.4)))
    assert found.tau == pytest.approx(1.4826 * 0.2)
    share = [found.tau**2 / (found.tau**2 + psi**2) for psi in (0.0, 0.2, 0.4)]
    assert [found.effects[r] for r in "012"] == pytest.approx(
        [0.2 * share[0], 0.2 * share[1], -0.2 * share[2]]
    )
    assert found.sigma["1"] == pytest.approx(0.2 * np.sqrt(share[1]))


def test_regions_that_miss_nothing_have_no_effect():
    found = benchmark(misses((0.0, 0.1), (0.0, 0.3)))
    assert found.tau == 0.0
    assert set(found.effects.values()) == {0.0}
