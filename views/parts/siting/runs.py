"""Runs of siting studies: shared between visitors, still there after a browser was closed."""

import json
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from coverage.local import LOCAL_LAYERS
from geodata import layers
from planning.siting import outcome
from planning.siting.alternatives import Compromise
from planning.siting.outcome import Outcome
from planning.siting.plan import SitingPlan
from planning.siting.study import Study
from planning.siting.waves import Wave
from planning.situation import HOST_LAYERS
from views.parts.jobs import Job, Jobs

KEPT: Final = 12
RECENT: Final = 6

PLAN, ALTERNATIVES, FRONTIER, WAVES = "plan", "variantes", "frontiere", "vagues"


@st.cache_resource(max_entries=1, show_spinner=False)
def _jobs() -> Jobs[Any]:
    return Jobs(keep=KEPT)


@st.cache_resource(max_entries=1, show_spinner=False)
def _recent() -> OrderedDict[str, Study]:
    return OrderedDict()


def key_of(study: Study, what: str = PLAN, sizes: tuple[int, ...] = ()) -> str:
    """Return the key of a run: what is computed, its choices, the layers it reads."""
    version = layers.version((*LOCAL_LAYERS, *HOST_LAYERS))
    return json.dumps([what, study.to_dict(), sizes, version], sort_keys=True)


def peek(study: Study, what: str = PLAN, sizes: tuple[int, ...] = ()) -> Job[Any] | None:
    """Return a run that is under way or done; one that failed is not returned."""
    job = _jobs().peek(key_of(study, what, sizes))
    return None if job is not None and job.failed else job


def plan(study: Study) -> Job[Outcome]:
    """Return the run of a study, started now unless it is known."""
    key = key_of(study)
    recent = _recent()
    recent[key] = study
    recent.move_to_end(key)
    while len(recent) > RECENT:
        recent.popitem(last=False)
    return _start(key, partial(outcome.run, study))


def alternatives(study: Study) -> Job[tuple[SitingPlan, ...]]:
    """Return the run of the alternatives of a study."""
    return _start(key_of(study, ALTERNATIVES), partial(outcome.run_alternatives, study))


def frontier(study: Study) -> Job[tuple[Compromise, ...]]:
    """Return the run of the frontier of a study."""
    return _start(key_of(study, FRONTIER), partial(outcome.run_frontier, study))


def waves(study: Study, sizes: tuple[int, ...]) -> Job[tuple[tuple[Wave, ...], tuple[Wave, ...]]]:
    """Return the run of the waves of a study."""
    return _start(key_of(study, WAVES, sizes), partial(outcome.run_waves, study, sizes))


def _start(key: str, function: Callable[..., Any]) -> Job[Any]:
    return _jobs().get(key, function, keeps=True)


def recent() -> list[tuple[Study, Job[Outcome]]]:
    """Return the latest studies whose run is under way or done, the newest first."""
    found = []
    for key, study in reversed(list(_recent().items())):
        job = _jobs().peek(key)
        if job is not None and not job.failed:
            found.append((study, job))
    return found
