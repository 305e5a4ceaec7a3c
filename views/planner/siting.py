"""The page of siting: a question in plain words, a plan with its proof, and its alternatives."""

import streamlit as st

from planning.siting.outcome import Outcome
from planning.siting.size import memory_note
from planning.siting.study import Study
from views.parts import boundary, legend, map_frame, state, tables, travel_text
from views.parts import map as maps
from views.parts.following import follow
from views.parts.siting import form as siting_form
from views.parts.siting import link as siting_link
from views.parts.siting import map as siting_map
from views.parts.siting import runs as siting_runs
from views.parts.siting import tabs as siting_tabs
from views.parts.siting import view as siting_view

PARTS = {
    "sites": "Sites",
    "compromis": "Compromis",
    "variantes": "Variantes",
    "vagues": "Vagues",
    "methode": "Preuve et méthode",
}


def main() -> None:
    st.title("Implantation")
    tables.lead(
        "Où ouvrir des sites, d'un département au pays entier : ce que l'on recherche, les règles "
        "à suivre, et un plan avec la preuve de sa qualité."
    )
    study = siting_form.place()
    sent = siting_form.ask(study)
    if sent is not None:
        siting_form.keep(sent)
        study = sent
        siting_runs.plan(study)
    job = siting_runs.peek(study)
    if job is None:
        failed(study, asked=sent is not None)
        recent(study)
        return
    found = follow(job, siting_view.title(study, siting_form.name_of(study)))
    show(study, found)
    recent(study)


def failed(study: Study, *, asked: bool) -> None:
    """Say why a run that was just asked for has no plan, or what to do."""
    if asked:
        follow(siting_runs.plan(study), siting_view.title(study, siting_form.name_of(study)))
        return
    st.info(
        "Aucun plan n'est encore calculé pour ces choix. Réglez la question, puis « Calculer ».",
        icon=":material/info:",
    )


def show(study: Study, found: Outcome) -> None:
    """Show a plan: figures, map, and one part at a time."""
    plans = siting_tabs.plans_known(study, found)
    name = "Le plan"
    if len(plans) > 1:
        name = st.selectbox("Plan montré", list(plans), key="siting_shown", width=360)
    plan = plans[name]
    tables.show_facts(siting_view.facts(found, plan))
    st.markdown(siting_view.proof_text(plan))
    if name.startswith("Compromis"):
        tables.note("L'objectif d'un compromis compte en plus les personnes au-delà du seuil.")
    if name == siting_tabs.WAVES_SHOWN:
        tables.note("La preuve vaut parmi les plans qui gardent les sites des vagues précédentes.")
    tables.note(siting_tabs.words_of(found))
    modelled = found.posed.road
    tables.note(travel_text.minutes_note() if modelled else travel_text.coarse_note())
    if memory_note(found.posed.problem):
        st.warning(memory_note(found.posed.problem), icon=":material/memory:")
    if name == siting_tabs.WAVES_SHOWN:
        waved = siting_tabs.waves_known(study)
        draw(found, siting_map.wave_layers(found.posed, waved))
    else:
        draw(found, siting_map.layers(found.posed, plan))
    siting_tabs.files(found, plan)
    part = st.segmented_control(
        "Détail",
        list(PARTS),
        default=state.chosen(st.query_params, "partie", PARTS, "sites"),
        format_func=PARTS.get,
        required=True,
        key="siting_part",
    )
    state.keep(st.query_params, "partie", part, "sites")
    shown = {
        "sites": lambda: siting_tabs.sites(found, plan),
        "compromis": lambda: siting_tabs.frontier(study, found),
        "variantes": lambda: siting_tabs.alternatives(study, found),
        "vagues": lambda: siting_tabs.waves(study, found),
        "methode": lambda: siting_tabs.method(found, plan),
    }
    shown[part]()


def draw(found: Outcome, drawn: siting_map.Drawn) -> None:
    """Show a map of sites."""
    posed = found.posed
    layers, legends, marks = drawn
    title = f"Carte des sites : {posed.territory.name}. Le tableau des sites dit la même chose."
    bounds = siting_map.bounds(posed)
    spec = maps.specification(f"siting-{posed.territory.code}", title, layers, bounds)
    map_frame.show(spec, key="siting_map", height=520)
    st.html(f"<div class='legendes'>{''.join(legends)}{legend.marks_html(marks)}</div>")


def recent(study: Study) -> None:
    """List the latest runs of this server: a run goes on when its page is closed."""
    others = [(one, job) for one, job in siting_runs.recent() if one != study]
    if not others:
        return
    st.subheader("Calculs récents")
    tables.note(
        "Un calcul continue quand sa page est fermée : retrouvez-le ici, ou par son adresse."
    )
    for one, job in others:
        done = "terminé" if job.done else f"en cours, {100 * job.progress.done_share:.0f} %"
        st.page_link(
            "planner/siting.py",
            label=f"{siting_view.title(one, siting_form.name_of(one))} ({done})",
            icon=":material/history:",
            query_params=siting_link.write(one),
        )


with boundary.page():
    main()
