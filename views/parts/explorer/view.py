"""What the explorer shows, as one value: read from a link, written back to it.

A link may come from anywhere: what makes no sense is left out, and told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from coverage.atlas import COUNTRY
from coverage.index import checked_weights
from coverage.indicators import IDS
from geodata.errors import DataError
from views.parts.explorer import breaks, results, zones
from views.parts.explorer.measures import MEASURES, TYPES
from views.parts.explorer.overlays import OVERLAYS

PARAMETERS: Final = (
    "zone",
    "maille",
    "mesure",
    "classes",
    "nombre",
    "bornes",
    "couches",
    "resultats",
    "unite",
    "avec",
    "poids",
)
DEPARTMENT_LINK: Final = "dep"
"""How the other pages' links name a département; understood here too."""

_LONGEST: Final = 300
MOST_WEIGHT: Final = 10.0


@dataclass(frozen=True)
class View:
    """A view of the explorer.

    Parameters
    ----------
    zone
        Part of the country: a key of :func:`views.parts.explorer.zones.zones`.
    level, measure, method
        Words of the link.
    number
        Classes wanted.
    bounds
        Own bounds, with the method ``"libres"``.
    layers
        Overlays shown.
    result
        Word of what was computed and is shown, see :mod:`views.parts.explorer.results`.
    unit, other
        The unit chosen and the territory that it is compared with; empty for none.
    weights
        Weight of each indicator of the index, in their order; empty for equal weights.
    """

    zone: str = COUNTRY
    level: str = "departements"
    measure: str = "taux"
    method: str = "quantiles"
    number: int = breaks.USUAL
    bounds: tuple[float, ...] = ()
    layers: tuple[str, ...] = ()
    result: str = ""
    unit: str = ""
    other: str = ""
    weights: tuple[float, ...] = ()

    @property
    def zone_name(self) -> str:
        """Name of the part of the country."""
        return zones.zones()[self.zone]

    @property
    def department(self) -> str:
        """Code of the département shown, empty when it is a larger zone."""
        return self.zone if zones.kind(self.zone) == "department" else ""

    def coherent(self) -> "View":
        """Return the nearest view that makes sense: level of the zone, units that exist."""
        offered = zones.levels(self.zone)
        level = self.level if self.level in offered else offered[0]
        if self.measure == TYPES.id and "cantons" in offered:
            level = "cantons"
        measure = self.measure
        if measure == TYPES.id and level != "cantons":
            measure = "taux"
        unit = self.unit if self.unit in zones.units(self.zone, level) else ""
        other = ""
        if unit and self.other != unit and self.other in comparable(self.zone, level, unit):
            other = self.other
        return replace(self, level=level, measure=measure, unit=unit, other=other)


def comparable(zone: str, level: str, unit: str) -> dict[str, str]:
    """Return what a unit can be compared with: what holds it, then its neighbours of the zone."""
    names = zones.names(level)
    rest = {code: str(names[code]) for code in zones.units(zone, level) if code != unit}
    return {**zones.around(level, unit), **rest}


def read(parameters: Mapping[str, str], start: View) -> tuple[View, tuple[str, ...]]:
    """Return the view of a link, and the names of the parameters left out.

    Parameters
    ----------
    parameters
        Query parameters, of unknown origin.
    start
        What the link does not say.
    """
    given = {name: str(parameters[name]) for name in PARAMETERS if name in parameters}
    ignored = [name for name, text in given.items() if len(text) > _LONGEST]
    view = start
    if "zone" not in given and DEPARTMENT_LINK in parameters:
        given = {"zone": str(parameters[DEPARTMENT_LINK]), **given}
    for name, text in given.items():
        if name in ignored:
            continue
        changed = _READERS[name](view, text)
        if changed is None:
            ignored.append(name)
        else:
            view = changed
    settled = view.coherent()
    if view.unit and not settled.unit:
        ignored.append("unite")
    elif view.other and not settled.other:
        ignored.append("avec")
    return settled, tuple(ignored)


def write(view: View) -> dict[str, str]:
    """Return the parameters of a view's link; what is by default is left out."""
    usual = View()
    parameters = {}
    if view.zone != usual.zone:
        parameters["zone"] = view.zone
    if view.level != zones.levels(view.zone)[0]:
        parameters["maille"] = view.level
    rest = (
        ("mesure", view.measure, usual.measure),
        ("classes", view.method, usual.method),
        ("nombre", str(view.number), str(usual.number)),
        ("bornes", ";".join(f"{bound:.10g}" for bound in view.bounds), ""),
        ("couches", ",".join(view.layers), ""),
        ("resultats", view.result, ""),
        ("unite", view.unit, ""),
        ("avec", view.other, ""),
        ("poids", ",".join(f"{weight:g}" for weight in view.weights), ""),
    )
    return parameters | {name: value for name, value, by_default in rest if value != by_default}


def _one_of(field: str, choices: Callable[[], object]) -> "Callable[[View, str], View | None]":
    def reader(view: View, text: str) -> View | None:
        return replace(view, **{field: text}) if text in choices() else None  # type: ignore[operator]

    return reader


def _number(view: View, text: str) -> View | None:
    known = text in map(str, range(breaks.FEWEST, breaks.MOST + 1))
    return replace(view, number=int(text)) if known else None


def _bounds(view: View, text: str) -> View | None:
    try:
        return replace(view, bounds=breaks.typed_bounds(text))
    except DataError:
        return None


def _layers(view: View, text: str) -> View | None:
    asked = text.split(",")
    found = tuple(name for name in OVERLAYS if name in asked)
    return replace(view, layers=found) if len(found) == len(set(asked)) else None


def _result(view: View, text: str) -> View | None:
    return replace(view, result=text) if results.WORD.fullmatch(text) else None


def _weights(view: View, text: str) -> View | None:
    words = text.split(",")
    try:
        weights = tuple(float(word) for word in words)
        checked_weights(dict(zip(IDS, weights, strict=True)))
    except (ValueError, DataError):
        return None
    return replace(view, weights=weights) if max(weights) <= MOST_WEIGHT else None


def _code(field: str) -> "Callable[[View, str], View | None]":
    def reader(view: View, text: str) -> View | None:
        return replace(view, **{field: text}) if text.replace("-", "").isalnum() else None

    return reader


_READERS: Final[Mapping[str, Callable[[View, str], View | None]]] = {
    "zone": _one_of("zone", zones.zones),
    "maille": _one_of("level", lambda: zones.LEVELS),
    "mesure": _one_of("measure", lambda: MEASURES),
    "classes": _one_of("method", lambda: breaks.METHODS),
    "nombre": _number,
    "bornes": _bounds,
    "couches": _layers,
    "resultats": _result,
    "unite": _code("unit"),
    "avec": _code("other"),
    "poids": _weights,
}
