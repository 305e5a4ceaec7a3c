"""Before and after: what a plan changes for the people of a territory."""

from dataclasses import dataclass
from typing import Any

from coverage.access import Reach


@dataclass(frozen=True)
class Scorecard:
    """Access of the people in need, before and after a plan.

    Parameters
    ----------
    before
        With the places of help known today; ``None`` where no layer says what exists.
    before_partial
        Whether those places are known in part only: ``before`` is then a lower bound.
    after
        With the plan's fixed sites besides.
    share_with_tours
        Share (0–1) of the people within the scenario's threshold of a fixed site, or whose
        commune is on a tour.
    threshold_min
        That threshold.
    """

    before: Reach | None
    before_partial: bool
    after: Reach | None
    share_with_tours: float | None
    threshold_min: int

    def side(self, reach: Reach | None) -> dict[str, Any] | None:
        """Return one side as plain JSON types, or ``None`` where it is unknown."""
        if reach is None:
            return None
        shares = {f"share_within_{t}min": share for t, share in reach.share_within.items()}
        return {
            **shares,
            "mean_min": reach.mean_min,
            "share_unreached": reach.share_unreached,
            "limit_min": reach.limit_min,
        }
