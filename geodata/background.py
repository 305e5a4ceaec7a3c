"""The official layers, tried once in the background when the application starts.

No internet, a proxy's page or a slow source is one quiet line, never a failure.
"""

import logging
import os
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from geodata import catalog, layers
from geodata.catalog import DATA_GOUV
from geodata.errors import CoverageError, SourceError
from geodata.fetch import Limits

logger = logging.getLogger(__name__)

FIRST_LAYERS: Final = (
    "france_services",
    "permanences",
    "mediation_places",
    "postal_points",
    "libraries",
    "granted_positions",
    "density",
    "income",
)
"""The layers worth having first: the places, then what describes the communes."""

_GIVE_UP_AFTER: Final = 2  # sources in a row that do not answer: there is no internet
_OFF: Final = "Téléchargement des couches officielles désactivé (GEODATA_OFFLINE)."


@dataclass
class BackgroundFetch:
    """What a background download has done so far.

    Parameters
    ----------
    fetched, failed
        Layers downloaded, and layers that could not be.
    status_line
        One line for the user, in French; empty when there was nothing to do.
    """

    fetched: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    status_line: str = ""
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        """Whether it is over."""
        return self._done.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; False when it did not come in time."""
        return self._done.wait(timeout_s)

    def finish(self, status_line: str) -> None:
        """Say that it is over."""
        self.status_line = status_line
        self._done.set()


def fetch_in_background(budget_s: float = 10.0, *, base: str = DATA_GOUV) -> BackgroundFetch:
    """Try to download the layers that this machine lacks, once, without waiting for them.

    Nothing is asked when ``GEODATA_OFFLINE`` is set, or when nothing is missing.

    Parameters
    ----------
    budget_s
        Seconds in all.
    base
        Address of the data.gouv.fr portal.

    Returns
    -------
    BackgroundFetch
        Filled as the download goes; no exception ever comes out of it.
    """
    state = BackgroundFetch()
    if os.environ.get("GEODATA_OFFLINE", "").strip() not in {"", "0"}:
        state.finish(_OFF)
        return state
    try:
        wanted = [layer for layer in FIRST_LAYERS if _is_missing(layer)]
    except CoverageError as error:
        state.finish(str(error))
        return state
    if not wanted:
        state.finish("")
        return state
    state.status_line = "Téléchargement des couches officielles en cours…"
    thread = threading.Thread(
        target=_run, args=(state, wanted, budget_s, base), name="layers", daemon=True
    )
    thread.start()
    return state


def _is_missing(layer: str) -> bool:
    found = catalog.locate(layer)
    return found is None or found.path is None


def _run(state: BackgroundFetch, wanted: list[str], budget_s: float, base: str) -> None:
    deadline = time.monotonic() + budget_s
    silent = 0
    try:
        for layer in wanted:
            left = deadline - time.monotonic()
            if left <= 0 or silent >= _GIVE_UP_AFTER:
                state.failed.append(layer)
                continue
            silent = 0 if _try(state, layer, left, base) else silent + 1
    except Exception:
        # A programmer's mistake here must not look like a failure of the application.
        logger.exception("background download of the layers")
    finally:
        state.finish(_summary(state))


def _try(state: BackgroundFetch, layer: str, left_s: float, base: str) -> bool:
    """Fetch a layer; False when its source cannot be reached."""
    limits = Limits(connect_s=min(3.0, left_s), read_s=5.0, total_s=left_s, attempts=1)
    try:
        layers.fetch(layer, limits=limits, base=base)
    except CoverageError as error:
        logger.info("%s was not fetched: %s", layer, error)
        state.failed.append(layer)
        return not isinstance(error, SourceError)
    state.fetched.append(layer)
    return True


def _summary(state: BackgroundFetch) -> str:
    got, lost = len(state.fetched), len(state.failed)
    if not got:
        return "Couches officielles non téléchargées (pas d'internet, ou sources muettes)."
    if lost:
        return f"{got} couche(s) officielle(s) téléchargée(s), {lost} non disponible(s)."
    return f"{got} couche(s) officielle(s) téléchargée(s)."
