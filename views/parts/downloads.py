"""Files to take away, made when they are asked for."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from planning.deployment import Deployment
from planning.report.comparison_report import communes_table, comparison_report
from planning.report.content import Report
from planning.report.files import (
    plan_geojson,
    sites_table,
    tours_table,
    write_geopackage,
    write_plan,
)
from planning.report.page import report_page
from planning.report.pdf import report_pdf
from planning.report.plan_report import plan_report
from planning.report.plan_tables import commune_table
from planning.report.proposal_report import Adjustment, proposal_report
from planning.report.spreadsheet import french_csv
from planning.report.workbook import report_workbook
from views.parts.compare.view import frame as table_frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    button(label, lambda: french_csv(make()), name, "text/csv")


def plan_buttons(plan: Deployment) -> None:
    """Offer a plan: its report to sign, to print, as a workbook; its files for other tools."""
    code = plan.territory.code
    report_buttons(plan)
    with st.container(horizontal=True):
        csv_button("Sites (CSV)", lambda: sites_table(plan), f"sites-{code}.csv")
        if plan.touring.plans:
            csv_button("Tournées (CSV)", lambda: tours_table(plan), f"tournees-{code}.csv")
        map_buttons(lambda: plan, f"plan-{code}")
        button("Tous les fichiers", lambda: plan_zip(plan), f"plan-{code}.zip", "application/zip")


def map_buttons(make: Callable[[], Deployment], name: str) -> None:
    """Offer a plan as files for a GIS."""
    button(
        "Carte (GeoJSON)", lambda: plan_geojson(make()), f"{name}.geojson", "application/geo+json"
    )
    button(
        "SIG (GeoPackage)",
        lambda: _geopackage(make()),
        f"{name}.gpkg",
        "application/geopackage+sqlite3",
    )


def report_buttons(plan: Deployment, adjusted: Adjustment | None = None) -> None:
    """Offer the report of a plan, or of a plan adjusted by hand: PDF, page, workbook."""
    name = f"{'plan' if adjusted is None else 'proposition'}-{plan.territory.code}"

    def report() -> Report:
        return plan_report(plan) if adjusted is None else proposal_report(plan, adjusted)

    def workbook() -> bytes:
        minutes = None if adjusted is None else adjusted.adjusted.minutes
        return report_workbook(report(), commune_table(plan, minutes))

    with st.container(horizontal=True):
        button(
            "Rapport à signer (PDF)", lambda: report_pdf(report()), f"{name}.pdf", "application/pdf"
        )
        button("Page à imprimer", lambda: report_page(report()), f"{name}.html", "text/html")
        button("Classeur (XLSX)", workbook, f"{name}.xlsx", XLSX)


def comparison_buttons(a: Deployment, b: Deployment, names: tuple[str, str]) -> None:
    """Offer two plans side by side: PDF, page, workbook, and every commune as CSV."""
    name = f"comparaison-{a.territory.code}"

    def report() -> Report:
        return comparison_report(a, b, names)

    with st.container(horizontal=True):
        button("Comparaison (PDF)", lambda: report_pdf(report()), f"{name}.pdf", "application/pdf")
        button("Page à imprimer", lambda: report_page(report()), f"{name}.html", "text/html")
        button("Classeur (XLSX)", lambda: report_workbook(report()), f"{name}.xlsx", XLSX)
        csv_button(
            "Communes (CSV)", lambda: table_frame(communes_table(a, b)), f"{name}-communes.csv"
        )


def _geopackage(plan: Deployment) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        write_geopackage(plan, path)
        return path.read_bytes()
