"""Territories: what a code or a name stands for, and the demand points it covers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import pandas as pd
from rapidfuzz import fuzz, process

from geodata import tables
from geodata.errors import DataError
from geodata.readers.reference import plain_name

Kind = Literal["country", "region", "department", "epci", "canton", "commune"]

_COUNTRY_WORDS: Final = frozenset({"FR", "FRANCE"})
_PREFIXES: Final[dict[str, Kind]] = {
    "REG-": "region",
    "DEP-": "department",
    "EPCI-": "epci",
    "CAN-": "canton",
    "COM-": "commune",
}
_NAMES_FIRST: Final[tuple[Kind, ...]] = ("department", "region", "epci")
_FORMER: Final = {"20": ("2A", "2B"), "69D": ("69",), "69M": ("69",)}
"""Codes that people write for départements cut in two, or for a part of one."""

_CLOSE: Final = 5
_CLOSE_SCORE: Final = 60


@dataclass(frozen=True)
class Territory:
    """A territory of France.

    Parameters
    ----------
    kind
        What it is.
    code
        Its INSEE code (SIREN for an EPCI); ``"FR"`` for the country.
    name
        Its name.
    """

    kind: Kind
    code: str
    name: str

    @property
    def departments(self) -> tuple[str, ...]:
        """Codes of the départements that it touches, in order."""
        return tuple(sorted(self.points()["department"].unique()))

    def points(self) -> pd.DataFrame:
        """Return its demand points: rows of :func:`geodata.tables.demand_points`.

        Paris, Lyon and Marseille are their arrondissements.
        """
        every = tables.demand_points()
        if self.kind == "country":
            return every
        if self.kind == "commune":
            own = every.index == self.code
            return every[own | (every["parent"] == self.code).fillna(False).to_numpy(bool)]
        return every[(every[self.kind] == self.code).fillna(False).to_numpy(bool)]


def resolve(text: str) -> Territory:
    """Return the territory that a code or a name stands for.

    ``FR`` is the country.  A code of two characters, or ``97x``, is a **département**
    first: ``84`` is the Vaucluse, the region is ``REG-84``, ``R84`` or ``84R``.  Nine
    digits are an EPCI, five characters a commune, four a canton; ``DEP-``, ``EPCI-``,
    ``CAN-`` and ``COM-`` say it explicitly.  A whole name is understood too, that of a
    département before that of a region, then of an EPCI.

    Raises
    ------
    DataError
        When nothing has this code or name: the nearest ones are proposed; or when several
        EPCI have this name: their codes are given.
    """
    written = text.strip()
    for kind, code in _readings(written.upper()):
        found = _of_code(kind, code)
        if found is not None:
            return found
    found = _of_name(written)
    if found is not None:
        return found
    near = _close_to(written)
    raise DataError(
        f"Territoire inconnu : « {text} »" if written else "Aucun territoire n'est donné",
        remedy=(f"Vouliez-vous dire {near} ? " if near else "")
        + "Donnez un département (03), une région (REG-84), un EPCI (9 chiffres) ou FR.",
    )


def _readings(code: str) -> Iterator[tuple[Kind, str]]:
    """Yield what a code may mean, the likeliest first."""
    if code in _COUNTRY_WORDS:
        yield "country", "FR"
    for prefix, kind in _PREFIXES.items():
        if code.startswith(prefix):
            yield kind, code.removeprefix(prefix)
    if code[:1] == "R" and code[1:].isdigit():
        yield "region", code[1:]
    if code[-1:] == "R" and code[:-1].isdigit():
        yield "region", code[:-1]
    if len(code) == 1 and code.isdigit():
        yield "department", f"0{code}"
    kinds: dict[int, Kind] = {
        2: "department",
        3: "department",
        9: "epci",
        5: "commune",
        4: "canton",
    }
    if len(code) in kinds:
        yield kinds[len(code)], code


def _of_code(kind: Kind, code: str) -> Territory | None:
    if kind == "country":
        return Territory("country", "FR", "France")
    names = _names(kind)
    return Territory(kind, code, str(names[code])) if code in names.index else None


def _names(kind: Kind) -> pd.Series:
    readers: dict[str, Callable[[], pd.DataFrame]] = {
        "region": tables.regions,
        "department": tables.departments,
        "epci": tables.epcis,
        "canton": tables.cantons,
        "commune": tables.communes,
    }
    names: pd.Series = readers[kind]()["name"]
    return names


@cache
def _by_name() -> dict[str, list[Territory]]:
    """Territories by plain name, those of the first kind of ``_NAMES_FIRST`` that has it."""
    found: dict[str, list[Territory]] = {}
    for kind in _NAMES_FIRST:
        for code, name in _names(kind).items():
            same = found.setdefault(plain_name(name), [])
            if not same or same[0].kind == kind:
                same.append(Territory(kind, str(code), name))
    return found


def _of_name(text: str) -> Territory | None:
    found = _by_name().get(plain_name(text), [])
    if len(found) > 1:
        owners = ", ".join(f"{one.code} ({', '.join(one.departments)})" for one in found)
        raise DataError(
            f"Plusieurs territoires s'appellent « {found[0].name} » : {owners}",
            remedy="Donnez le code de celui que vous voulez.",
        )
    return found[0] if found else None


def _close_to(text: str) -> str:
    """Return the nearest territories by code or name, for a message; empty when none is near.

    The name of a commune answers with its département.
    """
    if text.upper() in _FORMER:
        return ", ".join(_shown(resolve(f"DEP-{code}")) for code in _FORMER[text.upper()])
    homes = _departments_with(text)
    if homes:
        return ", ".join(_shown(resolve(f"DEP-{code}")) for code in homes)
    names = {name: same[0] for name, same in _by_name().items()}
    choices = names | {t.code.casefold(): t for t in names.values() if len(t.code) <= 3}
    near = process.extract(
        plain_name(text), choices.keys(), scorer=fuzz.ratio, limit=_CLOSE, score_cutoff=_CLOSE_SCORE
    )
    shown = dict.fromkeys(_shown(choices[key]) for key, _, _ in near)
    return ", ".join(shown)


def _departments_with(name: str) -> list[str]:
    """Return the codes of the départements with a commune of that name, five at most."""
    communes = tables.communes()
    same = communes["name"].map(plain_name) == plain_name(name)
    found: list[str] = sorted(communes["department"][same].unique())
    return found[:_CLOSE]


def _shown(territory: Territory) -> str:
    prefix = "REG-" if territory.kind == "region" else ""
    return f"« {territory.name} » ({prefix}{territory.code})"
