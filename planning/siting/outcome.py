"""The outcome of a study: a plan, its words, and the other plans made from the same question."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage import accuracy
from geodata.crs import STORED
from planning.siting.alternatives import Compromise, alternatives, frontier
from planning.siting.plan import SitingPlan, solve
from planning.siting.posing import Posed, pose
from planning.siting.study import Study
from planning.siting.waves import Wave, grow, shrink
from planning.stopping import Progress, ProgressCallback, Stop, after_seconds, never, or_when

EXTRAS_MIN = (0.0, 3.0, 10.0, 30.0, 100.0)
"""Minutes added beyond the threshold, one plan of the frontier each."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """A posed study and its plan."""

    posed: Posed
    plan: SitingPlan


def run(study: Study, progress: ProgressCallback, enough: Callable[[], bool] = never) -> Outcome:
    """Pose and solve a study; ``enough`` keeps the best plan so far."""
    progress(Progress(0.0, "Lecture du territoire"))
    posed = pose(study)
    return Outcome(posed, solve(posed.problem, _stop(study, enough), progress=progress))


def run_alternatives(
    study: Study, progress: ProgressCallback, enough: Callable[[], bool] = never
) -> tuple[SitingPlan, ...]:
    """Return up to four plans of which any two differ by a third of their sites."""
    told = _Staged(progress, 4)
    posed = pose(study)
    return alternatives(
        posed.problem, 4, 1 / 3, told.stop(study, enough), progress=told, enough=enough
    )


def run_frontier(
    study: Study, progress: ProgressCallback, enough: Callable[[], bool] = never
) -> tuple[Compromise, ...]:
    """Return plans between the shortest mean journey and the most persons covered."""
    told = _Staged(progress, len(EXTRAS_MIN))
    problem = replace(pose(study).problem, model="p-median")
    return frontier(
        problem,
        study.threshold_min,
        EXTRAS_MIN,
        told.stop(study, enough),
        progress=told,
        enough=enough,
    )


def run_waves(
    study: Study,
    sizes: tuple[int, ...],
    progress: ProgressCallback,
    enough: Callable[[], bool] = never,
) -> tuple[tuple[Wave, ...], tuple[Wave, ...]]:
    """Return the waves of growing sizes, each keeping the one before, then the way down.

    Sizes count new sites; existing sites that are kept are added to each.
    """
    told = _Staged(progress, 4 * len(sizes) - 2)
    posed = pose(study)
    assert posed.problem.kept is not None
    kept = int(posed.problem.kept.sum())
    whole = [size + kept for size in sizes]
    problem = posed.problem.with_sites(max(whole))
    make = told.stop(study, enough)
    up = grow(problem, whole, make, progress=told, enough=enough)
    if enough():
        return up, ()
    return up, shrink(problem, whole[::-1], make, progress=told, enough=enough)


class _Staged:
    """Progress of one run out of several: each gets its part of the bar."""

    def __init__(self, progress: ProgressCallback, runs: int) -> None:
        self.progress = progress
        self.runs = runs
        self.begun = 0

    def stop(self, study: Study, enough: Callable[[], bool]) -> Callable[[], Stop]:
        """Return what makes the stop of each run, counting the runs begun."""

        def make() -> Stop:
            self.begun += 1
            return _stop(study, enough)

        return make

    def __call__(self, told: Progress) -> None:
        done = max(0, self.begun - 1) + told.done_share
        message = f"Calcul {max(1, self.begun)} sur {self.runs} : {told.message}"
        self.progress(replace(told, done_share=min(1.0, done / self.runs), message=message))


def _stop(study: Study, enough: Callable[[], bool]) -> Stop:
    return or_when(after_seconds(study.seconds), enough)


def sites_frame(posed: Posed, plan: SitingPlan) -> pd.DataFrame:
    """Return one row a site: where, what, and why it is in the plan.

    Returns
    -------
    DataFrame
        Indexed by code: commune_code, commune, name, kind, department, lon, lat, existing,
        status ("kept", "forced" or "chosen"), positions, persons, new_persons, saved_min
        (person-minutes), loss, alternative (commune), alternative_loss.
    """
    frame = posed.candidates.loc[list(plan.codes)].copy()
    kept = posed.problem.kept
    assert kept is not None
    reasons = plan.reasons
    frame["status"] = np.where(
        kept[plan.sites], "kept", np.where([one.imposed for one in reasons], "forced", "chosen")
    )
    frame["positions"] = plan.positions
    for name in ("persons", "new_persons", "saved_min", "loss", "alternative_loss"):
        frame[name] = [getattr(one, name) for one in reasons]
    communes = posed.candidates["commune"]
    frame["alternative"] = [
        None if one.alternative is None else communes[one.alternative] for one in reasons
    ]
    return frame


def reached(posed: Posed, plan: SitingPlan, minutes: float) -> float:
    """Return the share (0–1) of persons within some minutes of a site of the plan."""
    persons = posed.demand["persons"].to_numpy(dtype=float)
    return float(persons[plan.minutes <= minutes].sum() / max(persons.sum(), 1e-9))


def shared_share(one: SitingPlan, other: SitingPlan) -> float:
    """Return the share (0–1) of the sites of a plan that another has too."""
    return len(set(one.codes) & set(other.codes)) / max(1, len(one.codes))


def as_json(posed: Posed, plan: SitingPlan) -> dict[str, Any]:
    """Return a plan as plain JSON types."""
    sites = sites_frame(posed, plan).reset_index()
    return {
        "territory": posed.territory.code,
        "choices": posed.study.to_dict(),
        "model": plan.model,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "optimal": plan.optimal,
        "clamped": plan.clamped,
        "solver": plan.solver,
        "seconds": round(plan.seconds, 3),
        "weight": posed.weight,
        "minutes": accuracy.NOTE if posed.road else accuracy.COARSE_NOTE,
        "mean_min": plan.mean_min,
        "persons_unserved": plan.persons_unserved,
        "notes": list(posed.notes),
        "sites": json.loads(sites.to_json(orient="records", force_ascii=False)),
    }


def as_geopackage(posed: Posed, plan: SitingPlan) -> bytes:
    """Return a GeoPackage: the sites, and the demand with its minutes."""
    sites = sites_frame(posed, plan).reset_index()
    demand = posed.demand[["name", "department", "lon", "lat", "persons"]].reset_index(names="code")
    demand["minutes"] = np.where(np.isfinite(plan.minutes), plan.minutes, np.nan)
    served = plan.assignment
    codes = np.array([*posed.problem.candidate_codes, ""], dtype=object)
    demand["site"] = codes[served]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "siting.gpkg"
        for name, frame in (("sites", sites), ("besoins", demand)):
            points = gpd.points_from_xy(frame["lon"], frame["lat"])
            table = gpd.GeoDataFrame(frame, geometry=points, crs=STORED)
            table.to_file(path, layer=name, driver="GPKG")
        return path.read_bytes()
