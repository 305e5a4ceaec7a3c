"""The catalogue says everything of every source, and finds files where they are."""

import importlib

import pytest

from geodata import catalog
from geodata.errors import DataError

LAYERS = catalog.sources()
CONTRACT = {
    "france_services", "postal_points", "permanences", "libraries", "granted_positions",
    "mediation_places", "census_rates", "census_ages", "census_households",
    "census_diplomas", "income", "density", "membership", "bpe", "qpv", "frr",
    "population_series", "car_times", "roads", "digital_indicators",
}  # fmt: skip


def test_every_layer_of_the_contract_is_there():
    assert set(LAYERS) == CONTRACT


@pytest.mark.parametrize("layer", LAYERS)
def test_a_source_is_complete(layer):
    source = LAYERS[layer]
    assert source.title
    assert source.producer
    brought = "apporté" in source.producer  # by the user, with a licence of its own
    assert brought or source.licence.startswith(("Licence Ouverte", "ODbL"))
    assert source.share_alike == source.licence.startswith("ODbL")
    assert source.files
    assert source.save_as
    assert source.size_mb > 0
    for address in (source.address, *source.addresses, source.landing):
        assert not address or address.startswith("https://")
    if source.reader:
        assert source.columns
        module, _, function = source.reader.partition(".")
        assert callable(getattr(importlib.import_module(f"geodata.readers.{module}"), function))


def test_no_two_layers_share_a_file():
    assert len({s.save_as for s in LAYERS.values()}) == len(LAYERS)


def test_offers_and_candidates():
    assert catalog.offers() == ("france_services", "permanences", "mediation_places")
    assert set(catalog.candidates()) == {*catalog.offers(), "postal_points", "libraries"}


def test_stable_addresses():
    assert (
        LAYERS["france_services"].address
        == "https://www.data.gouv.fr/fr/datasets/r/31576dff-fd61-4de9-819f-32c2f880b142"
    )


def test_an_unknown_layer():
    with pytest.raises(DataError, match="Couche inconnue"):
        catalog.source("wifi")


def test_nothing_is_found_on_a_bare_machine_but_what_is_embedded(bare_machine):
    found = {layer: catalog.locate(layer) for layer in LAYERS}
    assert found.pop("mediation_places") == catalog.Found(None, "partial")
    assert not any(found.values())


def test_the_folder_comes_first_and_its_newest_file(bare_machine, tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("liste-fs-20230101.csv", "liste-fs-20240801.csv", "autre.csv"):
        (folder / name).write_text("x")
    monkeypatch.setenv("GEODATA_DIR", str(folder))
    found = catalog.locate("france_services")
    assert found.path.name == "liste-fs-20240801.csv"
    assert (found.status, found.vintage) == ("folder", "2024-08-01")


def test_the_vintage_is_in_the_name_of_the_file(tmp_path, monkeypatch):
    (tmp_path / "grille_densite_7_niveaux_2024.csv").write_text("x")
    (tmp_path / "laposte_poincont2.csv").write_text("x")
    monkeypatch.setenv("GEODATA_DIR", str(tmp_path))
    assert catalog.locate("density").vintage == "2024"
    assert catalog.locate("postal_points").vintage == ""
    assert LAYERS["postal_points"].provenance(catalog.locate("postal_points")).vintage == "2020-12"


def test_a_file_dropped_among_the_downloads_without_its_notes_is_not_trusted(bare_machine):
    bare_machine.mkdir()
    (bare_machine / "liste-fs.csv").write_text("half a fi")
    assert catalog.locate("france_services") is None


def test_a_folder_that_does_not_exist_is_said(monkeypatch):
    monkeypatch.setenv("GEODATA_DIR", "/nowhere/at/all")
    with pytest.raises(DataError, match="n'existe pas"):
        catalog.locate("france_services")


def test_a_missing_layer_still_has_a_provenance():
    provenance = LAYERS["libraries"].provenance()
    assert provenance.status == "missing"
    assert provenance.rows == 0
