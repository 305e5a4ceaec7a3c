import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from geodata.errors import DataError
from views import peers

USER = (b"x-remote-user", b"anne")
GROUPS = (b"x-remote-groups", b"prefets")
OTHER = (b"accept", b"*/*")


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    monkeypatch.setenv("COVERAGE_USER_HEADER", "X-Remote-User")
    monkeypatch.setenv("COVERAGE_GROUPS_HEADER", "X-Remote-Groups")
    monkeypatch.setenv("COVERAGE_TRUSTED_PROXY", "10.0.0.4, 192.168.1.0/24 ::1")


def passed(client, headers, kind="websocket"):
    """Return the headers that reach the application."""
    seen = {}

    async def app(scope, receive, send):
        seen.update(scope)

    scope = {"type": kind, "client": client, "headers": headers}
    with ThreadPoolExecutor(1) as pool:  # the browser's tests leave a loop in this thread
        pool.submit(asyncio.run, peers.Peers(app)(scope, None, None)).result()
    return seen["headers"]


@pytest.mark.parametrize("kind", ["websocket", "http"])
@pytest.mark.parametrize("client", [("10.0.0.4", 5000), ("192.168.1.77", 1), ("::1", 5000)])
def test_a_trusted_proxy_is_believed(client, kind):
    assert passed(client, [USER, GROUPS, OTHER], kind) == [USER, GROUPS, OTHER]


@pytest.mark.parametrize("client", [
    ("10.0.0.5", 5000), ("127.0.0.1", 5000), None, ("a socket", 7),
    ("10.0.0.4", 0),  # an address told by X-Forwarded-For, not the peer's own
])  # fmt: skip
def test_nobody_else_is(client):
    loud = (b"X-Remote-User", b"mallory")
    assert passed(client, [USER, loud, GROUPS, OTHER]) == [OTHER]


def test_a_header_that_comes_twice_is_not_believed():
    smuggled = (b"X-REMOTE-USER", b"mallory")
    assert passed(("10.0.0.4", 5000), [USER, smuggled, GROUPS, OTHER]) == [GROUPS, OTHER]


def test_a_header_without_a_trusted_proxy_is_refused(monkeypatch):
    monkeypatch.setenv("COVERAGE_TRUSTED_PROXY", " ")
    with pytest.raises(DataError, match="aucun proxy"):
        peers.proxy_settings()
    assert passed(("10.0.0.4", 5000), [USER, OTHER]) == [OTHER]


def test_an_address_that_makes_no_sense_is_refused(monkeypatch):
    monkeypatch.setenv("COVERAGE_TRUSTED_PROXY", "everyone")
    with pytest.raises(DataError, match="pas de sens"):
        peers.proxy_settings()
    assert passed(("10.0.0.4", 5000), [USER, OTHER]) == [OTHER]


def test_without_settings_nothing_is_touched(monkeypatch):
    monkeypatch.delenv("COVERAGE_USER_HEADER")
    monkeypatch.delenv("COVERAGE_GROUPS_HEADER")
    assert passed(None, [USER, OTHER]) == [USER, OTHER]
