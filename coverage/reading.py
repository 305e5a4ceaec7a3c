"""A reading of the published figures: the values that the estimate rests on, and their doubt."""

from dataclasses import dataclass, field, replace

import numpy as np

from coverage.effects import Marginals
from coverage.published import (
    AGE_2021,
    DIPLOMA_2021,
    OVERSEAS_2021,
    RISK_RATIO_LIVING_ALONE,
    SHARE_60_TO_74,
    SHARE_75_OVER,
    TOTAL_2021,
)
from coverage.structure import Unknowns


@dataclass(frozen=True)
class Reading:
    """A value for every figure that the estimate rests on.

    Parameters
    ----------
    marginals, overseas_rate
        Published rates (0–1).
    share_75_over, share_60_to_74
        Cuts of the pyramid of ages.
    unknowns
        What no table gives of age and diploma.
    low_effect
        λ: effect of a low diploma as a share of that of no diploma.  Not published.
    living_alone
        γ: log-odds of living alone.  Between 0 and the logarithm of the published risk ratio
        of 3.2 against couples with children: not published against everyone.
    income
        κ: log-odds for a unit of log living standard.  Between 0 and −1.5, which would give
        the published ratio of 6.6 between the ends over about 1.3 units.
    territory
        φ: share of the published gap of the largest cities and of the countryside that
        tier 1, which knows no diploma, takes over.
    """

    marginals: Marginals = field(
        default_factory=lambda: Marginals(
            TOTAL_2021.value,
            (
                AGE_2021["15-24"].value,
                AGE_2021["25-39"].value,
                AGE_2021["60-74"].value,
                AGE_2021["75+"].value,
            ),
            DIPLOMA_2021["none"].value,
            DIPLOMA_2021["high"].value,
        )
    )
    overseas_rate: float = OVERSEAS_2021.value
    share_75_over: float = SHARE_75_OVER.value
    share_60_to_74: float = SHARE_60_TO_74.value
    unknowns: Unknowns = field(default_factory=Unknowns)
    low_effect: float = 0.4
    living_alone: float = 0.58
    income: float = -0.75
    territory: float = 0.5


def doubts() -> list[tuple[str, Reading, Reading]]:
    """Return the figures that may be wrong: name, reading at one end, reading at the other."""
    central = Reading()
    m = central.marginals

    def with_age(k: int, value: float) -> Reading:
        age = (*m.age[:k], value, *m.age[k + 1 :])
        return replace(central, marginals=replace(m, age=age))  # type: ignore[arg-type]

    found = []
    for k, group in enumerate(("15-24", "25-39", "60-74", "75+")):
        value, half = m.age[k], AGE_2021[group].rounding
        found.append(
            (f"taux des {group} ans", with_age(k, value - half), with_age(k, value + half))
        )

    def pair(name: str, low: Reading, high: Reading) -> None:
        found.append((name, low, high))

    half = TOTAL_2021.rounding
    pair(
        "taux national",
        replace(central, marginals=replace(m, total=m.total - half)),
        replace(central, marginals=replace(m, total=m.total + half)),
    )
    half = DIPLOMA_2021["none"].rounding
    pair(
        "taux sans diplôme",
        replace(central, marginals=replace(m, no_diploma=m.no_diploma - half)),
        replace(central, marginals=replace(m, no_diploma=m.no_diploma + half)),
    )
    half = DIPLOMA_2021["high"].rounding
    pair(
        "taux bac+3 et plus",
        replace(central, marginals=replace(m, high_diploma=m.high_diploma - half)),
        replace(central, marginals=replace(m, high_diploma=m.high_diploma + half)),
    )
    ends: dict[str, tuple[float, float]] = {
        "overseas_rate": (
            OVERSEAS_2021.value - OVERSEAS_2021.rounding,
            OVERSEAS_2021.value + OVERSEAS_2021.rounding,
        ),
        "share_75_over": (
            SHARE_75_OVER.value - SHARE_75_OVER.rounding,
            SHARE_75_OVER.value + SHARE_75_OVER.rounding,
        ),
        "share_60_to_74": (
            SHARE_60_TO_74.value - SHARE_60_TO_74.rounding,
            SHARE_60_TO_74.value + SHARE_60_TO_74.rounding,
        ),
        "low_effect": (0.2, 0.6),
        "living_alone": (0.0, float(np.log(RISK_RATIO_LIVING_ALONE.value))),
        "income": (-1.5, 0.0),
        "territory": (0.0, 1.0),
    }
    for name, (low, high) in ends.items():
        pair(name, replace(central, **{name: low}), replace(central, **{name: high}))  # type: ignore[arg-type]
    for brevet in ((0.20, 0.48),):
        pair(
            "part du brevet",
            replace(central, unknowns=Unknowns(brevet_share=brevet[0])),
            replace(central, unknowns=Unknowns(brevet_share=brevet[1])),
        )
    pair(
        "diplômes des plus âgés",
        replace(central, unknowns=Unknowns(old_tilt=0.1)),
        replace(central, unknowns=Unknowns(old_tilt=0.5)),
    )
    return found
