"""Which communes are isolated, under a rule that the user sets, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coverage.access import ISOLATED_MIN
from coverage.arrays import FloatArray
from geodata.errors import DataError

NO_ROAD = "pas d'accès routier"


@dataclass(frozen=True)
class IsolationRule:
    """When an inhabited commune is isolated: every condition that is set must hold.

    Parameters
    ----------
    beyond_min
        Every site is farther than this, in minutes, or no road leads to one.
    canton_without_site
        Its canton holds no site.  A commune without canton meets it when it holds none.
    most_inhabitants
        It has at most this many inhabitants; no condition when ``None``.

    Raises
    ------
    DataError
        If a bound makes no sense.
    """

    beyond_min: float = ISOLATED_MIN
    canton_without_site: bool = False
    most_inhabitants: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.beyond_min <= 120:
            raise DataError(
                f"Le seuil d'isolement doit être compris entre 1 et 120 minutes : "
                f"{self.beyond_min:g} demandé",
                where="isolement",
            )
        if self.most_inhabitants is not None and self.most_inhabitants < 1:
            raise DataError("Le nombre d'habitants maximal doit être positif", where="isolement")


@dataclass(frozen=True)
class Reached:
    """What is known of each commune's way to the sites; arrays of shape (n_commune,).

    Parameters
    ----------
    minutes
        To the nearest site; infinite when none is within the limit.
    road
        Whether a road leads to some site, however far.
    canton_has_site
        Whether its canton holds a site (itself, where it has no canton).
    limit_min
        Limit of the travel times.
    """

    minutes: FloatArray
    road: NDArray[np.bool_]
    canton_has_site: NDArray[np.bool_]
    limit_min: float


def isolation(points: pd.DataFrame, reached: Reached, rule: IsolationRule) -> pd.DataFrame:
    """Tell which communes are isolated, and why.

    Parameters
    ----------
    points
        Communes indexed by code, with ``population``.
    reached
        Their way to the sites, in the same order.
    rule
        The rule.

    Returns
    -------
    DataFrame
        Indexed like ``points``: isolated, reason (French, empty where not isolated).
    """
    if rule.beyond_min > reached.limit_min:
        raise ValueError(f"{rule.beyond_min} min is beyond the limit of {reached.limit_min} min")
    people = points["population"].to_numpy()
    isolated = (reached.minutes > rule.beyond_min) & (people > 0)
    if rule.canton_without_site:
        isolated &= ~reached.canton_has_site
    if rule.most_inhabitants is not None:
        isolated &= people <= rule.most_inhabitants
    reasons = [
        _reason(minutes, road, has, count, (rule, reached.limit_min)) if alone else ""
        for minutes, road, has, count, alone in zip(
            reached.minutes, reached.road, reached.canton_has_site, people, isolated, strict=True
        )
    ]
    return pd.DataFrame({"isolated": isolated, "reason": reasons}, index=points.index)


def _reason(
    minutes: float, road: bool, has_site: bool, people: int, by: tuple[IsolationRule, float]
) -> str:
    rule, limit_min = by
    if not road:
        parts = [NO_ROAD]
    elif np.isinf(minutes):
        parts = [f"premier site à plus de {limit_min:g} min"]
    else:
        shown = f"{minutes:.1f}".replace(".", ",")
        parts = [f"premier site à {shown} min, au-delà de {rule.beyond_min:g} min"]
    if not has_site:
        parts.append("aucun site dans le canton")
    if rule.most_inhabitants is not None:
        parts.append(f"{people} habitants")
    return " ; ".join(parts)
