from datetime import UTC, datetime

import pytest

from views.parts.public import hours

MONDAY_8_UTC = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
USUAL = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"


def test_open_now_is_told_in_the_places_own_time_zone():
    assert hours.at(USUAL, "03190", MONDAY_8_UTC) == hours.Opening(
        "open", "Ouvert, ferme à 12\u00a0h"
    )
    # Noon in La Réunion, four in the morning in Martinique.
    assert hours.at(USUAL, "97411", MONDAY_8_UTC).text == "Fermé, ouvre à 14\u00a0h"
    assert hours.at(USUAL, "97209", MONDAY_8_UTC).text == "Fermé, ouvre à 9\u00a0h"


def test_public_holidays_close():
    armistice = datetime(2026, 11, 11, 9, 0, tzinfo=UTC)
    assert hours.at(USUAL, "03190", armistice).text == "Fermé, ouvre demain à 9\u00a0h"


@pytest.mark.parametrize("text", [None, "", "sur rendez-vous", "Mo 25:99", "fermé ~~"])
def test_hours_that_cannot_be_read_are_unknown(text):
    assert hours.at(text, "03190", MONDAY_8_UTC).state == "unknown"
    assert hours.week(text, "03190", MONDAY_8_UTC) == []


def test_always_open():
    assert hours.at("24/7", "03190", MONDAY_8_UTC).text == "Ouvert en permanence"
    assert hours.week("24/7", "03190", MONDAY_8_UTC)[0] == ("lundi 23", "toute la journée")


def test_the_coming_week():
    rows = hours.week("Tu 09:30-12:00", "03190", MONDAY_8_UTC)
    assert len(rows) == 7
    assert rows[0] == ("lundi 23", "fermé")
    assert rows[1] == ("mardi 24", "9\u00a0h\u00a030 – 12\u00a0h")


def test_open_at_the_week_end():
    assert hours.opens_on("Sa 09:00-12:00", "03190", MONDAY_8_UTC, {5, 6})
    assert not hours.opens_on(USUAL, "03190", MONDAY_8_UTC, {5, 6})
    assert not hours.opens_on(None, "03190", MONDAY_8_UTC, {5, 6})
