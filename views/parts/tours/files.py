"""The dates of tours, and their files to take away."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from planning.tours.calendar import TourCalendar, make_calendar
from planning.tours.closures import Closure, closure_text, read_closures
from planning.tours.files import (
    next_cycle,
    parts,
    served_communes,
    visits_table,
    write_tours,
)
from planning.tours.ics import commune_ics, tours_ics, van_ics
from planning.tours.making import MadeTours
from planning.tours.plan import TourPlan
from planning.tours.shapes import tours_gpx
from planning.tours.sheets import day_sheets
from views.parts import cached, downloads, wording
from views.parts.tables import note, show_table
from views.parts.tours import view as tours_view

LENGTHS: Final = (4, 8, 12, 26, 52)
_ICS: Final = "text/calendar"
_GPX: Final = "application/gpx+xml"


def dates(made: MadeTours, plan: TourPlan) -> TourCalendar:
    """Let the user choose a period; return the calendar."""
    weeks = plan.problem.weeks
    left, middle, right = st.columns([1, 1, 2])
    first = left.date_input(
        "Premier jour",
        next_cycle(date.today() + timedelta(days=1), weeks),
        format="DD/MM/YYYY",
        key=f"first_day_{weeks}",
    )
    length = middle.selectbox(
        "Durée",
        LENGTHS,
        index=LENGTHS.index(12),
        format_func=lambda n: wording.count(n, "semaine"),
        key="calendar_weeks",
    )
    text = right.text_area(
        "Périodes sans tournée (vacances, congés), une par ligne",
        placeholder="21/12/2026 au 03/01/2027 vacances de Noël",
        key="closures",
        height=80,
        max_chars=2_000,
    )
    closed = read_closures(text)
    if closed:
        note(f"Sans tournée : {' ; '.join(map(closure_text, closed))}.")
    last = first + timedelta(weeks=int(length), days=-1)
    return make_calendar(plan, first, last, department=made.choice.department, closed=closed)


def closures() -> list[Closure]:
    """Return the periods without tours that the user wrote."""
    return read_closures(str(st.session_state.get("closures", "")))


def offer(made: MadeTours, calendar: TourCalendar) -> None:
    """Offer the files of a calendar: for print, for agendas, for maps, as data."""
    plan, code = calendar.plan, made.choice.department
    cycle = min(calendar.last, calendar.first + timedelta(weeks=plan.problem.weeks, days=-1))
    with st.container(horizontal=True):
        downloads.button(
            "Feuilles de journée à imprimer",
            lambda: day_sheets(calendar, cycle),
            f"tournees-{code}.html",
            "text/html",
        )
        downloads.button(
            "Agenda de tous les véhicules",
            lambda: tours_ics(calendar),
            f"tournees-{code}.ics",
            _ICS,
        )
        downloads.csv_button(
            "Tableau (CSV)", lambda: visits_table(calendar), f"tournees-{code}.csv"
        )
        downloads.button(
            "Tout : agendas, GPX, GeoJSON, JSON",
            lambda: archive(made, calendar),
            f"tournees-{code}.zip",
            "application/zip",
        )
    _one_by_one(calendar)
    note(
        f"Les feuilles couvrent un cycle, jusqu'au {wording.day_text(cycle)} ; l'agenda et le "
        f"tableau vont jusqu'au {wording.day_text(calendar.last)}. Jours fériés ôtés."
    )


def _one_by_one(calendar: TourCalendar) -> None:
    """Offer the calendar of one van or of one commune."""
    offered = _choices(calendar)
    if not offered:
        return
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    name = left.selectbox("Agenda d'un véhicule ou d'une commune", list(offered), key="one_agenda")
    with right.container(horizontal=True):
        for label, make, file, mime in offered[name]:
            downloads.button(label, make, file, mime)


_File = tuple[str, Callable[[], bytes | str], str, str]


def _choices(calendar: TourCalendar) -> dict[str, list[_File]]:
    plan = calendar.plan
    driven = {(o.route.base, o.route.van) for o in calendar.outings}
    found: dict[str, list[_File]] = {}
    for van in tours_view.vans(plan):
        if (van.base, van.number) in driven:
            base = plan.problem.bases[van.base].commune_code
            name = f"vehicule-{base}-{van.number + 1}"
            found[van.title] = [
                ("Agenda", partial(van_ics, calendar, base, van.number), f"{name}.ics", _ICS),
                ("GPX", partial(tours_gpx, plan, base, van.number), f"{name}.gpx", _GPX),
            ]
    names = cached.communes()["name"]
    for code in served_communes(calendar):
        label = f"Commune de {names.get(code, code)} ({code})"
        found[label] = [
            ("Agenda", partial(commune_ics, calendar, code), f"commune-{code}.ics", _ICS)
        ]
    return found


def archive(made: MadeTours, calendar: TourCalendar) -> bytes:
    """Return every file of a calendar, those of each van and commune included."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        files = write_tours(
            calendar.plan,
            Path(folder),
            department=made.choice.department,
            period=(calendar.first, calendar.last),
            closed=closures(),
            territory=made.territory.code,
            notes=list(made.found.notes),
            without_road=list(made.found.without_road),
        )
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
            for file in files:
                zipped.write(file, file.name)
            for name, content in parts(calendar).items():
                zipped.writestr(name, content)
    return packed.getvalue()


def show_closed(calendar: TourCalendar) -> None:
    """Show the days of the period on which the vans stay in."""
    rows = tours_view.closed_rows(calendar)
    if rows:
        show_table(tours_view.CLOSED_COLUMNS, rows, "Jours sans tournée sur la période")
