"""The choices of the page of tours: what the link says, the form, and back to the link."""

from typing import Final

import streamlit as st

from planning.tours.making import TourChoice
from planning.tours.stops import StopRules
from planning.tours.territory import TourRequest
from views.parts import cached, state, wording

MOST_VANS: Final = 12
ISOLATED_MIN: Final = (5, 45)
CASELOAD: Final = (20, 150)
EFFORTS: Final = {"rapide": 2_000, "normal": 10_000, "approfondi": 40_000}

# A day holds shorter visits when it holds three; minutes: shortest, usual, longest.
_LENGTHS: Final = {1: (150.0, 180.0, 210.0), 2: (150.0, 180.0, 210.0), 3: (90.0, 120.0, 135.0)}
STOPS_TEXT: Final = {
    1: "1 arrêt",
    2: "2 arrêts, d'environ 3 heures",
    3: "3 arrêts, d'environ 2 heures",
}
_WEEKS_TEXT: Final = {1: "semaine", 2: "2 semaines", 4: "4 semaines"}


def linked(link: state.Reader, department: str) -> TourChoice:
    """Return the choices that a link asks for; what makes no sense is by default, and named.

    Parameters
    ----------
    link
        Query parameters, of unknown origin: ``vehicules``, ``semaines``, ``seuil``,
        ``suivi``, ``arrets``, ``depuis``, ``effort``.
    department
        An existing département.
    """
    usual = TourRequest()
    homes = cached.communes()["department"]
    named = link.several("depuis", homes.index)  # those of the département left go with it
    bases = [code for code in named if homes[code] == department]
    return choice(
        department,
        vans=link.number("vehicules", (1, MOST_VANS), 4),
        weeks=int(link.chosen("semaines", ("1", "2", "4"), str(usual.weeks))),
        isolated=link.number("seuil", ISOLATED_MIN, int(usual.isolated_min)),
        caseload=link.number("suivi", CASELOAD, int(usual.rules.caseload)),
        max_stops=link.number("arrets", (1, 3), usual.max_stops),
        bases=tuple(sorted(bases))[:MOST_VANS],
        effort=link.chosen("effort", EFFORTS, "normal"),
    )


def choice(
    department: str,
    *,
    vans: int,
    weeks: int,
    isolated: int,
    caseload: int,
    max_stops: int,
    bases: tuple[str, ...],
    effort: str,
) -> TourChoice:
    """Return choices in the planner's words."""
    shortest, usual, longest = _LENGTHS[max_stops]
    rules = StopRules(
        caseload=float(caseload),
        shortest_service_min=shortest,
        usual_service_min=usual,
        longest_service_min=longest,
    )
    request = TourRequest(vans, weeks, float(isolated), bases[:vans], rules, max_stops)
    return TourChoice(department, request, EFFORTS[effort])


def title(made: TourChoice) -> str:
    """Return what a choice is called: « Tournées, 4 véhicules, toutes les 2 semaines »."""
    weeks = _WEEKS_TEXT[made.request.weeks]
    return f"Tournées, {wording.count(made.request.vans, 'véhicule')}, toutes les {weeks}"


def parameters(made: TourChoice) -> dict[str, str]:
    """Return the query parameters that restore the choices, the département apart."""
    request = made.request
    found = {
        "vehicules": str(request.vans),
        "semaines": str(request.weeks),
        "seuil": f"{request.isolated_min:g}",
        "suivi": f"{request.rules.caseload:g}",
        "arrets": str(request.max_stops),
        "effort": next(name for name, n in EFFORTS.items() if n == made.iterations),
    }
    if request.bases:
        found["depuis"] = ",".join(request.bases)
    return found


def show(made: TourChoice) -> TourChoice | None:
    """Show the form; return the choices when it is sent."""
    request = made.request
    table = cached.communes()
    ours = table[table["department"] == made.department].sort_values("population", ascending=False)
    with st.form("tours", border=True):
        left, right = st.columns(2)
        vans = left.slider("Nombre de véhicules", 1, MOST_VANS, request.vans)
        weeks = left.radio(
            "Le calendrier se répète toutes les",
            list(_WEEKS_TEXT),
            index=list(_WEEKS_TEXT).index(request.weeks),
            format_func=_WEEKS_TEXT.get,
            horizontal=True,
        )
        stops = left.radio(
            "Arrêts par jour, au plus",
            list(STOPS_TEXT),
            index=list(STOPS_TEXT).index(request.max_stops),
            format_func=STOPS_TEXT.get,
        )
        isolated = right.slider(
            "Une commune est isolée au-delà de (minutes d'un lieu d'aide)",
            *ISOLATED_MIN,
            int(request.isolated_min),
        )
        caseload = right.slider(
            "Personnes suivies par une permanence toutes les 4 semaines",
            *CASELOAD,
            int(request.rules.caseload),
            help="Si plus de personnes ont besoin d'aide à un arrêt, le véhicule y revient toutes "
            "les 2 semaines, puis chaque semaine. 60 : six entretiens d'une demi-heure par "
            "permanence, et 1,3 venue par personne et par an (hypothèse).",
        )
        bases = right.multiselect(
            "Points de départ des véhicules",
            list(ours.index),
            default=list(request.bases),
            format_func=lambda code: wording.plain(str(table.at[code, "name"])),
            placeholder="Laisser le calcul choisir",
            max_selections=MOST_VANS,
        )
        effort = right.radio(
            "Calcul",
            list(EFFORTS),
            index=list(EFFORTS.values()).index(made.iterations),
            horizontal=True,
            help="Un calcul plus long trouve souvent des tournées un peu moins chères ; on peut "
            "l'arrêter et garder le meilleur résultat.",
        )
        sent = st.form_submit_button("Calculer les tournées", type="primary")
    if not sent:
        return None
    return choice(
        made.department,
        vans=int(vans),
        weeks=int(weeks),
        isolated=int(isolated),
        caseload=int(caseload),
        max_stops=int(stops),
        bases=tuple(sorted(bases)),
        effort=str(effort),
    )
