"""Whose word is taken for who is there: identity headers count from a trusted proxy only.

``COVERAGE_USER_HEADER`` names the header in which a proxy says who signed in, and
``COVERAGE_GROUPS_HEADER`` the one in which it says to which groups they belong;
``COVERAGE_TRUSTED_PROXY`` lists the addresses or networks that may send them.  From any other
peer these headers are taken off before the application sees them.
"""

import ipaddress
import logging
import os
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from geodata.errors import DataError

_log = logging.getLogger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class ProxySettings:
    """The headers of the proxy, in small letters (empty when unused), and who may send them."""

    user_header: str
    groups_header: str
    trusted: tuple[Network, ...]


def proxy_settings() -> ProxySettings:
    """Return what the environment says of the proxy.

    Raises
    ------
    DataError
        If a header is named and no proxy is trusted, or an address makes no sense.
    """
    user, groups = _headers()
    named = os.environ.get("COVERAGE_TRUSTED_PROXY", "").replace(",", " ").split()
    try:
        trusted = tuple(ipaddress.ip_network(one, strict=False) for one in named)
    except ValueError as error:
        raise DataError(
            "Une adresse de proxy n'a pas de sens",
            where=f"COVERAGE_TRUSTED_PROXY : {error}",
            remedy="Donnez des adresses ou des réseaux, par exemple 10.0.0.4 ou 10.0.0.0/24.",
        ) from error
    if (user or groups) and not trusted:
        raise DataError(
            "Un en-tête d'identité est nommé, mais aucun proxy n'est déclaré de confiance",
            where="COVERAGE_USER_HEADER sans COVERAGE_TRUSTED_PROXY",
            remedy="Donnez l'adresse du proxy dans COVERAGE_TRUSTED_PROXY.",
        )
    return ProxySettings(user, groups, trusted)


def keep_peers() -> None:
    """Let the server see the address of its peer, not the one that a proxy tells.

    To be called before the server starts.  Without it, the server would put the visitor's
    address, told by a proxy on this machine, in the place of the proxy's own.
    """
    if os.environ.get("COVERAGE_USER_HEADER", "").strip():
        os.environ["FORWARDED_ALLOW_IPS"] = ""


class Peers:
    """ASGI middleware: takes identity headers off whatever no trusted proxy sent.

    Parameters
    ----------
    app
        The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        try:
            self.settings = proxy_settings()
        except DataError as error:  # nobody is trusted until it is mended; the pages say so too
            _log.error("%s", error)
            self.settings = ProxySettings(*_headers(), ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        settings = self.settings
        watched = {name.encode() for name in (settings.user_header, settings.groups_header) if name}
        if watched and scope["type"] in ("http", "websocket"):
            names = [name.lower() for name, _ in scope["headers"]]
            twice = {name for name in watched if names.count(name) > 1}  # one is someone else's
            refused = twice if self._trusted(scope.get("client")) else watched
            kept = [pair for pair in scope["headers"] if pair[0].lower() not in refused]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)

    def _trusted(self, client: tuple[str, int] | None) -> bool:
        if client is None or not client[1]:  # a port of 0: the address was told by a proxy
            return False
        try:
            address = ipaddress.ip_address(client[0])
        except ValueError:
            return False
        return any(address in network for network in self.settings.trusted)


def _headers() -> tuple[str, str]:
    names = ("COVERAGE_USER_HEADER", "COVERAGE_GROUPS_HEADER")
    user, groups = (os.environ.get(name, "").strip().lower() for name in names)
    return user, groups
