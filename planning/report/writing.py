"""How reports write numbers and dates, in French."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from planning.explain import number
from planning.french import MONTHS, day_of
from planning.report.content import Cell, Kind, Quantity

UNKNOWN: Final = "inconnu"
THIN: Final = "\u202f"
FIXED: Final = "\u00a0"


def _decimal(value: float, digits: int = 1) -> str:
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.replace(",", THIN).replace(".", ",").replace("-", "−")


def percent(share: float | None) -> str:
    """Write a share (0–1) as a French percentage, ``inconnu`` where there is none."""
    return UNKNOWN if share is None else f"{_decimal(100 * share)}{THIN}%"


def minutes(value: float | None) -> str:
    """Write minutes with one decimal, ``inconnu`` where there are none."""
    return UNKNOWN if value is None else f"{_decimal(value)}{THIN}min"


def signed(text: str) -> str:
    """Write a plus before what is neither zero nor below."""
    is_zero = not any(char in "123456789" for char in text)
    return text if is_zero or text.startswith("−") else f"+{text}"


_WRITERS: Final[Mapping[Kind, Callable[[float], str]]] = {
    "count": lambda v: number(v).replace("-", "−"),
    "share": percent,
    "points": lambda v: signed(f"{_decimal(100 * v)}{THIN}pt"),
    "minutes": minutes,
    "km": lambda v: f"{_decimal(v)}{THIN}km",
    "euros": lambda v: f"{number(v)}{THIN}€".replace("-", "−"),
    "decimal": lambda v: _decimal(v, 2),
}


def typo(text: str) -> str:
    """Return a text whose high punctuation and units never start a line."""
    for mark in (";", "!", "?"):
        text = text.replace(f" {mark}", f"{THIN}{mark}")
    for mark in (":", "%", "»"):
        text = text.replace(f" {mark}", f"{FIXED}{mark}")
    return text.replace("« ", f"«{FIXED}")


def written(cell: Cell) -> str:
    """Write a cell; a number that is unknown says so."""
    if not isinstance(cell, Quantity):
        return typo(cell)
    if cell.value is None or not math.isfinite(cell.value):
        return UNKNOWN
    return _WRITERS[cell.kind](cell.value)


def vintage(text: str) -> str:
    """Write a vintage such as ``2020-12`` or ``2024-08-01``; other texts are left as they are."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or not 2 <= len(parts) <= 3:
        return text
    month = int(parts[1])
    if not 1 <= month <= 12:
        return text
    if len(parts) == 2:
        return f"{MONTHS[month - 1]} {parts[0]}"
    return day_of(int(parts[2]), MONTHS[month - 1], parts[0])
