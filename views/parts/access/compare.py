"""Two territories, or before and after, figure by figure: no Streamlit here."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from coverage.territory_access import TerritoryAccess
from views.parts import wording
from views.parts.access import view as access_view
from views.parts.access.view import Choices


def name_of(found: TerritoryAccess) -> str:
    """Return how a territory is called beside another."""
    if found.territory.kind == "region":
        return f"Région {found.territory.name}"
    return found.territory.name


def rows(
    first: TerritoryAccess,
    second: TerritoryAccess,
    choices: Choices,
    without_car: Sequence[tuple[str, Sequence[float]]] = (),
) -> list[tuple[str, str, str, str]]:
    """Return a row a figure: title, first, second, gap."""
    ours, theirs = (one.summary(choices.floor_min, choices.rule) for one in (first, second))
    found = []
    for key, title, kind in _COMPARED:
        a, b = ours[key], theirs[key]
        found.append((title, _figure(a, kind), _figure(b, kind), _gap(a, b, kind)))
    for title, (a, b) in without_car:
        found.append((title, wording.share(a, 1), wording.share(b, 1), _gap(a, b, "share")))
    alone = [one["isolated"] / one["communes"] for one in (ours, theirs)]
    found.append(
        ("Communes isolées, part", *(wording.share(v, 1) for v in alone), _gap(*alone, "share"))
    )
    if ours["cantons"] and theirs["cantons"]:
        bare = [one["cantons_without"] / one["cantons"] for one in (ours, theirs)]
        found.append(
            ("Cantons sans site, part", *(wording.share(v, 1) for v in bare), _gap(*bare, "share"))
        )
    return found


_COMPARED: Final = (
    ("people", "Personnes en illectronisme (estimation)", "count"),
    ("within_10", "À 10 min ou moins", "share"),
    ("within_20", "À 20 min ou moins", "share"),
    ("within_30", "À 30 min ou moins", "share"),
    ("median_min", "Temps médian", "minutes"),
    ("p90_min", "Temps que 90 % ne dépassent pas", "minutes"),
    ("weekly_mean", "Accueil par semaine et par personne, moyenne", "weekly"),
    ("weekly_p50", "Accueil par semaine et par personne, médiane", "weekly"),
    ("gini", "Inégalité de cet accueil (Gini, 0 à 1)", "index"),
    ("share_below", "Personnes sous le plancher d'accueil", "share"),
)


def _figure(value: float, kind: str) -> str:
    if kind == "share":
        return wording.share(value, 1)
    if kind == "minutes":
        return access_view.minutes_text(value)
    if kind == "weekly":
        return f"{wording.number(value, 2)}{wording.FIXED}min"
    return wording.number(value, 2 if kind == "index" else 0)


def _gap(a: float, b: float, kind: str) -> str:
    if not (np.isfinite(a) and np.isfinite(b)) or kind == "count":
        return "—"
    if kind == "share":
        return wording.points(a - b, 1)
    digits = 1 if kind == "minutes" else 2
    unit = "" if kind == "index" else f"{wording.FIXED}min"
    return f"{wording.signed(a - b, digits)}{unit}"
