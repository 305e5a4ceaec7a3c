"""The answer of the public search: filters, list and map in step, sheet and link."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from coverage.doorstep import Doorstep
from views.parts import boundary, downloads, travel_text, wording
from views.parts.public import cards, filters, nearby, sheet
from views.parts.public.cards import Numbered
from views.parts.public.filters import FILTERS, HELPS, Wanted
from views.parts.public.nearby import Near
from views.parts.tables import note

_CHOSEN: Final = "public_chosen"
_FILTERS: Final = "public_filters"
_HELP: Final = "public_help"
_UNSURE: Final = "public_unsure"
_COUNT: Final = "public_count"


def wanted() -> Wanted:
    """Show the filters and return what is looked for; the address follows."""
    if _FILTERS not in st.session_state:
        linked = st.query_params.get("filtres", "").split(",")
        st.session_state[_FILTERS] = filters.readable(linked, FILTERS)
    if _HELP not in st.session_state:
        linked = st.query_params.get("aide", "")
        st.session_state[_HELP] = linked if linked in HELPS else ""
    chosen = st.pills(
        "Filtres", list(FILTERS), selection_mode="multi", format_func=FILTERS.get, key=_FILTERS
    )
    kind = st.selectbox(
        "Type d'aide",
        ["", *HELPS],
        format_func=lambda name: HELPS[name][0] if name else filters.ANY_HELP,
        key=_HELP,
    )
    _keep("filtres", ",".join(filters.readable(chosen, FILTERS)))
    _keep("aide", kind)
    return Wanted(frozenset(chosen), kind)


def _keep(name: str, value: str) -> None:
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value:
        st.query_params.pop(name, None)


def numbered(every: Sequence[Near], look: Wanted, moment: datetime) -> tuple[list[Numbered], int]:
    """Show what the filters leave out, with ways to relax them.

    Returns
    -------
    tuple
        The places to list, and how many there are in all.
    """
    sieved = filters.sieve(every, look, moment)
    unsure: tuple[Near, ...] = ()
    if look and sieved.unsure:
        one, many = "lieu qui ne le dit pas", "lieux qui ne le disent pas"
        count = wording.count(len(sieved.unsure), one, many)
        if st.toggle(f"Ajouter {count} (à vérifier par téléphone)", key=_UNSURE):
            unsure = sieved.unsure
    kept = [place for place in every if place in sieved.sure or place in unsure]
    if every and not kept:
        _too_strict(bool(sieved.unsure))
    count = st.session_state.setdefault(_COUNT, nearby.SHOWN)
    chosen = st.session_state.get(_CHOSEN)
    listed = [
        Numbered(rank, place, chosen == (place.title, place.commune_code), place in unsure)
        for rank, place in enumerate(kept[:count], start=1)
    ]
    return listed, len(kept)


def _too_strict(some_do_not_say: bool) -> None:
    hint = " Ajoutez ceux qui ne le disent pas, ou retirez un filtre." if some_do_not_say else ""
    st.info(
        f"Aucun des lieux proches ne dit convenir à tout ce que vous cherchez.{hint}",
        icon=":material/filter_alt_off:",
    )
    st.button("Retirer tous les filtres", on_click=boundary.guarded(_relax), key="relax")


def _relax() -> None:
    st.session_state[_FILTERS] = []
    st.session_state[_HELP] = ""
    st.session_state[_UNSURE] = False


def listing(shown: Sequence[Numbered], total: int, moment: datetime) -> None:
    """Show the places as cards; choosing one draws it apart on the map."""
    for one in shown:
        cards.place_card(one, moment, _choose)
    if total > len(shown):
        st.button("Montrer plus de lieux", on_click=boundary.guarded(_more), key="more")


def _choose(place: Near) -> None:
    st.session_state[_CHOSEN] = place.title, place.commune_code


def _more() -> None:
    st.session_state[_COUNT] += nearby.SHOWN


def forget_choice() -> None:
    """Forget the place chosen and the length of the list: another commune is shown."""
    for name in (_CHOSEN, _COUNT):
        st.session_state.pop(name, None)


def far_away(every: Sequence[Near]) -> None:
    """Say when nothing is near, or nothing is known."""
    if not every:
        st.info(
            "Aucun lieu connu dans cette édition à moins d'une heure et demie par la route. "
            "Téléphonez à votre mairie, dont les coordonnées sont plus bas : elle peut vous "
            "orienter.",
            icon=":material/info:",
        )
    elif every[0].minutes > nearby.NEAR_MIN:
        st.info(
            f"Aucun lieu connu à moins de {wording.minutes(nearby.NEAR_MIN)} : le plus proche est "
            f"à {wording.minutes(every[0].minutes)}. Téléphonez avant de partir : une aide peut "
            "exister à distance ou se déplacer.",
            icon=":material/directions_car:",
        )


def take_away(code: str, town: pd.Series, shown: Sequence[Numbered], moment: datetime) -> None:
    """Offer the sheet to print and the link to share."""
    chosen = [one.place for one in shown if one.chosen]
    places = chosen or [one.place for one in shown]
    with st.container(horizontal=True):
        if places:
            several = f"des {min(len(places), sheet.ON_A_SHEET)} premiers lieux"
            downloads.button(
                f"Fiche à imprimer {several if len(places) > 1 else 'de ce lieu'}",
                lambda: sheet.sheet_html(town, places, moment),
                f"aide-numerique-{code}.html",
                "text/html",
            )
        with st.popover("Partager cette recherche", icon=":material/link:"):
            st.code(shared_link(code), language=None, wrap_lines=True)
            note("Ce lien ne contient que la commune et les filtres, jamais une adresse tapée.")


def shared_link(code: str) -> str:
    """Return the link to this search: a commune and filters, whatever else was typed."""
    page = str(st.context.url or "").partition("?")[0]
    if not urlsplit(page).path:
        page += "/"
    kept = {name: st.query_params[name] for name in ("filtres", "aide") if name in st.query_params}
    return f"{page}?{urlencode({'commune': code, **kept}, safe=',')}"


def heading(count: int, town: str) -> str:
    """Return the title of the list."""
    if not count:
        return f"Près de {wording.plain(town)}"
    return f"{wording.capital(wording.count(count, 'lieu', 'lieux'))} près de {wording.plain(town)}"


def draw_note(door: Doorstep | None) -> str:
    """Return what is to be known of the minutes, and of what is kept."""
    start = "de votre adresse" if door else "de votre mairie"
    return (
        f"{travel_text.plain_note()} Ils sont comptés à partir {start}. "
        "Rien de ce que vous tapez n'est enregistré ; l'adresse de cette page ne contient "
        "que le code de la commune et les filtres."
    )
