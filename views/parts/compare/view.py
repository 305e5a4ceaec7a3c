"""Two plans on two maps: which sites they share, which communes gain or lose time."""

from typing import Final

import numpy as np
import pandas as pd

from planning.comparison import SiteGap
from planning.deployment import Deployment
from planning.report.content import Quantity, Table
from planning.report.writing import written
from planning.scenario import Scenario
from planning.situation import LIMIT_MIN
from views.parts import legend, tables, wording
from views.parts import map as maps
from views.parts.tables import Column

SAME_MARK: Final = legend.Mark("site des deux plans, autant de postes", "circle", "#3a3a3a", 9.0)
OTHER_MARK: Final = legend.Mark(
    "site des deux plans, autre nombre de postes", "square", "#8f1d6c", 9.5
)
ALONE_MARK: Final = legend.Mark("site de ce plan seulement", "diamond", "#b3001b", 9.5)

STRONG_MIN: Final = 5.0
_NEARER, _FARTHER = "#0063cb", "#6a4a00"
GAP_MARKS: Final = {
    (True, False): legend.Mark("plus proche avec B, de 1 à 5 min", "cross", _NEARER, 4.5),
    (True, True): legend.Mark("plus proche avec B, de 5 min ou plus", "cross", _NEARER, 8.0),
    (False, False): legend.Mark("plus loin avec B, de 1 à 5 min", "triangle", _FARTHER, 4.5),
    (False, True): legend.Mark("plus loin avec B, de 5 min ou plus", "triangle", _FARTHER, 8.0),
}
MOST_SYMBOLS: Final = 400


def name_of(scenario: Scenario, place: str) -> str:
    """Return the choices of a plan in one line."""
    aim = (
        "temps moyen le plus court"
        if scenario.model == "p-median"
        else f"le plus de personnes à {scenario.threshold_min} min"
    )
    if scenario.mobile is not None:
        mobile = wording.count(scenario.mobile, "poste mobile", "postes mobiles")
    else:
        mobile = "tournées au mieux" if scenario.tours else "sans tournées"
    return (
        f"{place}, {wording.count(scenario.positions, 'poste')}, {aim}, {mobile}, seuil de "
        f"{scenario.threshold_min} min, isolement à {wording.number(scenario.isolated_min)} min"
    )


def show_table(table: Table) -> None:
    """Show a table of a report."""
    columns = [Column(one.title, one.number) for one in table.columns]
    rows = [[written(cell) for cell in row] for row in table.rows]
    tables.show_table(columns, rows, table.caption, table.empty)


def frame(table: Table) -> pd.DataFrame:
    """Return a table of a report as a frame, numbers as numbers."""
    names = [f"{one.title} {rank}" if rank and one.title in
             [before.title for before in table.columns[:rank]] else one.title
             for rank, one in enumerate(table.columns)]  # fmt: skip
    rows = [[c.value if isinstance(c, Quantity) else c for c in row] for row in table.rows]
    return pd.DataFrame(rows, columns=names)


def site_layers(gaps: list[SiteGap], side: str) -> list[maps.Layer]:
    """Return the sites of a plan (``"a"`` or ``"b"``), apart from those it shares."""
    rows: dict[legend.Mark, list[tuple[object, ...]]] = {
        mark: [] for mark in (SAME_MARK, OTHER_MARK, ALONE_MARK)
    }
    for gap in gaps:
        ours, theirs = (gap.a, gap.b) if side == "a" else (gap.b, gap.a)
        if not ours:
            continue
        mark = ALONE_MARK if not theirs else SAME_MARK if ours == theirs else OTHER_MARK
        other = "autre plan : aucun" if not theirs else f"autre plan : {theirs}"
        title = f"{gap.commune_name} : {wording.count(ours, 'poste')}"
        rows[mark].append((gap.lat, gap.lon, str(ours), title, gap.name, other))
    return [maps.points(found, mark) for mark, found in rows.items() if found]


def gap_layers(table: pd.DataFrame) -> tuple[list[maps.Layer], list[legend.Mark]]:
    """Return the communes that gain or lose time as symbols, and the marks used."""
    rows: dict[tuple[bool, bool], list[tuple[object, ...]]] = {key: [] for key in GAP_MARKS}
    for _, row in table.head(MOST_SYMBOLS).iterrows():
        gap = float(row["gap"])
        least = "" if np.isfinite([row["a"], row["b"]]).all() else "au moins "
        said = (
            f"{_reached(row['a'])} avec A, {_reached(row['b'])} avec B "
            f"({least}{wording.signed(gap, 0)} min)"
        )
        key = (gap < 0, abs(gap) >= STRONG_MIN)
        rows[key].append((row["lat"], row["lon"], "", row["name"], said))
    used = [key for key, found in rows.items() if found]
    return [maps.points(rows[key], GAP_MARKS[key]) for key in used], [GAP_MARKS[k] for k in used]


def _reached(minutes: float) -> str:
    beyond = np.isinf(minutes)
    return f"plus de {wording.minutes(LIMIT_MIN)}" if beyond else wording.minutes(minutes)


def side_marks(gaps: list[SiteGap]) -> list[legend.Mark]:
    """Return the marks of the sites that stand on the two maps."""
    sides = {gap.side for gap in gaps}
    wanted = ((SAME_MARK, {"both"}), (OTHER_MARK, {"differ"}), (ALONE_MARK, {"a", "b"}))
    return [mark for mark, found in wanted if sides & found]


def plans_apart(a: Deployment, b: Deployment) -> bool:
    """Tell whether the plans are about different places."""
    return a.territory.code != b.territory.code
