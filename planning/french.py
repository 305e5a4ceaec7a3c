"""Words that pages and reports share: months, days, kinds of place, a date in full."""

from collections.abc import Mapping
from datetime import date
from typing import Final

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

HOST_KINDS: Final[Mapping[str, str]] = {
    "town_hall": "mairie",
    "library": "bibliothèque",
    "social_centre": "centre social",
    "france_services": "France Services",
    "postal_point": "point de contact La Poste",
    "mediation_place": "lieu de médiation numérique",
    "ehpad": "EHPAD",
    "ccas": "CCAS",
    "association": "association",
    "third_place": "tiers-lieu",
    "permanence": "permanence de conseiller numérique",
    "other": "autre lieu",
}


def host_kind(kind: str) -> str:
    """Return the French name of a kind of place; an unknown one is « autre lieu »."""
    return HOST_KINDS.get(kind, HOST_KINDS["other"])


_SMALL: Final = frozenset(
    ("à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur")
)
_LONG_WORD: Final = 7
_LONGEST_INITIALS: Final = 4


def host_name(name: str, kind: str) -> str:
    """Return the name of a place as a report may print it; its source keeps its own.

    A name all in capitals is written as a name, save what may be initials; a library that its
    source calls a town hall is said to be a library.
    """
    if name.isupper() and any(len(word) >= _LONG_WORD for word in name.split()):
        name = " ".join(_word(word, rank) for rank, word in enumerate(name.split()))
    if kind == "library" and name.lower().startswith("mairie"):
        return f"Bibliothèque, « {name} » selon sa source"
    return name


def _word(word: str, rank: int) -> str:
    if rank and word.lower() in _SMALL:
        return word.lower()
    return word if len(word) <= _LONGEST_INITIALS else word.title()


def day(on: date) -> str:
    """Return a date in full: « 1er août 2026 »."""
    return day_of(on.day, MONTHS[on.month - 1], str(on.year))


def day_of(number: int, month: str, year: str) -> str:
    """Return a date from its parts; the first of a month is « 1er »."""
    return f"{'1er' if number == 1 else number} {month} {year}"
