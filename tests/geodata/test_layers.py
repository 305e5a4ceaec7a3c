"""Layers: found, read once, fetched and never faked."""

import hashlib
import json
import os
import threading
import time

import pandas as pd
import pytest

from geodata import background, catalog, layers
from geodata.background import fetch_in_background
from geodata.data_gouv import newest_file
from geodata.errors import DataError, SourceError
from geodata.fetch import Limits
from geodata.schema import PLACE

QUICK = Limits(connect_s=1, read_s=0.5, total_s=10, attempts=1, backoff_s=0.01)
PAGE = b"<!DOCTYPE html><html><body>Portail captif</body></html>"
HEADER = (
    "#Identifiant_du_site;Libellé_du_site;Caractéristique_du_site;Adresse;Code_postal;Localité;"
    "Code_INSEE;Latitude;Longitude;Précision_du_géocodage;Numéro_de_téléphone\n"
)


def posts(n, code="03190"):
    line = "{i};BUREAU {i};Bureau de Poste;RUE {i};03000;MOULINS;{code};46.566;3.334;Numéro;3631\n"
    return (HEADER + "".join(line.format(i=i, code=code) for i in range(n))).encode()


@pytest.fixture
def folder(bare_machine, tmp_path, monkeypatch):
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.setenv("GEODATA_DIR", str(path))
    return path


@pytest.fixture
def portal(server, monkeypatch):
    """A local data.gouv.fr whose resource for La Poste answers what the test says."""
    only = {layer: s for layer, s in catalog.sources().items() if layer == "postal_points"}
    source = only["postal_points"]

    def serve(*answers, addresses=()):
        changed = type(source)(**{**vars(source), "addresses": tuple(addresses)})
        monkeypatch.setattr(catalog, "sources", lambda: {"postal_points": changed})
        server.sequence(f"/fr/datasets/r/{source.resource}", *answers)
        return server.address

    return serve


def test_a_missing_layer_is_said_with_its_remedy(bare_machine):
    with pytest.raises(SourceError, match="absente") as raised:
        layers.load("france_services")
    assert "fetch france_services" in raised.value.remedy
    assert "GEODATA_DIR" in raised.value.remedy
    with pytest.raises(SourceError) as raised:
        layers.load("census_rates")
    assert "fetch" not in raised.value.remedy


def test_a_layer_that_is_not_read_yet_is_said(bare_machine):
    with pytest.raises(SourceError, match="pas encore lue"):
        layers.load("car_times")


def test_an_unknown_layer():
    with pytest.raises(DataError, match="Couche inconnue"):
        layers.load("wifi")


def test_a_file_is_read_once_and_again_when_it_changes(folder):
    path = folder / "laposte_poincont2.csv"
    path.write_bytes(posts(2))
    first = layers.load("postal_points")
    assert layers.load("postal_points") is first
    assert first.provenance.status == "folder"
    assert first.provenance.sha256 == hashlib.sha256(posts(2)).hexdigest()
    path.write_bytes(posts(3))
    os.utime(path, ns=(1, 1))
    assert len(layers.load("postal_points").frame) == 3


def test_a_file_of_another_layout_is_refused_whole(folder):
    (folder / "laposte_poincont2.csv").write_text("a;b\n1;2\n")
    with pytest.raises(DataError, match="il manque 11 colonne"):
        layers.load("postal_points")


def test_places_of_several_layers_name_those_that_are_missing(folder):
    (folder / "laposte_poincont2.csv").write_bytes(posts(2))
    found = layers.places(["france_services", "postal_points", "postal_points", "libraries"])
    assert found.missing == ("france_services", "libraries")
    assert [p.layer for p in found.provenances] == ["postal_points"]
    assert list(found.frame.columns) == list(PLACE.columns)
    assert len(found.frame) == 2


def test_places_of_some_departments(folder):
    (folder / "laposte_poincont2.csv").write_bytes(posts(2))
    assert len(layers.places(["postal_points"], ["03"]).frame) == 2
    assert len(layers.places(["postal_points"], ["75", "2A"]).frame) == 0


def test_no_layer_at_all_is_an_empty_table(bare_machine):
    found = layers.places(["france_services"], ["03"])
    assert len(found.frame) == 0
    assert list(found.frame.columns) == list(PLACE.columns)


def test_the_embedded_places_are_partial(bare_machine):
    table = layers.load("mediation_places")
    assert table.provenance.status == "partial"
    assert table.provenance.layer == "mediation_places"
    assert set(table.frame["layer"]) == {"mediation_places"}
    PLACE.check(table.frame)


def test_fetching_stores_a_checked_file_that_is_then_loaded(bare_machine, portal):
    base = portal(
        lambda e: e.answer(
            200, posts(4), Last_Modified="Tue, 03 Jun 2025 10:00:00 GMT", Content_Type="text/csv"
        )
    )
    fetched = layers.fetch("postal_points", base=base, limits=QUICK)
    table = layers.load("postal_points")
    assert len(table.frame) == 4
    assert table.provenance.status == "downloaded"
    assert table.provenance.sha256 == fetched.sha256
    assert table.provenance.fetched_at == fetched.fetched_at
    assert table.provenance.vintage == "2025-06-03"


@pytest.mark.parametrize("answer", [PAGE, b'{"message": "gone"}', b"a;b\n1;2\n", b""])
def test_what_is_not_the_layer_is_never_stored(bare_machine, portal, answer):
    base = portal(lambda e: e.answer(200, answer))
    with pytest.raises((SourceError, DataError)):
        layers.fetch("postal_points", base=base, limits=QUICK)
    assert catalog.locate("postal_points") is None
    assert not [p for p in bare_machine.iterdir() if not p.name.startswith(".")]


def test_the_next_address_is_tried(bare_machine, portal, server):
    other = server.sequence("/mirror.csv", lambda e: e.answer(200, posts(2)))
    base = portal(lambda e: e.answer(200, PAGE), addresses=[other])
    fetched = layers.fetch("postal_points", base=base, limits=QUICK)
    assert fetched.address == other
    assert len(layers.load("postal_points").frame) == 2


def test_a_layer_without_address_is_said(bare_machine):
    with pytest.raises(SourceError, match="Aucune adresse"):
        layers.fetch("census_rates")


def test_the_newest_csv_of_a_data_set(server):
    resources = (
        '{"resources": ['
        '{"format": "csv", "type": "main", "url": "https://x/old.csv",'
        ' "last_modified": "2023-01-01"},'
        '{"format": "CSV", "type": "main", "url": "https://x/new.csv",'
        ' "last_modified": "2024-01-01"},'
        '{"format": "csv", "type": "documentation", "url": "https://x/d.csv",'
        ' "last_modified": "2026-01-01"},'
        '{"format": "pdf", "url": "https://x/z.pdf", "last_modified": "2025-01-01"}]}'
    )
    server.sequence("/api/1/datasets/postes/", lambda e: e.answer(200, resources.encode()))
    assert newest_file("postes", "csv", base=server.address, limits=QUICK) == "https://x/new.csv"


def test_car_times_are_fetched_in_the_format_that_the_command_reads(server, bare_machine):
    source = catalog.source("car_times")
    files = [
        {"format": kind, "type": "main", "url": f"{server.address}/t.{kind}"}
        for kind in ("csv", "parquet")
    ]
    portal = json.dumps({"resources": files}).encode()
    server.sequence(f"/api/1/datasets/{source.dataset}/", lambda e: e.answer(200, portal))
    server.sequence("/t.parquet", lambda e: e.answer(200, b"PAR1 some squares"))
    fetched = layers.fetch("car_times", base=server.address, limits=QUICK)
    assert catalog.locate("car_times").path == fetched.path
    assert fetched.path.suffix == ".parquet"


@pytest.mark.parametrize("answer", [b"[1]", b'{"resources": 3}', b'{"resources": []}', PAGE])
def test_a_portal_that_answers_something_else(server, answer):
    server.sequence("/api/1/datasets/postes/", lambda e: e.answer(200, answer))
    with pytest.raises(SourceError):
        newest_file("postes", "csv", base=server.address, limits=QUICK)


@pytest.fixture
def online(monkeypatch):
    monkeypatch.delenv("GEODATA_OFFLINE")
    monkeypatch.setattr(background, "FIRST_LAYERS", ("postal_points",))


def test_the_background_fetch_brings_what_is_missing(bare_machine, portal, online):
    base = portal(lambda e: e.answer(200, posts(4)))
    state = fetch_in_background(5, base=base)
    assert state.wait(10)
    assert state.fetched == ["postal_points"]
    assert state.status_line == "1 couche(s) officielle(s) téléchargée(s)."
    again = fetch_in_background(5, base=base)
    assert again.done
    assert not again.status_line


@pytest.mark.parametrize("answer", [PAGE, b"a;b\n1;2\n"])
def test_a_proxys_page_is_one_quiet_line(bare_machine, portal, online, answer):
    state = fetch_in_background(5, base=portal(lambda e: e.answer(200, answer)))
    assert state.wait(10)
    assert state.failed == ["postal_points"]
    assert "\n" not in state.status_line
    assert catalog.locate("postal_points") is None


def test_no_internet_is_one_quiet_line(bare_machine, portal, online, closed_address):
    portal(lambda e: e.drop())
    state = fetch_in_background(5, base=closed_address)
    assert state.wait(10)
    assert "pas d'internet" in state.status_line


def test_a_stalled_source_keeps_to_the_budget(bare_machine, portal, online, server):
    begun = time.monotonic()
    state = fetch_in_background(1.0, base=portal(server.stall))
    assert time.monotonic() - begun < 0.5, "the caller does not wait"
    assert state.wait(5)
    assert time.monotonic() - begun < 3


def test_nothing_is_asked_offline(bare_machine, portal, server, monkeypatch):
    monkeypatch.setenv("GEODATA_OFFLINE", "1")
    state = fetch_in_background(5, base=portal(lambda e: e.answer(200, posts(1))))
    assert state.done
    assert "désactivé" in state.status_line
    assert not server.exchanges


def test_a_wrong_folder_is_a_line_too(monkeypatch, online):
    monkeypatch.setenv("GEODATA_DIR", "/nowhere/at/all")
    state = fetch_in_background(5)
    assert state.done
    assert "n'existe pas" in state.status_line


def test_reading_from_several_threads_gives_one_answer(folder):
    (folder / "laposte_poincont2.csv").write_bytes(posts(50))
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append(layers.load("postal_points"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    for table in seen[1:]:
        pd.testing.assert_frame_equal(table.frame, seen[0].frame)
