"""From the rows of a source of points to a table of places: the repairs they all need."""

import re
from typing import Final

import numpy as np
import pandas as pd

from geodata.readers.privacy import forget_persons
from geodata.readers.reference import Reference, padded_codes, plain_name
from geodata.readers.rows import Rows, mapped
from geodata.schema import PLACE, Table

FAR_KM: Final = 20.0
"""Farther than this from its commune, a point and its commune cannot both be right.

Measured on the official files: 99.9 % of the points lie within 7 km (12 km for the
permanences), the farthest honest ones at 13 to 16 km (Port-Cros, Salin-de-Giraud, Mafate:
islands and communes of odd shape); wrong ones go from 20 km to another region.
"""

_PHONE: Final = re.compile(r"[\d\s.+/()-]{4,60}")
_ABROAD: Final = re.compile(r"97[578]|98|99")
_OPTIONAL_TEXT: Final = (
    "address",
    "postal_code",
    "phone",
    "website",
    "hours",
    "record_date",
    "services",
    "access",
)


def assemble(rows: Rows, draft: pd.DataFrame, reference: Reference) -> Table:
    """Return the places of a source, with today's communes and a point each.

    Parameters
    ----------
    rows
        The rows read; bad ones are set aside in it.
    draft
        Columns of ``PLACE`` as far as the source has them, aligned with ``rows``, and:
        ``code``, the commune as written (or ``town``, its name, when the source has no
        code); ``lon`` and ``lat``, in degrees or missing; ``at_commune``, true where the
        source says that its point is the middle of the commune.
    reference
        The communes.

    Raises
    ------
    DataError
        When the outcome does not keep the contract of places.
    """
    draft = draft.copy()
    forget_persons(rows, draft)
    rows.set_aside(draft["id"].isna(), "sans identifiant")
    rows.set_aside(draft["name"].isna(), "sans nom")
    _check_points(draft)
    draft["commune_code"] = _communes(rows, draft, reference)
    _set_far_points_aside(rows, draft, reference)
    _fill_points(rows, draft, reference)
    rows.set_repeated_aside(draft["id"], "identifiant déjà lu : ")
    _set_duplicates_aside(rows, draft)
    kept = draft[rows.kept]
    frame = _in_order(kept, rows.source.id)
    PLACE.check(frame, rows.where)
    shown = draft.assign(code=draft["code"] if "code" in draft else draft["postal_code"])
    rows.frame = rows.frame.assign(_id=shown["id"], _code=shown["code"])
    rejected = rows.rejected("_id", "_code")
    return Table.of(frame, rows.source.provenance(), rejected, rows.notes)


def _check_points(draft: pd.DataFrame) -> None:
    """Forget impossible points; (0, 0) is how some sources write that there is none."""
    lon, lat = draft["lon"], draft["lat"]
    good = lon.between(-180, 180) & lat.between(-90, 90) & ~((lon == 0) & (lat == 0))
    draft[["lon", "lat"]] = draft[["lon", "lat"]].where(good, np.nan)


def _communes(rows: Rows, draft: pd.DataFrame, reference: Reference) -> pd.Series:
    postal, lon, lat = draft["postal_code"], draft["lon"], draft["lat"]
    if "code" in draft:
        codes = reference.current(draft["code"], lon, lat)
        _note_codes(rows, draft["code"], codes)
        unknown = unknown_code(draft["code"])
    else:
        codes = pd.Series(None, draft.index, dtype="str")
        unknown = "commune introuvable : " + joined(postal, draft["town"], by=" ").fillna("")
    if "town" in draft:
        lost = codes.isna()
        towns = draft[lost]
        found = reference.located(towns["town"], towns["postal_code"], towns["lon"], towns["lat"])
        codes = codes.combine_first(found)
    rows.set_aside(codes.isna(), unknown)
    return reference.refined(codes, postal, lon, lat)


def unknown_code(written: pd.Series) -> pd.Series:
    """Return why a commune code is not one of today: out of the field, or unknown."""
    reason = pd.Series("code de commune inconnu : ", written.index)
    abroad = written.str.match(_ABROAD).fillna(False).astype(bool)
    reason = reason.where(~abroad, "hors du champ (ni métropole ni département d'outre-mer) : ")
    return reason + written.fillna("(vide)")


def _note_codes(rows: Rows, written: pd.Series, codes: pd.Series) -> None:
    padded = padded_codes(written)
    restored = written.notna() & (padded != written.str.upper())
    rows.note("zéro initial du code de commune rétabli", int(restored.sum()))
    renewed = codes.notna() & (codes != padded)
    rows.note("code de commune périmé, remplacé par l'actuel", int(renewed.sum()))


def _set_far_points_aside(rows: Rows, draft: pd.DataFrame, reference: Reference) -> None:
    away = reference.distance_km(draft["commune_code"], draft["lon"], draft["lat"])
    far = away > FAR_KM
    if not far.any():
        return
    lost = draft[far]
    there = reference.region_at(lost["lon"], lost["lat"])
    here = lost["commune_code"].map(reference.communes["region"]).map(reference.region_names)
    where = ("en " + there).where(there != here, "dans la même région")
    distance = away[far].round().astype("int64").astype("str")
    reason = "coordonnées à " + distance + " km de la commune (" + where + ")"
    rows.set_aside(far, reason.reindex(draft.index))


def _fill_points(rows: Rows, draft: pd.DataFrame, reference: Reference) -> None:
    missing = draft["lon"].isna() | draft["lat"].isna()
    vague = draft["at_commune"] & ~missing if "at_commune" in draft else missing & False
    for axis in ("lon", "lat"):
        there = draft["commune_code"].map(reference.communes[axis])
        draft[axis] = draft[axis].where(~missing, there)
    draft["point_source"] = pd.Series("source", draft.index).where(~(missing | vague), "commune")
    rows.note("sans coordonnées, placé au point de la commune", int((missing & rows.kept).sum()))
    rows.note("placé au milieu de la commune par le producteur", int((vague & rows.kept).sum()))


def _set_duplicates_aside(rows: Rows, draft: pd.DataFrame) -> None:
    """Set aside places written twice: same name, commune, address, point and hours."""
    point = draft[["commune_code"]].assign(lon=draft["lon"].round(4), lat=draft["lat"].round(4))
    point = point[rows.kept]
    point = point[point.duplicated(keep=False)]  # few: names are compared there only
    near = draft.loc[point.index]
    key = point.assign(
        name=mapped(near["name"], plain_name),
        address=mapped(near["address"], plain_name),
        hours=near.get("hours"),
    )
    group = key.groupby(list(key.columns), dropna=False, sort=False).ngroup()
    heads = group.drop_duplicates()
    first = group.map(pd.Series(heads.index, index=heads))
    twice = first.index[first != first.index]
    if len(twice):
        reason = "doublon de la ligne " + first[twice].astype("str")
        rows.set_aside(pd.Series(draft.index.isin(twice), draft.index), reason.reindex(draft.index))


def _in_order(kept: pd.DataFrame, layer: str) -> pd.DataFrame:
    frame = kept.reset_index(drop=True).assign(layer=layer)
    for column in _OPTIONAL_TEXT:
        if column not in frame:
            frame[column] = None
        frame[column] = frame[column].astype("str")
    for column, value in (("inferred_kind", False), ("mobile", False), ("weekly_hours_h", np.nan)):
        if column not in frame:
            frame[column] = value
    return frame[list(PLACE.columns)].astype(
        {
            "id": "str",
            "name": "str",
            "kind": "str",
            "commune_code": "str",
            "point_source": "str",
            "layer": "str",
            "lon": "float64",
            "lat": "float64",
            "weekly_hours_h": "float64",
            "inferred_kind": "bool",
            "mobile": "bool",
        }
    )


def joined(*parts: pd.Series, by: str = ", ") -> pd.Series:
    """Join the texts of each row that are not missing; missing when all are."""
    out = parts[0]
    for part in parts[1:]:
        both = out.notna() & part.notna()
        out = out.where(out.notna(), part).where(~both, out + by + part)
    return out


def phone(values: pd.Series) -> pd.Series:
    """Return the telephone numbers published for a place; what is not one is left out."""
    return values.where(values.str.fullmatch(_PHONE).fillna(False).astype(bool), None)


def website(values: pd.Series) -> pd.Series:
    """Return the first web address of each text; what is not one, or is an e-mail, is left out."""
    first = values.str.replace(r"(?s)[|;\s].*", "", regex=True)
    return first.where(first.str.fullmatch(r"https?://[^@\s]+\.[^@\s]+").fillna(False), None)
