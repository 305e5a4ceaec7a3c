"""The card of the next passages: what the public reads."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.events import Author
from planning.tours.published import PublishedStop, PublishedTours, PublishedVisit
from views.parts.public import passages

PARIS = ZoneInfo("Europe/Paris")
# Bourbon-l'Archambault (03036) also serves Saint-Plaisir (03251).
STOP = PublishedStop(
    "03036", "Bourbon-l'Archambault", ("03036", "03251"), "Mairie", 3.0567, 46.5822
)


def at(day, hour, minute=0):
    return datetime(2027, 1, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def tours():
    visits = tuple(PublishedVisit(STOP, at(day, 9), at(day, 11, 30)) for day in (5, 19))
    return PublishedTours(
        "03", date(2027, 1, 4), date(2027, 1, 31), "Coordination <b>", "04 00 00 00 00",
        Author("x", authenticated=False), datetime(2026, 12, 1, tzinfo=UTC), 1, visits,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["03036", "03251"])
def test_a_commune_served_reads_its_dates(tours, code):
    found = passages.coming([tours], code, at(5, 11))  # the first visit is in progress
    assert found.minutes == 0
    assert [v.start for v in found.visits] == [at(5, 9), at(19, 9)]
    text = passages.card_html(tours, found).replace("\u00a0", " ").replace("\u202f", " ")
    assert "mardi 5 janvier 2027, de 9 h à 11 h 30" in text
    assert "itinérant" in text
    assert "Contact : 04 00 00 00 00" in text
    assert "jusqu'au 31 janvier 2027" in text.replace("&#x27;", "'")
    assert "Coordination &lt;b&gt;" in text


def test_a_neighbour_reads_how_far_the_stop_is(tours):
    found = passages.coming([tours], "03090", at(6, 8))  # Couzon, not served
    assert found is not None
    assert found.stop == STOP
    assert 0 < found.minutes <= passages.REACH_MIN
    assert [v.start for v in found.visits] == [at(19, 9)]


def test_far_away_or_after_the_last_visit_it_says_so(tours):
    assert passages.coming([tours], "03310", at(5, 8)) is None  # Vichy
    assert passages.coming([tours], "03036", at(19, 12)) is None
    assert "Aucun passage à venir" in passages.card_html(tours, None)


def test_a_stop_without_coordinates_is_near_nobody(tours):
    nowhere = replace(STOP, lon=None, lat=None)
    visits = tuple(replace(visit, stop=nowhere) for visit in tours.visits)
    assert passages.coming([replace(tours, visits=visits)], "03090", at(5, 8)) is None


def test_a_neighbouring_departments_van_counts_and_its_own_is_told_first(tours):
    """Lurcy-Lévis (03155), in the Allier, is 15 km from Sancoins (18242), in the Cher."""
    sancoins = PublishedStop("18242", "Sancoins", ("18242",), "", 2.9225, 46.8331)
    visits = (PublishedVisit(sancoins, at(7, 9), at(7, 12)),)
    cher = replace(tours, department="18", service="Coordination du Cher", visits=visits)
    found = passages.coming([tours, cher], "03155", at(5, 8))
    assert found.stop == sancoins
    assert found.tours == cher
    text = passages.card_html(found.tours, found)
    assert "Coordination du Cher (Cher)" in text
    assert passages.coming([tours, cher], "03036", at(5, 8)).tours == tours
    assert passages.coming([cher], "03310", at(5, 8)) is None  # Vichy, at the other end
