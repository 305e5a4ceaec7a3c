"""Starting from an exact address: asked of an outside service by those who agree to it."""

from typing import Final

import numpy as np
import streamlit as st

from coverage.doorstep import Doorstep
from geodata import geocoding
from geodata.errors import SourceError
from geodata.geocoding import Address
from views.parts import cached, wording
from views.parts.tables import note

_FOUND: Final = "addresses_found"


def forget() -> None:
    """Forget the address: a commune was typed instead."""
    st.session_state.pop(_FOUND, None)


def doorstep() -> Doorstep | None:
    """Show the choice of an exact address; return where it is, ``None`` when there is none."""
    if not geocoding.service():
        return None
    with st.expander("Partir d'une adresse exacte (en ligne)"):
        agreed = st.toggle("Autoriser la recherche d'adresse en ligne", key="online")
        if not agreed:
            note(
                "Rien n'est envoyé tant que vous n'autorisez pas cette recherche. La commune ou "
                "le code postal suffisent pour trouver les lieux les plus proches."
            )
            forget()
            return None
        _ask()
        return _chosen(st.session_state.get(_FOUND, []))


def _ask() -> None:
    with st.form("address", border=False):
        text = st.text_input(
            "Votre adresse", max_chars=geocoding.LONGEST, placeholder="12 rue de Paris, Moulins"
        )
        note(
            f"L'adresse sera envoyée à la Géoplateforme de l'IGN ({geocoding.HOST}) pour la "
            "situer, et à personne d'autre. Elle n'est ni enregistrée ni mise dans un lien."
        )
        sent = st.form_submit_button("Envoyer cette adresse et chercher", type="primary")
    if not sent or not text.strip():
        return
    try:
        with st.spinner("Recherche de l'adresse…"):
            found = geocoding.geocode(text)
    except SourceError as error:  # the commune still answers: no failure of the page
        st.warning(wording.error_text(error), icon=":material/cloud_off:")
        forget()
        return
    st.session_state[_FOUND] = [(one, at) for one in found if (at := place_of(one)) is not None]
    if not st.session_state[_FOUND]:
        st.warning(
            "Aucune adresse de France ne correspond. Ajoutez la commune, ou cherchez par code "
            "postal.",
            icon=":material/search_off:",
        )


def _chosen(found: list[tuple[Address, Doorstep]]) -> Doorstep | None:
    if not found:
        return None
    if len(found) == 1:
        st.markdown(f"Départ : **{wording.plain(found[0][0].label)}**")
        return found[0][1]
    rank = st.radio(
        "Est-ce la bonne adresse ?",
        range(len(found)),
        format_func=lambda one: wording.plain(found[one][0].label),
        key="address_among",
    )
    return found[rank][1]


def place_of(address: Address) -> Doorstep | None:
    """Return where an address is among the communes, ``None`` when it is in none of them.

    In Paris, Lyon and Marseille the nearest arrondissement is taken when only the city is told.
    """
    communes = cached.communes()
    code = address.commune_code
    if code not in communes.index:
        inside = communes[communes["parent"] == code]
        if inside.empty:
            return None
        away = np.hypot(inside["lon"] - address.lon, inside["lat"] - address.lat)
        code = str(away.idxmin())
    return Doorstep(code, address.lon, address.lat)
