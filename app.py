"""The door: ``streamlit run app.py`` serves the application.

Security headers, lasting copies of the static files in browsers and the language of
the pages are set here; what people see is in ``views``.
"""

import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from views.parts.boundary import on_script_error

ROOT = Path(__file__).parent

# The map's frame evaluates the layers that it receives: hence 'unsafe-eval'.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_GOOD = "public, max-age=31536000, immutable"
# A version or a hash in the address: its content never changes.
LASTING = re.compile(rb"/app/static/(vendor/|outlines/(?!index)|.+\?v=)")
ENGLISH, FRENCH = b'<html lang="en"', b'<html lang="fr"'


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
                if LASTING.search(address) and message["status"] in (200, 304):
                    headers["Cache-Control"] = FOR_GOOD
                html = headers.get("content-type", "").startswith("text/html")
            elif html:  # same length: the length announced stays true
                body = message.get("body", b"")
                message = {**message, "body": body.replace(ENGLISH, FRENCH, 1)}
            await send(message)

        await self.app(scope, receive, mended)


app = st.App(
    ROOT / "views" / "main.py",
    routes=[Mount("/app/static", StaticFiles(directory=ROOT / "static"))],
    middleware=[Middleware(Door)],
    on_script_error=on_script_error,
)
