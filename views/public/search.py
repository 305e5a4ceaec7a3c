"""Public page: the places of help nearest to a commune, without account nor tracking."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from views.parts import boundary, cached, cards, nearby, selectors, wording
from views.parts import map as maps
from views.parts.tables import lead, note


def main() -> None:
    st.title("Trouver un conseiller près de chez vous")
    lead(
        "Des personnes aident gratuitement à utiliser un ordinateur, un téléphone ou internet. "
        "Tapez votre commune ou votre code postal pour voir les lieux les plus proches."
    )
    code = chosen_commune()
    if code:
        answer(code)


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
    ).strip()
    if not text:
        st.query_params.pop("commune", None)
        return ""
    if st.session_state.get("commune_linked") == (linked, text):
        return linked
    found = cached.found_communes(text)
    if not found:
        st.warning(
            f"Aucune commune ne correspond à « {wording.plain(text)} ». Vérifiez "
            "l'orthographe, ou tapez un code postal à cinq chiffres.",
            icon=":material/search_off:",
        )
        return ""
    code = next(iter(found))
    if len(found) > 1:
        code = st.radio(
            "Est-ce la bonne commune ?",
            list(found),
            format_func=found.get,
            key=f"commune_among_{'_'.join(found)}",
        )
    st.query_params["commune"] = code
    return code


@st.fragment
@boundary.guarded
def answer(code: str) -> None:
    """Show the places near a commune: filters, list and map."""
    moment = datetime.now(UTC)
    town = cached.communes().loc[code]
    with st.container(horizontal=True):
        now = st.toggle("Ouvert maintenant", key="open_now")
        weekend = st.toggle("Ouvert le week-end", key="open_weekend")
    every = nearby.around(code, cached.places().frame, moment)
    shown = nearby.chosen(every, moment, now=now, weekend=weekend)
    listing, beside = st.columns([6, 5], gap="medium")
    with listing:
        st.subheader(heading(len(shown), str(town["name"])))
        if not every:
            st.info(
                "Aucun lieu connu dans cette édition ; votre mairie peut vous orienter.",
                icon=":material/info:",
            )
        elif not shown:
            st.info(
                "Aucun de ces lieux n'a d'horaires connus qui conviennent. Retirez un filtre "
                "pour les voir tous, puis téléphonez.",
                icon=":material/filter_alt_off:",
            )
        for rank, place in enumerate(shown, start=1):
            cards.place_card(rank, place, moment)
        cards.town_hall_card(nearby.town_hall(code), moment)
        plan = cached.known_plan(cached.default_scenario(town["department"]))
        cards.proposed_stop_card(nearby.proposed_stop(code, plan))
    with beside:
        draw(code, town, shown)
        note(
            "Temps de trajet en voiture, modélisés : comptez large. Rien de ce que vous tapez "
            "n'est enregistré ; l'adresse de cette page ne contient que le code de la commune."
        )


def heading(count: int, town: str) -> str:
    if not count:
        return f"Près de {wording.plain(town)}"
    return f"{wording.capital(wording.count(count, 'lieu', 'lieux'))} près de {wording.plain(town)}"


def draw(code: str, town: pd.Series, shown: list[nearby.Near]) -> None:
    """Draw the places with their numbers in the list."""
    spec = cards.map_specification(code, town, shown)
    maps.show(spec, key="public_map", height=420)


with boundary.page():
    main()
