"""What a solver hands back, in canonical order."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Found:
    """A plan in canonical order.

    Attributes
    ----------
    chosen
        Open sites, shape (m,).
    objective, bound
        Its cost, and a lower bound of any plan's.
    solver
        How it was found, in French.
    positions
        Positions at each site ("capacitated"), shape (m,).
    main_site
        Site that serves most of each demand, -1 for none ("capacitated"), shape (n,).
    left_share, journey_min
        Share of each demand without room, and mean minutes of its others ("capacitated"), (n,).
    clamped
        Demands whose multiplier was held down by the end of their list.
    """

    chosen: npt.NDArray[np.bool_]
    objective: float
    bound: float
    solver: str
    positions: npt.NDArray[np.int64] | None = None
    main_site: npt.NDArray[np.int64] | None = None
    left_share: npt.NDArray[np.float64] | None = None
    journey_min: npt.NDArray[np.float64] | None = None
    clamped: int = 0
