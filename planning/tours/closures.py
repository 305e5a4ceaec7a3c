"""Periods without tours, as people write them: school holidays, leave, works."""

import re
from datetime import date
from typing import Final

from geodata.errors import DataError

Closure = tuple[date, date, str]

LONGEST_DAYS: Final = 366
DEFAULT_NAME: Final = "période sans tournée"

_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_PLAIN: Final = str.maketrans("éèêûùô", "eeeuuo")
_MONTH: Final = {name.translate(_PLAIN): number for number, name in enumerate(_MONTHS, start=1)}
_DATE: Final = (
    r"\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}|"
    rf"\d{{1,2}}(?:er)?\s+(?:{'|'.join([*_MONTHS, *_MONTH])})\s+\d{{4}}"
)
_LINE: Final = re.compile(
    rf"(?:du\s+|le\s+)?(?P<first>{_DATE})"
    rf"(?:\s*(?:jusqu['’]au|au|à|-|–|—|→|:)\s*(?P<last>{_DATE}))?"
    r"(?P<name>(?:[\s,;:(].*)?)",
    re.IGNORECASE,
)
# What a name never holds: the rest of a period or of a list that was not understood.
_MORE_DATES: Final = re.compile(
    r"^\W*(?:au|à|et|puis|jusqu\S*)\b|\d\s*[/.\-]\s*\d|\b\d{1,2}(?:er)?\s+(?:"
    + "|".join([*_MONTHS, *_MONTH])
    + r")\b|^\s*[-–—→]|^\W*\d",
    re.IGNORECASE,
)


def read_closures(text: str) -> list[Closure]:
    """Read one period a line: ``21/12/2026 au 03/01/2027 vacances de Noël``.

    A single date is a day; dates may also be ``2026-12-21`` or ``21 décembre 2026``; empty
    lines are left out.  What stands after the dates is the name; a line where it holds what
    looks like one more date is refused, lest a fortnight be read as a day.

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


def closure_text(closure: Closure) -> str:
    """Return a period as it was understood: ``du 21/12/2026 au 03/01/2027 (14 jours), Noël``."""
    first, last, name = closure
    if first == last:
        return f"le {first:%d/%m/%Y}, {name}"
    return f"du {first:%d/%m/%Y} au {last:%d/%m/%Y} ({(last - first).days + 1} jours), {name}"


def _closure(line: str, number: int) -> Closure:
    match = _LINE.fullmatch(line)
    where = f"ligne {number} : {line[:60]}"
    remedy = "Écrivez une période par ligne, par exemple : 21/12/2026 au 03/01/2027 Noël."
    if match is None or _MORE_DATES.search(match["name"]):
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
    return first, last, match["name"].strip(" ,;:()")[:80] or DEFAULT_NAME


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = map(int, text.split("/"))
        return date(year, month, day)
    if text[4:5] == "-":
        return date.fromisoformat(text)
    day_text, month_text, year_text = text.lower().translate(_PLAIN).split()
    return date(int(year_text), _MONTH[month_text], int(day_text.removesuffix("er")))
