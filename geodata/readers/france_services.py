"""France Services: the list published by the ANCT."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from geodata.catalog import source
from geodata.readers.hours import DAYS, Hours, parse_day, write_week
from geodata.readers.places import assemble, joined, phone
from geodata.readers.reference import Reference
from geodata.readers.rows import Rows, number, read_rows
from geodata.schema import Table

_DAY_COLUMNS: Final = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi")
_MOBILE: Final = ("Itinérante", "Bus_équivalent")


_APPOINTMENT: Final = {
    "Oui": "Prise de rendez-vous possible",
    "Non": "Sans prise de rendez-vous",
}


def read_france_services(path: Path, reference: Reference) -> Table:
    """Read the list of France Services.

    The comments are not read: they hold private addresses and telephone numbers.

    Raises
    ------
    DataError
        When the file is not of the layout expected.
    """
    rows = read_rows(path, source("france_services"), optional=("complement_adresse",))
    text, weekly_h = _hours(rows)
    draft = pd.DataFrame(
        {
            "id": rows["id_fs"],
            "name": rows["lib_fs"],
            "kind": "france_services",
            "code": rows["insee_com"],
            "lon": number(rows["longitude"]),
            "lat": number(rows["latitude"]),
            "address": joined(rows["adresse"], rows["complement_adresse"]),
            "postal_code": rows["code_postal"],
            "phone": phone(rows["telephone"]),
            "hours": text,
            "weekly_hours_h": weekly_h,
            "mobile": rows["format_fs"].isin(_MOBILE),
            "access": rows["prise_rdv"].map(_APPOINTMENT),
        }
    )
    return assemble(rows, draft, reference)


def _hours(rows: Rows) -> tuple[pd.Series, pd.Series]:
    """Return hours in OSM syntax, and hours a week; missing when a day is not understood."""
    table = rows.frame[list(_DAY_COLUMNS)].astype(object).where(lambda t: t.notna(), None)
    weeks = [_week(line) for line in table.itertuples(index=False, name=None)]
    rows.note("horaires illisibles, non repris", sum(week.unread for week in weeks))
    rows.note("horaires qui se chevauchent, réunis", sum(week.merged for week in weeks))
    index, hours = rows.frame.index, [week.hours for week in weeks]
    text = pd.Series([None if h is None else h.text for h in hours], index, dtype="str")
    weekly_h = pd.Series([np.nan if h is None else h.weekly_h for h in hours], index)
    return text, weekly_h


class _Week(NamedTuple):
    hours: Hours | None
    unread: bool = False
    merged: bool = False


def _week(texts: Sequence[str | None]) -> _Week:
    days = {d: parse_day(text) for d, text in zip(DAYS, texts, strict=False) if text is not None}
    known = {day: slots for day, slots in days.items() if slots is not None}
    if len(known) < len(days):
        return _Week(None, unread=True)
    merged = any(day.merged for day in known.values())
    return _Week(write_week({day: s.slots for day, s in known.items()}), merged=merged)
