"""Access as figures and rows of tables: no Streamlit here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from coverage.catchment import Decay
from coverage.equity import Equity
from coverage.isolation import NO_ROAD, IsolationRule
from coverage.postal import RULE_SHARE
from coverage.territory_access import TerritoryAccess
from geodata import catalog, tables
from views.parts import wording
from views.parts.access.data import KINDS
from views.parts.curve import Curve
from views.parts.tables import Column, Fact

CURVE_MIN: Final = tuple(float(minutes) for minutes in range(46))
TABLE_MIN: Final = (5, 10, 15, 20, 30, 45)


@dataclass(frozen=True)
class Choices:
    """What is asked for: kind of site, decay, isolation rule, weekly floor, threshold."""

    kind: str
    decay: Decay
    rule: IsolationRule
    floor_min: float
    threshold_min: int


def minutes_text(value: float, road: bool = True, limit_min: float = 45.0) -> str:
    """Return minutes, or why there are none."""
    if not road:
        return NO_ROAD
    if np.isinf(value):
        return f"plus de {wording.minutes(limit_min)}"
    return wording.minutes(value, 1 if value < 10 else 0)


def facts(found: TerritoryAccess, choices: Choices) -> list[Fact]:
    """Return the figures of a territory, the one that matters first."""
    one = KINDS[choices.kind].one
    people = people_text(found)
    near = float(found.share_within(np.array([float(choices.threshold_min)]))[0])
    rows = [
        Fact(
            f"À {choices.threshold_min} min ou moins",
            wording.share(near, 1),
            f"des {people} ont {one} à cette distance en voiture",
            strong=True,
        ),
        Fact(
            "Temps médian",
            minutes_text(found.minutes_quantile(0.5)),
            f"une personne sur dix est à {minutes_text(found.minutes_quantile(0.9))} ou plus",
        ),
    ]
    weekly = found.weekly_min
    if np.isnan(weekly).all():
        rows.append(Fact("Temps d'accueil", "non connu", "horaires non publiés"))
    else:
        weights = np.nan_to_num(found.weights)
        mean = float(weekly @ weights / weights.sum()) if weights.sum() > 0 else float("nan")
        rows.append(
            Fact(
                "Temps d'accueil",
                f"{wording.number(mean, 1)}{wording.FIXED}min",
                "par semaine et par personne en illectronisme, en moyenne (estimation)"
                if not found.weighs_inhabitants
                else "par semaine et par habitant, en moyenne",
            )
        )
    table = found.isolation(choices.rule)
    alone = table[table["isolated"]]
    rows.append(
        Fact(
            "Communes isolées",
            f"{wording.number(len(alone))} sur {wording.number(len(table))}",
            f"{wording.number(alone['people'].sum(), -1)} {people}",
        )
    )
    cantons = found.cantons()
    if len(cantons):
        without = int((cantons["sites"] == 0).sum())
        rows.append(
            Fact(
                f"Cantons sans {one.split(' ', 1)[1]}",
                f"{wording.number(without)} sur {wording.number(len(cantons))}",
                "cantons au sens de l'Insee (canton ou ville), 2024",
            )
        )
    return rows


def source_text(found: TerritoryAccess) -> str:
    """Return where the sites come from and what was left out of them."""
    sites = found.access.sites
    layers = [
        f"{one.title} ({wording.day_text(one.vintage)}"
        f"{', en partie' if one.status == 'partial' else ''})"
        for one in sites.provenances
    ]
    missing = [catalog.source(layer).title for layer in sites.missing]
    parts = [f"Sites : {wording.joined(layers)}."]
    if missing:
        parts.append(f"Couches absentes : {wording.joined(missing)}.")
    if sites.partial:
        parts.append("L'offre n'est connue qu'en partie : l'accès réel est meilleur que montré.")
    if sites.mobile:
        left = wording.count(len(sites.mobile), "lieu itinérant", "lieux itinérants")
        parts.append(f"Laissés de côté en France : {left}, faute de connaître leurs arrêts.")
    if sites.joined:
        same = wording.count(sites.joined, "fiche jointe", "fiches jointes")
        parts.append(f"{same} à celle d'un même lieu dans une autre couche.")
    if sites.set_aside:
        lines = wording.count(sites.set_aside, "ligne écartée", "lignes écartées")
        parts.append(f"{lines} à la lecture (raisons : page « Données »).")
    return " ".join(parts)


def people_text(found: TerritoryAccess) -> str:
    """Return how the people weighed are called."""
    return "habitants" if found.weighs_inhabitants else "personnes en illectronisme"


def curves(many: Sequence[tuple[str, TerritoryAccess]]) -> list[Curve]:
    """Return the curve of each territory and kind of site, under its name."""
    at_min = np.array(CURVE_MIN)
    return [Curve(name, tuple(map(float, one.share_within(at_min)))) for name, one in many]


def curve_rows(many: Sequence[tuple[str, TerritoryAccess]]) -> tuple[list[Column], list[tuple]]:
    """Return the same figures as a table: one row a curve, one column a time."""
    columns = [Column("Territoire et lieu"), *(Column(f"≤ {t} min", True) for t in TABLE_MIN)]
    at_min = np.array(TABLE_MIN, dtype=float)
    rows = [
        (name, *(wording.share(float(share), 1) for share in one.share_within(at_min)))
        for name, one in many
    ]
    return columns, rows


ISOLATED_COLUMNS: Final = (
    Column("Commune"),
    Column("Personnes en illectronisme", number=True),
    Column("Site le plus proche"),
    Column("Raison"),
)


def isolated(found: TerritoryAccess, rule: IsolationRule) -> pd.DataFrame:
    """Return the isolated communes, those with most people first."""
    table = found.isolation(rule)
    alone = table[table["isolated"]].copy()
    alone["name"] = found.points["name"].reindex(alone.index)
    alone["population"] = found.points["population"].reindex(alone.index)
    return alone.sort_values("people", ascending=False, kind="stable")


def isolated_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows of :data:`ISOLATED_COLUMNS`."""
    return [
        (
            row.name_,
            wording.number(row.people),
            row.nearest_site if isinstance(row.nearest_site, str) else "aucun",
            row.reason,
        )
        for row in table.rename(columns={"name": "name_"}).itertuples()
    ]


def isolated_file(table: pd.DataFrame) -> pd.DataFrame:
    """Return the isolated communes as a file with French titles."""
    return pd.DataFrame(
        {
            "code commune": table.index,
            "commune": table["name"],
            "habitants": table["population"],
            "personnes en illectronisme (estimation)": table["people"].round(1),
            "site le plus proche": table["nearest_site"],
            "minutes (modélisées)": table["minutes"].replace(np.inf, np.nan).round(1),
            "raison": table["reason"],
        }
    )


CANTON_COLUMNS: Final = (
    Column("Canton"),
    Column("Département"),
    Column("Habitants", number=True),
)


def empty_cantons(found: TerritoryAccess) -> pd.DataFrame:
    """Return the cantons without a site, the most populated first."""
    cantons = found.cantons()
    empty = cantons[cantons["sites"] == 0].copy()
    names = tables.departments()["name"]
    empty["department_name"] = empty["department"].map(names)
    return empty.sort_values("population", ascending=False, kind="stable")


def canton_rows(empty: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows of :data:`CANTON_COLUMNS`."""
    return [
        (row.name_, row.department_name, wording.number(row.population))
        for row in empty.rename(columns={"name": "name_"}).itertuples()
    ]


def canton_file(empty: pd.DataFrame) -> pd.DataFrame:
    """Return the cantons without a site as a file with French titles."""
    return pd.DataFrame(
        {
            "code canton": empty.index,
            "canton": empty["name"],
            "département": empty["department_name"],
            "habitants": empty["population"],
        }
    )


EQUITY_COLUMNS: Final = (
    Column("Mesure"),
    Column("Valeur", number=True),
    Column("Intervalle à 90 %", number=True),
    Column("Comment la lire"),
)


def equity_rows(
    figures: tuple[Equity, Equity, Equity], floor_min: float
) -> list[tuple[str, str, str, str]]:
    """Return a row a figure of equity, with its interval and how to read it.

    There is no interval where need is not estimated: the bounds are then the figures themselves.
    """
    central, low, high = figures
    floor = f"{wording.number(floor_min, 1)} min par semaine"
    read = (
        ("p10", "Une personne sur dix a au plus", "min", "minutes d'accueil par semaine"),
        ("p50", "Une sur deux a au plus", "min", "minutes d'accueil par semaine"),
        ("p90", "Neuf sur dix ont au plus", "min", "minutes d'accueil par semaine"),
        ("share_below", f"Part sous {floor}", "share", "le plancher se règle ci-dessus"),
        ("gini", "Indice de Gini", "index", "0 : tous pareil ; 1 : tout à un seul"),
        ("palma", "Rapport de Palma", "index", "part des 10 % les mieux servis sur celle des 40 % "
         "les moins bien servis ; 0,25 : tous pareil"),
        ("theil", "Indice de Theil", "index", "0 : tous pareil ; s'ajoute par groupes"),
        ("theil_between", "… entre cantons", "index", "ce qui sépare les cantons"),
        ("theil_within", "… à l'intérieur des cantons", "index", "ce qui sépare leurs communes"),
    )  # fmt: skip
    return [
        (
            title,
            _equity_figure(getattr(central, name), kind),
            "non estimé"
            if low is central
            else f"{_equity_figure(getattr(low, name), kind)} à "
            f"{_equity_figure(getattr(high, name), kind)}",
            text,
        )
        for name, title, kind, text in read
    ]


def _equity_figure(value: float, kind: str) -> str:
    if kind == "share":
        return wording.share(value, 1)
    return (
        f"{wording.number(value, 2)}{wording.FIXED}min"
        if kind == "min"
        else wording.number(value, 2)
    )


POSTAL_COLUMNS: Final = (
    Column("Département"),
    Column("Habitants", number=True),
    Column("Trop loin", number=True),
    Column("Part", number=True),
    Column("Règle des 10 %"),
)


def postal_rows(rule: pd.DataFrame, codes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the rows of :data:`POSTAL_COLUMNS` for some départements."""
    names = tables.departments()["name"]
    return [
        (
            f"{code} · {names[code]}",
            wording.number(rule.at[code, "population"]),
            wording.number(rule.at[code, "far"]),
            wording.share(float(rule.at[code, "share"]), 1),
            "respectée" if rule.at[code, "met"] else f"plus de {wording.share(RULE_SHARE)}",
        )
        for code in codes
    ]
