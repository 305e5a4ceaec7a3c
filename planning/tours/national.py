"""Tours of many départements, each an independent task of a process pool; resumable.

A task is done when its ``tours.json`` stands in its folder with the same request and the same
data; a killed run therefore goes on where it was, and what changed starts anew.
"""

import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from coverage.local import LOCAL_LAYERS
from geodata import layers
from geodata import territory as territories
from geodata.errors import CoverageError
from planning.situation import HOST_LAYERS
from planning.stopping import Progress, ProgressCallback, after_iterations
from planning.tours.files import write_tours
from planning.tours.periodic import solve
from planning.tours.territory import TourRequest, territory_tours


@dataclass(frozen=True)
class NationalTask:
    """One département to plan; ``request`` and the rest decide whether it is done already."""

    department: str
    request: TourRequest
    iterations: int
    seed: int
    period: tuple[date, date]

    def key(self) -> dict[str, Any]:
        """Return what identifies the answer, as plain JSON: the request and the data's version."""
        facts = {
            **asdict(self),
            "period": [day.isoformat() for day in self.period],
            "data": layers.version((*HOST_LAYERS, *LOCAL_LAYERS)),
        }
        key: dict[str, Any] = json.loads(json.dumps(facts))
        return key


def plan_department(task: NationalTask, folder: Path) -> str:
    """Plan one département, write its files, and return one French line about it."""
    territory = territories.resolve(f"DEP-{task.department}")
    try:
        found = territory_tours(territory, task.request)
    except CoverageError as error:
        return _nothing(task, folder, str(error))
    if found.problem is None:
        return _nothing(task, folder, " ".join(found.notes))
    plan = solve(found.problem, after_iterations(task.iterations), seed=task.seed)
    write_tours(
        plan,
        folder / task.department,
        department=task.department,
        period=task.period,
        request=task.key(),
        territory=task.department,
        notes=list(found.notes),
        without_road=list(found.without_road),
    )
    return (
        f"{task.department} : {plan.visits_served}/{plan.visits_required} visites, "
        f"{plan.km:.0f} km par cycle"
    )


def _nothing(task: NationalTask, folder: Path, why: str) -> str:
    """Write that there is no tour and why, so that the task counts as done."""
    path = folder / task.department / "tours.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {"request": task.key(), "territory": task.department, "days": [], "notes": [why]}
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    return f"{task.department} : {why}"


def is_done(task: NationalTask, folder: Path) -> bool:
    """Whether the answer of a task is in its folder already."""
    return _request(folder / task.department / "tours.json") == task.key()


def _request(path: Path) -> dict[str, Any]:
    """Return the request that a ``tours.json`` answers; empty when there is none to read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    request = found.get("request") if isinstance(found, dict) else None
    return request if isinstance(request, dict) else {}


def begun(folder: Path, weeks: int) -> date | None:
    """Return the first day of the run that a folder holds, the latest of several; else ``None``.

    A run that is resumed another day then keeps its period.  Only tours of as many weeks count,
    and only those whose period is not over.
    """
    days = []
    for path in folder.glob("*/tours.json"):
        request = _request(path)
        if request.get("request", {}).get("weeks") == weeks:
            first, last = map(date.fromisoformat, request["period"])
            if last >= date.today():
                days.append(first)
    return max(days, default=None)


def plan_all(
    tasks: list[NationalTask],
    folder: Path,
    *,
    workers: int,
    progress: ProgressCallback | None = None,
    work: Callable[[NationalTask, Path], str] = plan_department,
) -> list[str]:
    """Plan what is not done yet; return one French line a département planned now.

    Parameters
    ----------
    tasks, folder
        What to plan; each task has its own folder below.
    workers
        Processes; 1 plans in this one.
    progress
        Called after each département.
    work
        What plans one task.
    """
    todo = [task for task in tasks if not is_done(task, folder)]
    done = len(tasks) - len(todo)
    lines: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        if progress is not None:
            progress(Progress((done + len(lines)) / len(tasks), line))

    if workers == 1 or len(todo) < 2:
        for task in todo:
            tell(work(task, folder))
        return lines
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_leave_with_parent
    ) as pool:
        running: set[Future[str]] = {pool.submit(work, task, folder) for task in todo}
        while running:
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                tell(future.result())
    return lines


def _leave_with_parent() -> None:
    """End this process when the one that started it ends, even killed: it writes for nobody."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_leave, args=(parent,), daemon=True).start()


def _wait_and_leave(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
