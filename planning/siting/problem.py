"""What a siting problem is: who needs help, where a site may open, and what is asked."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geodata.errors import DataError, InfeasibleError
from planning.siting.points import PointCosts
from planning.siting.rules import Rules

Model = Literal["p-median", "max-cover", "set-cover", "p-center", "capacitated"]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEEDS_THRESHOLD: Final = ("max-cover", "set-cover")
COUNTS_SITES: Final = ("p-median", "max-cover", "p-center", "capacitated")


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """A location problem over named demand points and candidates.

    The plan never depends on the order of the rows: ties go to the lowest code.

    Parameters
    ----------
    costs_min
        Minutes from demand to candidate, shape (n_demand, n_candidate).  In a sparse
        matrix an absent pair is out of reach and an explicit zero is a true zero.  A
        :class:`PointCosts` computes them from coordinates instead (every pair in reach).
    weights
        What each demand point counts for, shape (n_demand,), not negative: its persons, or
        more where it comes first.
    sites
        Number of sites that must be open, kept and forced ones included.  Ignored by
        "set-cover", which looks for it.
    demand_codes, candidate_codes
        Unique names, in the order of the rows and of the columns.
    model
        "p-median", "max-cover", "set-cover", "p-center" or "capacitated".
    cover_min
        Threshold in minutes of "max-cover" and "set-cover".
    kept
        Existing sites that stay open, shape (n_candidate,).
    forced
        New sites imposed by the planner, shape (n_candidate,).
    forbidden
        Candidates that must stay closed, shape (n_candidate,).
    penalty_min
        Minutes added to each journey to a candidate, to prefer some kinds of host,
        shape (n_candidate,), not negative.  Without effect on what is covered or on the
        largest distance; between equal candidates the smaller penalty wins.
    unserved_min
        What a person with no open site in reach counts, in minutes.  It keeps the
        p-median feasible.  By default twice the longest stored journey (half way round the
        Earth for points); never less than the longest one stored.  A pair whose minutes and
        penalty exceed it counts this much.
    capacity
        Persons that one position can serve ("capacitated").
    positions
        Most positions at one site ("capacitated"); ``sites`` then counts positions.
    persons
        Persons at each demand point, shape (n_demand,), not negative; the weights where none
        are given.  Every number of persons that a plan tells is of these.
    rules
        Limits by group, budget, longest journey (:class:`Rules`).

    Raises
    ------
    DataError
        When the arrays contradict each other or hold nonsense.
    InfeasibleError
        When more sites are imposed than asked for, or more asked for than there are.
    """

    costs_min: "sparse.csr_array | sparse.csr_matrix | PointCosts"
    weights: Floats
    sites: int
    demand_codes: tuple[str, ...]
    candidate_codes: tuple[str, ...]
    model: Model = "p-median"
    cover_min: float | None = None
    kept: Bools | None = None
    forced: Bools | None = None
    forbidden: Bools | None = None
    penalty_min: Floats | None = None
    unserved_min: float | None = None
    capacity: float | None = None
    positions: int = 1
    persons: Floats | None = None
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self._check_costs()
        n, m = self.shape
        object.__setattr__(self, "demand_codes", _codes(self.demand_codes, n, "besoins"))
        object.__setattr__(
            self, "candidate_codes", _codes(self.candidate_codes, m, "sites possibles")
        )
        object.__setattr__(self, "weights", _numbers(self.weights, n, "personnes"))
        persons = self.weights if self.persons is None else self.persons
        object.__setattr__(self, "persons", _numbers(persons, n, "personnes"))
        penalty = np.zeros(m) if self.penalty_min is None else self.penalty_min
        object.__setattr__(self, "penalty_min", _numbers(penalty, m, "préférences"))
        for name in ("kept", "forced", "forbidden"):
            object.__setattr__(self, name, _mask(getattr(self, name), m, name))
        self._check_threshold()
        self._check_counts()
        self.rules.check(m)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of demand points and of candidates."""
        n, m = self.costs_min.shape
        return int(n), int(m)

    @property
    def imposed(self) -> Bools:
        """Candidates that are open in every plan, shape (n_candidate,)."""
        assert self.kept is not None
        assert self.forced is not None
        return self.kept | self.forced

    @property
    def unserved(self) -> float:
        """Minutes counted for a person with no open site in reach."""
        assert self.unserved_min is not None
        return self.unserved_min

    def with_sites(self, sites: int, kept: Bools | None = None) -> "SitingProblem":
        """Return the same problem with another number of sites (and other kept ones)."""
        return replace(self, sites=sites, kept=self.kept if kept is None else kept)

    def _check_costs(self) -> None:
        costs = self.costs_min
        if isinstance(costs, PointCosts):
            longest = 0.0  # far journeys count as unserved, wherever the limit is set
        else:
            if not sparse.issparse(costs):
                raise TypeError("costs_min must be a scipy.sparse matrix or PointCosts")
            csr = sparse.csr_array(costs)
            if csr.nnz and not (np.isfinite(csr.data).all() and csr.data.min() >= 0):
                raise DataError(
                    "Des temps de trajet sont négatifs ou manquants",
                    where="matrice des temps",
                    remedy="Une paire hors d'atteinte doit être absente de la matrice.",
                )
            csr = csr.astype(np.float64, copy=True)
            csr.sum_duplicates()
            if csr.nnz != costs.nnz:
                raise DataError("Une même paire a plusieurs temps de trajet")
            csr.data.setflags(write=False)
            object.__setattr__(self, "costs_min", csr)
            longest = float(csr.data.max()) if csr.nnz else 0.0
        if 0 in costs.shape:
            raise DataError(
                "Il faut au moins un besoin et un site possible",
                where=f"{costs.shape[0]} besoins, {costs.shape[1]} sites possibles",
                remedy="Élargissez le territoire ou les lieux admis.",
            )
        unserved = self.unserved_min
        if unserved is None:
            far = costs.longest_min if isinstance(costs, PointCosts) else 2 * longest
            unserved = max(far, 1.0)
        if not unserved >= longest:
            raise DataError(
                f"Le temps compté hors d'atteinte ({unserved:g} min) est inférieur au plus "
                f"long trajet ({longest:g} min)",
                remedy="Augmentez-le, ou retirez les trajets plus longs.",
            )
        object.__setattr__(self, "unserved_min", float(unserved))

    def _check_threshold(self) -> None:
        if self.model not in get_args(Model):
            raise ValueError(f"unknown model {self.model!r}")
        needed = self.model in NEEDS_THRESHOLD
        if needed and (self.cover_min is None or not 0 <= self.cover_min < np.inf):
            raise DataError(
                f"Le modèle {self.model} demande un seuil en minutes, positif ou nul",
                remedy="Donnez par exemple 20 minutes.",
            )
        if self.model == "capacitated":
            if self.capacity is None or not self.capacity > 0:
                raise DataError(
                    "Le modèle avec capacité demande un nombre de personnes par poste",
                    remedy="Donnez une charge par poste supérieure à 0.",
                )
            if self.positions < 1:
                raise DataError("Un site doit pouvoir accueillir au moins un poste")

    def _check_counts(self) -> None:
        imposed = int(self.imposed.sum())
        assert self.forbidden is not None
        if (self.imposed & self.forbidden).any():
            clash = [self.candidate_codes[j] for j in np.flatnonzero(self.imposed & self.forbidden)]
            raise DataError(
                "Des sites sont à la fois imposés et interdits", where=", ".join(clash[:5])
            )
        if self.model not in COUNTS_SITES:
            return
        if isinstance(self.sites, bool) or int(self.sites) != self.sites or self.sites < 1:
            raise DataError(
                f"Le nombre de sites doit être un entier positif : {self.sites}",
                remedy="Demandez au moins un site.",
            )
        per_site = self.positions if self.model == "capacitated" else 1
        allowed = int((~self.forbidden).sum()) * per_site
        if self.sites > allowed:
            raise InfeasibleError(
                f"{self.sites} sites sont demandés pour {allowed} possibles",
                remedy="Demandez moins de sites ou admettez d'autres lieux.",
            )
        if imposed > self.sites:
            raise InfeasibleError(
                f"{imposed} sites sont imposés pour {self.sites} demandés",
                remedy="Demandez plus de sites ou n'imposez pas tous ceux-là.",
            )


def _codes(codes: tuple[str, ...], size: int, what: str) -> tuple[str, ...]:
    codes = tuple(codes)
    if len(codes) != size:
        raise DataError(f"{len(codes)} codes pour {size} {what}")
    if len(set(codes)) != size:
        seen: set[str] = set()
        twice = next(code for code in codes if code in seen or seen.add(code))  # type: ignore[func-returns-value]
        raise DataError(f"Un code apparaît deux fois parmi les {what}", where=str(twice))
    return codes


def _numbers(values: Floats, size: int, what: str) -> Floats:
    array = np.array(values, dtype=np.float64)
    if array.shape != (size,):
        raise DataError(f"{array.size} nombres pour {size} {what}")
    bad = ~(np.isfinite(array) & (array >= 0))
    if bad.any():
        raise DataError(
            f"Des nombres sont négatifs ou manquants parmi les {what}",
            where=f"ligne {int(np.flatnonzero(bad)[0])}",
        )
    array.setflags(write=False)
    return array


def _mask(mask: Bools | None, size: int, what: str) -> Bools:
    array = np.zeros(size, dtype=bool) if mask is None else np.array(mask)
    if array.dtype != np.bool_ or array.shape != (size,):
        raise ValueError(f"{what} must be a boolean mask of shape ({size},)")
    array.setflags(write=False)
    return array
