"""A siting plan as words, rows and map layers: no Streamlit here."""

from typing import Final

import numpy as np
import pandas as pd

from geodata import tables
from planning.fixed import UNSERVED_FACTOR
from planning.siting.alternatives import Compromise
from planning.siting.outcome import Outcome, reached, shared_share, sites_frame
from planning.siting.plan import SitingPlan
from planning.siting.posing import Posed
from planning.siting.study import Study
from planning.siting.waves import Wave
from views.parts import assets, legend, territory_view, travel_text, wording
from views.parts import map as maps
from views.parts.plan import view as plan_view
from views.parts.tables import Column, Fact, Html, badge

AIMS: Final = {
    "p-median": "Le temps de trajet moyen le plus court",
    "max-cover": "Le plus de personnes sous le seuil de temps",
    "set-cover": "Le moins de sites pour que chacun soit sous le seuil",
    "p-center": "Le plus long trajet, le plus court possible",
    "capacitated": "Le temps moyen, avec une charge limitée par poste",
}
SITE_MARK: Final = legend.Mark("site du plan", "circle", "#b3001b", 8.0)
KEPT_MARK: Final = legend.Mark("lieu existant gardé", "square", "#3a3a3a", 6.0)
SMALL_MARK: Final = legend.Mark("site du plan", "circle", "#b3001b", 2.5)
MANY_SITES: Final = 600
METROPOLE: Final = ((51.2, -5.2), (41.3, 9.7))
MANY_DEPARTMENTS: Final = 13

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
WAVE_COLUMNS: Final = (
    Column("Vague"),
    Column("Temps moyen", number=True),
    Column("Sous le seuil", number=True),
    Column("Écart prouvé au meilleur", number=True),
    Column("Ce que coûte l'emboîtement", number=True),
)


def title(study: Study, name: str) -> str:
    """Return what a study is called: « Allier : 10 sites, temps moyen »."""
    unit = "poste" if study.model == "capacitated" else "site"
    count = "" if study.model == "set-cover" else f"{wording.count(study.sites, unit)}, "
    return f"{name} : {count}{AIMS[study.model][:1].lower()}{AIMS[study.model][1:]}"


def facts(found: Outcome, plan: SitingPlan) -> list[Fact]:
    """Return the figures of a plan, the one it looks for first."""
    posed = found.posed
    threshold = posed.study.threshold_min
    people = "personnes en illectronisme" if posed.weight == "persons_in_need" else "habitants"
    new = len(plan.sites) - int(posed.problem.kept.sum())
    away = wording.minutes(posed.problem.unserved)
    rows = [
        Fact(
            "Sites du plan",
            wording.number(new),
            f"et {wording.number(len(plan.sites) - new)} existants gardés"
            if new < len(plan.sites)
            else f"{wording.number(int(plan.positions.sum()))} postes"
            if plan.model == "capacitated"
            else f"parmi {wording.number(len(posed.candidates))} possibles",
        ),
        Fact(
            "Temps moyen",
            wording.minutes(plan.counted_min, 1),
            f"qui est hors d'atteinte y compte {away}"
            if plan.persons_unserved >= 0.5
            else "vers le site qui sert la personne",
        ),
        Fact(
            f"À {wording.number(threshold)} min ou moins",
            wording.share(reached(posed, plan, threshold), 1),
            f"des {people} (estimation)",
        ),
        _proof_fact(plan),
    ]
    if plan.persons_unserved >= 0.5:
        rows.append(
            Fact(
                "Hors d'atteinte", wording.number(plan.persons_unserved), out_of_reach(posed, plan)
            )
        )
    return rows


def out_of_reach(posed: Posed, plan: SitingPlan) -> str:
    """Return what "hors d'atteinte" means in a plan."""
    if plan.model == "capacitated":
        return "sans place dans un site à portée"
    limit = wording.minutes(posed.problem.unserved / UNSERVED_FACTOR)
    return f"à plus de {limit} de tout site, ou sans route ; {reached_mean(plan)} pour les autres"


def reached_mean(plan: SitingPlan) -> str:
    """Return the mean journey of those in reach."""
    return f"{wording.minutes(plan.mean_min, 1)} en moyenne"


def _proof_fact(plan: SitingPlan) -> Fact:
    if plan.optimal:
        return Fact(
            "Preuve", "le meilleur", "aucun autre choix de sites ne fait mieux", strong=True
        )
    return Fact(
        "Écart au meilleur possible",
        f"au plus {_gap(plan.gap)}",
        f"borne prouvée : {_worth(plan, plan.bound)}",
        strong=True,
    )


def _gap(gap: float) -> str:
    if not np.isfinite(gap):
        return "inconnu"
    return wording.share(gap, 1 if gap > 0.05 else 4 if gap < 0.0005 else 2)


def _worth(plan: SitingPlan, value: float) -> str:
    units = {
        "max-cover": "personnes",
        "set-cover": "sites",
        "p-center": "min",
    }
    if plan.model == "p-center":
        return wording.minutes(value, 1)
    return f"{wording.number(value)} {units.get(plan.model, 'personnes × minutes')}"


def proof_text(plan: SitingPlan) -> str:
    """Return the objective, the bound and the gap in one sentence."""
    value, bound = _worth(plan, plan.objective), _worth(plan, plan.bound)
    if plan.optimal:
        return (
            f"Ce plan vaut **{value}** et le calcul prouve qu'aucun plan qui suit les mêmes règles "
            "ne fait mieux."
        )
    side = "plus de" if plan.model == "max-cover" else "moins de"
    return (
        f"Ce plan vaut **{value}**. Le calcul prouve qu'aucun plan ne peut faire {side} "
        f"**{bound}** : le meilleur plan possible gagnerait donc **au plus {_gap(plan.gap)}** sur "
        "celui-ci, peut-être rien. Plus de temps de calcul resserre l'écart."
    )


def method_rows(found: Outcome, plan: SitingPlan) -> list[tuple[str, str]]:
    """Return how a plan was made."""
    posed = found.posed
    rows = [
        ("Recherche", AIMS[plan.model]),
        ("Résolution", plan.solver),
        ("Temps de calcul", f"{wording.number(plan.seconds, 1)} s, {plan.iterations} itérations"),
        (
            "Temps de trajet",
            travel_text.minutes_note() if posed.road else travel_text.coarse_note(),
        ),
        ("Points de besoin", wording.number(len(posed.demand))),
        ("Sites possibles", wording.number(len(posed.candidates))),
        ("Graine", "sans tirage : les mêmes choix et la même durée mènent au même genre de plan"),
    ]
    if plan.clamped:
        rows.append(
            (
                "Listes trop courtes",
                f"{wording.number(plan.clamped)} points ; la borne reste valable",
            )
        )
    return rows


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
            "prouvé" if wave.nested.optimal else f"au plus {_gap(wave.nested.gap)}",
            "première vague" if rank == 0 else f"{wording.signed(100 * wave.nesting_cost, 2)} %",
        )
        for rank, wave in enumerate(waves)
    ]


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


def layers(posed: Posed, plan: SitingPlan) -> tuple[list[maps.Layer], list[str], list[legend.Mark]]:
    """Return the layers of a plan's map, their legends and marks."""
    drawn, legends = _areas(posed, plan)
    sites = sites_frame(posed, plan)
    kept = sites["status"] == "kept"
    marks = []
    if kept.any():
        drawn.append(maps.points(_points(sites[kept]), KEPT_MARK))
        marks.append(KEPT_MARK)
    mark = SITE_MARK if len(sites) < MANY_SITES else SMALL_MARK
    drawn.append(maps.points(_points(sites[~kept]), mark))
    marks.append(mark)
    if posed.territory.kind == "department":
        drawn.append(territory_view.town_labels(posed.territory.code))
    return drawn, legends, marks


def bounds(posed: Posed) -> list[tuple[float, float]]:
    """Return the corners of the map's frame, (lat, lon)."""
    if posed.territory.kind == "country":
        return list(METROPOLE)
    lat, lon = posed.demand["lat"], posed.demand["lon"]
    return [(float(lat.min()), float(lon.min())), (float(lat.max()), float(lon.max()))]


def _points(sites: pd.DataFrame) -> list[tuple]:
    return [
        (
            row.lat,
            row.lon,
            str(row.positions) if row.positions > 1 else "",
            f"{row.commune} ({row.department})",
            str(row.name),
            f"{wording.number(row.persons)} personnes servies",
        )
        for row in sites.itertuples(index=False)
    ]


def _areas(posed: Posed, plan: SitingPlan) -> tuple[list[maps.Layer], list[str]]:
    departments = sorted(posed.demand["department"].unique())
    by_commune = posed.study.grain == "commune"
    if len(departments) > MANY_DEPARTMENTS or not by_commune:
        return [maps.lines("departments")], []
    values = pd.Series(plan.minutes, index=posed.demand.index).replace(np.inf, np.nan)
    scale = plan_view.minutes_scale("Minutes vers le site du plan")
    drawn = []
    for department in departments:
        name = territory_view.outline(department)
        ours = values[posed.demand["department"] == department]
        if name in assets.outlines():
            parts = pd.DataFrame({"minutes": [wording.minutes(value) for value in ours]})
            texts = ("{0} vers le site du plan", parts)
            drawn.append(maps.areas(name, ours, scale, texts, "hors d'atteinte"))
    missing = "hors d'atteinte" if values.isna().any() else ""
    return drawn, [legend.scale_html(scale, missing=missing)]


def territories() -> dict[str, str]:
    """Return the territories offered: the country, the regions, the départements."""
    regions = {f"REG-{code}": f"Région {name}" for code, name in tables.regions()["name"].items()}
    departments = {
        str(code): f"{code} · {name}" for code, name in tables.departments()["name"].items()
    }
    return {"FR": "France entière", **dict(sorted(regions.items(), key=lambda one: one[1])),
            **dict(sorted(departments.items()))}  # fmt: skip
