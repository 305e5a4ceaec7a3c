from datetime import date

import pytest

from planning import french


@pytest.mark.parametrize(("name", "kind", "said"), [
    ("MEDIATHEQUE FERME MODELE", "library", "Mediatheque Ferme Modele"),
    ("MAISON DE SERVICES DE LA MSA", "france_services", "Maison de Services de la MSA"),
    ("UDAF 63", "association", "UDAF 63"),
    ("LIBRAiSOL", "association", "LIBRAiSOL"),
    ("Mairie de Viplaix", "library", "Bibliothèque, « Mairie de Viplaix » selon sa source"),
    ("Mairie de Viplaix", "town_hall", "Mairie de Viplaix"),
])  # fmt: skip
def test_a_place_is_named_as_a_report_may_print_it(name, kind, said):
    assert french.host_name(name, kind) == said


def test_a_date_in_full():
    assert french.day(date(2026, 8, 1)) == "1er août 2026"
    assert french.day(date(2026, 11, 24)) == "24 novembre 2026"


def test_an_unknown_kind_has_a_name_too():
    assert french.host_kind("?") == "autre lieu"
