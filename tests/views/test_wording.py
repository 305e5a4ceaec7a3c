import math
from datetime import UTC, date, datetime

import pytest

from geodata.errors import DataError
from views.parts import wording


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (1234.5, 1, "1\u202f234,5"),
        (68350798, 0, "68\u202f350\u202f798"),
        (-3.26, 1, "−3,3"),
        (-0.04, 1, "0,0"),
        (math.nan, 0, "non connu"),
        (None, 0, "non connu"),
        (math.inf, 0, "hors d'atteinte"),
    ],
)
def test_numbers_are_written_the_french_way(value, digits, text):
    assert wording.number(value, digits) == text


def test_shares_points_and_signs():
    assert wording.share(0.154, 1) == "15,4\u00a0%"
    assert wording.share(None) == "non connu"
    assert wording.points(0.06) == "+6 points"
    assert wording.points(0.011, 1) == "+1,1 point"
    assert wording.signed(-2) == "−2"
    assert wording.signed(0) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0\u00a0min"),
        (17.4, "17\u00a0min"),
        (59.4, "59\u00a0min"),
        (59.6, "1\u00a0h"),
        (60, "1\u00a0h"),
        (65, "1\u00a0h\u00a005"),
        (math.inf, "hors d'atteinte"),
        (math.nan, "non connu"),
    ],
)
def test_minutes(value, text):
    assert wording.minutes(value) == text


def test_clock_and_size():
    assert wording.clock(570) == "9\u00a0h\u00a030"
    assert wording.clock(540) == "9\u00a0h"
    assert wording.size(3_098_664) == "3,1\u00a0Mo"
    assert wording.size(12_300) == "12\u00a0ko"


def test_counts_agree_in_french():
    assert wording.count(0, "lieu", "lieux") == "0 lieu"
    assert wording.count(1, "site") == "1 site"
    assert wording.count(2, "lieu", "lieux") == "2 lieux"
    assert wording.joined(["a"]) == "a"
    assert wording.joined(["a", "b", "c"]) == "a, b et c"
    assert wording.joined([]) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2024-08-01", "1er août 2024"),
        ("2022-12", "décembre 2022"),
        ("2017", "2017"),
        (date(2026, 11, 23), "23 novembre 2026"),
        ("", "date inconnue"),
        (None, "date inconnue"),
        ("COG 2026", "COG 2026"),
        ("2021-05 à 2022-09", "mai 2021 à septembre 2022"),
        ("2024-13-01", "1er 13 2024"),
    ],
)
def test_days(value, text):
    assert wording.day_text(value) == text


@pytest.mark.parametrize(
    ("vintage", "text"),
    [
        ("2026-10-01", "moins de 6 mois"),
        ("2026-04", "6 à 12 mois"),
        ("2025-08", "12 à 18 mois"),
        ("2024-08-01", "plus de 2 ans"),
        ("2025-05", "plus de 1 an"),
        ("", "âge inconnu"),
    ],
)
def test_ages(vintage, text):
    assert wording.age_text(vintage, date(2026, 11, 23)) == text


def test_an_error_says_what_where_and_what_to_do():
    error = DataError("Colonnes absentes : code", where="sites.csv", remedy="Ajoutez-les.")
    text = wording.error_text(error)
    assert text.startswith("Colonnes absentes")
    assert "sites.csv" in text
    assert text.endswith("Ajoutez-les.")


def test_numbers_are_rounded_to_hundreds():
    assert wording.number(58_432, -2) == "58\u202f400"


def test_high_punctuation_never_starts_a_line():
    assert wording.typo("« a : b ; c ? 5 % »") == (
        "«\u00a0a\u00a0: b\u202f; c\u202f? 5\u00a0%\u00a0»"
    )
    assert wording.html_text("<b> : c") == "&lt;b&gt;\u00a0: c"


def test_texts_of_unknown_origin_are_harmless():
    assert wording.plain("[a](b) <i> $x$ :red[") == "\\[a\\](b) \\<i\\> \\$x\\$ \\:red\\["


def test_moments_are_told_in_paris_time():
    winter = datetime(2026, 11, 24, 23, 5, tzinfo=UTC)
    assert wording.moment_text(winter) == "25 novembre 2026 à 0\u00a0h\u00a005"
    summer = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert wording.moment_text(summer) == "1er juillet 2026 à 12\u00a0h\u00a000"
