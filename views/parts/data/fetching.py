"""Downloading layers from their producers, with progress and a way to stop."""

import uuid
from functools import partial
from typing import Final

import streamlit as st

from geodata import catalog, layers
from geodata.errors import CoverageError
from planning.stopping import Progress, ProgressCallback
from views.parts import wording
from views.parts.data import importing as import_view
from views.parts.following import follow
from views.parts.jobs import Jobs

_ASKED: Final = "fetch_asked"
_STOPPED: Final = (
    "Téléchargement arrêté. Les couches déjà reçues sont gardées ; ce qui a été reçu des autres "
    "servira à reprendre."
)
Outcome = dict[str, str]
"""Layer → why it was not loaded (French), empty when it was."""


@st.cache_resource(max_entries=1, show_spinner=False)
def _runs() -> Jobs[Outcome]:
    return Jobs(keep=4)


def ask(wanted: list[str]) -> None:
    """Ask for layers; the page shows the download at its next run."""
    st.session_state[_ASKED] = uuid.uuid4().hex, wanted


def show() -> None:
    """Show the download that was asked for, then what came of it."""
    key, wanted = st.session_state.get(_ASKED, ("", []))
    if not key:
        return
    known = _runs().peek(key)
    if known is not None and (known.done or known.stopping):  # told once, or stopped
        st.session_state.pop(_ASKED)
    job = _runs().get(key, partial(_fetch_all, wanted))
    outcome = follow(job, "Téléchargement des couches", key="stop_fetch", stopped=_STOPPED)
    st.session_state.pop(_ASKED, None)
    if any(not why for why in outcome.values()):
        import_view.forget()
    for layer, why in outcome.items():
        title = catalog.source(layer).title
        if why:
            st.error(wording.plain(why), icon=":material/error:")
        else:
            st.success(f"{title} : couche chargée.", icon=":material/check:")


def _fetch_all(wanted: list[str], told: ProgressCallback) -> Outcome:
    """Download layers one by one; a failure is told and does not stop the others."""
    outcome: Outcome = {}
    for rank, layer in enumerate(wanted):
        title = catalog.source(layer).title

        def heard(done: int, whole: int | None, rank: int = rank, title: str = title) -> None:
            share = min(1.0, done / whole) if whole else 0.5
            told(Progress((rank + share) / len(wanted), f"{title} : {wording.size(done)}"))

        heard(0, None)
        try:
            layers.fetch(layer, progress=heard)
            outcome[layer] = ""
        except CoverageError as error:
            outcome[layer] = f"{title} : {error}"
    return outcome
