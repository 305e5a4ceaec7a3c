"""Tables that a spreadsheet opens without running anything."""

from typing import Final

import pandas as pd

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts are never taken for formulas: an apostrophe stands before.

    Numbers are left as they are, and so are texts that are numbers.
    """
    changed = frame.copy()
    for name in changed.select_dtypes(exclude="number").columns:
        changed[name] = changed[name].map(_harmless)
    return changed


def french_csv(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that French spreadsheets open as it is: « ; », « , », BOM.

    A text that begins like a formula stays a text.
    """
    text = harmless(frame).to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    return b"\xef\xbb\xbf" + text.encode()


def _harmless(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(_STARTS):
        return value
    try:
        float(value.replace(",", "."))
    except ValueError:
        return f"'{value}"
    return value
