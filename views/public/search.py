"""Public page: the places of help nearest to a commune, without account nor tracking."""

from datetime import UTC, datetime

import streamlit as st

from coverage.doorstep import Doorstep
from views.parts import boundary, cached, map_frame, selectors, wording
from views.parts.public import addresses, cards, nearby, passages, results
from views.parts.tables import lead, note


def main() -> None:
    st.title("Trouver un conseiller près de chez vous")
    lead(
        "Des personnes aident gratuitement à utiliser un ordinateur, un téléphone ou internet. "
        "Tapez votre commune ou votre code postal pour voir les lieux les plus proches."
    )
    code = chosen_commune()
    door = addresses.doorstep()
    if door is not None:
        code = door.commune_code
    if not code:
        st.query_params.pop("commune", None)
        return
    st.query_params["commune"] = code
    answer(code, door)


def chosen_commune() -> str:
    """Return the commune asked for, or nothing yet."""
    linked = selectors.link().commune
    if linked and "commune_text" not in st.session_state:
        st.session_state["commune_text"] = str(cached.communes().at[linked, "name"])
        st.session_state["commune_linked"] = linked, st.session_state["commune_text"]
    text = st.text_input(
        "Votre commune ou votre code postal",
        key="commune_text",
        max_chars=80,
        placeholder="Exemple : Moulins ou 03000",
        icon=":material/search:",
        on_change=addresses.forget,
    ).strip()
    if not text:
        return ""
    if st.session_state.get("commune_linked") == (linked, text):
        return linked
    return meant(text)


def meant(text: str) -> str:
    """Return the commune that a text names; ask where it may be several."""
    found = cached.found_communes(text)
    if not found.matches:
        st.warning(
            f"Aucune commune ne correspond à « {wording.plain(text)} ». Vérifiez "
            "l'orthographe, ou tapez un code postal à cinq chiffres.",
            icon=":material/search_off:",
        )
        return ""
    labels = {match.code: match.label for match in found.matches}
    if len(labels) == 1 and found.sure:
        return next(iter(labels))
    question = "Est-ce la bonne commune ?" if found.sure else "De quelle commune s'agit-il ?"
    if not found.named:
        question = f"Aucune commune ne s'appelle « {wording.plain(text)} ». Vouliez-vous dire :"
    code = st.radio(
        question,
        list(labels),
        index=0 if found.sure else None,
        format_func=labels.get,
        key=f"commune_among_{'_'.join(labels)}",
    )
    return code or ""


@st.fragment
@boundary.guarded
def answer(code: str, door: Doorstep | None) -> None:
    """Show the places near a commune or an address: filters, list and map."""
    moment = datetime.now(UTC)
    town = cached.communes().loc[code]
    if st.session_state.get("public_code") != code:
        st.session_state["public_code"] = code
        results.forget_choice()
    look = results.wanted()
    every = nearby.around(code, cached.places().frame, moment, door)
    listing, beside = st.columns([6, 5], gap="medium")
    with listing:
        place = st.container()
        results.far_away(every)
        shown, count = results.numbered(every, look, moment)
        place.subheader(results.heading(count, str(town["name"])))
        results.take_away(code, town, shown, moment)
        announced = passages.show_passages(code)
        results.listing(shown, count, moment)
        cards.town_hall_card(nearby.town_hall(code), moment)
        if not announced:
            passages.say_none()
            plan = cached.known_plan(cached.default_scenario(town["department"]))
            cards.proposed_stop_card(nearby.proposed_stop(code, plan))
    with beside:
        map_frame.show(
            cards.map_specification(code, town, shown, door), key="public_map", height=420
        )
    note(results.draw_note(door))


with boundary.page():
    main()
