"""``python -m planning allocate``: files, options, faults."""

import json

import pandas as pd
import pytest

from planning.__main__ import main


def run(tmp_path, *options):
    return main(["allocate", "--out", str(tmp_path / "out"), *options])


def test_it_writes_a_table_and_its_json(tmp_path, bare_machine, capsys):
    assert run(tmp_path, "--positions", "4000", "--level", "department") == 0
    assert "4000 postes pour 101 unités" in capsys.readouterr().out
    table = pd.read_csv(
        tmp_path / "out" / "allocation.csv", sep=";", decimal=",", dtype={"code": str}
    )
    assert table.groupby("niveau")["postes"].sum().to_dict() == {"region": 4000, "department": 4000}
    content = json.loads((tmp_path / "out" / "allocation.json").read_text(encoding="utf-8"))
    assert sum(one["positions"] for one in content["units"] if one["level"] == "department") == 4000
    assert content["guarantees"]["house_monotone"] is True
    assert content["need"] == "estimate"
    assert "granted" not in content


@pytest.mark.official
def test_it_compares_with_what_was_granted(tmp_path, official_dir):
    assert run(tmp_path, "--positions", "4000", "--keep-granted") == 0
    content = json.loads((tmp_path / "out" / "allocation.json").read_text(encoding="utf-8"))
    assert content["granted"]["positions"] + content["granted"]["rows_left_out"] == 3925
    departments = [one for one in content["units"] if one["level"] == "department"]
    assert all(one["positions"] >= one["existing"] for one in departments)


def test_own_rules_and_priorities_are_read(tmp_path, bare_machine):
    rules = tmp_path / "rules.csv"
    rules.write_text("Code;Minimum;Maximum;Existants\n48;12;;\n75;;20;3\n", encoding="utf-8")
    list_ = tmp_path / "priority.txt"
    list_.write_text("code\n48095\n48140\n", encoding="utf-8")
    options = ("--positions", "900", "--rules", str(rules), "--bonus", "1")
    assert run(tmp_path, *options, "--priority", str(list_)) == 0
    content = json.loads((tmp_path / "out" / "allocation.json").read_text(encoding="utf-8"))
    units = {one["code"]: one for one in content["units"] if one["level"] == "department"}
    assert units["48"]["positions"] == 12
    assert units["75"]["positions"] == 20
    assert units["75"]["existing"] == 3
    assert 0 < units["48"]["priority_share"] < 1
    assert units["03"]["priority_share"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [("code;minimum\n48;beaucoup\n", "lignes 2"), ("departement;minimum\n48;3\n", "colonne")],
)
def test_faulty_rules_are_refused_with_their_place(tmp_path, bare_machine, capsys, text, said):
    rules = tmp_path / "rules.csv"
    rules.write_text(text, encoding="utf-8")
    assert run(tmp_path, "--positions", "900", "--rules", str(rules)) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_missing_layers_and_folders_are_told(tmp_path, bare_machine, capsys):
    assert run(tmp_path, "--positions", "900", "--keep-granted") == 2
    assert "absente" in capsys.readouterr().err
    (tmp_path / "out").write_text("")
    assert run(tmp_path, "--positions", "900") == 2
    assert "dossier" in capsys.readouterr().err
