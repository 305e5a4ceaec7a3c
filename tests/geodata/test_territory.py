"""Territories by code and by name, on the embedded snapshot."""

import pytest

from geodata import tables
from geodata.errors import DataError
from geodata.territory import Territory, resolve


@pytest.mark.parametrize(
    ("text", "kind", "code", "name"),
    [
        ("FR", "country", "FR", "France"),
        ("france", "country", "FR", "France"),
        ("03", "department", "03", "Allier"),
        ("3", "department", "03", "Allier"),
        (" 2a ", "department", "2A", "Corse-du-Sud"),
        ("974", "department", "974", "La Réunion"),
        ("84", "department", "84", "Vaucluse"),
        ("DEP-84", "department", "84", "Vaucluse"),
        ("REG-84", "region", "84", "Auvergne-Rhône-Alpes"),
        ("R84", "region", "84", "Auvergne-Rhône-Alpes"),
        ("84R", "region", "84", "Auvergne-Rhône-Alpes"),
        ("reg-01", "region", "01", "Guadeloupe"),
        ("03190", "commune", "03190", "Moulins"),
        ("COM-2A004", "commune", "2A004", "Ajaccio"),
        ("200071140", "epci", "200071140", None),
        ("EPCI-200071140", "epci", "200071140", None),
        ("0301", "canton", "0301", None),
        ("Allier", "department", "03", "Allier"),
        ("la reunion", "department", "974", "La Réunion"),
        ("auvergne rhone alpes", "region", "84", "Auvergne-Rhône-Alpes"),
        ("Côte d’Or", "department", "21", "Côte-d'Or"),
    ],
)
def test_codes_and_names(text, kind, code, name):
    found = resolve(text)
    assert (found.kind, found.code) == (kind, code)
    assert name is None or found.name == name


@pytest.mark.parametrize("text", ["99", "REG-99", "DEP-", "00000", "Atlantide", "R", "9X"])
def test_what_is_unknown_is_said(text):
    with pytest.raises(DataError, match="Territoire inconnu") as raised:
        resolve(text)
    assert "FR" in raised.value.remedy


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Alier", "« Allier » (03)"),
        ("Ile de Frence", "« Île-de-France » (REG-11)"),
        ("20", "« Corse-du-Sud » (2A), « Haute-Corse » (2B)"),
        ("69m", "« Rhône » (69)"),
        ("lyon", "« Rhône » (69)"),
        ("Saint Denis", "« Seine-Saint-Denis » (93), « La Réunion » (974)"),
    ],
)
def test_the_nearest_are_proposed(text, near):
    with pytest.raises(DataError) as raised:
        resolve(text)
    assert near in raised.value.remedy


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_no_territory(text):
    with pytest.raises(DataError, match="Aucun territoire n'est donné") as raised:
        resolve(text)
    assert raised.value.remedy.startswith("Donnez un département")


def test_the_country_covers_every_point():
    assert resolve("FR").points() is tables.demand_points()
    assert len(resolve("FR").departments) == 101


def test_departments_share_out_the_points_and_so_do_regions():
    every = len(tables.demand_points())
    departments = [resolve(f"DEP-{code}") for code in tables.departments().index]
    regions = [resolve(f"REG-{code}") for code in tables.regions().index]
    assert sum(len(t.points()) for t in departments) == every
    assert sum(len(t.points()) for t in regions) == every
    assert sorted(d for t in regions for d in t.departments) == sorted(tables.departments().index)


def test_the_allier():
    allier = resolve("03")
    assert len(allier.points()) == 317
    assert allier.departments == ("03",)


def test_a_region_knows_its_departments():
    assert resolve("REG-94").departments == ("2A", "2B")


@pytest.mark.parametrize(("code", "count"), [("75056", 20), ("13055", 16), ("69123", 9)])
def test_a_city_is_its_arrondissements(code, count):
    points = resolve(code).points()
    assert len(points) == count
    assert (points["parent"] == code).all()


def test_paris_as_a_department_is_its_arrondissements():
    assert len(resolve("75").points()) == 20


def test_an_epci_over_two_departments_touches_both():
    epci = tables.demand_points().groupby("epci")["department"].nunique()
    code = epci[epci > 1].index[0]
    assert len(resolve(code).departments) > 1


def test_territories_compare_and_hash():
    assert resolve("03") == Territory("department", "03", "Allier")
    assert len({resolve("03"), resolve("Allier")}) == 1


def test_a_name_of_several_epci_is_not_taken_for_the_first():
    with pytest.raises(DataError, match=r"247000623 \(70\), 247400666 \(74\)"):
        resolve("CC des Quatre Rivières")
    assert resolve("247400666").departments == ("74",)
