"""What a solver hands back, in canonical order."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Found:
    """A plan in canonical order: open sites (m,), cost, lower bound, how it was found.

    ``positions`` and ``main_site`` are those of the capacitated model: positions at each site
    (m,), and the site that serves most of each demand, -1 for none (n,).  ``clamped`` counts the
    demands whose multiplier was held down by the end of their list.
    """

    chosen: npt.NDArray[np.bool_]
    objective: float
    bound: float
    solver: str
    positions: npt.NDArray[np.int64] | None = None
    main_site: npt.NDArray[np.int64] | None = None
    clamped: int = 0
