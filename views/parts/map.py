"""The map: a constant base and layers described by plain values.

These functions are pure: they return the dictionaries that ``static/map.js`` draws, and are
tested as such; :mod:`views.parts.map_frame` puts them on the page.

A specification is ``{key, view, title, bounds, step, layers, selected}``.  ``view`` names the
framing: the map is framed again only when it changes; maps of one page with the same ``step``
move together; nothing is drawn again when only ``selected`` (codes of the units outlined) does.
Layers are drawn in their order; ``legend`` is what an image of the map says of one:

``areas``   outlines at ``url`` filled by ``values``: ``{code: [class, part…]}``; the parts
            fill the places {0}, {1}… of ``template``, whose lines are shown as such; ``only``
            leaves out the outlines that are neither in it nor in ``values``; ``pick`` makes a
            click choose one
``lines``   outlines at ``url`` without filling; ``only`` as above
``points``  rows ``[lat, lon, text in the mark, title, line…]`` of one mark
``dots``    thousands of points of one mark, on one canvas: rows ``[lat, lon, title, line…]`` in
            the file at ``url``; ``text`` ends each sheet
``routes``  rows ``{path: [[lat, lon]…], color, dash, lines}``
``labels``  rows ``[lat, lon, name, rank]``, the most important first
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd

from views.parts import assets
from views.parts import points as points_file
from views.parts.legend import NO_VALUE, Mark, Scale

Layer = dict[str, Any]

# A tour is told apart by its colour and by its dashes.
TOUR_COLOURS: Final = ("#8f1d6c", "#00654f", "#b34000", "#3a3a9a", "#6a4a00", "#a1001f")
TOUR_DASHES: Final = ("", "10 6", "2 6", "14 5 2 5", "6 4")


def areas(
    outline: str, values: pd.Series, scale: Scale, texts: tuple[str, pd.DataFrame], unknown: str
) -> Layer:
    """Return outlines filled by class.

    Parameters
    ----------
    outline
        Logical name of the outlines: ``"communes-03"``.
    values
        Number of each unit, indexed by code.
    scale
        Classes and their colours.
    texts
        A sentence with the places {0}, {1}… and what stands there, one row a unit.
    unknown
        Text of a unit without a value.
    """
    template, parts = texts
    classes = scale.classes(values.to_numpy(dtype=float))
    rows = zip(values.index, classes, parts.itertuples(index=False, name=None), strict=True)
    known = {str(code): [int(rank), *part] for code, rank, part in rows if rank >= 0}
    return {
        "type": "areas",
        "url": outline_address(outline),
        "values": known,
        "template": template,
        "styles": scale.styles(),
        "missing": dict(NO_VALUE),
        "unknown": unknown,
        "legend": {
            "title": scale.title,
            "texts": list(scale.texts),
            "missing": unknown if values.isna().any() else "",
            "note": scale.note,
        },
    }


def outline_address(outline: str) -> str:
    """Return where the browser finds outlines, by their logical name."""
    return assets.outlines()[outline]


def choosable(layer: Layer, shown: Iterable[str] | None = None) -> Layer:
    """Return areas of which a click chooses one; ``shown`` are the only ones drawn."""
    chosen = {**layer, "pick": True}
    if shown is not None:
        chosen["only"] = sorted(set(map(str, shown)) - set(layer["values"]))
    return chosen


def lines(
    outline: str,
    *,
    colour: str = "#3a3a3a",
    weight: float = 1.3,
    dash: str = "",
    label: str = "",
) -> Layer:
    """Return outlines without filling, such as cantons over communes; ``label`` names them."""
    url = outline_address(outline)
    drawn = {"type": "lines", "url": url, "color": colour, "weight": weight, "dash": dash}
    return {**drawn, "legend": label}


def points(rows: Iterable[Sequence[Any]], mark: Mark) -> Layer:
    """Return points of one mark; rows are ``(lat, lon, text in the mark, title, line…)``."""
    kept = [[_degrees(lat), _degrees(lon), *rest] for lat, lon, *rest in rows]
    return {
        "type": "points",
        "shape": mark.shape,
        "color": mark.colour,
        "size": mark.size,
        "legend": mark.label,
        "rows": kept,
    }


def dots(rows: Iterable[Sequence[Any]], mark: Mark) -> Layer:
    """Return thousands of points of one mark; rows are ``(lat, lon, title, line…)``."""
    return {
        "type": "dots",
        "url": points_file.publish(rows),
        "shape": mark.shape,
        "color": mark.colour,
        "size": mark.size,
        "text": mark.label,
        "legend": mark.label,
    }


def routes(rows: Iterable[tuple[Sequence[tuple[float, float]], int, Sequence[str]]]) -> Layer:
    """Return tours as lines; rows are ``(path of (lat, lon), rank of the tour, lines)``."""
    drawn = [route(path, tour_colour(rank), tour_dash(rank), text) for path, rank, text in rows]
    return {"type": "routes", "rows": drawn}


def route(
    path: Sequence[tuple[float, float]], colour: str, dash: str, text: Sequence[str]
) -> dict[str, Any]:
    """Return a row of a layer of routes: a path of (lat, lon), its look, its lines of text."""
    return {
        "path": [[_degrees(lat), _degrees(lon)] for lat, lon in path],
        "color": colour,
        "dash": dash,
        "lines": list(text),
    }


def tour_colour(rank: int) -> str:
    """Return the colour of the tour of this rank."""
    return TOUR_COLOURS[rank % len(TOUR_COLOURS)]


def tour_dash(rank: int) -> str:
    """Return the dashes of the tour of this rank; with its colour they make 30 pairs."""
    return TOUR_DASHES[(rank + rank // len(TOUR_COLOURS)) % len(TOUR_DASHES)]


def labels(towns: pd.DataFrame, limit: int = 60) -> Layer:
    """Return the names of the most populated towns (columns name, lat, lon, population)."""
    first = towns.sort_values("population", ascending=False, kind="stable").head(limit)
    ranks = pd.cut(first["population"], [-1, 2_000, 8_000, 30_000, float("inf")], labels=False)
    rows = [
        [_degrees(lat), _degrees(lon), name, 3 - int(rank)]
        for lat, lon, name, rank in zip(
            first["lat"], first["lon"], first["name"], ranks, strict=True
        )
    ]
    return {"type": "labels", "rows": rows}


def specification(
    view: str,
    title: str,
    layers: Sequence[Layer],
    bounds: Sequence[tuple[float, float]] | None = None,
    step: str = "",
    selected: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what the map shows.

    Parameters
    ----------
    view
        Name of the framing, such as ``"03"``.
    title
        What the map is called for those who do not see it.
    layers
        Layers in drawing order.
    bounds
        Points (lat, lon) to frame; without them, the first area layer is framed.
    step
        Name that the maps which move together share; empty for a map alone.
    selected
        Codes of the areas outlined: the one chosen, then the one that it is compared with.
    """
    spec: dict[str, Any] = {"view": view, "title": title, "step": step, "layers": list(layers)}
    if bounds:
        spec["bounds"] = [[_degrees(lat), _degrees(lon)] for lat, lon in bounds]
    content = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(content.encode()).hexdigest()[:12]
    return {"key": key, **spec, "selected": [code for code in selected if code]}


def _degrees(value: float) -> float:
    """Round to about 10 m: enough for a map, and lighter."""
    return round(float(value), 4)
