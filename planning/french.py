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


def day(on: date) -> str:
    """Return a date in full: « 1er août 2026 »."""
    return day_of(on.day, MONTHS[on.month - 1], str(on.year))


def day_of(number: int, month: str, year: str) -> str:
    """Return a date from its parts; the first of a month is « 1er »."""
    return f"{'1er' if number == 1 else number} {month} {year}"
