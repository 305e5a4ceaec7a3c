"""The map of access: minutes, hours shared, or cantons without a site; reruns alone."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.territory_access import TerritoryAccess
from geodata import tables
from views.parts import boundary, legend, map_frame, state, territory_view, wording
from views.parts import map as maps
from views.parts.access import view as access_view
from views.parts.access.data import KINDS, of_territory
from views.parts.access.view import Choices

FILLS: Final = {
    "minutes": "Temps de trajet",
    "accueil": "Temps d'accueil",
    "cantons": "Cantons sans site",
}
BOUNDS_MIN: Final = (5.0, 10.0, 15.0, 20.0, 30.0)


@st.fragment
@boundary.guarded
def show(department: str, choices: Choices) -> None:
    """Show the access of a département to a kind of site, by commune."""
    found = of_territory(department, choices.kind, choices.decay)
    title = KINDS[choices.kind].title
    above, drawing, below = st.container(), st.container(), st.container()
    with above:
        fill = _fill()
    outlines = territory_view.outline(department)
    if fill == "accueil":
        layer, scale, missing = _weekly(found, outlines, title)
    elif fill == "cantons":
        layer, scale, missing = _cantons(found, outlines, title)
    else:
        layer, scale, missing = _minutes(found, outlines, title)
    cantons = territory_view.canton_lines(department)
    layers = [layer, *([cantons] if cantons else []), _sites(found, choices.kind)]
    layers.append(territory_view.town_labels(department))
    name = found.territory.name
    spec = maps.specification(
        department, f"Carte : {FILLS[fill].lower()}, {name}. Les tableaux disent la même chose.",
        layers,
    )  # fmt: skip
    with drawing:
        map_frame.show(spec, key="access_map", height=500)
    with below:
        marks = legend.marks_html([KINDS[choices.kind].mark])
        st.html(f"<div class='legendes'>{legend.scale_html(scale, missing=missing)}{marks}</div>")


def _fill() -> str:
    default = state.chosen(st.query_params, "carte", FILLS, "minutes")
    fill = st.segmented_control(
        "Couleur des communes",
        list(FILLS),
        default=default,
        format_func=FILLS.get,
        required=True,
        key="access_fill",
    )
    state.keep(st.query_params, "carte", fill, "minutes")
    return fill


def _minutes(
    found: TerritoryAccess, outlines: str, title: str
) -> tuple[maps.Layer, legend.Scale, str]:
    scale = legend.fixed_scale(
        f"Minutes jusqu'au site le plus proche : {title}", BOUNDS_MIN, "min",
        "En voiture, modélisées.",
        hatch_last=True,
    )  # fmt: skip
    road = found.access.road[found.rows]
    values = pd.Series(found.minutes, found.points.index).replace(np.inf, 99.0).where(road)
    nearest = found.access.nearest_id.iloc[found.rows].map(found.access.sites.frame["name"])
    parts = pd.DataFrame(
        {
            "minutes": [access_view.minutes_text(one) for one in found.minutes],
            "site": nearest.fillna("aucun site à cette distance"),
            "people": [wording.number(one) for one in found.weights],
        },
        index=found.points.index,
    )
    sentence = f"{{0}} en voiture : {{1}} · {{2}} {access_view.people_text(found)}"
    missing = "" if road.all() else access_view.NO_ROAD
    return (
        maps.areas(outlines, values, scale, (sentence, parts), access_view.NO_ROAD),
        scale,
        missing,
    )


def _weekly(
    found: TerritoryAccess, outlines: str, title: str
) -> tuple[maps.Layer, legend.Scale, str]:
    values = pd.Series(found.weekly_min, found.points.index)
    scale = legend.quantile_scale(
        f"Minutes d'accueil par semaine et par personne : {title}",
        values.to_numpy(),
        "min",
        "Estimation : les heures d'ouverture de chaque site sont partagées entre les personnes "
        f"qui peuvent y venir en {found.decay.limit_min:g} min, les plus proches comptant plus.",
    )
    parts = pd.DataFrame(
        {
            "weekly": [wording.number(one, 2) for one in values],
            "people": [wording.number(one) for one in found.weights],
        },
        index=values.index,
    )
    sentence = f"{{0}} min d'accueil par semaine · {{1}} {access_view.people_text(found)}"
    unknown = "horaires des sites non connus"
    missing = unknown if values.isna().any() else ""
    return maps.areas(outlines, values, scale, (sentence, parts), unknown), scale, missing


def _cantons(
    found: TerritoryAccess, outlines: str, title: str
) -> tuple[maps.Layer, legend.Scale, str]:
    cantons = found.cantons()
    canton = found.points["canton"]
    values = canton.map(cantons["sites"]).astype(float)
    scale = legend.Scale(
        f"Sites par canton : {title}",
        (1.0, 2.0),
        ("#a84a14", "#fcd9a6", "#fff3df"),
        ("aucun", "un", "deux ou plus"),
        "Cantons au sens de l'Insee (canton ou ville).",
        hatched=frozenset({0}),
    )
    names = canton.map(tables.cantons()["name"]).fillna("sans canton")
    count = ["" if np.isnan(one) else wording.count(int(one), "site") for one in values]
    parts = pd.DataFrame({"canton": names, "count": count}, index=canton.index)
    unknown = "commune sans canton"
    missing = unknown if values.isna().any() else ""
    return maps.areas(outlines, values, scale, ("Canton {0} : {1}", parts), unknown), scale, missing


def _sites(found: TerritoryAccess, kind: str) -> maps.Layer:
    frame = found.access.sites.frame
    ours = frame[frame["commune_code"].isin(found.points.index)]
    rows = [
        (
            row.lat,
            row.lon,
            "",
            row.name,
            f"{wording.number(row.supply_h, 1)} h d'ouverture par semaine"
            if row.hours_known
            else "horaires non connus",
        )
        for row in ours.itertuples(index=False)
    ]
    return maps.points(rows, KINDS[kind].mark)
