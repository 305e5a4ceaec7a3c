"""The explorer's choices, each a widget; together they make the view."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import streamlit as st

from coverage.indicators import IDS, TITLES
from geodata.errors import DataError
from views.parts import boundary, wording
from views.parts.explorer import breaks, figures, overlays, results, zones
from views.parts.explorer.measures import ACCESS, INDEX, MEASURES, SHARES, TYPES, Measure
from views.parts.explorer.view import MOST_WEIGHT, View
from views.parts.tables import note

PREFIX: Final = "explorer_"
"""Of the keys of the widgets."""

T = TypeVar("T")


def forget() -> None:
    """Forget what the widgets hold, so that they take up another view."""
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]


def held(name: str, options: Sequence[T], value: T) -> str:
    """Give a widget its value where it has none that makes sense; return its key."""
    key = PREFIX + name
    if st.session_state.get(key) not in options:
        st.session_state[key] = value if value in options else options[0]
    return key


def place(view: View) -> View:
    """Ask for the part of the country, the level and the measure."""
    names = zones.zones()
    left, middle, right = st.columns([4, 5, 4])
    zone = left.selectbox(
        "Territoire", list(names), format_func=names.get, key=held("zone", list(names), view.zone)
    )
    measures = measures_of(zone)
    measure = right.selectbox(
        "Ce que montre la carte",
        list(measures),
        format_func=lambda one: measures[one].label,
        key=held("measure", list(measures), view.measure),
    )
    levels = ["cantons"] if measure == TYPES.id else list(zones.levels(zone))
    if zones.kind(zone) != zones.kind(view.zone):  # the level follows the extent
        st.session_state.pop(PREFIX + "level", None)
        view = replace(view, level="")
    level = middle.segmented_control(
        "Maille",
        levels,
        format_func=zones.LEVEL_TITLES.get,
        required=True,
        key=held("level", levels, view.level),
    )
    changed = replace(view, zone=zone, level=level, measure=measure).coherent()
    if changed.measure == view.measure:
        return changed
    st.session_state.pop(PREFIX + "bounds", None)  # bounds of another measure mean nothing here
    return replace(changed, bounds=())


def measures_of(zone: str) -> dict[str, Measure]:
    """Return the measures that this machine knows, and that the zone can show."""
    known = set(figures.known_indicators())
    shares = [one for one in SHARES if one.column in known]
    access = [one for one in ACCESS if figures.access_known(one.column)]
    found = {one.id: one for one in MEASURES.values() if one not in (*SHARES, *ACCESS, TYPES)}
    found |= {one.id: one for one in (*shares, *access)}
    if "cantons" in zones.levels(zone):
        found[TYPES.id] = TYPES
    return found


def unknown_measures() -> list[str]:
    """Return the labels of the measures for which a layer is missing."""
    known = set(figures.known_indicators())
    shares = [one.label for one in SHARES if one.column not in known]
    return shares + [one.label for one in ACCESS if not figures.access_known(one.column)]


def classes(view: View) -> View:
    """Ask how classes are cut; own bounds that make no sense keep the last good ones."""
    if view.measure == TYPES.id:
        return view
    left, right = st.columns([3, 4])
    methods = list(breaks.METHODS)
    method = left.segmented_control(
        "Classes",
        methods,
        format_func=breaks.METHODS.get,
        required=True,
        wrap=True,
        key=held("method", methods, view.method),
    )
    if method != "libres":
        numbers = list(range(breaks.FEWEST, breaks.MOST + 1))
        number = right.select_slider(
            "Nombre de classes", numbers, key=held("number", numbers, view.number)
        )
        st.session_state.pop(PREFIX + "bounds", None)
        return replace(view, method=method, number=number, bounds=())
    key = PREFIX + "bounds"
    if not view.bounds:
        view = replace(view, bounds=_suggested(view))
    st.session_state.setdefault(key, breaks.bounds_text(view.bounds))
    unit = MEASURES[view.measure].unit
    text = right.text_input(
        f"Bornes croissantes{f' ({unit})' if unit else ''}, séparées par « ; »",
        key=key,
        placeholder="10 ; 15 ; 20,5",
    )
    try:
        bounds = breaks.typed_bounds(text)
    except DataError as error:
        with right:
            boundary.show(error)
        bounds = view.bounds
    return replace(view, method=method, bounds=bounds)


def _suggested(view: View) -> tuple[float, ...]:
    """Return the bounds that the classes had, to start from."""
    measure = MEASURES[view.measure]
    values = measure.factor * figures.of_view(view)[measure.column].to_numpy(dtype=float)
    return breaks.class_bounds(values, view.method, view.number, measure.digits)


def weights(view: View) -> View:
    """Ask for the weights of the index; all of them at zero keep the last good ones."""
    if view.measure != INDEX.id:
        return view
    known = figures.known_indicators()
    given = view.weights or (1.0,) * len(IDS)
    with st.expander("Poids des indicateurs de l'indice", icon=":material/balance:"):
        columns = st.columns(3)
        chosen = list(given)
        for rank, name in enumerate(IDS):
            if name not in known:
                continue
            key = f"{PREFIX}weight_{name}"
            st.session_state.setdefault(key, given[rank])
            chosen[rank] = columns[known.index(name) % 3].number_input(
                TITLES[name], 0.0, MOST_WEIGHT, step=0.5, format="%.1f", key=key
            )
        left_out = [TITLES[name] for name in IDS if name not in known]
        if left_out:
            note(f"Laissés de côté, faute de données : {wording.joined(left_out)}.")
    if not any(chosen[IDS.index(name)] > 0 for name in known):
        with st.container():
            boundary.show(
                DataError(
                    "Tous les poids sont nuls",
                    where="indice de fragilité",
                    remedy="Donnez un poids supérieur à 0 à au moins un indicateur.",
                )
            )
        return view
    equal = all(weight == 1.0 for weight in chosen)
    return replace(view, weights=() if equal else tuple(chosen))


def over(view: View) -> View:
    """Ask what lies over the map."""
    found = overlays.offered(view.zone, view.level)
    options = list(found.options)
    key = PREFIX + "overlays"
    kept = st.session_state.get(key, list(view.layers))
    st.session_state[key] = [name for name in kept if name in options]
    shown = st.pills(
        "Sur la carte", options, selection_mode="multi", format_func=found.options.get, key=key
    )
    for text in found.notes:
        note(text)
    missing(found.absent)
    return replace(view, layers=tuple(name for name in overlays.OVERLAYS if name in shown))


def result(view: View) -> tuple[View, results.Drawn]:
    """Ask for a result of the zone; return it drawn."""
    word, source = results.choose(view.zone, view.result, PREFIX + "result")
    return replace(view, result=word), results.drawn(source)


def missing(absent: Sequence[str]) -> None:
    """Name the layers and measures that this machine lacks, and where to load them."""
    texts = []
    if absent:
        texts.append(f"Couches absentes : {wording.joined(absent)}.")
    if unknown := unknown_measures():
        texts.append(f"Mesures à compléter : {wording.joined(unknown)}.")
    if not texts:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        note(" ".join(texts))
        st.page_link("planner/data.py", label="Charger les couches", icon=":material/database:")


def unit(view: View) -> View:
    """Ask for a unit, and for what it is compared with; the map's clicks answer too."""
    names = zones.names(view.level)
    options = ["", *sorted(zones.units(view.zone, view.level), key=lambda code: str(names[code]))]
    one = zones.ONE_OF[view.level]
    shown = unit_names(view.level)
    code = st.selectbox(
        f"{wording.capital(one)} à détailler (ou cliquez sur la carte)",
        options,
        format_func=lambda one: shown[one] if one else "Aucun choix",
        key=held("unit", options, view.unit),
    )
    view = replace(view, unit=code, other=view.other if code == view.unit else "")
    if not code:
        return view
    others = {"": "Aucun", **_comparable(view, code)}
    other = st.selectbox(
        "Comparer avec",
        list(others),
        format_func=others.get,
        key=held(f"other_{code}", list(others), view.other),
    )
    return replace(view, other=other)


def _comparable(view: View, code: str) -> dict[str, str]:
    """Return what a unit can be compared with: what holds it, then the others by name."""
    shown = unit_names(view.level)
    rest = sorted((c for c in zones.units(view.zone, view.level) if c != code), key=shown.get)
    return {**zones.around(view.level, code), **{c: shown[c] for c in rest}}


@st.cache_resource(max_entries=4, show_spinner=False)
def unit_names(level: str) -> dict[str, str]:
    """Return code → name of the units of a level; those that share a name are told apart."""
    names = zones.names(level)
    twice = names.duplicated(keep=False)
    return {
        str(code): f"{name} ({code})" if again else str(name)
        for code, name, again in zip(names.index, names, twice, strict=True)
    }


def picker(view: View) -> Callable[[str], None]:
    """Return what a click on the map does: it chooses the unit, in its select box too."""
    allowed = zones.units(view.zone, view.level)

    def pick(code: str) -> None:
        if code in allowed:
            st.session_state[PREFIX + "unit"] = code

    return pick
