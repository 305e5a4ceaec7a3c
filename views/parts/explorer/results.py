"""What was computed, laid over the explorer's map: a plan, a siting, tours; and its tables.

A link names a result by one word: ``plan``, ``scenario-…`` (kept in the register),
``implantation-…`` or ``tournees-…`` (kept by this server as long as it runs).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st

from planning import saved
from planning.deployment import Deployment
from planning.scenario import Scenario
from planning.siting.outcome import Outcome
from planning.tours.making import MadeTours
from planning.tours.plan import TourPlan
from views.parts import audience, boundary, cached, legend, register, tables
from views.parts import map as maps
from views.parts.explorer import zones
from views.parts.following import follow
from views.parts.plan import tours as plan_tours
from views.parts.plan import view as plan_view
from views.parts.siting import map as siting_map
from views.parts.siting import rows as siting_rows
from views.parts.siting import runs as siting_runs
from views.parts.siting import view as siting_view
from views.parts.tables import Column
from views.parts.tours import form as tours_form
from views.parts.tours import map as tours_map
from views.parts.tours import view as tours_view

WORD: Final = re.compile(r"plan|(?:scenario|implantation|tournees)-[0-9a-f]{12,32}")
PLAN: Final = "plan"
SITES_SHOWN: Final = 200

_ASKED: Final = "explored_plans"

Source = Scenario | Outcome | MadeTours


@dataclass(frozen=True)
class Table:
    """A result as text: what the map shows of it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Drawn:
    """A result on the map: its layers, their legend in HTML, its tables."""

    layers: tuple[maps.Layer, ...] = ()
    legend: str = ""
    tables: tuple[Table, ...] = ()


def sources(zone: str) -> dict[str, tuple[str, Source]]:
    """Return the results of a zone: word of the link → its French name, and where it comes from."""
    found: dict[str, tuple[str, Source]] = {}
    if zones.kind(zone) == "department":
        found[PLAN] = "Plan du département", cached.default_scenario(zone)
        if audience.audience() != "prefect":  # scenarios are the planner's papers
            for one in saved.list_saved(register.store()):
                if one.scenario.territory == zone:
                    found[f"scenario-{one.id}"] = f"Scénario « {one.name} »", one.scenario
    for study, job in siting_runs.recent():
        if study.territory == zone and job.done:
            name = siting_view.title(study, zones.zones()[zone])
            word = _word("implantation", siting_runs.key_of(study))
            found[word] = f"Implantation, {name}", job.result()
    for made in cached.tours_of(zone):
        if made.plan is not None:
            title = tours_form.title(made.choice)
            found[_word("tournees", cached.tour_key(made.choice))] = title, made
    return found


def _word(kind: str, key: str) -> str:
    return f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def choose(zone: str, wanted: str, key: str) -> tuple[str, Source | None]:
    """Ask for a result; return its word, empty for none, and where it comes from.

    Parameters
    ----------
    zone
        Part of the country shown.
    wanted
        Word of the link.
    key
        Of the widget.
    """
    known = sources(zone)
    options = ["", *known]
    if wanted not in options and key not in st.session_state:  # it comes from a link
        tables.note(
            "Le résultat que ce lien montrait n'est plus gardé sur ce serveur : relancez son "
            "calcul, puis choisissez-le ici."
        )
    if st.session_state.get(key) not in options:
        st.session_state[key] = wanted if wanted in options else ""
    word = st.selectbox(
        "Résultats sur la carte",
        options,
        format_func=lambda one: known[one][0] if one else "Aucun",
        key=key,
    )
    return word, known[word][1] if word else None


def drawn(source: Source | None) -> Drawn:
    """Return what is drawn of a result; a plan that is not made yet is offered to be."""
    if isinstance(source, Scenario):
        plan = _plan(source)
        return Drawn() if plan is None else of_plan(plan)
    if isinstance(source, Outcome):
        return of_siting(source)
    return Drawn() if source is None or source.plan is None else of_tours(source.plan)


def _plan(scenario: Scenario) -> Deployment | None:
    """Return a plan; it is computed once someone asks for it here."""
    key = cached.plan_key(scenario)
    if (plan := cached.known_plan(scenario)) is not None:
        return plan
    if key in st.session_state.get(_ASKED, set()):
        return follow(cached.plan_job(scenario), "Calcul du plan", key="stop_explored")
    st.button(
        "Calculer ce plan (environ 15 secondes)",
        on_click=boundary.guarded(partial(_ask, key)),
        icon=":material/calculate:",
    )
    return None


def _ask(key: str) -> None:
    st.session_state.setdefault(_ASKED, set()).add(key)


def of_plan(plan: Deployment) -> Drawn:
    """Return the sites and the tours of a plan."""
    vans = plan_tours.vans(plan)
    marks = [plan_view.SITE_MARK, *([plan_tours.STOP_MARK] if vans else [])]
    tours = tuple(plan_tours.tour_layers(plan)) if vans else ()
    sites = Table("Sites du plan", plan_view.SITE_COLUMNS, plan_view.site_rows(plan))
    routes = [Table(van.title, plan_tours.TOUR_COLUMNS, plan_tours.tour_rows(van)) for van in vans]
    return Drawn(
        (*tours, plan_view.site_layer(plan)),
        (plan_tours.tour_legend(plan) if vans else "") + legend.marks_html(marks),
        (sites, *routes),
    )


def of_siting(found: Outcome) -> Drawn:
    """Return the sites of a siting study."""
    layers, _, marks = siting_map.layers(found.posed, found.plan)
    rows = siting_rows.site_rows(found.posed, found.plan, SITES_SHOWN)
    return Drawn(
        tuple(one for one in layers if one["type"] == "points"),
        legend.marks_html(marks),
        (Table("Sites de l'implantation", siting_rows.SITE_COLUMNS, rows),),
    )


def of_tours(plan: TourPlan) -> Drawn:
    """Return the vans of a plan of tours, all weeks together, and their stops."""
    vans = tours_view.vans(plan)
    return Drawn(
        (
            tours_map.routes_layer(plan, vans, -1),
            tours_map.stops_layer(plan, vans, -1),
            tours_map.bases_layer(plan, vans),
        ),
        tours_map.legends(plan, vans),
        (Table("Arrêts des tournées", tours_view.STOP_COLUMNS, tours_view.stop_rows(plan)),),
    )


def show_tables(found: Drawn) -> None:
    """Show in text what the map shows of a result."""
    for one in found.tables:
        tables.show_table(one.columns, one.rows, one.title, scrolls=True)
