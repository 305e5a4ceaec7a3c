r"""What is hard of a set covering: rows and columns that no simpler one stands for.

A demand whose sites include all those of another is covered with it; a site that covers no
more than another need not open; a demand with a single site opens it (Garfinkel and
Nemhauser 1972).  Repeated until nothing changes.  Valid where all sites cost the same and no
rule tells them apart.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST_PRODUCTS = 4e8
"""Products above which rows are not compared with one another: some seconds."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A smaller covering problem.

    Attributes
    ----------
    near
        Which remaining site covers which remaining demand, ones, shape (n_left, m_left).
    sites
        Place of each remaining site, shape (m_left,).
    opened
        Sites that some best cover opens, imposed ones included, shape (m,).
    """

    near: sparse.csr_array
    sites: Ints
    opened: Bools

    def chosen(self, picked: Bools) -> Bools:
        """Return the open sites of a cover of the kernel, shape (m,)."""
        chosen = self.opened.copy()
        chosen[self.sites[picked]] = True
        return chosen


def kernel(near: sparse.csr_array, opened: Bools, closed: Bools) -> Kernel:
    """Reduce a covering problem.

    Parameters
    ----------
    near
        Which site covers which demand, ones, shape (n, m); each row has a site not closed.
    opened, closed
        Sites that must be open, or must not, shape (m,).
    """
    opened = opened.copy()
    sites = np.flatnonzero(~closed)
    left = _columns(near, sites)
    while True:
        shape = left.shape
        left = left[left @ opened[sites].astype(float) == 0]
        left = left[~_above(left)]
        alone = np.diff(left.indptr) == 1
        if alone.any():
            opened[sites[np.unique(left[alone].indices)]] = True
            left = left[left @ opened[sites].astype(float) == 0]
        rest = np.flatnonzero(~opened[sites])
        left, sites = _columns(left, rest), sites[rest]
        kept = np.flatnonzero(~_below(sparse.csr_array(left.T)))
        left, sites = _columns(left, kept), sites[kept]
        if left.shape == shape:
            return Kernel(left, sites, opened)


def _columns(near: sparse.csr_array, kept: Ints) -> sparse.csr_array:
    return sparse.csr_array(sparse.csc_array(near)[:, kept])


def _above(sets: sparse.csr_array) -> Bools:
    """Which rows hold all of another row; of equal ones all but the first, shape (n,)."""
    size, row, other, same = _inclusions(sets)
    larger = same == size[other]
    equal = size[row] == size[other]
    out = np.zeros(len(size), dtype=bool)
    out[row[larger & (~equal | (row > other))]] = True
    return out


def _below(sets: sparse.csr_array) -> Bools:
    """Which rows are empty or within another; of equal ones all but the first, shape (n,)."""
    size, row, other, same = _inclusions(sets)
    smaller = same == size[row]
    equal = size[row] == size[other]
    out: Bools = size == 0
    out[row[smaller & (~equal | (row > other))]] = True
    return out


def _inclusions(sets: sparse.csr_array) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the size of each row, and for pairs of rows how many columns they share."""
    size = np.diff(sets.indptr).astype(np.int64)
    columns = np.bincount(sets.indices, minlength=sets.shape[1])
    none = np.zeros(0, dtype=np.int64)
    if float((columns.astype(float) ** 2).sum()) > MOST_PRODUCTS:
        return size, none, none, none
    shared = sparse.coo_array(sets @ sets.T)
    apart = shared.row != shared.col
    row, other = shared.row[apart].astype(np.int64), shared.col[apart].astype(np.int64)
    return size, row, other, np.rint(shared.data[apart]).astype(np.int64)
