"""The routes as GeoJSON and GPX, straight from stop to stop.

Coordinates are degrees in EPSG:4326; lines join the stops as the crow flies, and say
so: the roads driven are not drawn.
"""

import math
import xml.etree.ElementTree as ET
from typing import Any, Final

from planning.tours.opening import clock
from planning.tours.plan import DayRoute, TourPlan
from planning.tours.problem import WEEKDAYS_FR

_GPX: Final = "http://www.topografix.com/GPX/1/1"
_DIGITS: Final = 5


def route_title(plan: TourPlan, route: DayRoute) -> str:
    """Return the French title of a route: base, van, week and weekday."""
    base = plan.problem.bases[route.base].name
    return (
        f"{base}, véhicule {route.van + 1} : semaine {route.week + 1}, {WEEKDAYS_FR[route.weekday]}"
    )


def tours_geojson(plan: TourPlan) -> dict[str, Any]:
    """Return routes as lines and stops as points; places without coordinates are left out."""
    features = [_route_feature(plan, route) for route in plan.days]
    for code, visits in plan.stops.items():
        stop = plan.problem.stops[visits[0][1].stop]
        if math.isfinite(stop.lon) and math.isfinite(stop.lat):
            features.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": _lon_lat(stop.lon, stop.lat)},
                    "properties": {
                        "commune_code": code,
                        "name": stop.name,
                        "every_weeks": stop.every_weeks,
                        "persons": round(stop.persons, 1),
                    },
                }
            )
    return {"type": "FeatureCollection", "features": [f for f in features if f is not None]}


def tours_gpx(plan: TourPlan, base_code: str, van: int) -> str:
    """Return the routes of one van as GPX 1.1, one route element a day."""
    root = ET.Element("gpx", version="1.1", creator="digital-inclusion-planner", xmlns=_GPX)
    for route in plan.days:
        if (route.base_code, route.van) != (base_code, van):
            continue
        found = ET.SubElement(root, "rte")
        ET.SubElement(found, "name").text = route_title(plan, route)
        for lon, lat, name in _places(plan, route):
            point = ET.SubElement(found, "rtept", lat=f"{lat:.5f}", lon=f"{lon:.5f}")
            ET.SubElement(point, "name").text = name
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _route_feature(plan: TourPlan, route: DayRoute) -> dict[str, Any] | None:
    places = _places(plan, route)
    if len(places) < 2:
        return None
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [_lon_lat(lon, lat) for lon, lat, _ in places],
        },
        "properties": {
            "title": route_title(plan, route),
            "week": route.week + 1,
            "weekday": route.weekday,
            "base": route.base_code,
            "van": route.van + 1,
            "leave": clock(route.leave_min),
            "return": clock(route.return_min),
            "drive_min": round(route.drive_min, 1),
            "km": round(route.km, 1),
            "drawn": "à vol d'oiseau",
        },
    }


def _places(plan: TourPlan, route: DayRoute) -> list[tuple[float, float, str]]:
    """Return longitude, latitude and label of base, stops and base, where known."""
    problem = plan.problem
    base = problem.bases[route.base]
    ends = (base.lon, base.lat, base.name)
    stops = [
        (
            problem.stops[visit.stop].lon,
            problem.stops[visit.stop].lat,
            f"{problem.stops[visit.stop].name} "
            f"({clock(visit.arrive_min)}–{clock(visit.depart_min)})",
        )
        for visit in route.visits
    ]
    return [
        place
        for place in (ends, *stops, ends)
        if math.isfinite(place[0]) and math.isfinite(place[1])
    ]


def _lon_lat(lon: float, lat: float) -> list[float]:
    return [round(lon, _DIGITS), round(lat, _DIGITS)]
