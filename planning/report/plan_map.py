"""The map of a plan as plain shapes: minutes, cantons, places, tours, sites, towns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from coverage.arrays import FloatArray
from geodata import tables
from geodata.crs import STORED, legal_projection
from planning.deployment import Deployment
from planning.report.drawing import Area, Areas, Disc, Drawing, Lines, Shape, Square, Text

WIDTH: Final = 900.0
"""Width of the drawing, in its units."""

CLASS_BOUNDS_MIN: Final = (10.0, 15.0, 20.0, 30.0)
CLASS_COLOURS: Final = ("#e3ecf7", "#b7cfe8", "#7fa8d4", "#3f74b5", "#12356b")
UNREACHED: Final = "#8a8a8a"
INK: Final = "#161616"
SITE_COLOUR: Final = "#c9191e"
TOUR_COLOURS: Final = ("#b34000", "#00775c", "#7a1fa2", "#a8005b", "#4d5b00", "#5c3d00")
# A length drawn and a length that is not: PDF files are written with no more.
TOUR_DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (), (8, 3), (2, 3), (14, 4), (5, 6), (2, 7),
)  # fmt: skip

HATCH_STEP: Final = 6.0


@dataclass(frozen=True)
class Posted:
    """A place with positions, as the map shows it."""

    lon: float
    lat: float
    positions: int
    title: str


@dataclass(frozen=True)
class _Frame:
    """From degrees to the drawing: legal projection, then units of the drawing."""

    transformer: Transformer
    left: float
    top: float
    scale: float
    height: float

    def xy(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return places of the drawing, shape (n, 2)."""
        x, y = self.transformer.transform(lon, lat)
        return self.projected(np.column_stack((x, y)))

    def projected(self, at: FloatArray) -> FloatArray:
        """Return places of the drawing from metres of the projection, shape (n, 2)."""
        return np.column_stack(
            ((at[:, 0] - self.left) * self.scale, (self.top - at[:, 1]) * self.scale)
        )


def draw(
    deployment: Deployment, minutes: FloatArray | None = None, posted: Sequence[Posted] = ()
) -> Drawing:
    """Draw a plan, or the same territory with other minutes and other positions.

    Parameters
    ----------
    deployment
        The plan.
    minutes
        Minutes to the nearest place, shape (n_point,); those of the plan by default.
    posted
        Places with positions; used with ``minutes``.
    """
    table = deployment.communes()
    if minutes is not None:
        table["minutes_after"] = minutes
    places = plan_sites(deployment) if minutes is None else posted
    outlines, frame = _framed(table)
    shapes = [
        *_communes(table, outlines.geometry, frame),
        _cantons(table, outlines, frame),
        *_existing(deployment, frame),
        *_tours(deployment, frame),
        *_sites(places, frame),
        *_towns(table, frame),
        *_scale_bar(frame),
    ]
    title = f"Carte du plan : {deployment.territory.name}"
    return Drawing(WIDTH, frame.height, title, tuple(shapes))


def plan_sites(deployment: Deployment) -> list[Posted]:
    """Return the sites of a plan as the map shows them."""
    return [
        Posted(s.lon, s.lat, s.positions, f"{s.name}, {s.commune_name} : {s.positions} poste(s)")
        for s in deployment.sites
    ]


def minutes_class(minutes: float) -> int:
    """Return the class of minutes on the map, from 0 to ``len(CLASS_BOUNDS_MIN)``."""
    return int(np.searchsorted(CLASS_BOUNDS_MIN, minutes))


def _framed(table: pd.DataFrame) -> tuple[gpd.GeoDataFrame, _Frame]:
    """Return the outlines of the communes in their legal projection, and the frame."""
    epsg = legal_projection(str(table["department"].iloc[0]))
    parts = [tables.outlines(d) for d in sorted(set(table["department"]))]
    shapes = pd.concat(parts).reindex(table.index)
    outlines = gpd.GeoDataFrame(geometry=shapes["geometry"].to_numpy(), crs=STORED).to_crs(epsg)
    left, bottom, right, top = outlines.total_bounds
    scale = WIDTH / (right - left)
    transformer = Transformer.from_crs(STORED, epsg, always_xy=True)
    return outlines, _Frame(transformer, left, top, scale, (top - bottom) * scale)


def _rings(geometry: shapely.Geometry, frame: _Frame) -> tuple[FloatArray, ...]:
    return tuple(
        frame.projected(shapely.get_coordinates(ring))
        for polygon in shapely.get_parts(geometry)
        for ring in (polygon.exterior, *polygon.interiors)
    )


def _communes(table: pd.DataFrame, geometry: gpd.GeoSeries, frame: _Frame) -> Iterator[Shape]:
    """Draw the communes; those that no road reaches are hatched."""
    # Half a unit of the drawing is less than the eye sees.
    # Four communes of the Cantal have no outline.
    drawable = geometry.notna().to_numpy()
    simple = shapely.coverage_simplify(geometry.to_numpy()[drawable], 0.5 / frame.scale)
    items, cut_off = [], []
    rows = table.loc[drawable, ["name", "minutes_after"]].itertuples(name=None)
    for (code, name, minutes), shape in zip(rows, simple, strict=True):
        reached = np.isfinite(minutes)
        fill = CLASS_COLOURS[minutes_class(minutes)] if reached else "#ffffff"
        text = f"{minutes:.0f} min" if reached else "pas d'accès routier connu"
        items.append(Area(_rings(shape, frame), fill, f"{name} ({code}) : {text}"))
        if not reached:
            cut_off.append(shape)
    yield Areas(tuple(items), "#ffffff", 0.4)
    if cut_off:
        yield _hatching(shapely.union_all(cut_off), frame)


def _hatching(shape: shapely.Geometry, frame: _Frame) -> Lines:
    """Return the slanting lines that fill a shape."""
    step = HATCH_STEP / frame.scale
    left, bottom, right, top = shapely.bounds(shape)
    height = top - bottom
    starts = np.arange(left - height, right, step * np.sqrt(2))
    ends = np.stack(
        [np.column_stack((starts, np.full(len(starts), bottom))),
         np.column_stack((starts + height, np.full(len(starts), top)))], axis=1
    )  # fmt: skip
    inside = shapely.intersection(shapely.linestrings(ends), shape)
    parts = [p for p in shapely.get_parts(inside) if p.geom_type == "LineString"]
    parts += [q for p in shapely.get_parts(inside) for q in getattr(p, "geoms", ())]
    paths = (frame.projected(shapely.get_coordinates(line)) for line in parts if line.length)
    return Lines(tuple(paths), UNREACHED, 1.6)


def _cantons(table: pd.DataFrame, outlines: gpd.GeoDataFrame, frame: _Frame) -> Lines:
    units = table["canton"].fillna(table["department"]).to_numpy()
    borders = outlines.dissolve(units).boundary.simplify(0.5 / frame.scale)
    paths = [
        frame.projected(shapely.get_coordinates(part))
        for line in borders
        for part in shapely.get_parts(shapely.line_merge(line))
    ]
    return Lines(tuple(paths), "#5a5a5a", 0.8)


def _tours(deployment: Deployment, frame: _Frame) -> Iterator[Shape]:
    communes = tables.communes()
    vans: dict[tuple[str, str, int], int] = {}
    for department, plan in deployment.touring.plans.items():
        for route in plan.days:
            van = vans.setdefault((department, route.base_code, route.van), len(vans))
            codes = [route.base_code, *(v.commune_code for v in route.visits), route.base_code]
            at = frame.xy(*communes.loc[codes, ["lon", "lat"]].to_numpy(dtype=float).T)
            yield Lines((at,), tour_colour(van), 1.8, tour_dash(van))


def tour_colour(van: int) -> str:
    """Return the colour of a van's lines."""
    return TOUR_COLOURS[van % len(TOUR_COLOURS)]


def tour_dash(van: int) -> tuple[float, ...]:
    """Return the dashes of a van's lines; with its colour they make 36 pairs."""
    return TOUR_DASHES[(van + van // len(TOUR_COLOURS)) % len(TOUR_DASHES)]


def _existing(deployment: Deployment, frame: _Frame) -> Iterator[Shape]:
    """Draw today's places of help as small squares."""
    places = deployment.situation.places
    ours = places[
        places["existing"] & places["commune_code"].isin(deployment.situation.points.index)
    ]
    at = frame.xy(ours["lon"].to_numpy(dtype=float), ours["lat"].to_numpy(dtype=float))
    for (x, y), name in zip(at, ours["name"], strict=True):
        yield Square(x, y, 3.0, INK, f"{name} (existant)")


def _sites(places: Sequence[Posted], frame: _Frame) -> Iterator[Shape]:
    for place in sorted(places, key=lambda p: -p.positions):
        x, y = frame.xy(np.array([place.lon]), np.array([place.lat]))[0]
        radius = 4.0 + 2.0 * float(np.sqrt(place.positions))
        yield Disc(x, y, radius, SITE_COLOUR, str(place.positions), place.title)


def _towns(table: pd.DataFrame, frame: _Frame) -> Iterator[Shape]:
    """Name the largest towns, leaving out a name that would cover another."""
    taken: list[tuple[float, float, float]] = []
    for _, row in table.nlargest(25, "population").iterrows():
        x, y = frame.xy(np.array([row["lon"]]), np.array([row["lat"]]))[0]
        name = str(row["name"])
        width = 6.2 * len(name)
        x = min(x + 9, WIDTH - width)
        if any(abs(y - b) < 13 and x < a + w and a < x + width for a, b, w in taken):
            continue
        taken.append((x, y, width))
        yield Text(x, y - 7, name, 11)


def _scale_bar(frame: _Frame) -> Iterator[Shape]:
    km = next(k for k in (100, 50, 20, 10, 5, 2, 1) if k * 1000 * frame.scale < WIDTH / 4 or k == 1)
    length = km * 1000 * frame.scale
    y = frame.height - 4
    bar = np.array([[4, y - 5], [4, y], [4 + length, y], [4 + length, y - 5]])
    yield Lines((bar,), INK, 1.5)
    yield Text(8, y - 6, f"{km} km", 11)
