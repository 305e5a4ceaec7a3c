import csv
from pathlib import Path

import pandas as pd
import pytest

from geodata import tables
from geodata.readers.reference import Reference
from geodata.schema import PLACE
from geodata.snapshot.place_kinds import is_mobile, kind_of
from geodata.snapshot.places import table

SAMPLE = Path(__file__).parents[2] / "data" / "place_kinds.csv"


def test_the_rules_agree_with_a_hundred_names_read_by_hand():
    with SAMPLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 100
    wrong = [row for row in rows if kind_of(row["name"]) != row["kind"]]
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("France Services du Centre Social", "france_services"),
        ("Tiers-lieu et médiathèque", "library"),
        ("Mairie - CCAS", "ccas"),
        ("PIJ de la Mairie de Désertines", "other"),
        ("Le Caquetoire", "other"),
    ],
)
def test_what_a_place_is_comes_before_where_it_is(name, kind):
    assert kind_of(name) == kind


def test_a_bus_is_mobile():
    assert is_mobile("Bus E-Media")
    assert not is_mobile("Espace Robusson")


def record(**changes: object) -> dict[str, object]:
    base = {
        "id": "1",
        "nom": "France Services Pays d'Huriel",
        "commune": "HURIEL",
        "code_postal": "03380",
        "adresse": "1 rue de la Paix",
        "latitude": 46.3728,
        "longitude": 2.4763,
        "horaires": "Mo-Fr 09:00-12:00",
        "telephone": "+33470000000",
        "date_maj": "2021-05-05",
    }
    return {**base, **changes}


def made(*records: dict[str, object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return table(list(records), Reference.of_snapshot(), tables.outlines().geometry)


def test_rows_of_the_same_place_are_merged_and_keep_both_identifiers():
    places, rejected = made(
        record(telephone=None),
        record(id="12", nom="Espace France Services Pays d&#39;Huriel", date_maj="2022-09-01"),
        record(id="3", nom="Médiathèque d'Huriel"),
    )
    assert rejected.empty
    assert places["id"].tolist() == ["hinaura-3", "hinaura-1+12"]
    assert places["record_date"].tolist() == ["2021-05-05", "2022-09-01"]
    assert places["name"].tolist() == [
        "Médiathèque d'Huriel",
        "Espace France Services Pays d'Huriel",
    ]
    assert places["phone"].tolist() == ["04 70 00 00 00"] * 2


def test_the_same_name_in_two_communes_is_two_places():
    places, _ = made(
        record(),
        record(id="2", commune="MOULINS", code_postal="03000", latitude=46.566, longitude=3.333),
    )
    assert places["commune_code"].tolist() == ["03128", "03190"]


def test_a_wrong_postal_code_yields_to_the_name_and_the_point():
    # The record of this place has the postal code of Le Mayet-de-Montagne.
    places, _ = made(
        record(
            nom="France Services",
            commune="SAINT-GERMAIN-DES-FOSSÉS",
            code_postal="03250",
            latitude=46.2068,
            longitude=3.4330,
        )
    )
    assert places["commune_code"].tolist() == ["03236"]


def test_bad_rows_are_set_aside_with_a_reason():
    places, rejected = made(
        record(id="1", latitude=48.85, longitude=2.35),
        record(id="2", nom="Durand écrivain public"),
        record(id="3", commune="NULLE PART", code_postal="99999"),
        record(id="4"),
    )
    assert places["id"].tolist() == ["hinaura-4"]
    assert rejected["id"].tolist() == ["1", "2", "3"]
    assert rejected["reason"].tolist() == [
        "à plus de 20 km de sa commune",
        "nom d'une personne privée",
        "commune introuvable",
    ]


def test_no_mobile_number_nor_contact_of_a_firm():
    places, _ = made(
        record(id="1", telephone="+33612345678"),
        record(id="2", nom="Mon Assistant Numérique", site_web="https://firme.fr"),
    )
    assert places[["phone", "website"]].isna().all(axis=None)


def test_wrong_hours_are_unknown():
    places, _ = made(record(horaires="du lundi au vendredi"))
    assert places[["hours", "weekly_hours_h"]].isna().all(axis=None)
    assert PLACE.faults(places) == []
