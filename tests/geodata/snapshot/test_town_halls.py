import json

import pandas as pd
import pytest

from geodata.snapshot.contacts import landline, public_site
from geodata.snapshot.hours import town_hall_hours
from geodata.snapshot.town_halls import of_name, table


@pytest.mark.parametrize(
    ("name", "link", "text"),
    [
        ("Moulins", 0, "de Moulins"),
        ("Abrest", 1, "d'Abrest"),
        ("Le Mans", 2, "du Mans"),
        ("La Rochelle", 3, "de La Rochelle"),
        ("Les Andelys", 4, "des Andelys"),
        ("L'Haÿ-les-Roses", 5, "de L'Haÿ-les-Roses"),
        ("Aux Marais", 6, "des Marais"),
        ("Los Masos", 8, "de Los Masos"),
    ],
)
def test_names_are_joined_as_in_french(name, link, text):
    assert of_name(name, link) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("04 70 48 50 00", "04 70 48 50 00"),
        ("0470485000", "04 70 48 50 00"),
        ("+33470485000", "04 70 48 50 00"),
        ("06 12 34 56 78", None),
        ("+33712345678", None),
        ("0692 12 34 56", None),
        ("30 13", None),
        ("03 90 6", None),
        (float("nan"), None),
    ],
)
def test_only_whole_landlines_are_kept(text, number):
    assert landline(text) == number


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://www.ville-moulins.fr/", "https://www.ville-moulins.fr/"),
        ("https://a.fr;https://b.fr", "https://a.fr"),
        ("mairie@commune.fr", None),
        ("https://www.facebook.com/une.personne", None),
        ("http://jean.pagesperso-orange.fr", None),
        ("https:/www.faux.fr", None),
        (None, None),
    ],
)
def test_only_public_sites_are_kept(text, site):
    assert public_site(text) == site


def written(*rules: tuple[str, str, list[list[str]]]) -> str:
    return json.dumps(rules)


def test_hours_are_written_as_in_openstreetmap():
    morning, afternoon = ["09:00:00", "12:00:00"], ["13:30:00", "17:00:00"]
    found = town_hall_hours(
        written(("lundi", "jeudi", [morning, afternoon]), ("samedi", "", [morning]))
    )
    assert found == ("Mo-Th 09:00-12:00,13:30-17:00; Sa 09:00-12:00", 29.0)


def test_days_named_twice_are_united_and_empty_spans_left_out():
    found = town_hall_hours(
        written(
            ("lundi", "lundi", [["08:00:00", "12:00:00"], ["13:30:00", "13:30:00"]]),
            ("lundi", "mardi", [["11:00:00", "14:00:00"]]),
        )
    )
    assert found == ("Mo 08:00-14:00; Tu 11:00-14:00", 9.0)


def test_no_hours_is_unknown():
    assert town_hall_hours("[]") is None


def test_the_table_keeps_no_mail_nor_town_hall_without_address():
    rows = pd.DataFrame(
        {
            "type": ["COM", "COM", "SRM"],
            "code": ["03190", "03002", "75056SR01"],
            "mairie_adresse": ["12 place\n03000 Moulins", "", "Paris"],
            "mairie_horaires": ["[]", "[]", "[]"],
            "mairie_telephone": ["06 12 34 56 78", "", ""],
            "mairie_site": ["x@y.fr", "", ""],
            "mairie_email": ["x@y.fr", "", ""],
        }
    )
    communes = pd.DataFrame(
        {
            "name": ["Moulins", "Agonges"],
            "name_link": [0, 1],
            "lon": [3.33, 3.15],
            "lat": [46.57, 46.6],
            "point_source": ["town_hall", "inside"],
        },
        index=["03190", "03002"],
    )
    found = table(rows, communes)
    assert found["name"].tolist() == ["Mairie de Moulins"]
    assert found["address"].tolist() == ["12 place, 03000 Moulins"]
    assert found[["phone", "website", "hours", "weekly_hours_h"]].isna().all(axis=None)
    assert not any("mail" in column for column in found.columns)
