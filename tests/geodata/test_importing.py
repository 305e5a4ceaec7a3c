"""From a file to a layer: all or nothing, with every fault told."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geodata import catalog, importing, kept, layers, matching, tables
from geodata.errors import CoverageError, DataError
from geodata.importing import Options, Owner, check, keep
from geodata.uploads import Reading, Sheet, read_upload

ROOT = Path(__file__).parents[2]
ME = Owner("Préfecture de l'Allier", "me")
PLACES = [
    "Identifiant;Structure;Ville;CP;Rue;lat;lng;Aides",
    "a;Médiathèque;Moulins;03000;1 rue A;46,5650;3,3330;Aide aux démarches administratives",
    "b;Tiers-lieu;Vichy;03200;2 rue B;46,1270;3,4260;",
    "c;Centre social;Montluçon;03100;3 rue C;46,3400;2,6020;",
]


def sheet(lines=PLACES, name="lieux.csv"):
    return read_upload(name, "\n".join(lines).encode())


def changed(row: int, column: int, value: str) -> list[str]:
    lines = [line.split(";") for line in PLACES]
    lines[row][column] = value
    return [";".join(line) for line in lines]


@pytest.fixture(autouse=True)
def alone(bare_machine):
    return bare_machine


def test_columns_are_matched_by_what_they_mean():
    wanted = matching.fields(catalog.source("mediation_places"))
    found = matching.propose(wanted, list(sheet().frame.columns))
    assert {name: one.header for name, one in found.items()} == {
        "id": "Identifiant",
        "nom": "Structure",
        "commune": "Ville",
        "code_postal": "CP",
        "adresse": "Rue",
        "latitude": "lat",
        "longitude": "lng",
    }


@pytest.mark.official
@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("postal_points", "laposte_poincont2.csv"),
        ("france_services", "liste-fs-20240801.csv"),
        ("income", "cc_filosofi_2021_COM.csv"),
        ("libraries", "adresses-des-bibliotheques-publiques.csv"),
    ],
)
def test_the_file_of_a_producer_matches_itself(official_folder, layer, name):
    read = read_upload(name, (official_folder / name).read_bytes())
    wanted = matching.fields(catalog.source(layer))
    found = matching.propose(wanted, list(read.frame.columns))
    assert set(found) == {one.name for one in wanted}
    assert min(one.likeness for one in found.values()) == matching.SURE
    checked = check(layer, read, {})
    assert checked.refusal == ""
    # 64 communes have merged since; 4 that were re-established are described by their former one.
    merged = 0 if layer != "income" else 64 - 4
    assert checked.rows + checked.set_aside + merged == len(read.frame)


def test_an_invented_matching_is_left_out():
    wanted = matching.fields(catalog.source("mediation_places"))
    invented = {"id": "absent", "x": "lat", "nom": "Structure"}
    assert matching.valid(invented, wanted, ["Structure"]) == {"nom": "Structure"}


def test_a_good_file_is_checked_kept_and_used(alone):
    checked = check("mediation_places", sheet(), {})
    assert (checked.rows, checked.set_aside, checked.refusal) == (3, 0, "")
    assert checked.departments == ("03",)
    assert checked.faults.empty
    assert not (alone / "imports").exists()  # a check keeps nothing
    known = keep(checked, ME, days=30, name="lieux.csv", vintage="2026-05")
    table = layers.load("mediation_places")
    assert sorted(table.frame["name"]) == ["Centre social", "Médiathèque", "Tiers-lieu"]
    assert (table.provenance.status, table.provenance.vintage) == ("partial", "2026-05")
    assert known.departments == ("03",)
    assert table.provenance.sha256 == known.sha256
    assert kept.every(catalog.imports_folder()) == [known]


def test_a_file_of_every_departement_of_europe_covers_the_country(alone):
    communes = tables.communes()
    metropole = communes[(communes["kind"] == "commune") & ~communes["department"].str[:2].eq("97")]
    codes = metropole.groupby("department").head(1).index
    lines = ["codgeo;sans_4g", *(f"{code};0.2" for code in codes)]
    for rows, status, covered in ((lines, "imported", 0), (lines[:-1], "partial", 95)):
        known = keep(check("digital_indicators", sheet(rows), {}), ME, days=30)
        assert layers.load("digital_indicators").provenance.status == status
        assert len(known.departments) == covered


def test_a_place_without_an_identifier_gets_one():
    lines = [line.split(";", 1)[1] for line in PLACES]
    assert check("mediation_places", sheet(lines), {}).rows == 3


@pytest.mark.parametrize(
    ("lines", "row", "reason"),
    [
        (changed(2, 0, "a"), 3, "identifiant déjà lu"),
        (changed(2, 5, ["46,0", " 3,0"][0]), None, ""),
        (changed(2, 6, "-8,5"), 3, "hors de France"),
        (changed(2, 5, "abc"), None, ""),
        (changed(2, 1, ""), 3, "sans nom"),
        (changed(2, 2, "Zzzzz").copy(), None, ""),
    ],
)
def test_every_fault_is_told_with_its_row(lines, row, reason):
    checked = check("mediation_places", sheet(lines), {})
    if row is not None:
        told = checked.faults[checked.faults["row"] == row]["reason"].tolist()
        assert any(reason in one for one in told), told
    assert checked.rows + checked.set_aside == 3


def test_a_cell_that_is_no_number_is_told_with_its_column():
    lines = [*PLACES, *(f"x{k};N{k};Moulins;03000;r;46,56;3,33;" for k in range(6))]
    lines[2] = lines[2].replace("46,1270", "nord")
    faults = check("mediation_places", sheet(lines), {}).faults
    told = faults[faults["column"] == "lat"]
    assert told[["row", "value"]].to_numpy().tolist() == [[3, "nord"]]


def test_exchanged_axes_are_seen():
    header, *rows = (line.split(";") for line in PLACES)
    swapped = [";".join(header)] + [";".join([*r[:5], r[6], r[5], r[7]]) for r in rows]
    checked = check("mediation_places", sheet(swapped), {})
    assert "inversées" in checked.refusal
    right = {"latitude": "lng", "longitude": "lat", "nom": "Structure", "commune": "Ville"}
    right["code_postal"] = "CP"
    assert check("mediation_places", sheet(swapped), right).refusal == ""


@pytest.mark.parametrize(
    "lines",
    [
        ["a;b", "1;2", "3;4"],
        [PLACES[0], "a;A;Nulle-part;99999;r;10,0;-30,0;"],
        ["code;valeur", *(f"{k:05d};x" for k in range(99_000, 99_020))],
    ],
)
def test_a_wrong_file_changes_nothing_and_says_why(alone, lines):
    keep(check("mediation_places", sheet(), {}), ME, days=30)
    before = layers.load("mediation_places").provenance.sha256
    checked = check("mediation_places", sheet(lines), {})
    assert checked.refusal
    with pytest.raises(DataError):
        keep(checked, ME, days=30)
    assert layers.load("mediation_places").provenance.sha256 == before


JUNK = ["", "x", "-1", "1e308", "2A004", "99999", "é" * 300, "=1+1", "0,0", "00:00 - 25:00"]


@pytest.mark.parametrize("layer", [one.id for one in importing.importable()])
def test_no_junk_is_a_fault_of_ours(layer):
    """Whatever stands in the columns, the answer is a refusal or rows set aside."""
    names = [one.name for one in matching.fields(catalog.source(layer))]
    for shift in range(3):
        rows = [
            [JUNK[(k + j * 3 + shift) % len(JUNK)] for k in range(len(names))] for j in range(9)
        ]
        frame = pd.DataFrame(rows, columns=names, dtype="str", index=range(2, 11))
        frame = frame.where(frame != "").astype("str")
        for chosen in ({name: name for name in names}, {names[0]: names[0]}):
            checked = check(layer, Sheet(frame, "CSV", Reading()), chosen)
            assert checked.refusal or checked.rows


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (Options(), 0.25),
        (Options(percent=True), 0.0025),
        (Options(with_access=True), 0.75),
    ],
)
def test_shares_are_brought_to_one_meaning(options, expected):
    read = read_upload("4g.csv", b"codgeo;taux_4g\n01001;0,25\n01002;0,1\n01004;0\n")
    keep(check("digital_indicators", read, {}, options), ME, days=30)
    assert layers.load("digital_indicators").frame.at["01001", "no_4g_share"] == pytest.approx(
        expected
    )


def test_percentages_taken_for_shares_are_refused():
    read = read_upload("4g.csv", b"codgeo;taux_4g\n01001;25\n01002;10\n01004;60\n")
    checked = check("digital_indicators", read, {})
    assert checked.refusal
    assert "pourcentages par 100" in checked.refusal
    assert check("digital_indicators", read, {}, Options(percent=True)).refusal == ""


def test_a_layer_that_is_no_table_takes_no_file():
    with pytest.raises(DataError, match="ne s'importe pas"):
        check("roads", sheet(), {})


def test_a_file_is_erased_by_its_delete_and_at_the_end_of_its_time(alone, monkeypatch):
    folder = catalog.imports_folder()
    known = keep(check("mediation_places", sheet(), {}), ME, days=30)
    monkeypatch.setattr(kept, "_today", lambda: date.fromisoformat(known.until))
    assert kept.find(folder, "mediation_places") is not None  # its last day
    monkeypatch.setattr(kept, "_today", lambda: date(2999, 1, 1))
    assert kept.find(folder, "mediation_places") is None
    assert layers.load("mediation_places").provenance.status == "partial"  # the snapshot again
    kept.sweep(folder)
    assert [path.name for path in folder.iterdir()] == [".lock"]
    monkeypatch.undo()
    known = keep(check("mediation_places", sheet(), {}), ME, days=30)
    kept.delete(catalog.imports_folder(), known)
    assert kept.every(catalog.imports_folder()) == []


def test_a_file_replaced_while_it_is_looked_for_is_looked_for_again(alone, monkeypatch):
    def brought(share):
        rows = ["codgeo;sans_4g", f"01001;{share}"]
        return keep(check("digital_indicators", sheet(rows), {}), ME, days=30)

    brought(0.2)
    before = catalog.locate("digital_indicators")
    brought(0.3)
    real, seen = catalog.locate, []

    def late(layer):
        seen.append(layer)
        return before if len(seen) == 1 else real(layer)

    monkeypatch.setattr(catalog, "locate", late)
    assert layers.load("digital_indicators").frame.at["01001", "no_4g_share"] == 0.3
    seen.clear()
    assert layers.version(["digital_indicators"]) != layers.version(["digital_indicators"])


def test_another_file_takes_the_place_and_an_old_delete_leaves_it(alone):
    first = keep(check("mediation_places", sheet(), {}), ME, days=30)
    second = keep(check("mediation_places", sheet(PLACES[:3]), {}), Owner("B", "b"), days=90)
    folder = catalog.imports_folder()
    kept.delete(folder, first)
    assert kept.every(folder) == [second]
    assert len(list(folder.glob("*.csv"))) == 1
    assert second.is_of("b")
    assert not second.is_of("me")


@pytest.mark.parametrize("about", ["", "{", "[]", '{"layer": "x"}', json.dumps({"file": "../x"})])
def test_damaged_notes_are_as_if_there_were_none(alone, about):
    folder = catalog.imports_folder()
    folder.mkdir(parents=True)
    (folder / "mediation_places.json").write_text(about)
    assert kept.find(folder, "mediation_places") is None
    assert layers.load("mediation_places").provenance.status == "partial"


def test_a_halt_between_the_two_files_leaves_the_one_of_before(alone, monkeypatch):
    first = keep(check("mediation_places", sheet(), {}), ME, days=30)
    real = kept._write

    def stops(path, content):
        if path.suffix == ".json":
            raise OSError(28, "no space left")
        real(path, content)

    monkeypatch.setattr(kept, "_write", stops)
    with pytest.raises(CoverageError, match="n'a pas changé"):
        keep(check("mediation_places", sheet(PLACES[:3]), {}), ME, days=30)
    assert kept.every(catalog.imports_folder()) == [first]
    assert len(layers.load("mediation_places").frame) == 3


def test_two_writers_leave_one_whole_file(alone):
    code = (
        "import sys; from geodata.importing import *; from geodata.uploads import read_upload\n"
        "lines = open(sys.argv[1], 'rb').read()\n"
        "for k in range(12):\n"
        "    sheet = read_upload('a.csv', lines + b'%d' % k)\n"
        "    checked = check('digital_indicators', sheet, {})\n"
        "    keep(checked, Owner(sys.argv[2], sys.argv[2]), days=30)\n"
    )
    path = alone.parent / "4g.csv"
    path.write_bytes(b"codgeo;sans_4g\n01001;0.2\n01002;0.")
    environment = {**os.environ, "GEODATA_CACHE": str(alone)}
    runs = [
        subprocess.Popen([sys.executable, "-c", code, path, who], cwd=ROOT, env=environment)
        for who in ("a", "b")
    ]
    assert [run.wait(60) for run in runs] == [0, 0]
    (known,) = kept.every(catalog.imports_folder())
    assert layers.load("digital_indicators").provenance.sha256 == known.sha256
    assert len(list(catalog.imports_folder().glob("*.csv"))) == 1
