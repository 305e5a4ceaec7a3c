"""Places that people travel to, with the hours a week that each is open.

Supply is counted in hours of welcome a week, one desk a place: what opening hours tell.  Where
a place does not publish them, its kind's usual hours stand in, and the place is counted as such.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from coverage.arrays import FloatArray, IntArray
from geodata import catalog, layers, tables
from geodata.distance import great_circle_km
from geodata.errors import DataError, SourceError
from geodata.schema import Provenance

SITE_LAYERS: Final = (
    "france_services",
    "permanences",
    "mediation_places",
    "libraries",
    "postal_points",
)
"""Layers of the catalogue whose places can be travelled to."""

PUBLISHED_HOURS: Final[Mapping[str, float]] = MappingProxyType({"france_services": 29.5})
"""Median hours a week of the fixed France Services: list of 1 August 2024, 2,375 places."""

COUNSELLOR_WEEK_H: Final = 35.0
"""Hours a week of a full-time counsellor: the legal week."""

FEWEST_KNOWN: Final = 30
"""Places with known hours below which their median says nothing of the others."""

FARTHEST_KM: Final = 60.0
"""A site farther than this from the point of its commune is set aside: no commune is as wide,
Guyane left out."""


@dataclass(frozen=True)
class Sites:
    """Fixed places of some layers.

    Parameters
    ----------
    frame
        Index ``id`` (``layer:identifier``, unique); layer, name, kind, commune_code, lon and
        lat (degrees), supply_h (hours a week; NaN where no default is known), hours_known.
    mobile
        Codes of the communes of places on wheels, left out: their address is not where they
        receive.
    rejected
        Places set aside: index ``id``, reason (French).
    provenances
        Of the layers read.
    missing
        Layers that this machine does not have.
    """

    frame: pd.DataFrame
    mobile: tuple[str, ...]
    rejected: pd.DataFrame
    provenances: tuple[Provenance, ...]
    missing: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether some of the layers cover only a part of the country."""
        return any(one.status == "partial" for one in self.provenances)

    @property
    def supply_h(self) -> FloatArray:
        """Hours a week of each site, shape (n_site,); NaN where unknown."""
        return self.frame["supply_h"].to_numpy(dtype=float)


def load_sites(wanted: Iterable[str]) -> Sites:
    """Read the fixed places of some layers, with their hours a week.

    Raises
    ------
    DataError
        When a layer holds no places.
    SourceError
        When this machine has none of the layers.
    """
    names = tuple(dict.fromkeys(wanted))
    unknown = [name for name in names if name not in SITE_LAYERS]
    if unknown or not names:
        raise DataError(
            f"Type de site inconnu : {', '.join(unknown) or '(aucun)'}",
            where="sites",
            remedy=f"Choisissez parmi {', '.join(SITE_LAYERS)}.",
        )
    loaded = layers.places(names)
    if not loaded.provenances:
        titles = ", ".join(f"« {catalog.source(name).title} »" for name in names)
        raise SourceError(
            f"Couche absente : {titles}",
            where=", ".join(names),
            remedy=f"Lancez « python -m geodata fetch {names[0]} », ou déposez son fichier dans "
            "un dossier et nommez-le par GEODATA_DIR.",
        )
    places = loaded.frame.assign(id=loaded.frame["layer"] + ":" + loaded.frame["id"])
    mobile = places["mobile"].to_numpy(dtype=bool)
    fixed = places[~mobile].set_index("id")
    kept, rejected = usable(fixed[["layer", "name", "kind", "commune_code", "lon", "lat"]])
    hours = fixed["weekly_hours_h"].reindex(kept.index)
    return Sites(
        frame=kept.assign(supply_h=usual_hours(kept["layer"], hours), hours_known=hours.notna()),
        mobile=tuple(places.loc[mobile, "commune_code"]),
        rejected=rejected,
        provenances=loaded.provenances,
        missing=loaded.missing,
    )


def positions_as_sites(places: pd.DataFrame, positions: IntArray) -> Sites:
    """Return the places where a plan posts counsellors, each open for their weeks of work.

    Parameters
    ----------
    places
        Indexed by identifier; name, kind, commune_code, lon, lat.
    positions
        Counsellors at each place, shape (n_place,); places without any are left out.
    """
    held = positions > 0
    frame = places.loc[held, ["name", "kind", "commune_code", "lon", "lat"]].copy()
    frame.index = pd.Index([f"plan:{one}" for one in frame.index], name="id")
    frame["layer"] = "plan"
    frame["supply_h"] = COUNSELLOR_WEEK_H * positions[held]
    frame["hours_known"] = False
    return Sites(frame, (), pd.DataFrame({"reason": pd.Series(dtype="str")}), ())


def usual_hours(layer: pd.Series, weekly_h: pd.Series) -> FloatArray:
    """Return hours a week, those of the layer standing in for unknown ones, shape (n_site,).

    A published median where there is one, else the median of the layer's own known hours;
    NaN where fewer than :data:`FEWEST_KNOWN` of its places tell theirs.
    """
    known = weekly_h.groupby(layer).agg(["median", "count"])
    default = known["median"].where(known["count"] >= FEWEST_KNOWN)
    default.update(pd.Series(dict(PUBLISHED_HOURS), dtype=float))
    return weekly_h.fillna(layer.map(default)).to_numpy(dtype=float)


def usable(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the sites that can be travelled to from the others.

    Parameters
    ----------
    frame
        Indexed by identifier; ``commune_code``, ``lon`` and ``lat`` (degrees).

    Returns
    -------
    tuple of DataFrame
        Sites kept; and those set aside, with a ``reason`` (French) each.
    """
    points = tables.demand_points()
    where = points.index.get_indexer(pd.Index(frame["commune_code"]))
    lon, lat = frame["lon"].to_numpy(dtype=float), frame["lat"].to_numpy(dtype=float)
    point_lon, point_lat = points["lon"].to_numpy()[where], points["lat"].to_numpy()[where]
    away_km = great_circle_km(lon, lat, point_lon, point_lat)
    wide = points["department"].to_numpy()[where] == "973"
    faults = {
        "identifiant en double": frame.index.duplicated(),
        "hors de France : code de commune inconnu": where < 0,
        "sans coordonnées": np.isnan(lon) | np.isnan(lat),
        f"à plus de {FARTHEST_KM:g} km de sa commune": (away_km > FARTHEST_KM) & ~wide,
    }
    reason = np.full(len(frame), "", dtype=object)
    for text, faulty in faults.items():
        reason[(reason == "") & faulty] = text
    bad = reason != ""
    return frame[~bad], pd.DataFrame({"reason": reason[bad]}, index=frame.index[bad])
