"""Files to take away, made when they are asked for."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from planning.deployment import Deployment
from planning.report.files import write_plan
from planning.report.page import plan_page


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that French spreadsheets open as it is: « ; », « , », BOM."""
    text = frame.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    return b"\xef\xbb\xbf" + text.encode()


def plan_zip(plan: Deployment) -> bytes:
    """Return every file of a plan in one archive."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        files = write_plan(plan, Path(folder) / "plan")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
    return packed.getvalue()


def button(label: str, make: Callable[[], bytes | str], name: str, mime: str) -> None:
    """Offer a file; it is made when the button is pressed."""
    st.download_button(
        label,
        data=make,
        file_name=name,
        mime=mime,
        key=f"file-{name}",
        on_click="ignore",
        icon=":material/download:",
    )


def csv_button(label: str, make: Callable[[], pd.DataFrame], name: str) -> None:
    """Offer a table as CSV."""
    button(label, lambda: csv_bytes(make()), name, "text/csv")


def plan_buttons(plan: Deployment) -> None:
    """Offer a plan as a page to print and as an archive of all its files."""
    code = plan.territory.code
    with st.container(horizontal=True):
        button("Plan à imprimer", lambda: plan_page(plan), f"plan-{code}.html", "text/html")
        button("Tous les fichiers", lambda: plan_zip(plan), f"plan-{code}.zip", "application/zip")
