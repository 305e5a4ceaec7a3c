"""How many positions each fixed site holds, once it is known whom it serves.

Positions beyond the first go, one at a time, to the site where a position serves the most
persons (Adams' divisors: the load is divided by the positions that are there already).  No
other sharing has a smaller largest number of persons per position (Balinski and Young, Fair
Representation, 1982).
"""

import heapq
from collections.abc import Sequence

import numpy as np

from coverage.arrays import FloatArray, IntArray


def share_positions(
    load: FloatArray, already: IntArray, positions: int, codes: Sequence[str]
) -> IntArray:
    """Return the positions added at each site, shape (n_site,).

    Parameters
    ----------
    load
        Persons in need served by each site, shape (n_site,).
    already
        Positions (or teams) that each site has before, shape (n_site,).
    positions
        Positions to share out; all of them are given when there is a site.
    codes
        Names of the sites; a tie goes to the greater load, then to the first in their order.
    """
    added = np.zeros(len(load), dtype=np.intp)
    if not len(load):
        return added

    def entry(j: int) -> tuple[float, float, str, int]:
        staff = already[j] + added[j]
        # Sites without anybody come before all others, whatever their load: it parts them.
        return (-(load[j] / staff if staff else np.inf), -load[j], codes[j], j)

    heap = [entry(j) for j in range(len(load))]
    heapq.heapify(heap)
    for _ in range(positions):
        *_, j = heapq.heappop(heap)
        added[j] += 1
        heapq.heappush(heap, entry(j))
    return added


def positions_needed(load: FloatArray, already: IntArray, most_per_position: float) -> int:
    """Return how many positions must be added so that none serves more than the most allowed.

    Parameters
    ----------
    load, already
        As in :func:`share_positions`.
    most_per_position
        Persons in need that one position may serve.
    """
    # A hair of tolerance: a load equal to the limit but for rounding needs no further position.
    staff = np.ceil(load / most_per_position - 1e-9)
    return int(np.maximum(staff - already, 0).sum())
