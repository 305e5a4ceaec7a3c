"""A département as map layers and figures: need, cantons, places, names of towns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.atlas import FEW_PEOPLE
from geodata import tables
from planning.need_words import need_sentence
from planning.situation import OFFER_LAYERS
from views.parts import assets, cached, legend, wording
from views.parts import map as maps
from views.parts.tables import Fact


@dataclass(frozen=True)
class PlaceLayer:
    """A layer of places offered on the map: layer of the catalogue, button, mark."""

    layer: str
    label: str
    mark: legend.Mark


PLACE_LAYERS: Final[Mapping[str, PlaceLayer]] = {
    "france-services": PlaceLayer(
        "france_services", "France Services", legend.Mark("France Services", "square", "#000091", 6)
    ),
    "permanences": PlaceLayer(
        "permanences",
        "Permanences",
        legend.Mark("permanence de conseiller numérique", "star", "#5b2a86", 6),
    ),
    "mediation": PlaceLayer(
        "mediation_places",
        "Lieux de médiation",
        legend.Mark("lieu de médiation numérique", "diamond", "#00654f", 5.5),
    ),
    "poste": PlaceLayer(
        "postal_points",
        "La Poste",
        legend.Mark("point de contact La Poste", "triangle", "#7a5c00", 5),
    ),
    "bibliotheques": PlaceLayer(
        "libraries", "Bibliothèques", legend.Mark("bibliothèque publique", "cross", "#6e3b1f", 5)
    ),
}


def outline(department: str) -> str:
    """Return the logical name of the outlines of a département's communes."""
    return f"communes-{department}"


def canton_lines(department: str) -> maps.Layer | None:
    """Return the borders of the cantons, or ``None`` where there are none."""
    name = f"cantons-{department}"
    return maps.lines(name, label="limites des cantons") if name in assets.outlines() else None


def need_note(department: str) -> str:
    """Return how the need was estimated, in a sentence."""
    return need_sentence(int(cached.departments().at[department, "tier"]), [department])


def need_layer(department: str) -> tuple[maps.Layer, legend.Scale]:
    """Return the estimated rate of illectronism by commune, in classes of equal numbers."""
    points = cached.communes()
    ours = points[points["department"] == department]
    percent = 100 * ours["rate"]
    scale = legend.quantile_scale(
        "Part estimée des 15 ans ou plus en illectronisme",
        percent.to_numpy(),
        "%",
        need_note(department),
    )
    parts = pd.DataFrame({"rate": [wording.share(rate, 1) for rate in ours["rate"]]})
    few = ours["population"] < FEW_PEOPLE
    parts["persons"] = [
        wording.about(count) if small else wording.number(count)
        for count, small in zip(ours["persons"], few, strict=True)
    ]
    for name in ("low", "high"):
        parts[name] = [wording.number(count) for count in ours[name]]
    sentence = "{0} des 15 ans ou plus, soit {1} personnes (entre {2} et {3})"
    unknown = unknown_need(department)
    return maps.areas(outline(department), percent, scale, (sentence, parts), unknown), scale


def plain_layer(department: str) -> maps.Layer:
    """Return the communes of a département, all alike."""
    points = cached.communes()
    ours = points[points["department"] == department]
    scale = legend.Scale("", (), ("#f4f5fb",), ("",))
    values = pd.Series(0.0, index=ours.index)
    parts = ours["population"].map(wording.number).to_frame()
    return maps.areas(outline(department), values, scale, ("{0} habitants", parts), "")


def need_legend(department: str, scale: legend.Scale) -> str:
    """Return the legend of the need; the class without value only where there is one."""
    points = cached.communes()
    unknown = points.loc[points["department"] == department, "rate"].isna().any()
    return legend.scale_html(scale, missing=unknown_need(department) if unknown else "")


def unknown_need(department: str) -> str:
    """Return why a commune has no rate."""
    if department == "976":
        return "âges non publiés à Mayotte : taux non estimé"
    return "aucun habitant"


def town_labels(department: str) -> maps.Layer:
    """Return the names of the towns of a département."""
    towns = tables.communes()
    ours = towns[(towns["department"] == department) & (towns["kind"] == "commune")]
    return maps.labels(ours[["name", "lat", "lon", "population"]])


def place_layer(department: str, choice: str) -> maps.Layer:
    """Return the places of one layer."""
    wanted = PLACE_LAYERS[choice]
    frame = cached.places_of(department)
    ours = frame[frame["layer"] == wanted.layer]
    rows = [
        (
            row.lat,
            row.lon,
            "",
            row.name,
            wording.kind_text(row.kind) + (" (type déduit du nom)" if row.inferred_kind else ""),
            row.address if isinstance(row.address, str) else "",
            "placé au point de la commune" if row.point_source == "commune" else "",
            f"fiche du {wording.day_text(row.record_date)}"
            if isinstance(row.record_date, str)
            else "",
        )
        for row in ours.itertuples(index=False)
    ]
    return maps.points(rows, wanted.mark)


GRANTED_MARK: Final = legend.Mark(
    "postes accordés, au siège de l'employeur", "square", "#3a3a3a", 8
)


def granted(department: str) -> pd.DataFrame:
    """Return the positions granted in a département, by commune of the employer's seat.

    Columns code, positions and hosts; no row where the layer is missing.
    """
    frame = cached.granted_positions()
    ours = frame[frame["department"] == department]
    found = ours.groupby("commune_code").agg(
        positions=("positions", "sum"), hosts=("host", lambda names: ", ".join(sorted(set(names))))
    )
    return found.reset_index(names="code")


def granted_layer(department: str) -> maps.Layer:
    """Return the positions granted, as squares that hold their number."""
    points = tables.communes()
    granted_text = "poste accordé", "postes accordés"
    rows = [
        (
            points.at[row.code, "lat"],
            points.at[row.code, "lon"],
            str(row.positions),
            f"{points.at[row.code, 'name']} : {wording.count(row.positions, *granted_text)}",
            row.hosts,
            "siège de l'employeur, pas le lieu de l'accueil",
        )
        for row in granted(department).itertuples(index=False)
        if row.code in points.index
    ]
    return maps.points(rows, GRANTED_MARK)


def supply_facts(department: str) -> list[Fact]:
    """Return what is known of the offer today: places by layer, positions granted."""
    facts = []
    for choice, count in place_counts(department).items():
        status = layer_status(choice)
        if status != "missing" and PLACE_LAYERS[choice].layer in OFFER_LAYERS:
            partial = "recensement partiel" if status == "partial" else "recensement national"
            dated = wording.day_text(layer_vintage(choice))
            facts.append(
                Fact(PLACE_LAYERS[choice].label, wording.number(count), f"{partial}, {dated}")
            )
    found = granted(department)
    if len(found):
        facts.append(
            Fact(
                "Postes accordés",
                wording.number(int(found["positions"].sum())),
                "ANCT, avril 2023, au siège de l'employeur",
            )
        )
    return facts


def partial_text(choice: str, count: int) -> str:
    """Return what a layer known in part holds: « 34 recensés, mai 2021 à septembre 2022 »."""
    dated = wording.day_text(layer_vintage(choice))
    known = wording.count(count, "recensé", "recensés")
    return f"{PLACE_LAYERS[choice].label}, couche partielle : {known} ({dated})."


def layer_vintage(choice: str) -> str:
    """Return what a layer of places says of its date, empty when it is missing."""
    wanted = PLACE_LAYERS[choice].layer
    return next((p.vintage for p in cached.places().provenances if p.layer == wanted), "")


def layer_producer(choice: str) -> str:
    """Return who publishes a layer of places, by its initials where it has some."""
    wanted = PLACE_LAYERS[choice].layer
    full = next((p.producer for p in cached.places().provenances if p.layer == wanted), "")
    initials = full.partition("(")[2].partition(")")[0]
    return initials or full


def place_counts(department: str) -> dict[str, int]:
    """Return the number of places of each layer in a département."""
    found = cached.places_of(department)["layer"].value_counts()
    return {name: int(found.get(one.layer, 0)) for name, one in PLACE_LAYERS.items()}


def layer_status(choice: str) -> str:
    """Return where a layer of places was found, or "missing"."""
    wanted = PLACE_LAYERS[choice].layer
    for provenance in cached.places().provenances:
        if provenance.layer == wanted:
            return provenance.status
    return "missing"
