"""Bounds of classes: equal numbers, natural breaks, or those that the user types."""

import itertools
import math
import warnings
from collections.abc import Mapping
from typing import Final

import numpy as np

from geodata.errors import DataError
from views.parts import wording

METHODS: Final[Mapping[str, str]] = {
    "quantiles": "Effectifs égaux",
    "naturelles": "Seuils naturels",
    "libres": "Mes bornes",
}
FEWEST, MOST, USUAL = 3, 7, 5

SAMPLED_ABOVE: Final = 300
"""Values beyond which natural breaks are sought on that many of them, evenly spaced in rank:
the exact search takes a time that grows with the square of their number."""

_SEPARATORS: Final = ";|/\t\n"


def class_bounds(
    values: np.ndarray, method: str, number: int, digits: int | None
) -> tuple[float, ...]:
    """Return the inner bounds of at most ``number`` classes, rounded, increasing.

    Parameters
    ----------
    values
        Numbers, shape (n_value,); those that are not finite are left out.
    method
        ``"quantiles"`` or ``"naturelles"`` (Fisher–Jenks).
    number
        Classes wanted.
    digits
        Decimals of the bounds; ``None`` rounds them to two figures.
    """
    numbers = np.sort(np.asarray(values, dtype=float))
    numbers = numbers[np.isfinite(numbers)]
    if np.unique(numbers).size < 2:
        return ()
    cuts = _natural(numbers, number) if method == "naturelles" else _equal(numbers, number)
    rounded = np.unique([_rounded(cut, digits) for cut in cuts])
    return tuple(float(cut) for cut in rounded if numbers[0] < cut <= numbers[-1])


def _equal(numbers: np.ndarray, number: int) -> np.ndarray:
    return np.quantile(numbers, np.arange(1, number) / number)


def _natural(numbers: np.ndarray, number: int) -> np.ndarray:
    """Return Fisher–Jenks breaks, between the last value of a class and the first of the next."""
    from mapclassify import FisherJenks

    sample = numbers
    if numbers.size > SAMPLED_ABOVE:
        ranks = np.linspace(0, numbers.size - 1, SAMPLED_ABOVE).round().astype(int)
        sample = numbers[ranks]
    distinct = np.unique(sample)
    with warnings.catch_warnings():  # that a compiler is absent is our choice
        warnings.filterwarnings("ignore", "Numba not installed")
        found = FisherJenks(sample, k=min(number, distinct.size)).bins[:-1]
    after = np.minimum(np.searchsorted(distinct, found, side="right"), distinct.size - 1)
    return (found + distinct[after]) / 2


def _rounded(value: float, digits: int | None) -> float:
    if digits is None:
        size = math.floor(math.log10(abs(value))) if value else 0
        return round(value, 1 - size)
    return round(value, digits)


def typed_bounds(text: str) -> tuple[float, ...]:
    """Return the bounds that a user typed: « 10 ; 15 ; 20,5 ».

    Raises
    ------
    DataError
        When they are not numbers, do not increase, or are too many.
    """
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    words = text.split()
    where = "bornes des classes"
    example = "Écrivez des nombres croissants séparés par des points-virgules : 10 ; 15 ; 20,5."
    if not words:
        raise DataError("Aucune borne n'est donnée", where=where, remedy=example)
    bounds = []
    for word in words[: MOST + 1]:
        try:
            bound = float(word.replace(",", "."))
        except ValueError:
            bound = math.nan
        if not math.isfinite(bound) or abs(bound) > 1e9:
            raise DataError(f"« {word[:20]} » n'est pas un nombre", where=where, remedy=example)
        bounds.append(bound)
    if len(words) > MOST - 1:
        raise DataError(
            f"{MOST - 1} bornes au plus ({len(words)} sont données)", where=where, remedy=example
        )
    for low, high in itertools.pairwise(bounds):
        if low >= high:
            shown = f"{wording.number(high, 2)} vient après {wording.number(low, 2)}"
            raise DataError(
                f"Les bornes ne sont pas croissantes : {shown}", where=where, remedy=example
            )
    return tuple(bounds)


def bounds_text(bounds: tuple[float, ...]) -> str:
    """Return bounds as a user types them."""
    return " ; ".join(f"{bound:.10g}".replace(".", ",") for bound in bounds)
