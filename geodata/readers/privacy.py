"""Personal data that some sources write where a place is described: taken out on reading."""

import re
from typing import Final

import pandas as pd

from geodata.readers.rows import Rows

_FREE_TEXT: Final = ("name", "address", "services", "access")
_MAIL: Final = re.compile(r"\S+@\S+")
_CIVILITY: Final = re.compile(r"(?i)(?:^|[\s/])(?:mme|mlle|mr|madame|mademoiselle|monsieur)\s.*")
_STREET: Final = re.compile(
    r"(?i)\b(?:all[ée]e|avenue|av|boulevard|bd|chemin|clos|cours|h[oô]tel|impasse|passage|place|pl"
    r"|quai|r[ée]sidence|route|rue|square|villa)\b"
)
_AT_HOME: Final = r"(?i)\bdomicile de\b"


def forget_persons(rows: Rows, draft: pd.DataFrame) -> None:
    """Take e-mail addresses and names of persons out of the texts of ``draft``, in place.

    A street named after someone (« rue Madame ») stays.  A place at somebody's home is
    set aside.

    Parameters
    ----------
    rows
        The rows read, in which what is taken out is counted.
    draft
        Their texts: name, address, services, access, as far as the source has them.
    """
    rows.set_aside(draft["name"].str.contains(_AT_HOME, regex=True), "chez un particulier")
    _take_out(rows, draft, _FREE_TEXT, _MAIL, "adresse électronique retirée")
    _take_out(rows, draft, ("address",), _CIVILITY, "nom de personne retiré de l'adresse")


def _take_out(
    rows: Rows, draft: pd.DataFrame, columns: tuple[str, ...], pattern: re.Pattern[str], what: str
) -> None:
    changed = pd.Series(False, draft.index)
    for column in columns:
        if column in draft:
            has = draft[column].str.contains(pattern).fillna(False).astype(bool)
            clean = draft.loc[has, column].map(lambda text: _without(text, pattern))
            changed[has] |= clean != draft.loc[has, column]
            draft.loc[has, column] = clean.replace("", None)
    rows.note(what, int((changed & rows.kept).sum()))


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text of parts joined by commas, without what matches in each part."""
    parts = []
    for part in text.split(", "):
        match = pattern.search(part)
        in_street = match and pattern is _CIVILITY and _STREET.search(part[: match.start() + 1])
        kept = part if match is None or in_street else pattern.sub("", part)
        parts.append(kept.strip(" ,;/-"))
    return ", ".join(part for part in parts if part)
