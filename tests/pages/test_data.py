from datetime import date

import pytest

from geodata import catalog, importing, kept, layers, matching
from geodata.uploads import read_upload
from tests.pages.conftest import texts
from views.parts import cached, wording
from views.parts.data import fields
from views.parts.data import layers as layers_view

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
    page.run()
    assert not page.error  # told once


def test_a_download_goes_on_after_a_failure_and_is_told(open_page, monkeypatch):
    from geodata import layers
    from geodata.errors import SourceError

    asked = []

    def second_works(layer, *, progress):
        asked.append(layer)
        progress(500, 1000)
        if len(asked) == 1:
            raise SourceError("La source ne répond pas", where=layer)

    monkeypatch.setattr(layers, "fetch", second_works)
    page = open_page(PAGE)
    page.multiselect[0].set_value(page.multiselect[0].value[:2]).run()
    next(b for b in page.button if "Télécharger" in b.label).click().run()
    assert len(asked) == 2
    assert len(page.error) == 1
    assert "couche chargée" in page.success[0].value


GOOD = b"codgeo;taux_4g\n01001;25\n01002;10\n01004;60\n"


@pytest.fixture
def bring(open_page):
    """Bring a file for a layer, up to its check."""

    def bring_(layer: str, name: str, content: bytes):
        page = open_page(PAGE)
        page.selectbox[0].set_value(layer).run()
        page.file_uploader[0].set_value((name, content, "text/csv")).run()
        return page

    return bring_


def check(page):
    return page.button(key="import_check").click().run()


def test_a_file_is_brought_step_by_step_and_erased(bring, bare_machine):
    page = bring("digital_indicators", "4g.csv", GOOD)
    said = texts(page)
    assert "2 trouvées sur 3" in said
    assert not list(bare_machine.glob("imports/*.csv"))
    check(page)
    assert "Fichier refusé, rien n'a changé" in page.error[0].value
    assert "pourcentages par 100" in page.error[0].value
    page.radio[0].set_value("pourcentage de 0 à 100").run()
    check(page)
    assert not page.error
    assert "3 lignes prêtes" in page.info[0].value
    page.text_input[0].set_value("le mois dernier")
    keep(page)
    assert "ne couvre que 1 département" in page.warning[0].value
    assert "Écrivez la date" in page.warning[1].value
    page.text_input[0].set_value("2026-05")
    keep(page)
    assert "3 lignes gardées" in page.success[0].value
    assert "importée en partie\xa0: département 01" in texts(page)
    assert layers.load("digital_indicators").frame.at["01001", "no_4g_share"] == pytest.approx(0.25)
    page.button(key="erase_digital_indicators").click().run()
    assert not list(bare_machine.glob("imports/*.csv"))


def keep(page):
    return next(one for one in page.button if "Garder ces données" in one.label).click().run()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("4g.csv", bytes(2_000_000), "vide"),
        ("4g.xlsx", GOOD, "pas un classeur"),
        ("4g.csv", "codgeo\ttaux_4g".encode("utf-16"), "aucune ligne"),
    ],
)
def test_a_wrong_file_is_refused_where_it_is_read(bring, bare_machine, name, content, why):
    page = bring("digital_indicators", name, content)
    assert why in page.error[0].value
    assert not (bare_machine / "imports").exists()


def test_only_its_owner_may_erase_a_file(open_page, bare_machine):
    checked = importing.check(
        "digital_indicators", read_upload("4g.csv", GOOD), {}, importing.Options(percent=True)
    )
    importing.keep(checked, importing.Owner("Une autre", "signed:autre"), days=30)
    page = open_page(PAGE)
    assert "Une autre" in texts(page)
    assert not any("Effacer" in one.label for one in page.button)


@pytest.mark.parametrize(
    ("vintage", "expected"),
    [
        ("2026-10", "recent"),
        ("2026-05-23", "year"),
        ("2025-11", "aging"),
        ("2025-05", "old"),
        ("2021-05 à 2022-09", "old"),
        ("2026", "recent"),
        ("", "unknown"),
    ],
)
def test_four_classes_of_age(vintage, expected):
    assert wording.age_class(vintage, date(2026, 11, 24)) == expected


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


def test_a_file_that_another_process_brings_or_whose_time_ends_is_noticed(open_page, monkeypatch):
    monkeypatch.setattr(cached, "LOOK_EVERY_S", 0.0)
    page = open_page(PAGE)
    kept_rows = len(cached.places().frame)
    lines = "id;nom;commune;code_postal;latitude;longitude\na;Ici;Moulins;03000;46,565;3,333\n"
    checked = importing.check("mediation_places", read_upload("a.csv", lines.encode()), {})
    known = importing.keep(checked, importing.Owner("Une autre", "signed:autre"), days=30)
    page.run()
    assert len(cached.places().frame) == 1
    monkeypatch.setattr(kept, "_today", lambda: date(2999, 1, 1))
    page.run()
    assert len(cached.places().frame) == kept_rows
    assert not list(catalog.imports_folder().glob(known.file))  # erased by the data page


def test_every_column_that_a_file_may_bring_has_a_french_title_and_an_example():
    for source in importing.importable():
        for field in matching.fields(source):
            words = fields.words(field)
            assert words.example, f"{source.id}: {field.name}"
            assert "_" not in words.title
            assert field.name in fields.help_text(field)
