"""What the pages share between visitors: tables, places and plans, read once.

Frames are shared and never changed.  Small results are kept by keys of text and numbers,
always with a limit.
"""

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial

import pandas as pd
import streamlit as st

from geodata import catalog, layers, tables
from geodata.errors import CoverageError
from geodata.schema import Provenance
from geodata.search import Likely, likely
from planning.allocation import Choices, allocate
from planning.deployment import Deployment, deploy
from planning.scenario import PROGRAMME_POSITIONS, Scenario
from planning.situation import HOST_LAYERS, national_need, national_network
from planning.tours.making import MadeTours, TourChoice, make_tours
from views.parts import wording
from views.parts.audience import audience
from views.parts.jobs import Job, Jobs
from views.parts.state import DEFAULT_DEPARTMENT

ALLIER_POSITIONS = 30
"""Positions of the Allier's agreement, the first of the programme."""

PLANS_KEPT = 24
TOURS_KEPT = 24
FIRST_PLAN_S = 120.0
COMMUNES_OFFERED = 5
LOOK_EVERY_S = 30.0


@dataclass(frozen=True)
class Places:
    """Places of the layers that could be read, and the layers that are missing."""

    frame: pd.DataFrame
    provenances: tuple[Provenance, ...]
    missing: tuple[str, ...]


@st.cache_resource(max_entries=1, show_spinner="Lecture des communes…")
def communes() -> pd.DataFrame:
    """Return communes and arrondissements with their estimated need, indexed by code."""
    return tables.demand_points().join(national_need().frame())


@st.cache_resource(max_entries=1, show_spinner=False)
def departments() -> pd.DataFrame:
    """Return the départements in the order of their codes, with need and rank."""
    found = tables.departments()[["name", "population"]].sort_index()
    points = communes()
    need = national_need().by(points["department"])
    found = found.join(need[["persons_15p", "persons", "rate", "low", "high", "tier"]])
    bands = points.groupby("department")[["pop_65p", "pop_0_19", "pop_20_64"]].sum(min_count=1)
    found["share_65p"] = bands["pop_65p"] / bands.sum(axis=1, min_count=3)
    found["rank"] = found["rate"].rank(ascending=False, method="min")
    return found


@st.cache_resource(max_entries=2_000, show_spinner=False)
def found_communes(text: str) -> Likely:
    """Return the communes that a text may mean."""
    return likely(text, limit=COMMUNES_OFFERED)


@st.cache_resource(max_entries=1, show_spinner="Lecture des lieux…")
def places() -> Places:
    """Return every place of help or possible host that is on this machine."""
    loaded = layers.places(HOST_LAYERS)
    return Places(loaded.frame, tuple(loaded.provenances), tuple(loaded.missing))


@st.cache_resource(max_entries=1, show_spinner=False)
def granted_positions() -> pd.DataFrame:
    """Return the positions granted to employers; no row where the layer is missing."""
    try:
        return layers.load("granted_positions").frame
    except CoverageError:
        return pd.DataFrame(columns=["host", "commune_code", "department", "positions"])


@st.cache_resource(max_entries=128, show_spinner=False)
def places_of(department: str) -> pd.DataFrame:
    """Return the places of a département."""
    frame = places().frame
    ours = communes().index[communes()["department"] == department]
    parents = tables.communes().index[tables.communes()["department"] == department]
    return frame[frame["commune_code"].isin(ours.union(parents))].reset_index(drop=True)


@st.cache_resource(max_entries=1, show_spinner=False)
def plans() -> Jobs[Deployment]:
    """Return the plans made or under way."""
    return Jobs(keep=PLANS_KEPT)


def plan_key(scenario: Scenario) -> str:
    """Return the key of a scenario: its choices as text."""
    return json.dumps(scenario.to_dict(), sort_keys=True)


def plan_job(scenario: Scenario) -> Job[Deployment]:
    """Return the run of a scenario, started now unless it is under way or done."""
    return plans().get(plan_key(scenario), partial(deploy, scenario))


def known_plan(scenario: Scenario) -> Deployment | None:
    """Return a plan that is already made, or ``None``: never starts one."""
    job = plans().peek(plan_key(scenario))
    return job.result() if job is not None and job.done and not job.failed else None


@st.cache_resource(max_entries=1, show_spinner=False)
def tour_runs() -> Jobs[MadeTours]:
    """Return the tours made or under way."""
    return Jobs(keep=TOURS_KEPT)


def tour_key(choice: TourChoice) -> str:
    """Return the key of a choice of tours: its values as text."""
    return json.dumps(asdict(choice), sort_keys=True)


def tour_job(choice: TourChoice) -> Job[MadeTours]:
    """Return the run of a choice, started now unless it is under way or done."""
    return tour_runs().get(tour_key(choice), partial(make_tours, choice), keeps=True)


def known_tours(choice: TourChoice) -> MadeTours | None:
    """Return tours that are already made, or ``None``: never starts a run."""
    job = tour_runs().peek(tour_key(choice))
    return job.result() if job is not None and job.done and not job.failed else None


def tours_of(department: str) -> list[MadeTours]:
    """Return the tours of a département that are already made, the latest asked for first."""
    found = [made for _, made in tour_runs().finished()]
    return [made for made in found if made.choice.department == department]


@st.cache_data(max_entries=1, show_spinner=False)
def programme_shares() -> dict[str, int]:
    """Return the positions of each département: the programme's, shared by need."""
    shared = allocate(Choices(PROGRAMME_POSITIONS, level="department"))
    return {str(code): int(count) for code, count in shared.units["positions"].items()}


def suggested_positions(department: str) -> int:
    """Return the positions to start from: the Allier's agreement, else its share; at least one."""
    if department == DEFAULT_DEPARTMENT:
        return ALLIER_POSITIONS
    return max(1, programme_shares()[department])


def positions_origin(department: str, positions: int) -> str:
    """Return where a number of positions comes from, in French; empty for one of the reader's."""
    share = programme_shares().get(department)
    of_share = (
        f"sa part des {wording.number(PROGRAMME_POSITIONS)} du programme, selon le besoin, "
        f"serait de {share}"
    )
    if department == DEFAULT_DEPARTMENT and positions == ALLIER_POSITIONS:
        return f"nombre de la convention de l'Allier, première du programme ; {of_share}"
    if positions == share:
        return f"sa part des {wording.number(PROGRAMME_POSITIONS)} du programme, selon le besoin"
    return of_share if share else ""


def default_scenario(department: str) -> Scenario:
    """Return the scenario shown before anyone chooses."""
    return Scenario(territory=department, positions=suggested_positions(department))


def forget_layers() -> None:
    """Forget all that rests on the layers: their files have changed.

    Everything does, in the end; whatever is kept by name is read again at its next use.
    """
    st.cache_data.clear()
    st.cache_resource.clear()
    _seen.version = layers.version(catalog.sources())


@dataclass
class _Seen:
    """The layers that the caches rest on, and when they were looked at."""

    version: tuple[str, ...] = ()
    looked_at: float = 0.0


_seen = _Seen()


def notice_changes() -> None:
    """Forget the layers once their files have changed under us.

    Another process may bring a file, and a file that was brought has a last day.
    """
    now = time.monotonic()
    if now - _seen.looked_at < LOOK_EVERY_S:
        return
    _seen.looked_at = now
    current = layers.version(catalog.sources())
    if _seen.version and current != _seen.version:
        forget_layers()
    _seen.version = current


def layers_version() -> tuple[str, ...]:
    """Return what changes with any layer's file, as seen half a minute ago at most.

    A key for what is computed from layers: looking at the files takes longer than a page may.
    """
    notice_changes()
    return _seen.version


def warm_up() -> None:
    """Read what every page needs and start the plan that the planner's page opens on."""
    departments()
    programme_shares()
    national_network()
    places()
    if audience() != "public":
        plan_job(default_scenario(DEFAULT_DEPARTMENT)).wait(FIRST_PLAN_S)
        for source in catalog.sources().values():
            with suppress(CoverageError):  # the data page says what is wrong
                layers.load(source.id)
        from views.parts.explorer import figures  # it stands on this module

        figures.warm_up()
