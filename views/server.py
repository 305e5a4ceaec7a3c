"""What the application says to browsers besides its pages, and how it is started.

Security headers, lasting copies of the static files, the language of the pages; and, before
starting, a clear word when the port is taken.
"""

import errno
import gc
import logging
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geodata.background import fetch_in_background
from geodata.errors import CoverageError
from views import shell

_log = logging.getLogger(__name__)

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
CLOSED: Final = ("/_stcore/metrics", "/_stcore/agent")
"""Doors of the framework that nothing here uses: figures of the server, and its agent API."""

UPLOADS: Final = "/_stcore/upload_file"
OFFICIAL_S: Final = 10.0
"""Seconds given to the official layers at the start."""

FOR_GOOD: Final = "public, max-age=31536000, immutable"
_FILES: Final = ("/static/", "/app/static/", "/app/points/", "/media/")
# A version or a hash stands in the address: its content never changes.
_LASTING: Final = re.compile(rb"/app/(points/|static/(vendor/|outlines/(?!index)|.+\?v=))")


class Door:
    """ASGI middleware: headers on every answer, French on every HTML page.

    Parameters
    ----------
    app
        The application behind the door.
    base_path
        See :func:`views.shell.page_html`.
    pages
        Addresses of the pages, without slashes; any other answers « page introuvable »
        (the framework would show its first page instead).
    uploads
        Whether files may be sent; where no page takes any, they would only fill the memory.
    """

    def __init__(
        self,
        app: ASGIApp,
        base_path: str = "",
        pages: Collection[str] = (),
        *,
        uploads: bool = True,
    ) -> None:
        self.app = app
        self.base_path = base_path
        self.pages = frozenset(pages) | {""}
        self.closed = CLOSED if uploads else (*CLOSED, UPLOADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mend the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self.base_path)
        if path.startswith(self.closed):
            await PlainTextResponse("Not Found", 404, headers=HEADERS)(scope, receive, send)
            return
        if not path.startswith(_FILES):  # perhaps a page, to be mended: uncompressed
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, _Mended(send, scope, self))


class _Mended:
    """Sends an answer with our headers; a page is held until it is whole."""

    def __init__(self, send: Send, scope: Scope, door: Door) -> None:
        self.send = send
        self.path: str = scope["path"]
        self.address = self.path.encode() + b"?" + scope["query_string"]
        self.door = door
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if message["status"] in (200, 304) and _LASTING.search(self.address):
                headers["Cache-Control"] = FOR_GOOD
            if message["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if message.get("more_body"):
                return
            message = await self._page()
        await self.send(message)

    async def _page(self) -> Message:
        """Send the start of a page held so far, and return its body."""
        start = self.start
        headers = MutableHeaders(scope=start)
        base = self.door.base_path
        name = self.path.removeprefix(base).strip("/")
        if shell.is_framework_page(self.body) and name not in self.door.pages:
            body = shell.not_found_html(base)
            start["status"] = 404
        else:
            body = shell.page_html(self.body, base)
        if body:  # nothing to a HEAD request
            headers["Content-Length"] = str(len(body))
        for name in ("etag", "last-modified"):  # those of the framework's file, not of ours
            del headers[name]
        await self.send(start)
        return {"type": "http.response.body", "body": body, "more_body": False}


def base_path() -> str:
    """Return the path under which the application is published, from its configuration."""
    chosen = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{chosen}" if chosen else ""


@asynccontextmanager
async def warmed(_app: object) -> AsyncIterator[None]:
    """Prepare the first page beside the server's start: its visitor waits for less."""
    threading.Thread(target=_warm_up, daemon=True).start()
    yield


def _warm_up() -> None:
    from views.parts import cached

    official = fetch_in_background(OFFICIAL_S)
    try:
        cached.warm_up()
        if official.wait(2 * OFFICIAL_S) and official.fetched:
            cached.forget_layers()
            cached.warm_up()
    except CoverageError as error:  # the page itself will say so
        _log.warning("%s", error)
    _spare_the_collector()
    if official.status_line:
        _log.info("%s", official.status_line)


def _spare_the_collector() -> None:
    """Leave what was read for good out of every later garbage collection.

    The framework collects after each run of a page: over all that the modules and the tables
    hold, that took most of the time of a page.
    """
    gc.collect()
    gc.freeze()


def chosen_port(text: str) -> int:
    """Return the port asked for, or leave with a clear message (status 2)."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        _leave(f"Le port « {text} » n'est pas un nombre de 1 à 65535.", 8502)
    port = int(text)
    try:
        with socket.create_server(("localhost", port)):
            return port
    except OSError as error:
        if error.errno == errno.EACCES:
            _leave(f"Le port {port} est réservé au système.", 8501)
        free = next((one for one in range(port + 1, port + 50) if _is_free(one)), port + 1)
        _leave(
            f"Le port {port} est déjà utilisé, peut-être par l'application elle-même : dans ce "
            f"cas, ouvrez http://localhost:{port}.",
            free,
        )


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("localhost", port)):
            return True
    except OSError:
        return False


def _leave(what: str, other: int) -> None:
    print(f"{what}\nChoisissez un autre port : make run PORT={other}", file=sys.stderr)
    raise SystemExit(2)
