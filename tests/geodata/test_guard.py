"""Connections to internal hosts are refused: by address, by name, after a redirection."""

import socket  # noqa: TID251 - plays a name server that changes its mind

import pytest

from geodata.ask import ask
from geodata.errors import SourceError
from geodata.fetch import Limits
from geodata.guard import ALLOWED, InternalAddressError, check_public

QUICK = Limits(connect_s=1, read_s=1, total_s=3, attempts=2, backoff_s=0.01)


@pytest.fixture
def guarded(monkeypatch):
    monkeypatch.delenv(ALLOWED)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of this machine
        "64:ff9b::a9fe:a9fe",  # and of a cloud's metadata
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",  # 6to4
        "2001:0:7f00:1::",  # Teredo, by a server on this machine
        "::ffff:0:10.0.0.1",
    ],
)
def test_internal_addresses_are_refused(address):
    with pytest.raises(InternalAddressError):
        check_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_public_addresses_pass(address):
    assert check_public(address) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_this_machine_is_not_asked_however_it_is_written(server, guarded, host):
    server.sequence("/secret", lambda e: e.answer(200, b'{"key": 1}'))
    port = server.address.rpartition(":")[2]
    with pytest.raises(SourceError) as refused:
        ask(f"http://{host}:{port}/secret", limits=QUICK)
    assert "réseau privé" in str(refused.value) or "utilisable" in str(refused.value)
    assert server.exchanges == []


def test_a_redirection_inside_is_refused(server, guarded, monkeypatch):
    """The first host is public by name only; the second is where it sends us."""
    inside = server.address.replace("127.0.0.1", "localhost") + "/secret"
    server.sequence("/", lambda e: e.answer(302, Location=inside))
    server.sequence("/secret", lambda e: e.answer(200, b"{}"))
    seen = []

    def public_first(address: str) -> None:
        seen.append(address)
        if len(seen) > 2:  # resolved, then connected: the first host; what follows is the second
            check_public(address)

    monkeypatch.setattr("geodata.guard.check_public", public_first)
    with pytest.raises(SourceError, match="réseau privé"):
        ask(server.address + "/", limits=QUICK)
    assert server.count("/") == 1
    assert server.count("/secret") == 0


def test_a_name_that_changes_its_answer_is_refused(server, guarded, monkeypatch):
    """Public when looked at, internal when connected to."""
    server.sequence("/secret", lambda e: e.answer(200, b"{}"))
    port = int(server.address.rpartition(":")[2])
    answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])

    def turncoat(host, port_, *args, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", turncoat)
    with pytest.raises(SourceError, match="réseau privé"):
        ask(f"http://data.example:{port}/secret", limits=QUICK)
    assert server.exchanges == []


def test_the_operator_may_allow_a_private_network(server):
    server.sequence("/data", lambda e: e.answer(200, b'{"a": 1}'))
    assert ask(server.address + "/data", limits=QUICK) == b'{"a": 1}'
