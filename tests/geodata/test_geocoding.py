"""The address service, played by a local server that answers well, badly, or not at all."""

import json
import logging
from urllib.parse import parse_qs, urlsplit

import pytest

from geodata.errors import SourceError
from geodata.fetch import Limits
from geodata.geocoding import geocode, service

PATH = "/geocodage/search"
TYPED = "12 rue de l'Oiseau bleu, Moulins"
QUICK = Limits(connect_s=1, read_s=0.3, total_s=1, max_bytes=200_000, attempts=1)


def feature(**changes) -> dict:
    properties = {"label": "12 Rue X 03000 Moulins", "citycode": "03190", "score": 0.9}
    point = {"type": "Point", "coordinates": [3.33, 46.56]}
    return {"properties": {**properties, **changes}, "geometry": point}


def answers(server, content: object, status: int = 200) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    server.sequence(PATH, lambda e: e.answer(status, body, Content_Type="application/json"))


@pytest.fixture(autouse=True)
def here(server, monkeypatch):
    monkeypatch.setenv("GEODATA_GEOCODER", server.address)


def test_an_address_is_found_with_its_commune(server):
    answers(server, {"features": [feature(score=0.5), feature(label="la bonne")]})
    first, second = geocode(TYPED)
    assert (first.label, first.commune_code) == ("la bonne", "03190")
    assert (first.lon, first.lat) == (3.33, 46.56)
    assert second.score == 0.5
    asked = parse_qs(urlsplit(server.exchanges[0].path).query)
    assert asked["q"] == [TYPED]
    assert server.exchanges[0].headers.get("Cookie") is None


def test_what_it_is_not_sure_of_is_no_answer(server):
    answers(server, {"features": [feature(score=0.2)]})
    assert geocode(TYPED) == []


@pytest.mark.parametrize("text", ["", "  ", "a"])
def test_nothing_is_sent_for_nothing(server, text):
    assert geocode(text) == []
    assert server.exchanges == []


def test_a_long_text_is_cut(server):
    answers(server, {"features": []})
    geocode("x" * 5_000)
    assert len(server.exchanges[0].path) < 300


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_a_refusal_is_asked_once_and_told_without_the_address(server, status):
    answers(server, {}, status)
    with pytest.raises(SourceError) as told:
        geocode(TYPED)
    assert "Oiseau" not in str(told.value)
    assert "code postal" in told.value.remedy
    assert told.value.__cause__ is None
    assert server.count(PATH) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"{}",
        b"<html>connectez-vous</html>",
        b'{"features": {"a": 1}}',
        b"[" * 100_000,
        {"features": [None]},
        {"features": [feature(citycode=3190)]},
        {"features": [feature(score="haut")]},
        {"features": [{**feature(), "geometry": {"coordinates": [1e9, 4]}}]},
        {"features": [{**feature(), "geometry": {"coordinates": ["NaN", 4]}}]},
        {"features": [{**feature(), "geometry": {"coordinates": []}}]},
        b"x" * 300_000,
    ],
    ids=lambda content: str(content)[:40],
)
def test_a_hostile_answer_is_told_as_unreadable(server, content):
    answers(server, content)
    with pytest.raises(SourceError, match="service d'adresses"):
        geocode(TYPED)


def test_a_slow_service_is_given_up(server):
    server.sequence(PATH, server.stall)
    with pytest.raises(SourceError, match="ne répond pas"):
        geocode(TYPED, limits=QUICK)


def test_what_was_typed_is_never_logged(server, caplog):
    caplog.set_level(logging.DEBUG, logger="geodata")
    answers(server, {}, 500)
    with pytest.raises(SourceError):
        geocode(TYPED)
    assert "Oiseau" not in caplog.text


def test_offline_nothing_is_asked(monkeypatch):
    monkeypatch.delenv("GEODATA_GEOCODER")
    monkeypatch.setenv("GEODATA_OFFLINE", "1")
    assert service() == ""
    with pytest.raises(SourceError, match="désactivée"):
        geocode(TYPED)
