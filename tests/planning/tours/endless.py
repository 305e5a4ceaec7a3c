"""A run of three départements of which one alone ever ends: made to be killed.

``python -m tests.planning.tours.endless FOLDER`` starts it as a process with two workers.
"""

import json
import sys
import threading
from datetime import date
from pathlib import Path

from planning.tours.national import NationalTask, plan_all
from planning.tours.territory import TourRequest

PERIOD = (date(2099, 1, 5), date(2099, 2, 1))
TASKS = [NationalTask(d, TourRequest(), 10, 0, PERIOD) for d in ("01", "02", "03")]


def answer(task: NationalTask, folder: Path) -> str:
    """Write an answer that counts as done."""
    path = folder / task.department / "tours.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"request": task.key()}))
    return task.department


def only_the_first(task: NationalTask, folder: Path) -> str:
    """Answer the first task; make the folder of any other, and never come back."""
    if task == TASKS[0]:
        return answer(task, folder)
    while not (folder / TASKS[0].department / "tours.json").exists():
        threading.Event().wait(0.01)
    (folder / task.department).mkdir()
    threading.Event().wait()
    return ""


if __name__ == "__main__":
    plan_all(TASKS, Path(sys.argv[1]), workers=2, work=only_the_first)
