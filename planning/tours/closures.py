"""Periods without tours, as people write them: school holidays, leave, works."""

import re
from datetime import date
from typing import Final

from geodata.errors import DataError

Closure = tuple[date, date, str]

_LINE: Final = re.compile(
    r"(?P<first>\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})"
    r"(?:\s*(?:au|-|–|:)\s*(?P<last>\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}))?"
    r"\s*(?P<name>.*)"
)
LONGEST_DAYS: Final = 366
DEFAULT_NAME: Final = "période sans tournée"


def read_closures(text: str) -> list[Closure]:
    """Read one period a line: ``21/12/2026 au 03/01/2027 vacances de Noël``.

    A single date is a day; dates may also be ``2026-12-21``; empty lines are left out.

    Raises
    ------
    DataError
        Naming the line that cannot be read, ends before it begins, or lasts over a year.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found.append(_closure(line.strip(), number))
    return found


def _closure(line: str, number: int) -> Closure:
    match = _LINE.fullmatch(line)
    where = f"ligne {number} : {line[:60]}"
    remedy = "Écrivez par exemple : 21/12/2026 au 03/01/2027 vacances de Noël."
    if match is None:
        raise DataError("Période illisible", where=where, remedy=remedy)
    try:
        first = _day(match["first"])
        last = _day(match["last"] or match["first"])
    except ValueError as error:
        raise DataError("Cette date n'existe pas", where=where, remedy=remedy) from error
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise DataError(
            "Cette période finit avant de commencer, ou dure plus d'un an",
            where=where,
            remedy=remedy,
        )
    return first, last, match["name"].strip()[:80] or DEFAULT_NAME


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = map(int, text.split("/"))
        return date(year, month, day)
    return date.fromisoformat(text)
