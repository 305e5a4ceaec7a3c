"""Publishing the calendar of tours of a département, and withdrawing it."""

import streamlit as st

from planning.tours import published
from planning.tours.calendar import TourCalendar
from views.parts import boundary, identity, register, wording
from views.parts.tables import note


def show(department: str, calendar: TourCalendar) -> None:
    """Show what is published in a département; let whoever may publish or withdraw."""
    store = register.store()
    known = published.current(store, department)
    version = published.version(store, department)
    if known is None:
        st.info(
            "Aucun calendrier n'est publié pour ce département : la page publique n'annonce "
            "aucun passage.",
            icon=":material/event_busy:",
        )
    else:
        st.success(
            f"Publié pour {wording.plain(known.service)} par "
            f"{wording.plain(identity.signature(known.author))} le "
            f"{wording.day_text(known.at)} : "
            f"{wording.count(len(known.visits), 'passage')}, du {wording.day_text(known.first)} "
            f"au {wording.day_text(known.last)}.",
            icon=":material/event_available:",
        )
    who = identity.show()
    refusals = [identity.why_not(who, role, department) for role in ("planner", "prefect")]
    if all(refusals):
        st.info(refusals[0], icon=":material/lock:")
        return
    left, right = st.columns(2)
    service = left.text_input(
        "Service qui tient les tournées (visible du public)",
        max_chars=published.LONGEST_TEXT,
        placeholder="Coordination départementale",
        key="publisher",
    )
    contact = right.text_input(
        "Contact pour le public (facultatif)",
        max_chars=published.LONGEST_TEXT,
        placeholder="Téléphone ou adresse du service",
        key="publisher_contact",
    )
    with st.container(horizontal=True):
        st.button(
            "Publier ce calendrier" if known is None else "Remplacer le calendrier publié",
            on_click=boundary.guarded(_publish),
            args=(department, calendar, service, contact, version),
        )
        if known is not None:
            st.button(
                "Retirer le calendrier publié",
                on_click=boundary.guarded(_withdraw),
                args=(department, version),
            )
    note(
        "Ce qui est publié apparaît aussitôt sur la page « Trouver un conseiller » des communes "
        "desservies. Chaque publication est datée et gardée au registre."
    )


def _publish(
    department: str, calendar: TourCalendar, service: str, contact: str, version: int
) -> None:
    published.publish(
        register.store(),
        calendar,
        department,
        identity.current().author,
        service,
        contact=contact,
        after=version,
    )


def _withdraw(department: str, version: int) -> None:
    author = identity.current().author
    published.withdraw(register.store(), department, author, after=version)
