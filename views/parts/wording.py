"""French texts and French ways of writing numbers, dates and durations.

Pure functions: no Streamlit here.
"""

import html
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from geodata.errors import CoverageError
from planning.french import MONTHS, WEEKDAYS, day_of, host_kind

THIN: Final = "\u202f"  # espace fine insécable
FIXED: Final = "\u00a0"  # espace insécable
UNKNOWN: Final = "non connu"
PARIS: Final = ZoneInfo("Europe/Paris")

DAYS: Final = WEEKDAYS

STATUSES: Final[Mapping[str, str]] = {
    "embedded": "embarquée",
    "imported": "importée",
    "folder": "lue dans votre dossier",
    "downloaded": "téléchargée",
    "partial": "partielle",
    "missing": "absente",
}


def is_missing(value: float | None) -> bool:
    """Tell whether a number is absent: ``None`` or not a number."""
    return value is None or math.isnan(value)


def number(value: float | None, digits: int = 0) -> str:
    """Return ``1234.5`` as « 1 234,5 »; an absent value says so.

    Negative ``digits`` round to tens or hundreds: −2 makes « 1 200 » of it.
    """
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "hors d'atteinte"
    text = f"{round(value, digits):,.{max(0, digits)}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.replace(",", THIN).replace(".", ",").replace("-", "−")


def about(count: float) -> str:
    """Return a small count that is not known so precisely: « environ 10 », « moins de 5 »."""
    return "moins de 5" if count < 5 else f"environ {number(5 * round(count / 5))}"


def share(value: float | None, digits: int = 0) -> str:
    """Return the share ``0.154`` as « 15,4 % » (``digits=1``)."""
    if value is None or math.isnan(value):
        return UNKNOWN
    return f"{number(100 * value, digits)}{FIXED}%"


def points(value: float, digits: int = 0) -> str:
    """Return a difference of shares, signed: ``0.06`` as « +6 points »."""
    unit = "point" if abs(100 * value) < 2 else "points"
    return f"{signed(100 * value, digits)} {unit}"


def signed(value: float, digits: int = 0) -> str:
    """Return a number with its sign, even when positive."""
    text = number(value, digits)
    return text if value <= 0 else f"+{text}"


def minutes(value: float | None, digits: int = 0) -> str:
    """Return minutes as « 17 min » or « 1 h 05 »."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "hors d'atteinte"
    if value < 60 - 0.5 * 10**-digits:
        return f"{number(value, digits)}{FIXED}min"
    hours, rest = divmod(round(value), 60)
    return f"{hours}{FIXED}h{FIXED}{rest:02d}" if rest else f"{hours}{FIXED}h"


def clock(minutes_of_day: float) -> str:
    """Return minutes since midnight as « 9 h 30 »."""
    hours, rest = divmod(round(minutes_of_day), 60)
    return f"{hours}{FIXED}h{FIXED}{rest:02d}" if rest else f"{hours}{FIXED}h"


def size(n_bytes: float) -> str:
    """Return a file size: « 3,1 Mo », « 12 ko »."""
    if n_bytes >= 1e6:
        return f"{number(n_bytes / 1e6, 1)}{FIXED}Mo"
    return f"{number(max(1, n_bytes / 1e3))}{FIXED}ko"


def count(n: int, one: str, many: str = "") -> str:
    """Return « 1 lieu », « 3 lieux »: in French, 0 and 1 are singular."""
    return f"{number(n)} {one if abs(n) < 2 else many or one + 's'}"


def joined(items: Iterable[str]) -> str:
    """Return « a, b et c »."""
    *first, last = list(items) or [""]
    return f"{', '.join(first)} et {last}" if first else last


def day_text(value: date | datetime | str | None) -> str:
    """Return a date as « 1er août 2024 »; ISO texts may hold a year, a month, or a span."""
    if value is None or value == "":
        return "date inconnue"
    if isinstance(value, str):
        return " à ".join(_iso_text(part) for part in value.split(" à "))
    return day_of(value.day, MONTHS[value.month - 1], str(value.year))


def moment_text(value: datetime) -> str:
    """Return a moment as « 24 novembre 2026 à 14 h 03 », Paris time."""
    here = value.astimezone(PARIS)
    return f"{day_text(here)} à {here.hour}{FIXED}h{FIXED}{here.minute:02d}"


def _iso_text(text: str) -> str:
    parts = text[:10].split("-")
    if len(parts) > 3 or not all(part.isdigit() for part in parts):
        return text
    if len(parts) == 1:
        return parts[0]
    month = MONTHS[int(parts[1]) - 1] if 1 <= int(parts[1]) <= 12 else parts[1]
    return f"{month} {parts[0]}" if len(parts) == 2 else day_of(int(parts[2]), month, parts[0])


def age_class(vintage: str, today: date) -> str:
    """Return the class of age of a vintage: recent, year, aging, old or unknown."""
    months = _age_months(vintage, today)
    if months is None:
        return "unknown"
    return "recent" if months < 6 else "year" if months < 12 else "aging" if months < 18 else "old"


def age_text(vintage: str, today: date) -> str:
    """Return how old a vintage is, in years once it is old, in the steps of the page before."""
    months = _age_months(vintage, today)
    if months is None:
        return "âge inconnu"
    if months < 6:
        return "moins de 6 mois"
    if months < 12:
        return "6 à 12 mois"
    if months < 18:
        return "12 à 18 mois"
    return f"plus de {months // 12} an{'s' if months >= 24 else ''}"


def _age_months(vintage: str, today: date) -> int | None:
    """Return the months since a vintage, the end of a span; a year alone ends in December."""
    last = vintage.rpartition(" à ")[2][:10]
    parts = [int(part) for part in last.split("-") if part.isdigit()]
    if not parts:
        return None
    return 12 * (today.year - parts[0]) + today.month - (parts[1] if len(parts) > 1 else 12)


def typo(text: str) -> str:
    """Return a text whose high punctuation never starts a line: espaces insécables."""
    text = text.replace(" ;", f"{THIN};").replace(" !", f"{THIN}!").replace(" ?", f"{THIN}?")
    text = text.replace(" :", f"{FIXED}:").replace(" %", f"{FIXED}%")
    return text.replace("« ", f"«{FIXED}").replace(" »", f"{FIXED}»")


def kind_text(kind: str) -> str:
    """Return the French name of a kind of place; an unknown one is « autre lieu »."""
    return host_kind(kind)


def capital(text: str) -> str:
    """Return the text with its first letter in capital, the rest unchanged."""
    return text[:1].upper() + text[1:]


def error_text(error: CoverageError) -> str:
    """Return an error meant for the reader: what, where, what to do."""
    place = f" ({error.where})" if error.where else ""
    remedy = f"\n\n{error.remedy}" if error.remedy else ""
    return plain(f"{error.what.rstrip('.')}{place}.{remedy}")


def unexpected_text(reference: str) -> str:
    """Return what is said of a fault of ours: nothing technical but its reference."""
    return (
        "Une erreur inattendue s'est produite ; vos données n'ont pas été modifiées. "
        f"Rechargez la page ; si cela se répète, transmettez cette référence : {reference}."
    )


def plain(text: str) -> str:
    """Return a text of unknown origin made harmless in Markdown."""
    return "".join("\\" + char if char in "\\`*_[]<>#|$~:" else char for char in text)


def html_text(text: str) -> str:
    """Return a text of unknown origin made harmless in HTML, its punctuation kept in place."""
    return html.escape(typo(text))
