"""A siting plan, its compromises and its waves as rows of tables: no Streamlit here."""

from typing import Final

import numpy as np
import pandas as pd

from planning.siting.alternatives import Compromise
from planning.siting.outcome import reached, shared_share, sites_frame
from planning.siting.plan import SitingPlan
from planning.siting.posing import Posed
from planning.siting.waves import Wave
from views.parts import wording
from views.parts.siting.map import opens_at
from views.parts.siting.view import gap_text
from views.parts.tables import Column, Html, badge

SITE_COLUMNS: Final = (
    Column("Site"),
    Column("Lieu d'accueil possible"),
    Column("Personnes servies", number=True),
    Column("Nouvellement à portée", number=True),
    Column("Trajet gagné", number=True),
    Column("Perdu sans lui", number=True),
    Column("Meilleur remplaçant"),
)
PLAN_COLUMNS: Final = (
    Column("Plan"),
    Column("Temps moyen", number=True),
    Column("Sous le seuil", number=True),
    Column("5 % vont à plus de", number=True),
    Column("Sites communs avec le premier", number=True),
)
OPENING_COLUMNS: Final = (
    Column("Site"),
    Column("Ouvre à la vague"),
    Column("À la descente, gardé jusqu'à"),
)
WAVE_COLUMNS: Final = (
    Column("Vague"),
    Column("Temps moyen", number=True),
    Column("Sous le seuil", number=True),
    Column("Écart prouvé au meilleur", number=True),
    Column("Ce que coûte l'emboîtement", number=True),
)


_STATUS: Final = {
    "kept": badge("existant gardé", "info"),
    "forced": badge("imposé", "alerte"),
    "chosen": badge("choisi", "bon"),
}


def site_rows(posed: Posed, plan: SitingPlan, most: int) -> list[tuple[str | Html, ...]]:
    """Return the sites with what each brings: the new ones first, those of most persons first."""
    frame = sites_frame(posed, plan).assign(old=lambda table: table["status"] == "kept")
    frame = frame.sort_values(["old", "persons"], ascending=[True, False], kind="stable")
    kept = bool(frame["old"].any())
    return [
        (
            f"{row.commune} ({row.department})"
            + (f", {wording.count(int(row.positions), 'poste')}" if row.positions > 1 else ""),
            _place(row, posed.road),
            wording.number(row.persons),
            wording.number(row.new_persons),
            wording.minutes(row.saved_min / row.persons, 1) if kept and row.persons else "—",
            _loss(plan, row.loss, row.persons),
            "aucun"
            if row.alternative is None
            else f"{row.alternative} : {_loss(plan, row.alternative_loss, row.persons)}",
        )
        for row in frame.head(most).itertuples()
    ]


def _loss(plan: SitingPlan, loss: float, persons: float) -> str:
    """Return a loss in persons, or in minutes for each person that the site serves."""
    if plan.model == "max-cover":
        return f"{wording.number(loss)} pers."
    if not persons:
        return "rien"
    return f"{wording.signed(loss / persons, 1)}{wording.FIXED}min"


def _place(row, road: bool) -> Html:
    status = _STATUS[row.status].text
    if not road:
        return Html(f"commune<br>{status}")
    kind = badge(wording.kind_text(row.kind)).text
    return Html(f"{wording.html_text(str(row.name))}<br>{kind} {status}")


def plan_row(name: str, posed: Posed, plan: SitingPlan, first: SitingPlan) -> tuple[str, ...]:
    """Return a plan as a row of a comparison."""
    return (
        name,
        wording.minutes(plan.counted_min, 1),
        wording.share(reached(posed, plan, posed.study.threshold_min), 1),
        wording.minutes(far_minutes(posed, plan), 1),
        wording.share(shared_share(first, plan)),
    )


def far_minutes(posed: Posed, plan: SitingPlan) -> float:
    """Return the journey that 5 % of persons exceed, infinite when that many have none."""
    weights = posed.demand["persons"].to_numpy(dtype=float)
    order = np.argsort(plan.minutes, kind="stable")
    place = int(np.searchsorted(np.cumsum(weights[order]), 0.95 * weights.sum()))
    return float(plan.minutes[order[min(place, len(order) - 1)]])


def wave_rows(posed: Posed, waves: tuple[Wave, ...], kept: int) -> list[tuple[str, ...]]:
    """Return waves as rows."""
    return [
        (
            wording.count(wave.sites - kept, "site"),
            wording.minutes(wave.nested.counted_min, 1),
            wording.share(reached(posed, wave.nested, posed.study.threshold_min), 1),
            "prouvé" if wave.nested.optimal else f"au plus {gap_text(wave.nested.gap)}",
            "première vague" if rank == 0 else f"{wording.signed(100 * wave.nesting_cost, 2)} %",
        )
        for rank, wave in enumerate(waves)
    ]


def opening_rows(
    posed: Posed, up: tuple[Wave, ...], down: tuple[Wave, ...]
) -> list[tuple[str, ...]]:
    """Return which wave opens each site, and how long the way down keeps it."""
    opening = opens_at(up)
    staying: dict[str, int] = {}
    for wave in down:
        staying |= dict.fromkeys(wave.nested.codes, wave.sites)
    fixed = int(posed.problem.kept.sum())
    kept = set(posed.candidates.index[posed.candidates["existing"]]) if fixed else set()
    new = [code for code in {**opening.to_dict(), **staying} if code not in kept]
    names = posed.candidates.loc[new]
    rows = [
        (
            opening.get(code, len(up)),
            f"{row.commune} ({row.department})",
            str(opening[code] + 1) if code in opening else "jamais",
            wording.count(staying[code] - fixed, "site") if code in staying else "—",
        )
        for code, row in zip(new, names.itertuples(), strict=True)
    ]
    return [row[1:] for row in sorted(rows)]


def compromise_name(rank: int, one: Compromise) -> str:
    """Return the name of a point of the frontier."""
    return f"Compromis {rank + 1}" + (" (dominé)" if one.dominated else "")


def frontier_frame(compromises: tuple[Compromise, ...]) -> pd.DataFrame:
    """Return the points of the frontier for a chart: nom, minutes, part (%), loin."""
    return pd.DataFrame(
        {
            "nom": [compromise_name(k, one) for k, one in enumerate(compromises)],
            "minutes": [round(one.mean_min, 2) for one in compromises],
            "part": [round(100 * one.share_within, 2) for one in compromises],
            "loin": [round(one.far_min, 1) for one in compromises],
        }
    )
