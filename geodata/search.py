"""Find a commune by a name typed in haste, or by its postal code."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from geodata import tables
from geodata.readers.reference import plain_name

_ARTICLE: Final = re.compile(r"^(l|le|la|les|d|du|de|des) ")
_ORDINAL: Final = re.compile(r"(\d+)\s*(?:er|e|eme|ieme)\b")
_DIGITS: Final = re.compile(r"\d{1,5}")
_POSTAL_DIGITS: Final = 5
_FUZZY_CUTOFF: Final = 62
_MUCH_SMALLER: Final = 10  # times fewer people: of two communes of one name, the other is meant
_POPULATION_BONUS: Final = 2.5  # points of likeness for ten times the population


@dataclass(frozen=True)
class Match:
    """A commune, or an arrondissement of Paris, Lyon or Marseille.

    Parameters
    ----------
    code, name
        Of the demand point.
    department, department_name
        Where it is.
    postal_codes
        In order.
    population
        Persons.
    """

    code: str
    name: str
    department: str
    department_name: str
    postal_codes: tuple[str, ...]
    population: int

    @property
    def label(self) -> str:
        """How to show it: « Moulins (03000, Allier) »."""
        postal = f"{self.postal_codes[0]}, " if self.postal_codes else ""
        return f"{self.name} ({postal}{self.department_name})"


@dataclass(frozen=True)
class Likely:
    """What a text may mean.

    Parameters
    ----------
    matches
        The likeliest first.
    sure
        Whether the first is meant as far as anyone can tell: not when no name begins by the
        text, nor when another that the text may mean as well is not much smaller.
    named
        Whether the text begins a name, or is a number that exists; else names only look like it.
    """

    matches: tuple[Match, ...]
    sure: bool
    named: bool


@dataclass(frozen=True)
class _Index:
    """Names in alphabetical order for prefixes, in the order of the points for likeness."""

    matches: tuple[Match, ...]
    keys: tuple[str, ...]
    bonus: NDArray[np.float64]
    sorted_names: list[tuple[str, int]]
    sorted_postal: list[tuple[str, int]]
    of_code: dict[str, int]


@cache
def _index() -> _Index:
    points = tables.demand_points()
    departments = tables.departments()["name"].to_dict()
    matches = tuple(
        Match(
            str(code),
            name,
            department,
            departments[department],
            tuple(postal.split(";")) if isinstance(postal, str) and postal else (),
            int(population),
        )
        for code, name, department, postal, population in zip(
            points.index.tolist(),
            *(points[c].tolist() for c in ("name", "department", "postal_codes", "population")),
            strict=True,
        )
    )
    keys = tuple(_key(match.name) for match in matches)
    names = {(key, i) for i, key in enumerate(keys)}
    names |= {(_ARTICLE.sub("", key), i) for key, i in names}
    postal_codes = sorted((p, i) for i, match in enumerate(matches) for p in match.postal_codes)
    bonus = _POPULATION_BONUS * np.log10(1.0 + points["population"].to_numpy(float))
    of_code = {match.code.casefold(): i for i, match in enumerate(matches)}
    return _Index(matches, keys, bonus, sorted(names), postal_codes, of_code)


def _key(text: str) -> str:
    """Return a plain name in which « 11e arrondissement » reads « 11 »."""
    return _ORDINAL.sub(r"\1", plain_name(text)).removesuffix(" arrondissement")


def search(text: str, limit: int = 8) -> list[Match]:
    """Return the communes that a text may mean, the likeliest first.

    A postal code gives its communes, the largest first.  A name gives first the communes
    whose name begins by it (the exact one, then by population), then those whose name
    looks like it.  Accents, capitals, hyphens, articles and « st » do not matter.

    Parameters
    ----------
    text
        A name, a beginning of name, a postal code, both, or an INSEE code.
    limit
        How many to return at most.
    """
    index, key = _index(), _key(text)
    digits = _DIGITS.search(key)
    if not key:
        found = []
    elif key in index.of_code and not _beginning(index.sorted_postal, key):
        found = [index.of_code[key]]
    elif digits is None:
        found = _named(index, key, limit)
    else:
        name = key.replace(digits.group(), "").strip()
        found = _numbered(index, key, digits.group(), name, limit)
    return [index.matches[i] for i in found[:limit]]


def likely(text: str, limit: int = 8) -> Likely:
    """Return the communes that a text may mean, and whether one of them is meant.

    Beside a name that exists, those that only look like it are left out.
    """
    key, found = _key(text), search(text, limit)
    if _DIGITS.search(key):
        return Likely(tuple(found), bool(found), bool(found))
    begun = [match for match in found if any(one.startswith(key) for one in _names(match))]
    same = [match for match in begun if key in _names(match)]
    sure = bool(begun) and _stands_out(same or begun)
    if same:  # « saint » may be the village of that name, or the beginning of a city's
        largest = max(match.population for match in begun)
        sure = sure and _MUCH_SMALLER**2 * same[0].population > largest
    return Likely(tuple(begun or found), sure, bool(begun))


def _stands_out(matches: list[Match]) -> bool:
    """Tell whether the first is much larger than the others."""
    return all(_MUCH_SMALLER * one.population <= matches[0].population for one in matches[1:])


def _names(match: Match) -> tuple[str, str]:
    """Return the plain name of a commune, with its article and without it."""
    name = _key(match.name)
    return name, _ARTICLE.sub("", name)


def _numbered(index: _Index, key: str, digits: str, name: str, limit: int) -> list[int]:
    """Return what a text with a number means: « 03000 », « Moulins 03 », « Paris 11 »."""
    inside = _beginning(index.sorted_postal, digits) if len(digits) > 1 else []
    inside.sort(key=lambda i: (-index.bonus[i], index.matches[i].code))
    if not name:
        return inside
    whole = _named(index, key, limit)
    arrondissement = [i for i in whole if index.keys[i] == key]
    named = _named(index, name, 10 * limit)
    within = set(inside)
    here = [i for i in named if i in within]
    others = inside if len(digits) == _POSTAL_DIGITS else [i for i in named if i not in within]
    return list(dict.fromkeys(arrondissement + here + others)) or whole


def _named(index: _Index, key: str, limit: int) -> list[int]:
    """Return the points whose name begins by ``key``, then those whose name looks like it."""
    begin = _beginning(index.sorted_names, key)
    begin.sort(key=lambda i: _prefix_order(index, i, key))
    if len(begin) >= limit:
        return begin
    likeness = process.cdist(
        [key], index.keys, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF, dtype=np.float32
    )[0]
    near = np.flatnonzero(likeness)
    score = likeness[near] + index.bonus[near]
    best = near[np.lexsort((near, -score))][: 2 * limit]
    return list(dict.fromkeys(begin + best.tolist()))


def _prefix_order(index: _Index, i: int, key: str) -> tuple[bool, bool, float, str]:
    """Exact names first, « paris 1 » before « paris 15 », then the largest."""
    name = index.keys[i]
    bare = _ARTICLE.sub("", name)
    longer_number = key[-1:].isdigit() and name[len(key) : len(key) + 1].isdigit()
    return key not in {name, bare}, longer_number, -index.bonus[i], index.matches[i].code


def _beginning(pairs: list[tuple[str, int]], start: str) -> list[int]:
    """Return the points of the sorted pairs whose text begins by ``start``, once each."""
    first = bisect_left(pairs, (start, -1))
    last = bisect_left(pairs, (start + "\uffff", -1))
    return list(dict.fromkeys(i for _, i in pairs[first:last]))
