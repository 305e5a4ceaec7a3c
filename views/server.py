"""What the application says to browsers besides its pages, and how it is started.

Security headers, lasting copies of the static files, the language of the pages; and, before
starting, a clear word when the port is taken.
"""

import errno
import re
import socket
import sys
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The map's frame evaluates the layers that it receives: hence 'unsafe-eval'.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_GOOD: Final = "public, max-age=31536000, immutable"
# A version or a hash stands in the address: its content never changes.
_LASTING: Final = re.compile(rb"/app/static/(vendor/|outlines/(?!index)|.+\?v=)")
_ENGLISH, _FRENCH = b'<html lang="en"', b'<html lang="fr"'


class Door:
    """ASGI middleware: headers on every answer, ``lang="fr"`` on every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mend the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].endswith(".html"):  # the map's frame: ask for it uncompressed
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        address = scope["path"].encode() + b"?" + scope["query_string"]
        html = False

        async def mended(message: Message) -> None:
            nonlocal html
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if message["status"] in (200, 304) and _LASTING.search(address):
                    headers["Cache-Control"] = FOR_GOOD
                html = headers.get("content-type", "").startswith("text/html")
            elif html:  # same length: the length announced stays true
                body = message.get("body", b"")
                message = {**message, "body": body.replace(_ENGLISH, _FRENCH, 1)}
            await send(message)

        await self.app(scope, receive, mended)


def chosen_port(text: str) -> int:
    """Return the port asked for, or leave with a clear message (status 2)."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        _leave(f"Le port « {text} » n'est pas un nombre de 1 à 65535.", "make run PORT=8502")
    port = int(text)
    try:
        with socket.create_server(("localhost", port)):
            return port
    except OSError as error:
        if error.errno == errno.EACCES:
            _leave(f"Le port {port} est réservé au système.", "make run PORT=8501")
        free = next((one for one in range(port + 1, port + 50) if _is_free(one)), port + 1)
        _leave(
            f"Le port {port} est déjà utilisé, peut-être par une autre fenêtre de l'application.",
            f"make run PORT={free}",
        )


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("localhost", port)):
            return True
    except OSError:
        return False


def _leave(what: str, command: str) -> None:
    print(f"{what}\nFermez-la, ou choisissez un autre port : {command}", file=sys.stderr)
    raise SystemExit(2)
