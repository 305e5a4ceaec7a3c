"""Places that people travel to, with the hours a week that each is open.

Supply is counted in hours of welcome a week, one desk a place: what opening hours tell.  Where
a place does not publish them, its kind's usual hours stand in, and the place is counted as such.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from coverage.arrays import FloatArray, IntArray
from coverage.same_place import same_place
from geodata import catalog, layers
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
    joined
        How many records were joined to that of another layer, because they tell of one place.
    provenances
        Of the layers read.
    missing
        Layers that this machine does not have.
    """

    frame: pd.DataFrame
    mobile: tuple[str, ...]
    joined: int
    provenances: tuple[Provenance, ...]
    missing: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether some of the layers cover only a part of the country."""
        return any(one.status == "partial" for one in self.provenances)

    @property
    def set_aside(self) -> int:
        """How many lines of the layers' files could not be used when they were read."""
        return sum(one.set_aside for one in self.provenances)

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
    hours = fixed["weekly_hours_h"]
    frame = fixed[["layer", "name", "kind", "commune_code", "lon", "lat"]].assign(
        supply_h=usual_hours(fixed["layer"], hours), hours_known=hours.notna()
    )
    once = one_a_place(frame, names)
    return Sites(
        frame=once,
        mobile=tuple(places.loc[mobile, "commune_code"]),
        joined=len(frame) - len(once),
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
    return Sites(frame, (), 0, ())


def one_a_place(frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Keep one record of each place that several layers describe.

    The one of the first layer stands for all, with the longest hours among them: a counsellor
    who receives at a France Services does so while it is open.

    Parameters
    ----------
    frame
        Indexed by unique identifiers; columns as in :class:`Sites`.
    order
        Layers, the one that stands first first.
    """
    group = pd.Series(same_place(frame), index=frame.index)
    rank = frame["layer"].map({layer: k for k, layer in enumerate(order)})
    first = ~group[rank.sort_values(kind="stable").index].duplicated().reindex(frame.index)
    kept, groups = frame[first], group[first]
    longest = frame["supply_h"].groupby(group).max()
    known = frame["hours_known"].groupby(group).any()
    return kept.assign(supply_h=groups.map(longest), hours_known=groups.map(known))


def usual_hours(layer: pd.Series, weekly_h: pd.Series) -> FloatArray:
    """Return hours a week, those of the layer standing in for unknown ones, shape (n_site,).

    A published median where there is one, else the median of the layer's own known hours;
    NaN where fewer than :data:`FEWEST_KNOWN` of its places tell theirs.
    """
    known = weekly_h.groupby(layer).agg(["median", "count"])
    default = known["median"].where(known["count"] >= FEWEST_KNOWN)
    default.update(pd.Series(dict(PUBLISHED_HOURS), dtype=float))
    return weekly_h.fillna(layer.map(default)).to_numpy(dtype=float)
