import numpy as np
import pytest

from geodata.snapshot.relief import altitude_m, relief_m


@pytest.fixture
def grid() -> np.ndarray:
    """Sea everywhere but for a slope that rises 100 m a cell eastwards from 3° E, 46° N."""
    cells = np.full((2160, 4320), np.nan)
    rows = slice((90 - 47) * 12, (90 - 45) * 12)
    columns = slice((180 + 3) * 12, (180 + 4) * 12)
    cells[rows, columns] = 100.0 * np.arange(12)
    return cells


def centre(column: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([3 + (column + 0.5) / 12]), np.array([46 - 0.5 / 12])


def test_at_the_centre_of_a_cell_the_altitude_is_its_own(grid):
    assert altitude_m(grid, *centre(5)) == pytest.approx([500])


def test_between_two_cells_it_is_in_between(grid):
    assert altitude_m(grid, *centre(5.25)) == pytest.approx([525])


def test_the_sea_does_not_count(grid):
    assert altitude_m(grid, *centre(-0.5)) == pytest.approx([0])
    assert np.isnan(altitude_m(grid, *centre(-3)))


def test_relief_is_the_spread_of_the_nine_cells(grid):
    assert relief_m(grid, *centre(5)) == pytest.approx([np.std([400, 500, 600])])


def test_relief_is_unknown_at_sea(grid):
    assert np.isnan(relief_m(grid, *centre(-3)))
