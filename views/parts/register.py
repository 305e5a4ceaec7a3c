"""The register of what people write, opened once a server."""

from pathlib import Path

import streamlit as st

from planning.store import Store, store_path


def store() -> Store:
    """Return the register (``COVERAGE_STORE``).

    Raises
    ------
    DataError
        If its file is damaged or foreign, or cannot be written.
    """
    return _opened(str(store_path()))


# Opened again once a day: what is past its time is erased at each opening.
@st.cache_resource(max_entries=2, ttl=86_400, show_spinner=False)
def _opened(path: str) -> Store:
    return Store(Path(path))
