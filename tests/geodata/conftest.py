"""A real HTTP server on this machine that serves well, badly, slowly or not at all."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

SHUT_RDWR = 2


class Exchange:
    """One request, and the few ways of answering it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.handler = handler
        self.method = handler.command
        self.path = handler.path
        self.headers = handler.headers
        self.body = body

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer with a body; a header ``Content_Type`` stands for ``Content-Type``."""
        self.handler.send_response(status)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if status != 304:
            names.setdefault("Content-Length", str(len(body)))
        for name, value in names.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def file(self, content: bytes, etag: str = '"v1"', stop_at: int | None = None) -> None:
        """Serve a file with Range and If-Range; drop the connection at byte ``stop_at``."""
        start = 0
        wanted = self.headers.get("Range")
        if wanted and self.headers.get("If-Range") in {None, etag}:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
        if start >= len(content):
            self.answer(416, Content_Range=f"bytes */{len(content)}")
            return
        handler = self.handler
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("ETag", etag)
        handler.send_header("Accept-Ranges", "bytes")
        handler.send_header("Content-Length", str(len(content) - start))
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.end_headers()
        handler.wfile.write(content[start:stop_at])
        if stop_at is not None:
            self.drop()

    def drop(self) -> None:
        """Cut the connection, as a failing network does."""
        self.handler.wfile.flush()
        self.handler.close_connection = True
        self.handler.connection.shutdown(SHUT_RDWR)


class LocalServer:
    """The server; ``exchanges`` are the requests it received."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.routes: dict[str, Callable[[Exchange], None]] = {}
        self.stopping = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                exchange = Exchange(self, body)
                server.exchanges.append(exchange)
                route = server.routes.get(self.path.partition("?")[0])
                if route is None:
                    exchange.answer(404)
                else:
                    route(exchange)

            do_GET = do_POST = _serve  # noqa: N815 - named by http.server

            def log_message(self, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *args: None  # clients leave: that is the test
        self.address = f"http://127.0.0.1:{self._http.server_port}"

    def count(self, path: str) -> int:
        return sum(e.path.partition("?")[0] == path for e in self.exchanges)

    def sequence(self, path: str, *answers: Callable[[Exchange], None]) -> str:
        """Answer each request to ``path`` in turn, the last answer for ever; return its address."""
        left = list(answers)

        def route(exchange: Exchange) -> None:
            (left.pop(0) if len(left) > 1 else left[0])(exchange)

        self.routes[path] = route
        return self.address + path

    def stall(self, exchange: Exchange) -> None:
        """Say nothing until the server stops."""
        self.stopping.wait(30)

    def trickle(self, exchange: Exchange, content: bytes, pause_s: float) -> None:
        """Send a byte at a time, each within the read limit."""
        handler = exchange.handler
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for byte in content:
            if self.stopping.is_set():
                return
            try:
                handler.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(pause_s)

    @contextmanager
    def running(self) -> Iterator["LocalServer"]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            self._http.shutdown()
            self._http.server_close()
            thread.join(5)


@pytest.fixture
def server():
    """A local HTTP server, fresh for each test."""
    with LocalServer().running() as running:
        yield running


@pytest.fixture
def closed_address():
    """An address at which nobody listens any more."""
    gone = LocalServer()
    with gone.running():
        pass
    return gone.address
