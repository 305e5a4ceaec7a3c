from datetime import date

import pytest

from tests.pages.conftest import texts
from views.parts import layers_view

PAGE = "planner/data.py"


def test_missing_layers_are_named_with_the_way_to_load_them(open_page):
    page = open_page(PAGE)
    said = texts(page)
    assert not page.error
    assert "absente" in said
    assert "partielle" in said
    assert "GEODATA_DIR" in said
    assert any("Télécharger" in button.label for button in page.button)


def test_a_download_that_fails_is_one_message(open_page, monkeypatch):
    from geodata import layers
    from geodata.errors import SourceError

    def fails(layer, *, progress):
        raise SourceError("La source ne répond pas", where=layer, remedy="Réessayez plus tard.")

    monkeypatch.setattr(layers, "fetch", fails)
    page = open_page(PAGE)
    page.multiselect[0].set_value(page.multiselect[0].value[:1]).run()
    next(b for b in page.button if "Télécharger" in b.label).click().run()
    assert not page.exception
    assert "Réessayez plus tard" in page.error[0].value


@pytest.mark.official
def test_rows_kept_and_set_aside_are_counted(official_dir):
    layers_view.catalogue.clear()
    found = {layer.source.id: layer for layer in layers_view.catalogue(str(official_dir))}
    layers_view.catalogue.clear()
    poste = found["postal_points"].provenance
    assert poste.rows + poste.set_aside == 17_716
    rows = layers_view.rows(list(found.values()), date(2026, 11, 23))
    assert len({len(row) for row in rows}) == 1
    assert not any(layer.fault for layer in found.values())
