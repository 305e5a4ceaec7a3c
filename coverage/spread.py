"""What an estimate of persons is unsure of, and how that adds up over sets of communes."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from coverage.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Shared:
    """A doubt that moves together the communes of one group.

    Parameters
    ----------
    persons
        What one standard error of it changes, in persons, shape (n_commune,).
    group_of
        Group of each commune: its région, its département.
    """

    persons: FloatArray
    group_of: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """What the interval is made of, in persons; see equation (1) of :mod:`coverage.need`.

    Parameters
    ----------
    figures
        *e*, shape (n_doubt, n_commune).
    shared
        *b σ_r* of the regions, then *b σ_d* of the départements.
    alone
        Variance of each commune on its own, shape (n_commune,).
    """

    figures: FloatArray
    shared: tuple[Shared, ...]
    alone: FloatArray

    def at(self, positions: IntArray) -> "Spread":
        """Return what some communes, given by position, are unsure of."""
        shared = tuple(
            Shared(one.persons[positions], tuple(one.group_of[i] for i in positions))
            for one in self.shared
        )
        return Spread(self.figures[:, positions], shared, self.alone[positions])

    def variance(self) -> FloatArray:
        """Return the variance of each commune, in persons squared, shape (n_commune,)."""
        common = sum((one.persons**2 for one in self.shared), np.zeros(len(self.alone)))
        variance: FloatArray = (self.figures**2).sum(axis=0) + common + self.alone
        return variance

    def variance_of(self, member: IntArray, n_set: int) -> FloatArray:
        """Return the variance of sets of communes, in persons squared, shape (n_set,).

        Parameters
        ----------
        member
            Set of each commune, numbered from 0; −1 for none, shape (n_commune,).
        n_set
            How many sets there are.
        """
        kept = np.flatnonzero(member >= 0)
        where = member[kept]

        def total(values: FloatArray) -> FloatArray:
            return np.bincount(where, values[kept], minlength=n_set).astype(np.float64)

        variance: FloatArray = total(self.alone)
        for row in self.figures:
            variance += total(row) ** 2
        for one in self.shared:
            names, group = np.unique(np.asarray(one.group_of)[kept], return_inverse=True)
            cell = where * names.size + group
            sums = np.bincount(cell, one.persons[kept], minlength=n_set * names.size)
            variance += (sums.reshape(n_set, names.size) ** 2).sum(axis=1)
        return variance

    def draws(self, n_draw: int, rng: np.random.Generator) -> FloatArray:
        """Draw errors in persons, shape (n_draw, n_commune)."""
        drawn: FloatArray = rng.standard_normal((n_draw, len(self.figures))) @ self.figures
        for one in self.shared:
            names, group = np.unique(np.asarray(one.group_of), return_inverse=True)
            drawn += rng.standard_normal((n_draw, names.size))[:, group] * one.persons
        drawn += rng.standard_normal((n_draw, self.alone.size)) * np.sqrt(self.alone)
        return drawn


def shared_by(persons: FloatArray, groups: Iterable[object]) -> Shared:
    """Return a doubt shared by groups, whose codes are written as text."""
    return Shared(persons, tuple(str(one) for one in groups))
