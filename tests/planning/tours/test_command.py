"""From a territory to files: one département, or all those of a region."""

import argparse
import json
from datetime import date

import icalendar
import pandas as pd
import pytest

from geodata import territory as territories
from geodata.errors import DataError
from planning.store import Store, store_path
from planning.tours import published
from planning.tours.command import add_arguments, run
from planning.tours.files import next_cycle
from planning.tours.territory import TourRequest, territory_tours


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


def test_a_region_is_planned_in_a_pool_of_processes_and_only_once(tmp_path, capsys):
    words = ["--territory", "REG-94", "--vans", "2", "--iterations", "5", "--workers", "2"]
    words += ["--out", str(tmp_path)]
    command(*words, "--from", "2099-01-05")
    said = capsys.readouterr().out
    assert "2 planifiés maintenant, 0 déjà faits" in said
    for code in ("2A", "2B"):
        facts = json.loads((tmp_path / code / "tours.json").read_text("utf-8"))
        assert facts["request"]["department"] == code
        assert f"{code} : {facts['visits_served']}/{facts['visits_required']} visites" in said
        assert sum(len(day["stops"]) for day in facts["days"]) == facts["visits_served"] > 0
    command(*words)  # another day, without a date: the run that is there goes on
    assert "0 planifiés maintenant, 2 déjà faits" in capsys.readouterr().out
