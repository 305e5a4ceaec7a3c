"""The state of a view as it stands in a link, and nothing else.

A link may come from anywhere: what it says is checked against what exists, and what makes
no sense is left out rather than shown or refused.  A scenario's choices are read by
:mod:`views.parts.scenario_link`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Final

DEFAULT_DEPARTMENT: Final = "03"

_DEPARTMENT: Final = re.compile(r"\d{2}|2[AB]|97\d")
_COMMUNE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_LONGEST: Final = 200


@dataclass(frozen=True)
class Link:
    """What a link may carry.

    Parameters
    ----------
    department
        Code of an existing département.
    layers
        Names of layers, in the order of the choices offered; ``None`` when the link says
        nothing about them.
    commune
        Code of a commune, empty when absent.  Never an address that someone typed.
    ignored
        Names of the parameters that were left out because they make no sense.
    """

    department: str = DEFAULT_DEPARTMENT
    layers: tuple[str, ...] | None = None
    commune: str = ""
    ignored: tuple[str, ...] = ()


def read(
    parameters: Mapping[str, str],
    departments: Collection[str],
    layers: Iterable[str] = (),
    communes: Collection[str] = (),
) -> Link:
    """Read a link's parameters: ``dep``, ``couches``, ``commune``.

    Parameters
    ----------
    parameters
        Query parameters, of unknown origin.
    departments, layers, communes
        What exists.
    """
    known = ("dep", "couches", "commune")
    given = {key: str(parameters[key]) for key in known if key in parameters}
    ignored = [key for key, value in given.items() if len(value) > _LONGEST]
    given = {key: value for key, value in given.items() if key not in ignored}

    department = given.get("dep", DEFAULT_DEPARTMENT).upper()
    if not _DEPARTMENT.fullmatch(department) or department not in departments:
        ignored.append("dep")
        department = DEFAULT_DEPARTMENT

    commune = given.get("commune", "").upper()
    if commune and (not _COMMUNE.fullmatch(commune) or commune not in communes):
        ignored.append("commune")
        commune = ""

    chosen: tuple[str, ...] | None = None
    if "couches" in given:
        asked = set(given["couches"].split(","))
        chosen = tuple(layer for layer in layers if layer in asked)
    return Link(department, chosen, commune, tuple(ignored))


def write(link: Link) -> dict[str, str]:
    """Return the query parameters of a link; what is by default is left out."""
    parameters = {}
    if link.department != DEFAULT_DEPARTMENT:
        parameters["dep"] = link.department
    if link.layers is not None:
        parameters["couches"] = ",".join(link.layers)
    if link.commune:
        parameters["commune"] = link.commune
    return parameters


def chosen(
    parameters: Mapping[str, str], name: str, choices: Collection[str], default: str = ""
) -> str:
    """Return a parameter of a link if it is one of ``choices``, else ``default``."""
    value = str(parameters.get(name, default))
    return value if value in choices else default


def keep(parameters: MutableMapping[str, str], name: str, value: str, default: str) -> None:
    """Put a choice in the address; what is by default is left out."""
    if value == default:
        parameters.pop(name, None)
    elif parameters.get(name) != value:
        parameters[name] = value


def number_of(
    parameters: Mapping[str, str], name: str, bounds: tuple[int, int], default: int
) -> int:
    """Return a whole number of a link if it stands within ``bounds``, else ``default``."""
    text = str(parameters.get(name, ""))
    if not (text.isascii() and text.isdecimal() and len(text) <= 7):
        return default
    return int(text) if bounds[0] <= int(text) <= bounds[1] else default


class Reader:
    """Reads the parameters of a link one by one; what makes no sense is by default, and named.

    ``ignored`` holds the names of the parameters that were left out.
    """

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self.parameters = parameters
        self.ignored: list[str] = []

    def chosen(self, name: str, choices: Collection[str], default: str = "") -> str:
        """Return a parameter if it is one of ``choices``, else ``default``."""
        if name in self.parameters and str(self.parameters[name]) not in choices:
            self.ignored.append(name)
        return chosen(self.parameters, name, choices, default)

    def number(self, name: str, bounds: tuple[int, int], default: int) -> int:
        """Return a parameter if it is a whole number within ``bounds``, else ``default``."""
        found = number_of(self.parameters, name, bounds, bounds[0] - 1)
        if name in self.parameters and found < bounds[0]:
            self.ignored.append(name)
        return default if found < bounds[0] else found

    def several(self, name: str, choices: Collection[str]) -> tuple[str, ...]:
        """Return those of a parameter's words, parted by commas, that are among ``choices``."""
        words = [word for word in str(self.parameters.get(name, "")).split(",") if word]
        if any(word not in choices for word in words):
            self.ignored.append(name)
        return tuple(dict.fromkeys(word for word in words if word in choices))
