"""The answers of an Overpass server, given by a real server on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from geodata.errors import CoverageError, DataError, SourceError
from geodata.fetch import Limits
from geodata.overpass import fetch_roads, query

BOX = (3.0, 46.0, 3.2, 46.2)
QUICK = Limits(connect_s=2, read_s=2, total_s=8, attempts=3, backoff_s=0.01, wait_s=1)
WHOLE = (
    b'<?xml version="1.0"?><osm version="0.6">'
    b'<node id="1" lat="46.1" lon="3.1"/><node id="2" lat="46.11" lon="3.1"/>'
    b'<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>'
)


class Overpass:
    """What the server answers, one after the other, and what it was asked."""

    def __init__(self, *answers: tuple[int, dict[str, str], bytes]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []


@contextmanager
def serving(overpass: Overpass) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            overpass.asked.append(parse_qs(body.decode())["data"][0])
            first = len(overpass.answers) > 1
            status, headers, content = overpass.answers.pop(0) if first else overpass.answers[0]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def ok(content: bytes, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, headers, content


def test_the_roads_of_a_box_are_asked_for_and_kept(tmp_path):
    overpass = Overpass(ok(WHOLE))
    with serving(overpass) as address:
        fetched = fetch_roads(BOX, tmp_path / "roads.osm", address=address, limits=QUICK)
    assert fetched.path.read_bytes() == WHOLE
    assert overpass.asked == [query(BOX)]
    assert "(46.00000,3.00000,46.20000,3.20000)" in overpass.asked[0]


@pytest.mark.parametrize("status", [429, 500, 504])
def test_a_busy_server_is_asked_again(status, tmp_path):
    overpass = Overpass((status, {"Retry-After": "0"}, b"busy"), ok(WHOLE))
    with serving(overpass) as address:
        fetch_roads(BOX, tmp_path / "roads.osm", address=address, limits=QUICK)
    assert len(overpass.asked) == 2


@pytest.mark.parametrize(
    ("answer", "error", "said", "tries"),
    [
        ((429, {}, b"Too Many Requests"), SourceError, "429", 3),
        ((500, {}, b"oops"), SourceError, "500", 3),
        ((400, {}, b"bad query"), SourceError, "400", 1),
        ((429, {"Retry-After": "3600"}, b""), SourceError, "429", 1),
        (ok(WHOLE[:150], **{"Content-Length": "5000"}), SourceError, "ne répond pas", 3),
        (ok(WHOLE[:-6]), DataError, "tronquée", 1),
        (ok(WHOLE[:-6] + b"<remark>runtime error: timed out</remark></osm>"), DataError,
         "incomplète", 1),
        (ok(b""), SourceError, "vide", 1),
        (ok(b'<?xml version="1.0"?><osm version="0.6"></osm>'), DataError, "aucune route", 1),
        (ok(b"<html><body>login</body></html>"), SourceError, "page web", 1),
        (ok(b'{"elements": []}'), DataError, "n'est pas un fichier OpenStreetMap", 1),
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_leaves_no_file(answer, error, said, tries, tmp_path):
    overpass = Overpass(answer)
    with serving(overpass) as address, pytest.raises(error, match=said):
        fetch_roads(BOX, tmp_path / "roads.osm", address=address, limits=QUICK)
    assert len(overpass.asked) == tries
    assert not (tmp_path / "roads.osm").exists()


def test_a_server_that_is_not_there(tmp_path):
    with serving(Overpass(ok(WHOLE))) as address:
        pass
    with pytest.raises(SourceError, match="ne répond pas"):
        fetch_roads(BOX, tmp_path / "roads.osm", address=address, limits=QUICK)


@pytest.mark.parametrize("box", [(3.0, 46.0, 2.0, 47.0), (-5.0, 42.0, 8.0, 51.0), (0, -95, 1, 0)])
def test_a_box_that_no_server_would_take(box):
    with pytest.raises(CoverageError, match="Cadre"):
        query(box)
