"""A scenario as it stands in a link, whole: what it says is checked choice by choice.

Only what differs from the scenario by default is written, but for the number of positions,
which the default may change with the data.  Choices that no form offers (the iterations of
the tours, the preferences between hosts) are not of a link: they stay those by default.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from geodata.errors import DataError
from planning.scenario import PROGRAMME_POSITIONS, Scenario

MOST_MINUTES: Final = 60
AUTOMATIC: Final = "auto"

_AIMS: Final = {"temps": "p-median", "seuil": "max-cover"}
_WEEKS: Final = (2, 4)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValueError(text)
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read


def _tenths(low: float, high: float) -> Callable[[str], float]:
    """Read a number of at most one decimal, as in ``12.5``."""

    def read(text: str) -> float:
        whole, _, part = text.partition(".")
        if len(part) > 1 or (part and not _is_digits(part)) or not _is_digits(whole):
            raise ValueError(text)
        value = float(text)
        if len(text) > 6 or not low <= value <= high:
            raise ValueError(text)
        return value

    return read


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _one_of(choices: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in choices:
            raise ValueError(text)
        return choices[text]

    return read


def _mobile(text: str) -> int | None:
    return None if text == AUTOMATIC else _whole(0, PROGRAMME_POSITIONS)(text)


# Parameter → choice, how it is read, how it is written.
_CHOICES: Final[Mapping[str, tuple[str, Callable[[str], Any], Callable[[Any], str]]]] = {
    "postes": ("positions", _whole(1, PROGRAMME_POSITIONS), str),
    "mobiles": ("mobile", _mobile, lambda n: AUTOMATIC if n is None else str(n)),
    "recherche": (
        "model",
        _one_of(_AIMS),
        lambda model: next(name for name, known in _AIMS.items() if known == model),
    ),
    "seuil": ("threshold_min", _whole(1, MOST_MINUTES), str),
    "isolement": (
        "isolated_min",
        _tenths(0.1, MOST_MINUTES),
        lambda v: f"{v:.1f}".removesuffix(".0"),
    ),
    "charge": ("max_load_ratio", _tenths(1, 9), lambda v: f"{v:.1f}".removesuffix(".0")),
    "utile": ("min_load_ratio", _tenths(0, 1), lambda v: f"{v:.1f}".removesuffix(".0")),
    "tournees": ("tours", _one_of({"oui": True, "non": False}), lambda on: "oui" if on else "non"),
    "semaines": ("tour_weeks", _one_of({str(n): n for n in _WEEKS}), str),
    "graine": ("seed", _whole(0, 999_999_999), str),
}

PARAMETERS: Final = tuple(_CHOICES)


def read(
    parameters: Mapping[str, str], default: Scenario, prefix: str = ""
) -> tuple[Scenario, tuple[str, ...]]:
    """Read the choices of a link.

    Parameters
    ----------
    parameters
        Query parameters, of unknown origin.
    default
        The scenario of the territory when nothing is said.
    prefix
        What stands before the name of each parameter, such as ``"a_"``.

    Returns
    -------
    The scenario, and the names of the parameters that were left out as making no sense.
    """
    scenario, ignored = default, []
    for name, (field, reader, _) in _CHOICES.items():
        key = prefix + name
        if key not in parameters:
            continue
        try:
            scenario = replace(scenario, **{field: reader(str(parameters[key]))})
        except (ValueError, DataError):
            ignored.append(key)
    return scenario, tuple(ignored)


def write(scenario: Scenario, default: Scenario, prefix: str = "") -> dict[str, str]:
    """Return the parameters that :func:`read` reads back, in a fixed order."""
    return {
        prefix + name: writer(getattr(scenario, field))
        for name, (field, _, writer) in _CHOICES.items()
        if field == "positions" or getattr(scenario, field) != getattr(default, field)
    }


def present(parameters: Mapping[str, str], prefix: str = "") -> bool:
    """Tell whether a link says anything of a scenario."""
    return any(prefix + name in parameters for name in PARAMETERS)
