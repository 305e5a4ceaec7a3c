"""Connections go to the public internet only: never to this machine or its own network.

An address may come from a user, and a source may redirect anywhere.  The host is checked
when it is resolved, and again once connected, before a byte is sent: a name whose answer
changes between the two is refused as well.  Redirections open connections too, so they
pass the same check.

``GEODATA_ALLOW_LOCAL=1`` lifts it: for a source served on one's own network, and for tests.
"""

import os
import socket  # noqa: TID251 - checks where fetch.py connects
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

import requests.adapters  # noqa: TID251 - the same
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from geodata.deadline import Deadline

ALLOWED: Final = "GEODATA_ALLOW_LOCAL"

_WRITTEN_IN_FULL: Final = (
    *(IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")),
    *(IPv6Network("::/96"), IPv6Network("::ffff:0:0:0/96")),
)
"""Networks whose addresses end with one of IPv4: NAT64, compatible, translated."""


class InternalAddressError(Exception):
    """A host stands on this machine or on a private network."""


def allows_local() -> bool:
    """Return whether the operator lets connections go to private networks."""
    return os.environ.get(ALLOWED, "").strip() not in {"", "0"}


def check_public(address: str) -> None:
    """Refuse an IP address that is not one of the public internet.

    Raises
    ------
    InternalAddressError
        When it is private, of this machine, link-local, multicast or reserved.
    """
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    for one in (ip, *_carried(ip)):
        if not one.is_global or one.is_multicast:
            raise InternalAddressError(address)


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the addresses of IPv4 that one of IPv6 stands for, or is sent through."""
    if isinstance(ip, IPv4Address):
        return []
    found = [ip.sixtofour, *(ip.teredo or ())]
    if any(ip in network for network in _WRITTEN_IN_FULL):
        found.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


class _Checked:
    """What both kinds of connection do: look before connecting and after, and end in time."""

    def __init__(self: Any, *args: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def _new_conn(self: Any) -> socket.socket:
        left_s = self._deadline.left_s()
        if left_s <= 0:
            raise ConnectTimeoutError("no time is left to connect")
        self.timeout = min(self.timeout, left_s)
        if not allows_local():
            for *_, where in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
                check_public(str(where[0]))
        opened: socket.socket = super()._new_conn()  # type: ignore[misc]
        if not allows_local():
            try:
                check_public(str(opened.getpeername()[0]))
            except InternalAddressError:
                opened.close()
                raise
        self._deadline.watch(opened)
        return opened


class _Plain(_Checked, HTTPConnection):
    pass


class _Secure(_Checked, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class GuardedAdapter(requests.adapters.HTTPAdapter):
    """Sends requests over checked connections; a proxy named by the operator is trusted.

    Parameters
    ----------
    deadline
        When its connections are cut.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools of checked connections."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        # Whatever makes a pool will do, a class or not.
        manager.pool_classes_by_scheme = {
            "http": partial(_PlainPool, deadline=self._deadline),  # type: ignore[dict-item]
            "https": partial(_SecurePool, deadline=self._deadline),  # type: ignore[dict-item]
        }

    def close(self) -> None:
        """Close the connections, and watch them no more."""
        super().close()
        self._deadline.stop()
