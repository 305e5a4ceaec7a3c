"""The sheet of a territory: its figures with their sources, its rank, what it differs from."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.atlas import ranks
from coverage.indicators import IDS, TITLES
from views.parts import tables, wording
from views.parts.explorer import drawing, figures, zones
from views.parts.explorer.measures import ACCESS, INDEX, OUT_OF_10, PERSONS, RATE, SHARES, Measure
from views.parts.explorer.view import View
from views.parts.tables import Column, Fact
from views.parts.territory_view import (
    PLACE_LAYERS,
    layer_producer,
    layer_status,
    layer_vintage,
)

TIERS: Final = {
    1: "niveau 1 : âges et degré d'urbanisation seulement",
    2: "niveau 2 : âges, diplômes et ménages du recensement 2017, niveau de vie 2021",
    3: "niveau 3 : âges, diplômes et ménages des recensements 2021 et 2022",
}
PEOPLE: Final = Measure(
    "habitants", "population", "Habitants", "", "", "Insee, population 2023", digits=0
)
ADULTS: Final = Measure(
    "adultes",
    "persons_15p",
    "15 ans ou plus",
    "",
    "",
    "d'après les âges du recensement 2021",
    digits=0,
)
EFFECT: Final = Measure(
    "calage",
    "region_effect",
    "dont calage régional",
    "",
    "%",
    "Ce que les chiffres régionaux publiés (2019) ajoutent au taux",
    100.0,
)


@dataclass(frozen=True)
class Sheet:
    """A territory: its code in the page, its name, its figures."""

    code: str
    name: str
    row: pd.Series


def of(view: View, code: str) -> Sheet:
    """Return the sheet of a unit of the view, or of a territory that holds some."""
    table = figures.units(view.level, view.weights)
    if code in table.index:
        row = table.loc[code]
        minutes = {
            one.column: float(figures.access(one.column, view.level)[code]) for one in _access()
        }
    else:
        code = zones.whole_code(code)
        row = figures.whole(code, view.weights)
        minutes = {one.column: figures.whole_access(one.column, code) for one in _access()}
    whole = zones.around(view.level, view.unit) if code not in table.index else {}
    name = whole.get(code, str(row["name"]))
    return Sheet(code, name, pd.concat([row, pd.Series(minutes, dtype=float)]))


def _access() -> list[Measure]:
    return [one for one in ACCESS if figures.access_known(one.column)]


def lines() -> list[Measure]:
    """Return the measures of a sheet that this machine knows."""
    known = figures.known_indicators()
    shares = [one for one in SHARES if one.column in known]
    return [PEOPLE, ADULTS, RATE, PERSONS, EFFECT, INDEX, *shares, *_access(), *_places()]


def _places() -> list[Measure]:
    """Return the counts of places whose layer is on this machine."""
    found = []
    for name, kind in PLACE_LAYERS.items():
        status = layer_status(name)
        if status != "missing":
            partial = "recensement partiel, " if status == "partial" else ""
            dated = wording.day_text(layer_vintage(name))
            source = f"{partial}{layer_producer(name)}, {dated}"
            found.append(Measure(name, kind.layer, kind.label, "", "", source, digits=0))
    seats = "ANCT, avril 2023, au siège de l'employeur"
    return [*found, Measure("accordes", "granted", "Postes accordés", "", "", seats, digits=0)]


def facts(view: View, sheet: Sheet) -> list[Fact]:
    """Return the figures of a unit that stand first: its need, its ranks."""
    found = need_facts(sheet.row)
    return found if pd.isna(sheet.row["rate"]) else [*found, *_rank_facts(view, sheet)]


def need_facts(row: pd.Series) -> list[Fact]:
    """Return the need of a territory, or why it has none."""
    if pd.isna(row["rate"]):
        lived_in = row["population"] > 0
        why = "âges absents des données, et pas d'enquête (Mayotte)" if lived_in else "inhabité"
        return [
            Fact("Habitants", wording.number(row["population"]), PEOPLE.source),
            Fact("Illectronisme", "non estimé", why),
        ]
    return [
        Fact(
            "Personnes en illectronisme",
            _count(row),
            f"estimation : entre {_bound(row['low'])} et {_bound(row['high'])}",
            strong=True,
        ),
        Fact(
            "Part des 15 ans ou plus",
            wording.share(row["rate"], 1),
            f"estimation : entre {wording.number(100 * row['low_rate'], 1)} "
            f"et {wording.share(row['high_rate'], 1)}",
        ),
    ]


def _count(row: pd.Series) -> str:
    few = row["population"] < drawing.FEW_PEOPLE
    return wording.about(row["persons"]) if few else wording.number(row["persons"])


def _bound(persons: float) -> str:
    """Return an end of an interval of persons, to the nearest hundred from a thousand on."""
    return wording.number(persons, -2 if persons >= 1000 else 0)


def _rank_facts(view: View, sheet: Sheet) -> list[Fact]:
    """Return the rank of a unit among those of its level, in the zone and in the country."""
    table = figures.units(view.level, view.weights)
    one = zones.LEVEL_TITLES[view.level].lower()
    inside = table.loc[zones.units(view.zone, view.level)]
    parts = (
        [("France", table)]
        if view.zone == zones.COUNTRY
        else [
            (view.zone_name, inside),
            ("France", table),
        ]
    )
    careful = " ; indicatif : les intervalles se recouvrent" if view.level == "communes" else ""
    found = []
    for where, peers in parts:
        order = ranks(peers["rate"])
        found.append(
            Fact(
                f"Rang · {where}",
                _ordinal(int(order[sheet.code])),
                f"sur {wording.number(order.notna().sum())} {one} ; le 1er a le taux le plus fort"
                f"{careful}",
            )
        )
    return found


def _ordinal(rank: int) -> str:
    return "1er" if rank == 1 else f"{wording.number(rank)}ᵉ"


def show_facts(view: View) -> None:
    """Show the first figures of the unit chosen, and what is to be known of them."""
    sheet = of(view, view.unit)
    tables.show_facts(facts(view, sheet))
    for text in remarks(view, sheet):
        tables.note(text)


def show_zone(view: View) -> None:
    """Show the first figures of the whole zone, where no unit is chosen."""
    row = figures.whole(zones.whole_code(view.zone), view.weights)
    tables.show_facts(need_facts(row))


def show_table(view: View) -> None:
    """Show all the figures of the unit chosen, beside the other territory or the country."""
    first = of(view, view.unit)
    second = of(view, view.other or zones.COUNTRY)
    rows = [
        (
            f"{one.label} ({one.unit})" if one.unit == OUT_OF_10 else one.label,
            _value(one, first.row),
            _value(one, second.row),
            *([_gap(one, first, second)] if view.other else []),
            one.source,
        )
        for one in lines()
    ]
    columns = (
        Column("Mesure"),
        Column(first.name, number=True),
        Column(second.name, number=True),
        *([Column("Écart", number=True)] if view.other else []),
        Column("Source et année"),
    )
    title = f"Fiche : {first.name}"
    if view.other:
        title = f"{first.name} et {second.name}, côte à côte"
    tables.show_table(columns, rows, title)
    if view.other and _overlap(first, second):
        tables.note("Les intervalles des deux taux se recouvrent : leur écart n'est pas assuré.")


def _gap(one: Measure, first: Sheet, second: Sheet) -> str:
    before, after = (float(sheet.row.get(one.column, float("nan"))) for sheet in (first, second))
    return one.gap(after - before)


def _overlap(first: Sheet, second: Sheet) -> bool:
    low = max(first.row["low_rate"], second.row["low_rate"])
    return bool(low <= min(first.row["high_rate"], second.row["high_rate"]))


def _value(one: Measure, row: pd.Series) -> str:
    value = row.get(one.column)
    if wording.is_missing(value):
        return wording.UNKNOWN
    if one in ACCESS:
        return one.shown(value)
    if one is EFFECT:
        return one.gap(float(value))
    if one is PERSONS:
        return f"{_count(row)} ({_bound(row['low'])} à {_bound(row['high'])})"
    if one is RATE:
        low, high = wording.number(100 * row["low_rate"], 1), wording.share(row["high_rate"], 1)
        return f"{one.shown(value)} ({low} à {high})"
    return wording.number(one.factor * float(value), one.digits or 0) + (
        f"{wording.FIXED}%" if one.unit == "%" else ""
    )


def remarks(view: View, sheet: Sheet) -> list[str]:
    """Return what is to be known of a sheet: its tier, its index, its type."""
    row = sheet.row
    found = [f"Estimation de {TIERS[int(row['tier'])]}."] if row["tier"] else []
    if row["poorer_share"] > 0:
        found.append(
            f"{wording.share(row['poorer_share'], 1)} des 15 ans ou plus y sont estimés à un "
            "niveau moins bien informé que le reste du pays."
        )
    missing = [TITLES[name] for name in str(row["missing"]).split(";") if name in IDS]
    if missing:
        found.append(f"Indice : laissés de côté ici, faute de données : {wording.joined(missing)}.")
    if view.level == "cantons":
        kind = figures.types().frame()["name"].get(sheet.code)
        if isinstance(kind, str):
            found.append(f"Type de territoire : {kind}.")
    if view.level == "epci" and view.department:
        found.append(
            "L'EPCI est compté en entier ; la carte n'en dessine que la part du département."
        )
    return found
