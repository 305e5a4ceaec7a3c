"""Places near a commune, by modelled travel time: what the public search shows."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from coverage.doorstep import Doorstep, minutes_from
from geodata import tables
from geodata.distance import arc_km, on_sphere
from planning.deployment import Deployment
from planning.situation import OFFER_LAYERS, national_network
from planning.tours.plan import DayRoute, Visit
from views.parts import wording
from views.parts.public import hours

REACH_MIN: Final = 45.0
WIDER_MIN: Final = 90.0
NEAR_MIN: Final = 30.0
"""Beyond it, a page says that nothing is near."""

WALK_M: Final = 1_500.0
OF_RESIDENTS: Final = re.compile(
    r"\b(?:CHRS|CHU|CADA|EHPAD|FJT|foyer|h[ée]bergement|maison de retraite|r[ée]sidence)\b", re.I
)

SHOWN: Final = 10
MOST: Final = 60
"""Places that filters choose among."""


@dataclass(frozen=True)
class Near:
    """A place near a commune; ``what`` says what is known of it and no more.

    ``metres`` is as the crow flies.
    """

    title: str
    what: str
    town: str
    minutes: float
    metres: float
    lat: float
    lon: float
    address: str
    phone: str
    website: str
    hours: str | None
    opening: hours.Opening
    record: str
    access: str
    services: str
    kind: str
    commune_code: str
    mobile: bool

    @property
    def walkable(self) -> bool:
        """Whether a distance says more of the way than minutes by car."""
        return self.metres <= WALK_M

    @property
    def of_residents(self) -> bool:
        """Whether its name is that of a home, which may serve its residents only."""
        return bool(OF_RESIDENTS.search(self.title))


@dataclass(frozen=True)
class ProposedStop:
    """A stop of a tour that is only proposed: where, how far, when."""

    town: str
    minutes: float
    times: tuple[str, ...]


def around(
    code: str, places: pd.DataFrame, moment: datetime, door: Doorstep | None = None
) -> list[Near]:
    """Return the places of help within 45 minutes of a commune, the nearest first.

    When there is none, the nearest within 90 minutes.

    Parameters
    ----------
    code
        Commune or arrondissement, one of the demand points.
    places
        Places in the contract of :data:`geodata.schema.PLACE`.
    moment
        When "open now" is asked, with its time zone.
    door
        The exact point to leave from; the commune's town hall when there is none.
    """
    door = door or centre(code)
    offers = places[places["layer"].isin(OFFER_LAYERS)].reset_index(drop=True)
    if offers.empty:
        return []
    network = national_network()
    minutes = minutes_from(network, door, offers, REACH_MIN)
    if not np.isfinite(minutes).any():
        minutes = minutes_from(network, door, offers, WIDER_MIN)
    reached = offers.assign(minutes=minutes, metres=_metres(door, offers))[np.isfinite(minutes)]
    return _without_twins([_near(row, moment) for row in _ordered(reached).itertuples(index=False)])


def centre(code: str) -> Doorstep:
    """Return the point of a commune, which is its town hall or its main square."""
    point = tables.demand_points().loc[code]
    return Doorstep(code, float(point["lon"]), float(point["lat"]))


def _metres(door: Doorstep, places: pd.DataFrame) -> np.ndarray:
    """Return the distance to each place as the crow flies, shape (n_place,)."""
    here = on_sphere(np.array([door.lon]), np.array([door.lat]))
    there = on_sphere(places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float))
    return 1000.0 * arc_km(here, there).reshape(-1)


def _ordered(reached: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest places; within a minute, those open to all, then those one can call."""
    keys = pd.DataFrame(
        {
            "minute": reached["minutes"].round(),
            "own": reached["name"].astype(str).str.contains(OF_RESIDENTS),
            "mute": reached["phone"].isna(),
            "minutes": reached["minutes"],
            "name": reached["name"],
            "id": reached["id"],
        }
    )
    return reached.loc[keys.sort_values(list(keys), kind="stable").index].head(MOST)


def _near(row: Any, moment: datetime) -> Near:
    text = {name: _text(getattr(row, name)) for name in _TEXTS}
    code = str(row.commune_code)
    known_hours = text["hours"] or None
    return Near(
        title=text["name"],
        what=_what(str(row.kind), str(row.layer), bool(row.inferred_kind)),
        town=_town(code),
        minutes=float(row.minutes),
        metres=float(row.metres),
        lat=float(row.lat),
        lon=float(row.lon),
        address=text["address"],
        phone=text["phone"],
        website=text["website"],
        hours=known_hours,
        opening=hours.at(known_hours, code, moment),
        record=text["record_date"],
        mobile=bool(row.mobile),
        access=text["access"],
        services=text["services"],
        kind=str(row.kind),
        commune_code=code,
    )


_TEXTS: Final = (
    "name",
    "address",
    "phone",
    "website",
    "hours",
    "record_date",
    "access",
    "services",
)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _town(code: str) -> str:
    names = tables.communes()["name"]
    return str(names[code]) if code in names.index else ""


def _what(kind: str, layer: str, inferred: bool) -> str:
    """Return what the place is: a counsellor only where its producer says so."""
    if layer == "permanences" or (kind == "permanence" and not inferred):
        return "Permanence d'un conseiller numérique"
    if kind == "france_services":
        return "Espace France Services : lieu d'accompagnement"
    if kind in ("mediation_place", "permanence", "other"):
        return "Lieu d'accompagnement au numérique"
    return f"{wording.capital(wording.kind_text(kind))} : lieu d'accompagnement au numérique"


def _without_twins(places: list[Near]) -> list[Near]:
    """Keep one of the records that two layers hold of one place: same name, same commune."""
    kept: dict[tuple[str, str], Near] = {}
    for place in places:
        kept.setdefault((place.title.casefold(), place.commune_code), place)
    return list(kept.values())


def town_hall(code: str) -> pd.Series | None:
    """Return the town hall of a commune or of its city, ``None`` where it is not known."""
    halls = tables.town_halls()
    parent = tables.communes()["parent"].get(code)
    for one in (code, parent):
        found = halls[halls["commune_code"] == one]
        if len(found):
            return found.iloc[0]
    return None


def proposed_stop(code: str, plan: Deployment | None) -> ProposedStop | None:
    """Return the nearest stop of the tours that a plan proposes, within 45 minutes."""
    if plan is None:
        return None
    rows, times = [], []
    for tours in plan.touring.plans.values():
        for visits in tours.stops.values():
            stop = tours.problem.stops[visits[0][1].stop]
            rows.append((stop.commune_code, stop.lon, stop.lat, stop.name))
            times.append(tuple(_visit_text(*one) for one in visits))
    if not rows:
        return None
    stops = pd.DataFrame(rows, columns=["commune_code", "lon", "lat", "name"])
    minutes = minutes_from(national_network(), centre(code), stops, REACH_MIN)
    best = int(np.argmin(minutes))
    if not np.isfinite(minutes[best]):
        return None
    return ProposedStop(str(stops.at[best, "name"]), float(minutes[best]), times[best])


def _visit_text(route: DayRoute, visit: Visit) -> str:
    day = wording.DAYS[route.weekday]
    begin = wording.clock(visit.arrive_min)
    end = wording.clock(visit.depart_min)
    return f"{day}, semaine {route.week + 1}, de {begin} à {end}"
