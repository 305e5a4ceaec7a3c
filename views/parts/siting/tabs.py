"""The parts of the page of siting: sites, frontier, alternatives, waves, method."""

import json

import streamlit as st

from planning.siting.outcome import Outcome, as_geopackage, as_json, sites_frame
from planning.siting.plan import SitingPlan
from planning.siting.points import PointCosts
from planning.siting.study import Study
from planning.siting.waves import Wave
from views.parts import boundary, downloads, tables, wording
from views.parts.following import follow
from views.parts.jobs import Job
from views.parts.siting import rows as siting_rows
from views.parts.siting import runs as siting_runs
from views.parts.siting import view as siting_view
from views.parts.tables import Column

MOST_ROWS = 300
WAVES_SHOWN = "Les vagues"
_SIZES = "siting_waves_asked"


def sites(found: Outcome, plan: SitingPlan) -> None:
    """Show why each site is in the plan."""
    tables.show_table(
        siting_rows.SITE_COLUMNS,
        siting_rows.site_rows(found.posed, plan, MOST_ROWS),
        "Ce que chaque site apporte",
        scrolls=True,
    )
    if len(plan.sites) > MOST_ROWS:
        tables.note(
            f"Les {MOST_ROWS} sites qui servent le plus de personnes ; les fichiers ont tout."
        )
    tables.note(
        "Nouvellement à portée : personnes sous le seuil qu'aucun lieu gardé n'atteignait. Trajet "
        "gagné : sur les lieux gardés, par personne servie. Perdu sans lui : si ce site seul "
        "fermait, de combien s'allongerait en moyenne le trajet de chaque personne qu'il sert (en "
        "couverture : combien de personnes ne seraient plus couvertes). Remplaçant : la même perte "
        "s'il ouvrait à la place de ce site."
    )


def files(found: Outcome, plan: SitingPlan) -> None:
    """Offer the plan as CSV, GeoPackage and JSON."""
    posed = found.posed
    name = f"implantation-{posed.territory.code}-{len(plan.sites)}"
    with st.container(horizontal=True):
        downloads.csv_button(
            "Les sites (CSV)", lambda: sites_frame(posed, plan).reset_index(), f"{name}.csv"
        )
        downloads.button(
            "Pour un SIG (GeoPackage)",
            lambda: as_geopackage(posed, plan),
            f"{name}.gpkg",
            "application/geopackage+sqlite3",
        )
        downloads.button(
            "Tout (JSON)",
            lambda: json.dumps(as_json(posed, plan), ensure_ascii=False, indent=1),
            f"{name}.json",
            "application/json",
        )


def frontier(study: Study, found: Outcome) -> None:
    """Show the compromises between mean time and coverage on a plot and in a table."""
    if _country(found, "Les compromis se calculent"):
        return
    job = _asked(
        siting_runs.peek(study, siting_runs.FRONTIER),
        lambda: siting_runs.frontier(study),
        "Calculer les compromis",
        "Cinq plans entre le temps moyen le plus court et le plus de personnes sous le seuil.",
    )
    if job is None:
        return
    compromises = _followed(job, "Calcul des compromis")
    frame = siting_rows.frontier_frame(compromises)
    st.vega_lite_chart(
        frame,
        {
            "mark": {"type": "point", "filled": True, "size": 140},
            "params": [{"name": "choix", "select": {"type": "point", "fields": ["nom"]}}],
            "encoding": {
                "x": {"field": "minutes", "type": "quantitative", "scale": {"zero": False},
                      "title": "Temps moyen (min)"},
                "y": {"field": "part", "type": "quantitative", "scale": {"zero": False},
                      "title": f"À {study.threshold_min:.0f} min ou moins (%)"},
                "shape": {"field": "nom", "type": "nominal", "title": "Plan"},
                "color": {"field": "nom", "type": "nominal", "title": "Plan"},
                "tooltip": [{"field": "nom"}, {"field": "minutes"}, {"field": "part"},
                            {"field": "loin", "title": "5 % vont à plus de (min)"}],
            },
        },
        on_select=boundary.guarded(lambda: _pick(list(frame["nom"]))),
        key="siting_frontier",
        height=320,
        alt="Compromis entre temps moyen et part sous le seuil ; les chiffres suivent.",
    )  # fmt: skip
    tables.show_table(
        siting_rows.PLAN_COLUMNS,
        [
            siting_rows.plan_row(
                siting_rows.compromise_name(k, one), found.posed, one.plan, compromises[0].plan
            )
            for k, one in enumerate(compromises)
        ],
        "Les compromis : choisissez-en un sur le graphique, ou dans « Plan montré »",
    )
    tables.note("Dominé : un autre compromis fait au moins aussi bien sur les trois colonnes.")


def _pick(names: list[str]) -> None:
    """Show the compromise that was clicked on the plot."""
    chosen = st.session_state["siting_frontier"]["selection"].get("choix", [])
    if chosen and chosen[0].get("nom") in names:
        st.session_state["siting_shown"] = chosen[0]["nom"]


def alternatives(study: Study, found: Outcome) -> None:
    """Show good plans that differ."""
    if _country(found, "Les variantes se calculent") or _other_model(study, "Les variantes"):
        return
    job = _asked(
        siting_runs.peek(study, siting_runs.ALTERNATIVES),
        lambda: siting_runs.alternatives(study),
        "Calculer les variantes",
        "Quatre bons plans dont deux à deux un tiers des sites au moins diffère.",
    )
    if job is None:
        return
    plans = _followed(job, "Calcul des variantes")
    tables.show_table(
        siting_rows.PLAN_COLUMNS,
        [
            siting_rows.plan_row(f"Variante {k + 1}", found.posed, plan, plans[0])
            for k, plan in enumerate(plans)
        ],
        "Des plans presque aussi bons, avec d'autres sites",
    )


def waves(study: Study, found: Outcome) -> None:
    """Show growing waves, then which sites to keep on the way down."""
    if _other_model(study, "Les vagues"):
        return
    sizes = _sizes(study, len(found.posed.candidates))
    if sizes is None:
        return
    job = _asked(
        siting_runs.peek(study, siting_runs.WAVES, sizes),
        lambda: siting_runs.waves(study, sizes),
        "Calculer les vagues",
        "Chaque vague garde les sites de la précédente ; puis la descente choisit lesquels garder.",
    )
    if job is None:
        return
    st.session_state[_SIZES] = {siting_runs.key_of(study): sizes}
    up, down = _followed(job, "Calcul des vagues")
    kept = int(found.posed.problem.kept.sum())
    for waved, caption in (
        (up, "La montée : chaque vague garde la précédente"),
        (down, "La descente : quels sites garder"),
    ):
        tables.show_table(
            siting_rows.WAVE_COLUMNS,
            siting_rows.wave_rows(found.posed, waved, kept),
            caption,
            "Arrêté avant ce calcul.",
        )
    opening = siting_rows.opening_rows(found.posed, up, down)
    tables.show_table(
        siting_rows.OPENING_COLUMNS,
        opening[:MOST_ROWS],
        "Quel site ouvre quand : la même chose sur la carte, avec « Plan montré : Les vagues »",
        scrolls=True,
    )
    tables.note(
        "Ce que coûte l'emboîtement : de combien l'objectif est moins bon que si la vague était "
        "planifiée seule. Il peut paraître négatif, dans la limite de l'écart prouvé."
    )


def _country(found: Outcome, what: str) -> bool:
    """Whether the country is asked, for which a part is not computed: say so."""
    country = isinstance(found.posed.problem.costs_min, PointCosts)
    if country:
        st.info(
            f"{what} sur une région ou un département, pas sur le pays.", icon=":material/info:"
        )
    return country


def _other_model(study: Study, what: str) -> bool:
    """Whether a part does not exist for the model: say so."""
    other = study.model not in ("p-median", "max-cover")
    if other:
        st.info(f"{what} existent pour le temps moyen et la couverture.", icon=":material/info:")
    return other


def _sizes(study: Study, most: int) -> tuple[int, ...] | None:
    country = study.territory == "FR"
    default = (1000, 2500, 4000) if country else (
        max(1, study.sites // 4), max(2, study.sites * 5 // 8), max(3, study.sites)
    )  # fmt: skip
    columns = st.columns(3)
    sizes = tuple(
        int(column.number_input(f"Vague {k + 1} (sites)", 1, most, min(most, size),
                                key=f"siting_wave_{k}_{study.territory}"))
        for k, (column, size) in enumerate(zip(columns, default, strict=True))
    )  # fmt: skip
    if not sizes[0] < sizes[1] < sizes[2]:
        st.warning(
            "Chaque vague doit être plus grande que la précédente.", icon=":material/warning:"
        )
        return None
    return sizes


def method(found: Outcome, plan: SitingPlan) -> None:
    """Show how the plan was made and what it rests on."""
    st.markdown(siting_view.proof_text(plan))
    rows = siting_view.method_rows(found, plan)
    tables.show_table((Column("Élément"), Column("Valeur")), rows, "Comment ce plan a été fait")
    for text in found.posed.notes:
        tables.note(text)


def _asked(job: Job | None, start, label: str, text: str) -> Job | None:
    """Return a run that exists, or the button that starts it."""
    if job is not None:
        return job
    st.markdown(text)
    if st.button(label, type="primary", key=f"start_{label}"):
        start()
        st.rerun()
    return None


def _followed(job: Job, text: str):
    """Return the result of a run; the page starts again once it is there, to offer its plans."""
    known = job.done
    result = follow(job, text)
    if not known:
        st.rerun()
    return result


def plans_known(study: Study, found: Outcome) -> dict[str, SitingPlan]:
    """Return every plan that can be shown: the study's, and those computed beside it."""
    plans = {"Le plan": found.plan}
    for what, named in (
        (siting_runs.FRONTIER, lambda result: {
            siting_rows.compromise_name(k, one): one.plan for k, one in enumerate(result)}),
        (siting_runs.ALTERNATIVES, lambda result: {
            f"Variante {k + 1}": one for k, one in enumerate(result)}),
    ):  # fmt: skip
        job = siting_runs.peek(study, what)
        if job is not None and job.done:
            plans |= named(job.result())
    growing = waves_known(study)
    if growing:
        plans[WAVES_SHOWN] = growing[-1].nested
    return plans


def waves_known(study: Study) -> tuple[Wave, ...]:
    """Return the growing waves of this visit's study, when they are computed."""
    sizes = st.session_state.get(_SIZES, {}).get(siting_runs.key_of(study))
    job = siting_runs.peek(study, siting_runs.WAVES, sizes) if sizes else None
    return job.result()[0] if job is not None and job.done else ()


def words_of(found: Outcome) -> str:
    """Return the notes of a study as one text."""
    people = wording.number(float(found.posed.demand["persons"].sum()))
    return f"{people} personnes à servir. " + " ".join(found.posed.notes)
