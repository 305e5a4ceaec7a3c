"""Many départements: killed, resumed, with nobody left behind."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from planning.tours.national import begun, is_done, plan_all
from planning.tours.territory import TourRequest
from tests.planning.tours.endless import PERIOD, TASKS, answer

ROOT = Path(__file__).parents[3]


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    done = []

    class KilledError(Exception):
        pass

    def work(task, folder):
        if len(done) == 2:
            raise KilledError
        done.append(task.department)
        return answer(task, folder)

    with pytest.raises(KilledError):
        plan_all(TASKS, tmp_path, workers=1, work=work)
    assert [is_done(task, tmp_path) for task in TASKS] == [True, True, False]
    done.clear()
    told = []
    assert plan_all(TASKS, tmp_path, workers=1, work=work, progress=told.append) == ["03"]
    assert told[-1].done_share == 1.0
    other = replace(TASKS[0], request=TourRequest(vans=3))
    assert not is_done(other, tmp_path)
    (tmp_path / "02" / "tours.json").write_text("{half")
    assert not is_done(TASKS[1], tmp_path)


def test_a_run_killed_for_good_goes_on_and_leaves_no_worker_behind(tmp_path):
    """A real process with two workers, killed without warning: one is done, one in the middle."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.planning.tours.endless", str(tmp_path)], cwd=ROOT
    )
    until = time.monotonic() + 120
    while len(list(tmp_path.glob("*"))) < 2 and time.monotonic() < until:
        assert run.poll() is None
        time.sleep(0.02)
    workers = children(run.pid)
    run.kill()
    run.wait(10)
    while any(map(running, workers)) and time.monotonic() < until:
        time.sleep(0.02)
    assert len(workers) >= 2
    assert not any(map(running, workers))
    kept = tmp_path / TASKS[0].department / "tours.json"
    when = kept.stat().st_mtime_ns
    assert [is_done(task, tmp_path) for task in TASKS] == [True, False, False]
    others = [task.department for task in TASKS[1:]]
    assert plan_all(TASKS, tmp_path, workers=1, work=answer) == others
    assert kept.stat().st_mtime_ns == when


def children(pid):
    """Processes started by a process, from the system's own table."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found]


def running(pid):
    """Whether a process is there, zombies apart."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_new_data_start_a_task_anew(tmp_path, monkeypatch):
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("GEODATA_DIR", str(data))
    answer(TASKS[0], tmp_path)
    assert is_done(TASKS[0], tmp_path)
    (data / "laposte_poincont2.csv").write_text("another edition", encoding="utf-8")
    assert not is_done(TASKS[0], tmp_path)


def test_a_run_resumed_another_day_keeps_its_period(tmp_path):
    assert begun(tmp_path, 4) is None
    answer(TASKS[0], tmp_path)
    assert begun(tmp_path, 4) == PERIOD[0]
    assert begun(tmp_path, 2) is None  # tours of another cycle
    (tmp_path / "99").mkdir()
    (tmp_path / "99" / "tours.json").write_text("{half")
    assert begun(tmp_path, 4) == PERIOD[0]
    over = replace(TASKS[1], period=(date(2020, 1, 6), date(2020, 3, 29)))
    answer(over, tmp_path / "old")
    assert begun(tmp_path / "old", 4) is None
