"""From a territory to files: one département, many, killed and resumed."""

import argparse
import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import icalendar
import pandas as pd
import pytest

from geodata import territory as territories
from geodata.errors import DataError
from planning.store import Store, store_path
from planning.tours import published
from planning.tours.command import add_arguments, run
from planning.tours.files import next_cycle
from planning.tours.national import NationalTask, is_done, plan_all
from planning.tours.territory import TourRequest, territory_tours

ROOT = Path(__file__).parents[3]
PERIOD = (date(2027, 1, 4), date(2027, 1, 31))


def command(*words):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    run(parser.parse_args(list(words)))


def test_lozere_end_to_end(tmp_path, capsys):
    words = ["--territory", "48", "--vans", "5", "--iterations", "60", "--from", "2027-01-04"]
    command(*words, "--out", str(tmp_path / "a"))
    command(*words, "--out", str(tmp_path / "b"))
    one, two = (json.loads((tmp_path / x / "tours.json").read_text("utf-8")) for x in "ab")
    for plan in (one, two):
        del plan["solver"]["seconds"]
    assert one == two
    for key in ("cost", "feasible", "visits_required", "visits_served", "drive_min", "km", "days"):
        assert key in one
    assert sum(len(day["stops"]) for day in one["days"]) == one["visits_served"]
    assert {day["date"][:7] for day in one["days"]} == {"2027-01"}
    assert (tmp_path / "a" / "tours.ics").read_bytes() == (
        tmp_path / "b" / "tours.ics"
    ).read_bytes()
    assert icalendar.Calendar.from_ical((tmp_path / "a" / "tours.ics").read_bytes()).events
    shapes = json.loads((tmp_path / "a" / "tours.geojson").read_text("utf-8"))
    assert shapes["type"] == "FeatureCollection"
    assert "Lozère" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "a").iterdir()} == {
        "tours.json",
        "tours.ics",
        "tours.geojson",
        "tours.html",
        "tours.csv",
        "vehicules",
        "communes",
    }
    for van in {(day["base"], day["van"]) for day in one["days"]}:
        name = f"{van[0]}-{van[1]}"
        calendar = (tmp_path / "a" / "vehicules" / f"{name}.ics").read_bytes()
        assert icalendar.Calendar.from_ical(calendar).events
        assert "rtept" in (tmp_path / "a" / "vehicules" / f"{name}.gpx").read_text("utf-8")
    served = {code for stop in one["stops"] if stop["hours"] for code in stop["communes"]}
    assert {path.stem for path in (tmp_path / "a" / "communes").iterdir()} == served
    table = pd.read_csv(tmp_path / "a" / "tours.csv", sep=";", dtype={"code_commune": str})
    assert set(table["code_commune"]) == {s["commune_code"] for s in one["stops"] if s["hours"]}
    year = one["year"]
    assert year["year"] == 2027
    assert year["visits"] + year["cancelled_visits"] >= 12 * one["visits_served"]
    assert year["km"] > 12 * one["km"]


def test_a_calendar_is_published_and_withdrawn_from_the_command_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "store"))
    words = ["--territory", "48", "--vans", "8", "--iterations", "5", "--from", "2027-01-04"]
    words += ["--closed", "2027-02-15 au 2027-02-28 vacances", "--publish", "Coordination"]
    command(*words, "--contact", "04 00 00 00 00", "--out", str(tmp_path / "out"))
    found = published.current(Store(store_path()), "48")
    assert found.service == "Coordination"
    assert found.contact == "04 00 00 00 00"
    assert found.visits
    assert not any(
        date(2027, 2, 15) <= visit.start.date() <= date(2027, 2, 28) for visit in found.visits
    )
    assert f"{len(found.visits)} passages" in capsys.readouterr().out
    command("--territory", "48", "--withdraw")
    assert published.current(Store(store_path()), "48") is None


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--territory", "48", "--vans", "0"], "au moins un véhicule"),
        (["--territory", "48", "--bases", "99999"], "Point de départ inconnu"),
        (["--territory", "REG-84", "--seconds", "3"], "un seul département"),
        (["--territory", "REG-84", "--publish", "Coordination"], "pour un département"),
        (["--territory", "48", "--closed", "Noël"], "Période illisible"),
    ],
)
def test_bad_requests_are_named_and_nothing_is_written(tmp_path, words, part):
    with pytest.raises(DataError, match=part):
        command(*words, "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_dense_territory_says_why_there_is_no_tour(capsys, tmp_path):
    command("--territory", "75", "--isolated", "60", "--out", str(tmp_path))
    assert "Aucune tournée" in capsys.readouterr().out


def test_overseas_islands_have_tours_or_a_reason():
    found = territory_tours(territories.resolve("976"), TourRequest(vans=1))
    assert found.problem is not None or found.notes
    assert any("population" in note for note in found.notes)


def test_cycles_start_on_the_right_iso_week():
    assert next_cycle(date(2027, 1, 4), 4) == date(2027, 1, 4)
    assert next_cycle(date(2027, 1, 5), 4) == date(2027, 2, 1)
    assert next_cycle(date(2027, 1, 5), 2) == date(2027, 1, 18)


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    tasks = [NationalTask(d, TourRequest(), 10, 0, PERIOD) for d in ("01", "02", "03")]
    done = []

    class KilledError(Exception):
        pass

    def work(task, folder):
        if len(done) == 2:
            raise KilledError
        done.append(task.department)
        path = folder / task.department / "tours.json"
        path.parent.mkdir()
        path.write_text(json.dumps({"request": task.key()}))
        return task.department

    with pytest.raises(KilledError):
        plan_all(tasks, tmp_path, workers=1, work=work)
    assert [is_done(task, tmp_path) for task in tasks] == [True, True, False]
    done.clear()
    told = []
    assert plan_all(tasks, tmp_path, workers=1, work=work, progress=told.append) == ["03"]
    assert told[-1].done_share == 1.0
    other = [NationalTask("01", TourRequest(vans=3), 10, 0, PERIOD)]
    assert not is_done(other[0], tmp_path)
    (tmp_path / "02" / "tours.json").write_text("{half")
    assert not is_done(tasks[1], tmp_path)


@pytest.mark.slow
def test_a_run_killed_for_good_goes_on_and_leaves_no_worker_behind(tmp_path):
    """A real process with its workers, killed without warning once one département is done."""
    words = ["tours", "--territory", "REG-53", "--vans", "9", "--iterations", "5"]
    words += ["--from", "2027-01-04", "--workers", "2", "--out", str(tmp_path)]
    run_ = subprocess.Popen(
        [sys.executable, "-m", "planning", *words], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 400
    while not list(tmp_path.glob("*/tours.json")) and time.monotonic() < until:
        assert run_.poll() is None
        time.sleep(0.02)
    workers = children(run_.pid)
    run_.kill()
    run_.wait(10)
    while any(map(running, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert workers
    assert not any(map(running, workers))
    kept = {path.parent.name: path.stat().st_mtime_ns for path in tmp_path.glob("*/tours.json")}
    assert 1 <= len(kept) < 4
    again = subprocess.run(
        [sys.executable, "-m", "planning", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=400, check=True,
    )  # fmt: skip
    assert f"{len(kept)} déjà faits" in again.stdout
    found = {
        path.parent.name: json.loads(path.read_text()) for path in tmp_path.glob("*/tours.json")
    }
    assert set(found) == {"22", "29", "35", "56"}
    assert all(facts["request"]["department"] == code for code, facts in found.items())
    for code, when in kept.items():
        assert (tmp_path / code / "tours.json").stat().st_mtime_ns == when


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


@pytest.mark.slow
def test_departments_are_planned_in_a_pool(tmp_path):
    tasks = [NationalTask(d, TourRequest(vans=1), 20, 0, PERIOD) for d in ("90", "48")]
    lines = plan_all(tasks, tmp_path, workers=2)
    assert len(lines) == 2
    assert all(is_done(task, tmp_path) for task in tasks)
    assert plan_all(tasks, tmp_path, workers=2) == []
