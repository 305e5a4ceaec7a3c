"""The one place where errors become messages.

A :class:`~geodata.errors.CoverageError` is shown as it is: what is wrong, where, what to
do.  Anything else is a fault of ours: it is logged with its trace under a reference that
the reader can quote, and the screen stays free of code.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st

from geodata.errors import CoverageError
from views.parts import wording

_log = logging.getLogger(__name__)

P = ParamSpec("P")


def show(error: Exception) -> None:
    """Show an error in French: with its remedy when it is meant for the reader."""
    if isinstance(error, CoverageError):
        st.error(wording.error_text(error), icon=":material/error:")
        return
    reference = uuid.uuid4().hex[:8]
    _log.error("Unexpected error %s", reference, exc_info=error)
    st.error(wording.unexpected_text(reference), icon=":material/error:")


def on_script_error(error: Exception) -> bool:
    """Show what no page caught; True tells Streamlit that nothing more is to be shown."""
    show(error)
    return True


@contextmanager
def page() -> Iterator[None]:
    """Guard a whole page: whatever goes wrong inside becomes one message.

    ``st.stop`` and ``st.rerun`` are no ``Exception``: they pass through.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the boundary
        show(error)


def guarded(function: Callable[P, None]) -> Callable[P, None]:
    """Guard a fragment or a callback: these run apart from their page."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> None:
        with page():
            function(*args, **kwargs)

    return inner
