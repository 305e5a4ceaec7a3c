"""``python -m geodata``, as a user runs it."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from geodata import catalog, inventory, tables
from geodata.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _bare(bare_machine):
    return bare_machine


def test_list_is_an_aligned_table_in_french(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "Couche", "Titre", "État", "Millésime", "Âge", "Lignes", "Écartées", "Taille",
    ]  # fmt: skip
    state = lines[0].index("État")
    by_layer = {line.split()[0]: line for line in lines if line.strip()}
    assert by_layer["france_services"][state:].startswith("absent")
    assert by_layer["communes"][state:].startswith("embarqué")


def test_list_in_json_has_every_layer(capsys):
    assert main(["list", "--json"]) == 0
    found = {line["layer"]: line for line in json.loads(capsys.readouterr().out)}
    assert set(catalog.sources()) <= set(found)
    assert found["france_services"]["status"] == "missing"
    assert found["france_services"]["rows"] is None
    assert found["communes"]["rows"] == len(tables.communes())


def test_check_says_what_is_wrong_and_fails(capsys, tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "laposte_poincont2.csv").write_text("a;b\n1;2\n")
    monkeypatch.setenv("GEODATA_DIR", str(folder))
    assert main(["check", "postal_points", "libraries"]) == 2
    out, err = capsys.readouterr()
    assert "✗ postal_points" in out
    assert "il manque 11 colonne(s)" in out
    assert "1 couche(s) illisible(s)" in err


def test_list_shows_a_file_that_cannot_be_read(capsys, tmp_path, monkeypatch):
    (tmp_path / "laposte_poincont2.csv").write_text("a;b\n1;2\n")
    monkeypatch.setenv("GEODATA_DIR", str(tmp_path))
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "illisible" in out
    assert "laposte_poincont2.csv" in out


def test_fetch_without_a_layer_is_refused(capsys):
    assert main(["fetch"]) == 2
    assert "Aucune couche" in capsys.readouterr().err


def test_fetch_of_an_unknown_layer_is_refused(capsys):
    assert main(["fetch", "wifi"]) == 2
    assert "Couche inconnue" in capsys.readouterr().err


def test_fetch_downloads_and_says_so(capsys, server, monkeypatch):
    source = catalog.source("census_rates")
    text = (
        "CODE_INSEE,TX_NSCOL15P,TX_MENSEUL,TX_FAMMONO,TX_65ETPLUS,TX_25ETMOINS\n03190,5,5,5,5,5\n"
    )
    address = server.sequence("/f.csv", lambda e: e.answer(200, text.encode()))
    changed = type(source)(**{**vars(source), "addresses": (address,)})
    monkeypatch.setattr(catalog, "sources", lambda: {"census_rates": changed})
    assert main(["fetch", "--all", "--timeout", "5"]) == 0
    assert "téléchargée" in capsys.readouterr().out
    assert main(["list"]) == 0
    assert "téléchargé" in capsys.readouterr().out


def test_a_failed_fetch_is_an_error_for_the_user(capsys, server, monkeypatch):
    source = catalog.source("census_rates")
    changed = type(source)(**{**vars(source), "addresses": (server.address + "/nowhere",)})
    monkeypatch.setattr(catalog, "sources", lambda: {"census_rates": changed})
    assert main(["fetch", "census_rates", "--timeout", "5"]) == 2
    err = capsys.readouterr().err
    assert "erreur 404" in err
    assert "GEODATA_DIR" in err


@pytest.mark.parametrize("arguments", [[], ["wifi"], ["fetch", "--timeout", "soon"]])
def test_wrong_options_exit_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "option incorrecte" in capsys.readouterr().err


def test_a_wrong_folder_is_one_line_without_a_traceback():
    environment = {**os.environ, "GEODATA_DIR": "/nowhere/at/all"}
    done = subprocess.run(
        [sys.executable, "-m", "geodata", "list"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("Erreur : Le dossier des données n'existe pas")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("vintage", "words"),
    [
        ("2020-12", "5 ans"),
        ("2017", "9 ans"),
        ("2026-11-01", "0 mois"),
        ("2026-06", "5 mois"),
        ("2025-08-01", "1 an"),
        ("2027", "0 mois"),
        ("COG 2026", ""),
        ("", ""),
    ],
)
def test_ages_in_words(vintage, words):
    assert inventory.age(vintage, date(2026, 11, 23)) == words
