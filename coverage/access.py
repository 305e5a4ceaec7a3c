"""Who reaches what: the share of people within a time, means and quantiles of minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coverage.arrays import FloatArray

THRESHOLDS_MIN = (10, 15, 20, 30)
"""Minutes for which shares are reported."""

ISOLATED_MIN = 15.0
"""By default a commune is isolated when every site is farther than this, in minutes.

"Quinze ou trente minutes en voiture … un handicap": conseil départemental de la Mayenne,
https://media.conseiller-numerique.gouv.fr/2024/06/04/en-mayenne-linclusion-numerique-de-proximite/
"""


@dataclass(frozen=True)
class Reach:
    """How well people reach the nearest of some sites.

    Parameters
    ----------
    share_within
        Minutes → share (0–1) of the people weighed who have a site within them.
    mean_min
        Mean minutes to the nearest site of the people who reach one within ``limit_min``.
    share_unreached
        Share (0–1) of the people with no site within ``limit_min``, or no road to one.
    limit_min
        Limit of the travel times used.
    """

    share_within: dict[int, float]
    mean_min: float | None
    share_unreached: float
    limit_min: float

    @property
    def left_out_fr(self) -> str:
        """Whom the mean leaves out, in French; empty where it is nobody."""
        if self.share_unreached < 5e-4:
            return ""
        share = f"{100 * self.share_unreached:.1f}".replace(".", ",")
        return f"sans les {share}\u00a0% à plus de {self.limit_min:g}\u00a0min"


def reach(
    minutes: FloatArray,
    weights: FloatArray,
    limit_min: float,
    thresholds_min: Sequence[int] = THRESHOLDS_MIN,
) -> Reach | None:
    """Sum up access, or return ``None`` where there is nobody to weigh.

    Parameters
    ----------
    minutes
        Minutes to the nearest site, shape (n_origin,); infinite where none is reached.
    weights
        People at each origin, shape (n_origin,); NaN counts as nobody.
    limit_min
        Limit of the travel times.
    thresholds_min
        Minutes for which a share is wanted.
    """
    people = np.nan_to_num(weights)
    total = float(people.sum())
    if total <= 0:
        return None
    reached = np.isfinite(minutes)
    near = float(people[reached].sum())
    return Reach(
        share_within={t: float(people[minutes <= t].sum()) / total for t in thresholds_min},
        mean_min=float(people[reached] @ minutes[reached]) / near if near else None,
        share_unreached=1.0 - near / total,
        limit_min=limit_min,
    )


def curve(minutes: FloatArray, weights: FloatArray, at_min: FloatArray) -> FloatArray:
    """Return the share (0–1) of people within each of some minutes, shape of ``at_min``.

    Parameters
    ----------
    minutes
        Minutes to the nearest site, shape (n_origin,); infinite where none is reached.
    weights
        People at each origin, shape (n_origin,); NaN counts as nobody.
    at_min
        Minutes, in any order.

    Returns
    -------
    NaN everywhere when there is nobody.
    """
    people = np.nan_to_num(weights)
    order = np.argsort(minutes, kind="stable")
    reached = np.concatenate(([0.0], np.cumsum(people[order])))
    count = reached[np.searchsorted(minutes[order], at_min, side="right")]
    with np.errstate(invalid="ignore", divide="ignore"):
        share: FloatArray = count / people.sum()
    return share


def quantile(values: FloatArray, weights: FloatArray, part: float) -> float:
    """Return the smallest value that at least ``part`` (0–1) of people do not exceed.

    NaN when there is nobody; infinite values count as the largest.
    """
    people = np.nan_to_num(weights)
    kept = (people > 0) & ~np.isnan(values)
    if not kept.any():
        return float("nan")
    order = np.argsort(values[kept], kind="stable")
    cumulated = np.cumsum(people[kept][order])
    first = int(np.searchsorted(cumulated, (part - 1e-12) * cumulated[-1]))
    return float(values[kept][order][min(first, order.size - 1)])
