"""The page of tours: choices in plain words, a plan to drive, its files, its publication."""

from datetime import date

import streamlit as st

from planning.tours.making import MadeTours, TourChoice
from planning.tours.plan import TourPlan
from planning.tours.yearly import one_year
from views.parts import boundary, cached, selectors, state, tables, travel_text, wording
from views.parts.following import follow
from views.parts.tours import files as tours_files
from views.parts.tours import form as tours_form
from views.parts.tours import map as tours_map
from views.parts.tours import panels as tours_panels
from views.parts.tours import publication as tours_publication
from views.parts.tours import real as tours_real
from views.parts.tours import view as tours_view


def main() -> None:
    st.title("Tournées")
    tables.lead(
        "Des conseillers en véhicule passent à jour fixe dans les communes isolées. Choisissez "
        "les moyens ; le calcul propose un calendrier que l'on peut imprimer et publier."
    )
    department = selectors.department("tours")
    choice = chosen(department)
    changed = tours_form.show(choice)
    if changed is not None:
        ask(changed)
        st.rerun()
    made = cached.known_tours(choice)
    if made is None and asked(choice):
        made = follow(cached.tour_job(choice), "Calcul des tournées")
    tours_real.show(department)
    if made is None:
        st.info(
            "Aucune tournée n'est encore calculée avec ces choix. Le calcul dure de quelques "
            "secondes à une minute ; on peut l'arrêter et garder le meilleur résultat.",
            icon=":material/info:",
        )
        return
    show(made)


def chosen(department: str) -> TourChoice:
    """Return what the form holds for this département, or what the link says."""
    kept = st.session_state.get("tour_choices", {}).get(department)
    if kept is not None:
        return kept
    link = state.Reader(st.query_params)
    choice = tours_form.linked(link, department)
    if link.ignored:
        selectors.tell_ignored()
    return choice


def asked(choice: TourChoice) -> bool:
    """Tell whether someone asked for these tours in this visit, or by a link."""
    linked = st.query_params.get("vehicules")
    return bool(linked) or cached.tour_key(choice) in st.session_state.get("tours_asked", set())


def ask(choice: TourChoice) -> None:
    st.session_state.setdefault("tour_choices", {})[choice.department] = choice
    st.session_state.setdefault("tours_asked", set()).add(cached.tour_key(choice))
    st.query_params.update(tours_form.parameters(choice))


def show(made: MadeTours) -> None:
    for text in made.found.notes:
        st.info(text, icon=":material/info:")
    if made.plan is None:
        return
    if made.cut_short:
        st.warning(
            f"Calcul arrêté avant la fin, après {wording.number(made.plan.iterations)} essais : "
            "c'est le meilleur résultat trouvé jusque-là.",
            icon=":material/stop_circle:",
        )
        st.button("Reprendre le calcul", on_click=boundary.guarded(resume), args=(made.choice,))
    show_figures(made, made.plan)
    tours_panels.show_missing(made, made.plan)
    tours_map.show(made.choice.department, made.plan)
    tables.note(travel_text.minutes_note())
    calendar, stops, effect, files = st.tabs(
        ["Semaines", "Arrêts", "Avant et après", "Dates et fichiers"]
    )
    with calendar:
        tours_panels.show_weeks(made.plan)
    with stops:
        rows = tours_view.stop_rows(made.plan)
        tables.show_table(tours_view.STOP_COLUMNS, rows, "Arrêts des tournées")
    with effect:
        tours_panels.show_effect(made)
    with files:
        show_files(made, made.plan)


def resume(choice: TourChoice) -> None:
    cached.tour_runs().forget(cached.tour_key(choice))
    ask(choice)


def show_figures(made: MadeTours, plan: TourPlan) -> None:
    year = date.today().year + 1
    totals = one_year(plan, year, department=made.choice.department)
    tables.show_facts(tours_view.facts(made, plan, totals, year))


@st.fragment
@boundary.guarded
def show_files(made: MadeTours, plan: TourPlan) -> None:
    calendar = tours_files.dates(made, plan)
    tours_files.offer(made, calendar)
    tours_files.show_closed(calendar)
    st.subheader("Publication")
    tours_publication.show(made.choice.department, calendar)


with boundary.page():
    main()
