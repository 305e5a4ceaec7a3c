r"""Few sites that cover everybody: a bound by subgradient, and a search by row weights.

With multipliers :math:`\lambda \ge 0` on the rows of equation (9),

.. math:: L(\lambda) = \sum_i \lambda_i + \sum_j \min\Bigl(0, 1 - \sum_{i : c_{ij} \le T}
    \lambda_i\Bigr) \tag{18}

whose best value is that of the linear relaxation (Beasley 1990).  Where every site costs the same
that relaxation lies some percent under the best cover, whatever the method: on regions the gap
that is reported is for the most part this one.

The search (Gao, Weise and Li 2015) takes a site away from a cover, then exchanges sites until all
are covered again; a demand that stays uncovered weighs more from step to step.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planning.siting.watch import Watch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

STEPS = 6_000
"""Most subgradient steps."""
TICK = 50
"""Exchanges of the search that count as one iteration."""


def cover_bound(near: sparse.csr_array, upper: float, watch: Watch) -> tuple[float, Floats]:
    """Return the bound of equation (18) on the number of sites, and its multipliers (n,).

    Parameters
    ----------
    near
        Which site covers which demand, ones, shape (n, m).
    upper
        Sites of a known cover: the steps aim at it.
    watch
        Counts steps and may stop.
    """
    back = sparse.csr_array(near.T)
    covered = np.maximum(np.diff(back.indptr), 1).astype(float)
    lam = np.full(near.shape[0], np.inf)
    np.minimum.at(lam, back.indices, np.repeat(1.0 / covered, np.diff(back.indptr)))
    best, best_lam, step, since = 0.0, lam, 1.0, 0
    direction = np.zeros(near.shape[0])
    for _ in range(STEPS):
        reduced = 1.0 - back @ lam
        value = float(lam.sum() + np.minimum(reduced, 0.0).sum())
        since = 0 if value > best + 1e-4 * max(upper - best, 0.0) else since + 1
        if value > best:
            best, best_lam = value, lam
        if since >= 40:
            since, step, lam = 0, 0.7 * step, best_lam
            direction[:] = 0.0
            reduced = 1.0 - back @ lam
        if step < 1e-3 or np.ceil(best - 1e-6) >= upper or watch.tick():
            break
        direction = 1.0 - near @ (reduced < 0).astype(float) + 0.5 * direction
        stuck = (lam <= 0) & (direction < 0)
        norm = float((direction[~stuck] ** 2).sum())
        if norm == 0.0:
            break
        length = step * max(0.5 * (upper + best) - value, 1e-3) / norm
        lam = np.maximum(lam + length * np.where(stuck, 0.0, direction), 0.0)
    return best, best_lam


def greedy_cover(near: sparse.csr_array) -> Bools:
    """Return a cover by the site that covers most first, without the needless, shape (m,).

    Ties go to the lowest place.
    """
    back = sparse.csr_array(near.T)
    chosen = np.zeros(near.shape[1], dtype=bool)
    count = np.zeros(near.shape[0])
    while (count == 0).any():
        best = int(np.argmax(back @ (count == 0).astype(float)))
        chosen[best] = True
        count[_row(back, best)] += 1
    for site in np.flatnonzero(chosen)[::-1]:
        points = _row(back, int(site))
        if (count[points] > 1).all():
            chosen[site] = False
            count[points] -= 1
    return chosen


class CoverSearch:
    """Search for a smaller cover by row weights.

    Parameters
    ----------
    near
        Which site covers which demand, ones, shape (n, m).
    start
        A cover, shape (m,).
    """

    def __init__(self, near: sparse.csr_array, start: Bools) -> None:
        n, m = near.shape
        back = sparse.csr_array(near.T)
        self._sites = [near.indices[a:b] for a, b in _spans(near)]
        self._rows = [back.indices[a:b] for a, b in _spans(back)]
        self.best = start.copy()
        self._chosen = start.copy()
        self._count = np.rint(near @ start.astype(float)).astype(np.int64)
        self._weight = np.ones(n)
        self._score = np.zeros(m)
        for j in np.flatnonzero(start):
            self._score[j] = -float((self._count[self._rows[j]] == 1).sum())
        self._since = np.zeros(m, dtype=np.int64)
        self._free = np.ones(m, dtype=bool)
        self._uncovered: list[int] = []
        self._random = np.random.default_rng(0)
        self._step = 0

    def run(self, enough: float, most: int, watch: Watch) -> Bools:
        """Return the smallest cover found, shape (m,).

        Parameters
        ----------
        enough
            Sites at which the search ends.
        most
            Exchanges without a smaller cover after which it ends.
        watch
            Counts every 50 exchanges, and may stop.
        """
        found = self._step
        added = -1
        while self.best.sum() > enough and self._step - found < most:
            self._step += 1
            if self._step % TICK == 0:
                watch.tell("Recherche d'un plan de moins de sites")
                if watch.tick():
                    break
            while not self._uncovered:
                found, self.best = self._step, self._chosen.copy()
                if self.best.sum() <= max(enough, 1):
                    return self.best
                self._remove(self._least_useful(-1))
            self._remove(self._least_useful(added))
            row = self._uncovered[int(self._random.integers(len(self._uncovered)))]
            added = self._best_for(row)
            self._add(added)
            late = np.array(self._uncovered, dtype=np.int64)
            if len(late):
                self._weight[late] += 1
                np.add.at(self._score, np.concatenate([self._sites[i] for i in late]), 1.0)
        return self.best

    def _least_useful(self, tabu: int) -> int:
        """Open site whose loss uncovers least, the oldest of equal ones."""
        open_sites = np.flatnonzero(self._chosen)
        score = self._score[open_sites]
        if tabu >= 0 and len(open_sites) > 1:
            score = np.where(open_sites == tabu, -np.inf, score)
        best = open_sites[score == score.max()]
        return int(best[np.argmin(self._since[best])])

    def _best_for(self, row: int) -> int:
        """Site that covers a demand and most besides, changed since it was taken away."""
        sites = self._sites[row]
        allowed = sites[self._free[sites]]
        if not len(allowed):
            allowed = sites
        score = self._score[allowed]
        best = allowed[score == score.max()]
        return int(best[np.argmin(self._since[best])])

    def _remove(self, site: int) -> None:
        rows = self._rows[site]
        self._chosen[site] = False
        self._count[rows] -= 1
        self._score[site] = -self._score[site]
        count = self._count[rows]
        for i in rows[count == 0].tolist():
            sites = self._sites[i]
            self._score[sites] += self._weight[i]
            self._score[site] -= self._weight[i]
            self._free[sites] = True
            self._uncovered.append(i)
        for i in rows[count == 1].tolist():
            sites = self._sites[i]
            self._score[sites[self._chosen[sites]]] -= self._weight[i]
            self._free[sites] = True
        self._since[site] = self._step
        self._free[site] = False

    def _add(self, site: int) -> None:
        rows = self._rows[site]
        self._score[site] = -self._score[site]
        before = self._count[rows]
        for i in rows[before == 0].tolist():
            sites = self._sites[i]
            self._score[sites] -= self._weight[i]
            self._score[site] += self._weight[i]
            self._free[sites] = True
            self._uncovered.remove(i)
        for i in rows[before == 1].tolist():
            sites = self._sites[i]
            self._score[sites[self._chosen[sites]]] += self._weight[i]
            self._free[sites] = True
        self._chosen[site] = True
        self._count[rows] += 1
        self._since[site] = self._step


def _row(matrix: sparse.csr_array, place: int) -> npt.NDArray[np.int32]:
    found: npt.NDArray[np.int32] = matrix.indices[matrix.indptr[place] : matrix.indptr[place + 1]]
    return found


def _spans(matrix: sparse.csr_array) -> list[tuple[int, int]]:
    ends = matrix.indptr.tolist()
    return list(pairwise(ends))
