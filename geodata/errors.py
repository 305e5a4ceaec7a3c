"""Errors that a user may read.

Their text is French, because it is shown on screen and on the command line.  A
programmer's mistake stays a ``ValueError`` or a ``TypeError``.
"""


class CoverageError(Exception):
    """Base of every error that is meant for the user.

    Parameters
    ----------
    what
        What is wrong, in one sentence.
    where
        The file, row, column, territory or option concerned; may be empty.
    remedy
        What the user can do about it; may be empty.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.what.rstrip('.')}{place}.{remedy}"


class DataError(CoverageError):
    """A file or a table is not what it must be."""


class SourceError(CoverageError):
    """A source could not be reached, or answered something else than its data."""


class InfeasibleError(CoverageError):
    """What was asked for cannot be done; ``remedy`` says what to relax."""
