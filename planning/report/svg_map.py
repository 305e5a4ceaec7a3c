"""A map of a plan as inline SVG: no library, no network, prints as it looks."""

from dataclasses import dataclass
from html import escape
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geodata import tables
from geodata.crs import STORED, legal_projection
from planning.deployment import Deployment

WIDTH: Final = 900.0
"""Width of the drawing, in SVG units."""

CLASS_BOUNDS_MIN: Final = (10.0, 15.0, 20.0, 30.0)
CLASS_COLOURS: Final = ("#e3ecf7", "#b7cfe8", "#7fa8d4", "#3f74b5", "#12356b")
UNREACHED: Final = "#8a8a8a"
TOUR_COLOURS: Final = ("#b34000", "#00775c", "#7a1fa2", "#a8005b", "#4d5b00", "#5c3d00")
TOUR_DASHES: Final = ("", "7 3", "2 3", "9 3 2 3", "4 4", "12 4")


@dataclass(frozen=True)
class _Frame:
    """From degrees to the drawing: legal projection, then SVG units."""

    transformer: Transformer
    left: float
    top: float
    scale: float
    height: float

    def xy(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Return SVG coordinates, shape (n, 2)."""
        x, y = self.transformer.transform(lon, lat)
        return np.column_stack(((x - self.left) * self.scale, (self.top - y) * self.scale))


def plan_map(deployment: Deployment) -> str:
    """Return the map: minutes after the plan, cantons, sites by positions, tours, towns."""
    table = deployment.communes()
    epsg = legal_projection(str(table["department"].iloc[0]))
    parts = [tables.outlines(d) for d in sorted(set(table["department"]))]
    shapes = pd.concat(parts).reindex(table.index)
    outlines = gpd.GeoDataFrame(geometry=shapes["geometry"].to_numpy(), crs=STORED).to_crs(epsg)
    left, bottom, right, top = outlines.total_bounds
    scale = WIDTH / (right - left)
    frame = _Frame(
        Transformer.from_crs(STORED, epsg, always_xy=True),
        left, top, scale, (top - bottom) * scale,
    )  # fmt: skip
    drawn = [
        f'<svg viewBox="-10 -10 {WIDTH + 20:.0f} {frame.height + 20:.0f}" role="img" '
        f'aria-label="Carte du plan : {escape(deployment.territory.name)}">',
        _hatching(),
        _communes(table, outlines.geometry, frame),
        _cantons(table, outlines, frame),
        _existing(deployment, frame),
        _tours(deployment, frame),
        _sites(deployment, frame),
        _towns(table, frame),
        _scale_bar(frame),
        "</svg>",
    ]
    return "\n".join(drawn)


def minutes_class(minutes: float) -> int:
    """Return the class of minutes on the map, from 0 to ``len(CLASS_BOUNDS_MIN)``."""
    return int(np.searchsorted(CLASS_BOUNDS_MIN, minutes))


def _hatching() -> str:
    return (
        '<defs><pattern id="no-road" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="{UNREACHED}" stroke-width="3"/>'
        "</pattern></defs>"
    )


def _path(geometry: shapely.Geometry, frame: _Frame) -> str:
    rings = []
    for polygon in shapely.get_parts(geometry):
        for ring in (polygon.exterior, *polygon.interiors):
            at = shapely.get_coordinates(ring)
            x, y = (at[:, 0] - frame.left) * frame.scale, (frame.top - at[:, 1]) * frame.scale
            rings.append(
                "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)) + "Z"
            )
    return "".join(rings)


def _communes(table: pd.DataFrame, geometry: gpd.GeoSeries, frame: _Frame) -> str:
    drawn = ['<g stroke="#fff" stroke-width="0.4">']
    # Half a unit of the drawing is less than the eye sees.
    # Four communes of the Cantal have no outline.
    drawable = geometry.notna().to_numpy()
    simple = shapely.coverage_simplify(geometry.to_numpy()[drawable], 0.5 / frame.scale)
    for (code, row), shape in zip(table[drawable].iterrows(), simple, strict=True):
        minutes = float(row["minutes_after"])
        reached = np.isfinite(minutes)
        fill = CLASS_COLOURS[minutes_class(minutes)] if reached else "url(#no-road)"
        text = f"{minutes:.0f} min" if reached else "pas d'accès routier connu"
        drawn.append(
            f'<path fill="{fill}" d="{_path(shape, frame)}">'
            f"<title>{escape(str(row['name']))} ({code}) : {text}</title></path>"
        )
    return "".join([*drawn, "</g>"])


def _cantons(table: pd.DataFrame, outlines: gpd.GeoDataFrame, frame: _Frame) -> str:
    units = table["canton"].fillna(table["department"]).to_numpy()
    borders = outlines.dissolve(units).boundary.simplify(0.5 / frame.scale)
    paths = []
    for line in borders:
        for part in shapely.get_parts(shapely.line_merge(line)):
            at = shapely.get_coordinates(part)
            x, y = (at[:, 0] - frame.left) * frame.scale, (frame.top - at[:, 1]) * frame.scale
            paths.append("M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)))
    return f'<path fill="none" stroke="#5a5a5a" stroke-width="0.8" d="{"".join(paths)}"/>'


def _tours(deployment: Deployment, frame: _Frame) -> str:
    communes = tables.communes()
    drawn = ['<g fill="none" stroke-width="1.8" stroke-opacity="0.85">']
    vans: dict[tuple[str, str, int], int] = {}
    for department, plan in deployment.touring.plans.items():
        for route in plan.days:
            van = vans.setdefault((department, route.base_code, route.van), len(vans))
            codes = [route.base_code, *(v.commune_code for v in route.visits), route.base_code]
            at = frame.xy(*communes.loc[codes, ["lon", "lat"]].to_numpy(dtype=float).T)
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
            colour = TOUR_COLOURS[van % len(TOUR_COLOURS)]
            dash = TOUR_DASHES[van % len(TOUR_DASHES)]
            drawn.append(
                f'<polyline stroke="{colour}" stroke-dasharray="{dash}" points="{points}"/>'
            )
    return "".join([*drawn, "</g>"])


def _existing(deployment: Deployment, frame: _Frame) -> str:
    """Draw today's places of help as small squares."""
    places = deployment.situation.places
    ours = places[
        places["existing"] & places["commune_code"].isin(deployment.situation.points.index)
    ]
    at = frame.xy(ours["lon"].to_numpy(dtype=float), ours["lat"].to_numpy(dtype=float))
    drawn = ['<g fill="#161616" stroke="#fff" stroke-width="0.8">']
    for (x, y), name in zip(at, ours["name"], strict=True):
        drawn.append(
            f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6">'
            f"<title>{escape(str(name))} (existant)</title></rect>"
        )
    return "".join([*drawn, "</g>"])


def _sites(deployment: Deployment, frame: _Frame) -> str:
    drawn = ['<g stroke="#fff" stroke-width="1" font-size="9" text-anchor="middle">']
    for site in sorted(deployment.sites, key=lambda s: -s.positions):
        x, y = frame.xy(np.array([site.lon]), np.array([site.lat]))[0]
        radius = 4.0 + 2.0 * np.sqrt(site.positions)
        title = f"{escape(site.name)}, {escape(site.commune_name)} : {site.positions} poste(s)"
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#c9191e">'
            f"<title>{title}</title></circle>"
            f'<text x="{x:.1f}" y="{y + 3:.1f}" fill="#fff" stroke="none">{site.positions}</text>'
        )
    return "".join([*drawn, "</g>"])


def _towns(table: pd.DataFrame, frame: _Frame) -> str:
    """Name the largest towns, leaving out a name that would cover another."""
    drawn = [
        '<g font-size="11" fill="#161616" stroke="#fff" stroke-width="2.5" '
        'paint-order="stroke" stroke-linejoin="round">'
    ]
    taken: list[tuple[float, float, float]] = []
    for _, row in table.nlargest(25, "population").iterrows():
        x, y = frame.xy(np.array([row["lon"]]), np.array([row["lat"]]))[0]
        name = str(row["name"])
        width = 6.2 * len(name)
        x = min(x + 9, WIDTH - width)
        if any(abs(y - b) < 13 and x < a + w and a < x + width for a, b, w in taken):
            continue
        taken.append((x, y, width))
        drawn.append(f'<text x="{x:.1f}" y="{y - 7:.1f}">{escape(name)}</text>')
    return "".join([*drawn, "</g>"])


def _scale_bar(frame: _Frame) -> str:
    km = next(k for k in (100, 50, 20, 10, 5, 2, 1) if k * 1000 * frame.scale < WIDTH / 4 or k == 1)
    length = km * 1000 * frame.scale
    y = frame.height - 4
    return (
        f'<g stroke="#161616" stroke-width="1.5"><path fill="none" d="M4 {y - 5:.1f}V{y:.1f}'
        f'H{4 + length:.1f}V{y - 5:.1f}"/></g>'
        f'<text x="8" y="{y - 6:.1f}" font-size="11" fill="#161616">{km} km</text>'
    )
