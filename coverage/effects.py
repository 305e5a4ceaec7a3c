"""Effects of age and diploma on illectronism, solved from the published marginals.

    (1)  logit p_ad = α_a + β_d

with β of "bac to bac+2" set to 0, the effect of a low diploma (brevet, CAP, BEP) a share λ
of that of no diploma, and none for people of 15–24, most of whom are at school.  The six
unknowns that are left reproduce the six published figures: the rates of 25–39, 60–74, 75 and
over, of no diploma, of bac+3 and more, and the total, which gives 40–59 its rate.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from coverage.arrays import FloatArray
from coverage.structure import NationalStructure


@dataclass(frozen=True)
class Marginals:
    """The published rates to reproduce, as shares (0–1).

    ``age`` holds those of 15–24, 25–39, 60–74 and 75 and over.
    """

    total: float
    age: tuple[float, float, float, float]
    no_diploma: float
    high_diploma: float


@dataclass(frozen=True)
class Effects:
    """Solved effects: log-odds ``age`` α, shape (5,), and ``diploma`` β, shape (4,)."""

    age: FloatArray
    diploma: FloatArray

    def log_odds(self) -> FloatArray:
        """Return equation (1), shape (5, 4)."""
        table: FloatArray = self.age[:, None] + self.diploma[None, :]
        table[0] = self.age[0]
        return table


def share_of(log_odds: FloatArray) -> FloatArray:
    """Return the share (0–1) of log-odds."""
    share: FloatArray = 1.0 / (1.0 + np.exp(-log_odds))
    return share


def marginal_rates(
    structure: NationalStructure, effects: Effects
) -> tuple[FloatArray, FloatArray, float]:
    """Return the rates that effects give: by age (5,), by diploma (4,), in total."""
    rates = share_of(effects.log_odds())
    by_age = (rates * structure.diploma_of_age).sum(axis=1)
    persons = structure.out_of_school[:, None] * structure.diploma_of_age
    by_diploma = (rates * persons).sum(axis=0) / persons.sum(axis=0)
    total = float(by_age @ structure.age / structure.age.sum())
    return by_age, by_diploma, total


def solve_effects(structure: NationalStructure, marginals: Marginals, low_share: float) -> Effects:
    """Solve the effects; see the module's equation (1).

    Parameters
    ----------
    structure
        National weights.
    marginals
        What to reproduce.
    low_share
        λ, from 0 (a CAP is worth a baccalauréat) to 1 (a CAP is worth nothing).

    Raises
    ------
    ValueError
        If no effects reproduce the marginals to 1e-6.
    """
    young = float(np.log(marginals.age[0] / (1 - marginals.age[0])))

    def effects_of(x: FloatArray) -> Effects:
        return Effects(
            age=np.concatenate([[young], x[:4]]),
            diploma=np.array([x[4], low_share * x[4], 0.0, x[5]]),
        )

    def misses(x: FloatArray) -> FloatArray:
        by_age, by_diploma, total = marginal_rates(structure, effects_of(x))
        found = [by_age[1], by_age[3], by_age[4], total, by_diploma[0], by_diploma[3]]
        wanted = [*marginals.age[1:], marginals.total, marginals.no_diploma, marginals.high_diploma]
        missed: FloatArray = np.array(found) - np.array(wanted)
        return missed

    solved = least_squares(misses, [-3.5, -3.0, -1.5, 0.0, 1.5, -0.5], xtol=1e-12, ftol=1e-14)
    if np.abs(solved.fun).max() > 1e-6:
        raise ValueError(f"the marginals contradict each other by {np.abs(solved.fun).max():.2g}")
    return effects_of(solved.x)
