"""Codes and names of communes brought to those of today, on the embedded snapshot."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geodata import tables
from geodata.readers.reference import Reference, department_of_postal, padded_codes, plain_name


@pytest.fixture(scope="module")
def reference():
    return Reference.of_snapshot()


def series(*values):
    return pd.Series(values, dtype="str")


def nowhere(n):
    return pd.Series(np.full(n, np.nan))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("ST ETIENNE", "saint etienne"),
        ("Ste-Menehould", "sainte menehould"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Œuilly", "oeuilly"),
        ("  Le  Teil ", "le teil"),
        ("Stenay", "stenay"),
    ],
)
def test_plain_names(text, plain):
    assert plain_name(text) == plain


def test_lost_zeros_come_back():
    assert padded_codes(series("1004", "01004", "2a004", None)).tolist()[:3] == [
        "01004",
        "01004",
        "2A004",
    ]


def test_every_code_of_today_stays(reference):
    codes = pd.Series(tables.communes().index, dtype="str")
    assert (reference.current(codes, nowhere(len(codes)), nowhere(len(codes))) == codes).all()


def test_every_former_code_has_a_successor(reference):
    former = tables.former_codes()
    codes = former["former"].drop_duplicates().reset_index(drop=True)
    found = reference.current(codes, nowhere(len(codes)), nowhere(len(codes)))
    assert found.notna().all()
    assert set(found) <= set(tables.communes().index)


def test_a_merged_commune_takes_the_code_of_the_new_one(reference):
    # L'Abergement-de-Varey stays; Amareins merged into Francheleins in 1996.
    found = reference.current(series("01002", "01003", "99999"), nowhere(3), nowhere(3))
    assert found.tolist()[:2] == ["01002", "01165"]
    assert pd.isna(found[2])


def test_a_divided_code_takes_the_nearest_successor(reference):
    """Two successors are made up here: the snapshot has no divided code today."""
    former = pd.DataFrame(
        {"former": ["00001"] * 2, "current": ["03190", "03185"], "share": [0.3, 0.7]}
    )
    made_up = Reference(
        reference.communes, former, reference.arrondissements, reference.region_names
    )
    moulins = reference.communes.loc["03190"]
    codes = series("00001", "00001")
    lon = pd.Series([moulins["lon"], np.nan])
    lat = pd.Series([moulins["lat"], np.nan])
    assert made_up.current(codes, lon, lat).tolist() == ["03190", "03185"]


@pytest.mark.parametrize(
    ("name", "postal", "code"),
    [
        ("MOULINS", "03000", "03190"),
        ("MARSEILLE 11", "13011", "13211"),
        ("Paris", "75011", "75111"),
        ("PARIS", "75116", "75116"),
        ("LYON 3EME", "69003", "69383"),
        ("ST ETIENNE", "42000", "42218"),
        ("NANCY CEDEX", "54042", "54395"),
        ("Nancy Cedex 9", "54042", "54395"),
    ],
)
def test_a_commune_without_code_is_found_by_postal_code_and_name(reference, name, postal, code):
    assert reference.located(series(name), series(postal), nowhere(1), nowhere(1))[0] == code


def test_a_name_that_the_postal_code_does_not_know_takes_the_nearest_of_its_communes(reference):
    avermes = reference.communes.loc["03013"]
    found = reference.located(
        series("Bourg inconnu"),
        series("03000"),
        pd.Series([avermes["lon"]]),
        pd.Series([avermes["lat"]]),
    )
    assert found[0] == "03013"


def test_an_unknown_place_is_not_guessed(reference):
    found = reference.located(
        series("Nulle-Part", None), series("03000", None), nowhere(2), nowhere(2)
    )
    assert found.isna().all()


@pytest.mark.parametrize(
    ("code", "postal", "arrondissement"),
    [
        ("75056", "75011", "75111"),
        ("13055", "13011", "13211"),
        ("69123", "69003", "69383"),
        ("69123", "75011", "69123"),
        ("75056", None, "75056"),
        ("03190", "03000", "03190"),
    ],
)
def test_arrondissements_by_postal_code(reference, code, postal, arrondissement):
    found = reference.refined(series(code), series(postal), nowhere(1), nowhere(1))
    assert found[0] == arrondissement


def test_arrondissements_by_point(reference):
    town_hall = reference.communes.loc["75118"]
    found = reference.refined(
        series("75056", "03190"),
        series("75999", None),
        pd.Series([town_hall["lon"], 3.0]),
        pd.Series([town_hall["lat"], 46.0]),
    )
    assert found.tolist() == ["75118", "03190"]


def test_departments_of_postal_codes():
    found = department_of_postal(series("03000", "97410", "20090", None))
    assert found.tolist()[:2] == ["03", "974"]
    assert found[2:].isna().all()


def test_distance_is_null_at_the_town_hall_and_right_far_away(reference):
    moulins, nice = reference.communes.loc["03190"], reference.communes.loc["06088"]
    away = reference.distance_km(
        series("03190", "03190"),
        pd.Series([moulins["lon"], nice["lon"]]),
        pd.Series([moulins["lat"], nice["lat"]]),
    )
    assert away[0] == 0
    _, _, metres = Geod(ellps="GRS80").inv(*moulins[["lon", "lat"]], *nice[["lon", "lat"]])
    radius_km = np.sqrt(moulins["area_km2"] / np.pi)
    assert away[1] == pytest.approx(metres / 1000 - radius_km, rel=0.005)


def test_the_region_of_a_point(reference):
    rennes = reference.communes.loc["35238"]
    region = reference.region_at(pd.Series([rennes["lon"]]), pd.Series([rennes["lat"]]))
    assert region[0] == "Bretagne"
