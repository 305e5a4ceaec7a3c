"""How large a table brought by a user may be: told before it is built."""

from typing import Final

from geodata.errors import DataError

MOST_ROWS: Final = 500_000
MOST_COLUMNS: Final = 400
MOST_CELLS: Final = 10_000_000
"""Rows × columns: empty cells cost nothing in a file, and memory in a table."""


def check_size(rows: int, columns: int, where: str, cells: int = 0) -> None:
    """Refuse a table that is too large.

    Parameters
    ----------
    rows, columns
        Its size.
    where
        Name of the file, for the message.
    cells
        Its cells, where these are known before its rows.

    Raises
    ------
    DataError
        When it is.
    """
    if rows > MOST_ROWS or columns > MOST_COLUMNS or max(cells, rows * columns) > MOST_CELLS:
        raise DataError(
            f"Le tableau dépasse {MOST_ROWS} lignes, {MOST_COLUMNS} colonnes ou "
            f"{MOST_CELLS // 10**6} millions de cases",
            where=where,
            remedy="Gardez-en la partie utile, puis recommencez.",
        )
