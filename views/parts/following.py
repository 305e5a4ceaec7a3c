"""Waiting for a long run, with its progress and a way to stop it."""

from typing import Final, TypeVar

import streamlit as st

from views.parts import boundary
from views.parts.jobs import Cancelled, Job

T = TypeVar("T")


_STOPPED: Final = "Calcul arrêté. Il reprendra à votre prochaine action sur cette page."


def follow(job: Job[T], title: str, key: str = "stop_run", stopped: str = _STOPPED) -> T:
    """Wait for a run and return its result; the page shows how far it is.

    Parameters
    ----------
    job
        The run.
    title
        What it does.
    key
        Name of the button that stops it.
    stopped
        What is said once it was stopped; the page then ends there.

    Raises
    ------
    CoverageError
        What the run raised.
    """
    if not job.wait(0.15):
        place = st.empty()
        with place.container(border=True):
            st.markdown(f"**{title}**")
            bar = st.progress(0.0)
            if job.keeps:
                label, wish = "Arrêter et garder le meilleur résultat", job.finish
            else:
                label, wish = "Arrêter", job.cancel
            st.button(label, on_click=boundary.guarded(wish), key=key)
        with job.followed():
            while not job.stopping and not job.wait(0.25):
                told = job.progress
                bar.progress(min(1.0, max(0.0, told.done_share)), text=told.message)
        place.empty()
    try:
        if job.stopping:  # it may hear so late, of a producer that says nothing: nobody waits
            raise Cancelled
        return job.result()
    except Cancelled:
        st.info(stopped, icon=":material/stop_circle:")
        st.stop()
