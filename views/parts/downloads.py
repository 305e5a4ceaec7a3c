"""Files to take away, made when they are asked for."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that French spreadsheets open as it is: « ; », « , », BOM."""
    text = frame.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    return b"\xef\xbb\xbf" + text.encode()


def csv_button(label: str, make: Callable[[], pd.DataFrame], name: str, key: str) -> None:
    """Offer a table as CSV; it is made when the button is pressed."""
    st.download_button(
        label,
        data=lambda: csv_bytes(make()),
        file_name=name,
        mime="text/csv",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def file_button(label: str, make: Callable[[], Path], mime: str, key: str) -> None:
    """Offer a file; it is made when the button is pressed."""
    st.download_button(
        label,
        data=lambda: make().read_bytes(),
        file_name=f"{key}",
        mime=mime,
        key=f"file-{key}",
        on_click="ignore",
        icon=":material/download:",
    )
