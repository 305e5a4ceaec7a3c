import argparse
import json

import pytest

from geodata.errors import DataError, InfeasibleError
from planning.siting import command


def run(*options: str) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(parser.parse_args(options))


def test_the_file_says_what_was_solved_and_how_well(tmp_path):
    run("--territory", "03", "--positions", "36", "--out", str(tmp_path))
    content = json.loads((tmp_path / "siting.json").read_text())
    assert content["model"] == "p-median"
    assert content["optimal"] is True
    assert content["gap"] == 0
    assert content["bound"] == content["objective"] > 0
    assert content["n_demand"] == content["n_candidates"] == 317
    assert len(content["sites"]) == len(content["reasons"]) == 36
    assert "03310" in content["sites"]  # Vichy
    persons = sum(reason["persons_assigned"] for reason in content["reasons"])
    assert persons == pytest.approx(sum(_population("03")))
    assert [path.name for path in tmp_path.iterdir()] == ["siting.json"]


def _population(department: str):
    from geodata import tables

    points = tables.demand_points()
    return points.loc[points["department"] == department, "population"]


def test_the_same_iterations_give_the_same_file(tmp_path):
    for name in ("a", "b"):
        run("--territory", "48", "--positions", "9", "--iterations", "60",
            "--model", "max-cover", "--out", str(tmp_path / name))  # fmt: skip
    one, two = (json.loads((tmp_path / name / "siting.json").read_text()) for name in "ab")
    one.pop("seconds"), two.pop("seconds")
    assert one == two


def test_the_fewest_sites_need_no_number(tmp_path):
    run("--territory", "90", "--model", "set-cover", "--minutes", "10", "--out", str(tmp_path))
    content = json.loads((tmp_path / "siting.json").read_text())
    assert content["optimal"]
    assert content["objective"] == len(content["sites"]) < 20


def test_bad_requests_leave_nothing_behind(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(DataError, match="nombre de sites"):
        run("--territory", "03", "--out", str(out))
    with pytest.raises(InfeasibleError, match="10000 sites"):
        run("--territory", "03", "--positions", "10000", "--out", str(out))
    with pytest.raises(DataError):
        run("--territory", "03", "--positions", "0", "--out", str(out))
    with pytest.raises(DataError):
        run("--territory", "nulle part", "--positions", "3", "--out", str(out))
    assert not out.exists()


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="pas un dossier"):
        run("--territory", "03", "--positions", "3", "--out", str(tmp_path / "file"))


def test_a_coarser_demand_is_offered_and_proposed(tmp_path, capsys):
    out = tmp_path / "coarse"
    run("--territory", "03", "--positions", "5", "--out", str(out), "--demand", "canton")
    content = json.loads((out / "siting.json").read_text())
    assert content["demand"] == "canton"
    assert content["n_demand"] < 30 < content["n_candidates"]
    assert capsys.readouterr().err.count("Go de mémoire") == 0


def test_too_little_room_is_written_as_plain_json_with_a_small_gap(tmp_path):
    run("--territory", "48", "--positions", "9", "--model", "capacitated", "--capacity", "2000",
        "--iterations", "700", "--out", str(tmp_path))  # fmt: skip
    text = (tmp_path / "siting.json").read_text()
    content = json.loads(text, parse_constant=pytest.fail)
    assert sum(content["positions"]) == 9
    persons = sum(_population("48"))
    assert content["persons_unserved"] == pytest.approx(persons - 18_000, abs=1)
    assert content["unserved_min"] == 90
    assert content["gap"] < 0.01


def test_a_run_stopped_at_once_is_plain_json_too(tmp_path):
    for model in ("capacitated", "p-center", "set-cover"):
        run("--territory", "90", "--positions", "4", "--model", model, "--capacity", "9000",
            "--iterations", "0", "--out", str(tmp_path))  # fmt: skip
        text = (tmp_path / "siting.json").read_text()
        content = json.loads(text, parse_constant=pytest.fail)
        assert content["bound"] is None or content["bound"] <= content["objective"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "capacitated"), "personnes par poste"),
        (("--model", "capacitated", "--capacity", "-3"), "personnes par poste"),
        (("--model", "capacitated", "--capacity", "9", "--per-site", "0"), "au moins un poste"),
        (("--model", "max-cover", "--minutes", "-1"), "seuil en minutes"),
        (("--speed", "0"), "vitesse"),
        (("--seconds", "0"), "durée de calcul"),
    ],
)
def test_nonsense_is_refused_in_words(tmp_path, options, words):
    with pytest.raises(DataError, match=words):
        run("--territory", "90", "--positions", "3", "--out", str(tmp_path / "out"), *options)
    assert not (tmp_path / "out").exists()


def test_a_folder_inside_a_file_is_refused_before_the_calculation(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="pas un dossier"):
        run("--territory", "FR", "--positions", "3000", "--out", str(tmp_path / "file" / "in"))
