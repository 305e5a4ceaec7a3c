"""Minutes between places, kept sparse: a table that also knows what it does not reach."""

import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from coverage.arrays import FloatArray, IntArray
from geodata.errors import DataError


@dataclass(frozen=True)
class TravelTimes:
    """Minutes by car from origins to destinations, up to a limit.

    Parameters
    ----------
    origins
        Codes of the origins, one a row, unique.
    destinations
        Identifiers of the destinations, one a column, unique.
    minutes
        Sparse matrix, shape (n_origin, n_destination), in minutes.  An absent entry
        means *farther than the limit, or without a road*; a stored zero is a true zero.
    limit_min
        The limit up to which minutes were computed.

    Raises
    ------
    ValueError
        If shapes disagree, codes repeat, or minutes are negative, not finite or beyond
        the limit.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: sparse.csr_array[np.float64]
    limit_min: float

    def __post_init__(self) -> None:
        shape = (len(self.origins), len(self.destinations))
        if self.minutes.shape != shape:
            raise ValueError(f"minutes has shape {self.minutes.shape}, expected {shape}")
        if len(set(self.origins)) != shape[0] or len(set(self.destinations)) != shape[1]:
            raise ValueError("origins and destinations must be unique")
        data = self.minutes.data
        if data.size and not (np.isfinite(data).all() and data.min() >= 0):
            raise ValueError("minutes must be finite and not negative")
        if data.size and data.max() > self.limit_min + 1e-9:
            raise ValueError("minutes go beyond limit_min")
        self.minutes.sort_indices()

    @classmethod
    def from_pairs(
        cls,
        origins: tuple[str, ...],
        destinations: tuple[str, ...],
        pairs: tuple[IntArray, IntArray, FloatArray],
        limit_min: float,
    ) -> "TravelTimes":
        """Build from unique (row, column, minutes) triples; those beyond the limit are left out."""
        rows, columns, minutes = pairs
        keep = minutes <= limit_min
        rows, columns, minutes = rows[keep], columns[keep], minutes[keep]
        shape = (len(origins), len(destinations))
        matrix = sparse.coo_array(
            (minutes.astype(np.float64), (rows, columns)), shape=shape
        ).tocsr()
        if matrix.nnz != minutes.size:  # repeats would have been summed; a true zero is kept
            raise ValueError("pairs must be unique")
        return cls(origins, destinations, matrix, limit_min)

    @cached_property
    def _row_of_entry(self) -> IntArray:
        return np.repeat(np.arange(len(self.origins)), np.diff(self.minutes.indptr))

    def dense(self) -> FloatArray:
        """Return minutes, shape (n_origin, n_destination), infinite where absent."""
        full = np.full(self.minutes.shape, np.inf)
        full[self._row_of_entry, self.minutes.indices] = self.minutes.data
        return full

    @cached_property
    def _rank_of_entry(self) -> IntArray:
        """Rank of each entry's destination by its identifier: what ties are broken by."""
        rank = np.empty(len(self.destinations), dtype=np.intp)
        rank[np.argsort(np.array(self.destinations))] = np.arange(len(self.destinations))
        found: IntArray = rank[self.minutes.indices]
        return found

    def nearest(self) -> tuple[IntArray, FloatArray]:
        """Return, per origin, the column of the nearest destination and its minutes.

        A tie goes to the destination whose identifier sorts first, so that the order of
        columns changes nothing.  Unreached origins have column -1 and infinite minutes.
        """
        column = np.full(len(self.origins), -1, dtype=np.intp)
        minutes = np.full(len(self.origins), np.inf)
        if not self.minutes.nnz:
            return column, minutes
        reached = np.flatnonzero(np.diff(self.minutes.indptr))
        least = np.minimum.reduceat(self.minutes.data, self.minutes.indptr[reached])
        minutes[reached] = least
        ties = np.flatnonzero(self.minutes.data == minutes[self._row_of_entry])
        rows = self._row_of_entry[ties]
        order = np.lexsort((self._rank_of_entry[ties], rows))
        rows, first = np.unique(rows[order], return_index=True)
        column[rows] = self.minutes.indices[ties[order[first]]]
        return column, minutes

    def within(self, minutes: float) -> NDArray[np.bool_]:
        """Tell, per origin, whether some destination is at most ``minutes`` away."""
        if minutes > self.limit_min:
            raise ValueError(f"{minutes} min is beyond the limit of {self.limit_min} min")
        return self.nearest()[1] <= minutes

    def k_nearest(self, k: int) -> "TravelTimes":
        """Keep the ``k`` nearest destinations of each origin; ties as in :meth:`nearest`."""
        order = np.lexsort((self._rank_of_entry, self.minutes.data, self._row_of_entry))
        rank = np.arange(order.size) - self.minutes.indptr[self._row_of_entry[order]]
        return self._keep(np.sort(order[rank < k]))

    def up_to(self, limit_min: float) -> "TravelTimes":
        """Keep what is at most ``limit_min`` away, which becomes the new limit."""
        if limit_min > self.limit_min:
            raise ValueError(f"{limit_min} min is beyond the limit of {self.limit_min} min")
        kept = self._keep(np.flatnonzero(self.minutes.data <= limit_min))
        return TravelTimes(kept.origins, kept.destinations, kept.minutes, limit_min)

    def restrict(
        self, origins: IntArray | None = None, destinations: IntArray | None = None
    ) -> "TravelTimes":
        """Keep some rows and columns, given by position, in the order given."""
        rows = np.arange(len(self.origins)) if origins is None else np.asarray(origins)
        columns = (
            np.arange(len(self.destinations)) if destinations is None else np.asarray(destinations)
        )
        new_row = np.full(len(self.origins), -1, dtype=np.intp)
        new_row[rows] = np.arange(rows.size)
        new_column = np.full(len(self.destinations), -1, dtype=np.intp)
        new_column[columns] = np.arange(columns.size)
        i, j = new_row[self._row_of_entry], new_column[self.minutes.indices]
        keep = (i >= 0) & (j >= 0)
        return TravelTimes.from_pairs(
            tuple(self.origins[r] for r in rows),
            tuple(self.destinations[c] for c in columns),
            (i[keep], j[keep], self.minutes.data[keep]),
            self.limit_min,
        )

    def _keep(self, entries: IntArray) -> "TravelTimes":
        return TravelTimes.from_pairs(
            self.origins,
            self.destinations,
            (
                self._row_of_entry[entries],
                self.minutes.indices[entries],
                self.minutes.data[entries],
            ),
            self.limit_min,
        )

    def save(self, path: Path) -> None:
        """Write to a compressed ``.npz`` file; the file appears whole or not at all."""
        part = path.with_name(path.name + ".part")
        with part.open("wb") as out:
            np.savez_compressed(
                out,
                origins=np.array(self.origins, dtype=np.str_),
                destinations=np.array(self.destinations, dtype=np.str_),
                data=self.minutes.data,
                indices=self.minutes.indices,
                indptr=self.minutes.indptr,
                limit_min=self.limit_min,
            )
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> "TravelTimes":
        """Read what :meth:`save` wrote.

        Raises
        ------
        DataError
            If the file is missing, damaged or something else.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                origins = tuple(stored["origins"].tolist())
                destinations = tuple(stored["destinations"].tolist())
                matrix = sparse.csr_array(
                    (stored["data"], stored["indices"], stored["indptr"]),
                    shape=(len(origins), len(destinations)),
                )
                return cls(origins, destinations, matrix, float(stored["limit_min"]))
        except (OSError, KeyError, ValueError, EOFError, BadZipFile, zlib.error) as error:
            raise DataError(
                "Ce fichier ne contient pas de temps de trajet lisibles",
                where=str(path),
                remedy="Relancez le calcul des temps de trajet.",
            ) from error
