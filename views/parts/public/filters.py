"""What a place says of itself, filter by filter: yes, no, or nothing at all.

What is not said is unknown, never a no: such places are kept apart and offered to be added.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from views.parts.public import hours
from views.parts.public.nearby import Near

Says = Literal["yes", "no", "unknown"]

FILTERS: Final[Mapping[str, str]] = {
    "ouvert": "Ouvert maintenant",
    "weekend": "Ouvert le week-end",
    "pmr": "Accessible en fauteuil",
    "sansrdv": "Sans rendez-vous",
    "rdv": "Sur rendez-vous",
}
"""Name in a link → title."""

ANY_HELP: Final = "Toutes les aides"
HELPS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "demarches": (
        "Démarches administratives",
        ("démarches administratives", "démarches en ligne", "réaliser des démarches"),
    ),
    "outils": (
        "Apprendre à utiliser un ordinateur ou un téléphone",
        (
            "prendre en main",
            "utiliser le numérique",
            "maîtrise des outils",
            "utilisation sécurisée",
        ),
    ),
    "acces": (
        "Accès à internet ou à un ordinateur",
        ("connexion internet", "accéder à du matériel", "accès internet"),
    ),
    "materiel": ("S'équiper à petit prix", ("s'équiper", "prix solidaire")),
    "sante": ("Santé", ("santé",)),
    "emploi": ("Emploi et formation", ("insertion professionnelle", "emploi")),
    "parents": ("École et parents", ("parentalité", "éducation avec le numérique")),
}
"""Name in a link → title, and how the two versions of the national schema write it."""

_MOTOR: Final = ("handicaps moteurs", "handicap moteur", "mobilité réduite")
_WEEKEND: Final = {5, 6}


@dataclass(frozen=True)
class Wanted:
    """What someone looks for: names of filters, and a kind of help (empty: any)."""

    filters: frozenset[str] = frozenset()
    help: str = ""

    def __bool__(self) -> bool:
        return bool(self.filters or self.help)


@dataclass(frozen=True)
class Sieved:
    """Places that say yes to everything, and those that say no to nothing but do not say all."""

    sure: tuple[Near, ...]
    unsure: tuple[Near, ...]


def sieve(places: Sequence[Near], wanted: Wanted, moment: datetime) -> Sieved:
    """Part places by what they say of every filter wanted; their order is kept.

    Parameters
    ----------
    places
        The nearest first.
    wanted
        What is looked for.
    moment
        When "open now" is asked, with its time zone.
    """
    sure, unsure = [], []
    for place in places:
        said = {_ASKED[name](place, moment) for name in wanted.filters}
        if wanted.help:
            said.add(helps(place, wanted.help))
        if "no" in said:
            continue
        (unsure if "unknown" in said else sure).append(place)
    return Sieved(tuple(sure), tuple(unsure))


def readable(names: Collection[str], known: Mapping[str, object]) -> list[str]:
    """Return the names that exist, in their own order; what a link invents is left out."""
    return [name for name in known if name in names]


def helps(place: Near, name: str) -> Says:
    """Tell whether a place says that it gives a kind of help.

    Every France Services helps with administrative procedures: that is what the label means.
    A list of services that does not hold the one asked for says no.
    """
    if name == "demarches" and place.kind == "france_services":
        return "yes"
    if not place.services:
        return "unknown"
    return "yes" if _any_of(HELPS[name][1], place.services) else "no"


def _open_now(place: Near, _moment: datetime) -> Says:
    return {"open": "yes", "closed": "no"}.get(place.opening.state, "unknown")  # type: ignore[return-value]


def _at_weekend(place: Near, moment: datetime) -> Says:
    if hours.opens_on(place.hours, place.commune_code, moment, _WEEKEND):
        return "yes"
    return "no" if hours.is_known(place.hours) else "unknown"


def _accessible(place: Near, _moment: datetime) -> Says:
    return "yes" if _any_of(_MOTOR, place.access) else "unknown"


def _by_appointment(place: Near, _moment: datetime) -> Says:
    if "sans prise de rendez-vous" in place.access.casefold():
        return "no"
    return "yes" if _any_of(("rendez-vous", "rdv"), place.access) else "unknown"


def _without_appointment(place: Near, _moment: datetime) -> Says:
    if _any_of(("se présenter", "sans prise de rendez-vous"), place.access):
        return "yes"
    return "unknown"


def _any_of(parts: Sequence[str], text: str) -> bool:
    folded = text.casefold()
    return any(part in folded for part in parts)


_ASKED: Final[Mapping[str, Callable[[Near, datetime], Says]]] = {
    "ouvert": _open_now,
    "weekend": _at_weekend,
    "pmr": _accessible,
    "rdv": _by_appointment,
    "sansrdv": _without_appointment,
}
