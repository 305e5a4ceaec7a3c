"""The lieux de médiation numérique of Auvergne-Rhône-Alpes (Hinaura, 2021–2022).

The source has no commune code, no kind of place, and rows that stand for the same place:
the commune is found from its name, postal code and point, the kind is guessed from the
name and flagged, and rows of the same place are merged, their identifiers kept together.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz.fuzz import token_set_ratio
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.distance import great_circle_km
from geodata.readers.hours import check_osm
from geodata.readers.places import FAR_KM
from geodata.readers.reference import Reference, plain_name
from geodata.schema import PLACE
from geodata.snapshot.contacts import landline, public_site
from geodata.snapshot.packages import Archive
from geodata.snapshot.place_kinds import is_mobile, kind_of

LAYER: Final = "mediation_places"
_MEMBER: Final = "package/assets/data/source.json"

SAME_PLACE_KM: Final = 0.5
"""Rows farther apart than this are different places, whatever their names."""

SAME_NAME: Final = 90.0
"""Likeness of two names (0–100) from which rows this near are the same place."""

_PERSON: Final = re.compile(r"écrivain public", re.IGNORECASE)
"""A place that bears the name of a private person is not kept."""

_FIRM: Final = re.compile(
    r"mon assistant num|software|agency|dom service|informatique|savnet|plume d|interventions num",
    re.IGNORECASE,
)
"""The contacts of a firm are not kept."""


def read(archive: Archive) -> list[dict[str, Any]]:
    """Return the records of the source."""
    found: list[dict[str, Any]] = json.loads(archive.read(_MEMBER))
    return found


def table(
    records: list[dict[str, Any]], reference: Reference, outlines: gpd.GeoSeries
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the places, and the records set aside.

    Parameters
    ----------
    records
        See :func:`read`.
    reference
        The communes.
    outlines
        Their outlines: index ``code``, in EPSG:4326.

    Returns
    -------
    places
        Columns of :data:`geodata.schema.PLACE`.
    rejected
        row (line of the source, from 1), id, commune_code (postal code, as written) and
        reason (French).
    """
    draft = pd.DataFrame([_place(record) for record in records])
    town = pd.Series([record["commune"] for record in records])
    found = _communes(draft, town, reference, outlines)
    far = reference.distance_km(found, draft["lon"], draft["lat"]) > FAR_KM
    reason = pd.Series(None, draft.index, dtype="str")
    reason[draft["name"].str.contains(_PERSON)] = "nom d'une personne privée"
    reason[far] = f"à plus de {FAR_KM:.0f} km de sa commune"
    reason[found.isna()] = "commune introuvable"
    rejected = pd.DataFrame(
        {
            "row": draft.index + 1,
            "id": draft["id"],
            "commune_code": draft["postal_code"],
            "reason": reason,
        }
    )[reason.notna()]
    kept = draft.assign(commune_code=found)[reason.isna()]
    places = merge_same(kept.reset_index(drop=True))
    return PLACE.check(places[list(PLACE.columns)]), rejected.reset_index(drop=True)


def _communes(
    draft: pd.DataFrame, town: pd.Series, reference: Reference, outlines: gpd.GeoSeries
) -> pd.Series:
    """Return the commune of each place.

    It is the one whose outline holds the point when it has the name written; else that
    of the name and postal code written.
    """
    points = shapely.points(draft["lon"].to_numpy(), draft["lat"].to_numpy())
    place, unit = outlines.sindex.query(points, predicate="within")
    here = pd.DataFrame({"place": place, "code": outlines.index[unit]})
    names = reference.communes["name"].map(plain_name)
    same = here["code"].map(names).to_numpy() == town.map(plain_name).to_numpy()[here["place"]]
    by_point = here[same].drop_duplicates("place").set_index("place")["code"]
    written = reference.located(town, draft["postal_code"], draft["lon"], draft["lat"])
    found = by_point.reindex(draft.index).combine_first(written)
    return reference.refined(found, draft["postal_code"], draft["lon"], draft["lat"])


def _place(record: dict[str, Any]) -> dict[str, Any]:
    name = html.unescape(record["nom"]).strip()
    name = name.replace('"', "") if name.count('"') == 1 else name
    firm = _FIRM.search(name) is not None
    hours = check_osm(record.get("horaires") or "")
    access = [part.split(" : ")[0] for part in (record.get("conditions_acces") or "").split(";")]
    return {
        "id": record["id"],
        "name": re.sub(r"\s+", " ", name),
        "kind": kind_of(name),
        "inferred_kind": True,
        "lon": record["longitude"],
        "lat": record["latitude"],
        "point_source": "source",
        "address": record["adresse"].strip() or None,
        "postal_code": record["code_postal"],
        "phone": None if firm else landline(record.get("telephone")),
        "website": None if firm else public_site(record.get("site_web")),
        "hours": hours.text if hours else None,
        "weekly_hours_h": hours.weekly_h if hours else float("nan"),
        "record_date": record["date_maj"][:10],
        "mobile": is_mobile(name),
        "layer": LAYER,
        "services": record.get("services") or None,
        "access": ";".join(filter(None, access)) or None,
    }


def merge_same(places: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each place.

    Rows of the same kind and commune are one place when their names are (nearly) the same
    and their points near, or when their names and their addresses are the same:
    the latest record stands, what it lacks comes from the others, and ``id`` holds every
    identifier, joined by ``+``.
    """
    pairs = list(_same(places))
    first, second = np.array(pairs, dtype=int).reshape(-1, 2).T
    n = len(places)
    links = coo_array((np.ones(len(pairs)), (first, second)), shape=(n, n))
    group = connected_components(links, directed=False)[1]
    number = places["id"].astype(int)
    ordered = places.assign(group=group, number=number).sort_values(
        ["record_date", "number"], ascending=[False, True]
    )
    ids = places["id"].groupby(group).agg(lambda same: "+".join(sorted(same, key=int)))
    merged = ordered.groupby("group").first()
    merged["id"] = "hinaura-" + ids
    return merged.sort_values("number", ignore_index=True)


def _same(places: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield the pairs of rows that are the same place."""
    names = places["name"].map(plain_name)
    addresses = places["address"].fillna("").map(plain_name)
    for rows in places.groupby(["kind", "commune_code"]).indices.values():
        here = places.iloc[rows]
        lon, lat = here["lon"].to_numpy(), here["lat"].to_numpy()
        for k, row in enumerate(rows):
            away = great_circle_km(lon[k], lat[k], lon, lat)
            for other, km in zip(rows[k + 1 :], away[k + 1 :], strict=True):
                alike = token_set_ratio(names[row], names[other])
                near = km <= SAME_PLACE_KM and alike >= SAME_NAME
                twins = names[row] == names[other] and addresses[row] == addresses[other] != ""
                if near or twins:
                    yield int(row), int(other)


def reference_of(
    communes: pd.DataFrame, former: pd.DataFrame, regions: pd.DataFrame, outlines: gpd.GeoSeries
) -> Reference:
    """Return the reference of the communes that are being built."""
    cities = outlines[outlines.index.isin(communes.index[communes["kind"] == "arrondissement"])]
    return Reference(communes, former, lambda: cities, regions["name"])
