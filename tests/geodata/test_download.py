"""Downloads from a real server that stalls, truncates, refuses, redirects and lies."""

import errno
import hashlib
import os
import signal
import subprocess
import sys
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from geodata import partial as partial_module
from geodata.answers import not_data, retry_after_s
from geodata.ask import ask
from geodata.download import download
from geodata.errors import CoverageError, SourceError
from geodata.fetch import Limits
from geodata.partial import read_sidecar

ROOT = Path(__file__).parents[2]
CONTENT = b"code;nom\n" + b"01001;L'Abergement\n" * 20_000
QUICK = Limits(connect_s=1, read_s=0.5, total_s=10, attempts=3, backoff_s=0.01, wait_s=2)
PORTAL = b"<!DOCTYPE html><html><body>Connectez-vous au reseau</body></html>"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "couche.csv"


def left_behind(target: Path) -> set[str]:
    """Names of the files in the folder, the empty lock apart."""
    return {p.name for p in target.parent.iterdir() if not p.name.startswith(".")}


def test_a_file_arrives_whole_with_its_checksum_and_date(server, target):
    address = server.sequence("/f", lambda e: e.file(CONTENT))
    seen = []
    fetched = download(
        address, target, limits=QUICK, progress=lambda done, total: seen.append((done, total))
    )
    assert target.read_bytes() == CONTENT
    assert fetched.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert fetched.size_bytes == len(CONTENT)
    assert fetched.etag == '"v1"'
    assert fetched.fetched_at.endswith("+00:00")
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert read_sidecar(target) == fetched
    assert left_behind(target) == {"couche.csv", "couche.csv.json"}


def test_a_copy_that_is_still_the_newest_is_not_sent_again(server, target):
    def route(exchange):
        if exchange.headers.get("If-None-Match") == '"v1"':
            exchange.answer(304)
        else:
            exchange.file(CONTENT)

    address = server.sequence("/f", route)
    first = download(address, target, limits=QUICK)
    second = download(address, target, limits=QUICK)
    assert first.renewed
    assert not second.renewed
    assert second.sha256 == first.sha256
    assert target.read_bytes() == CONTENT


def test_a_damaged_copy_is_asked_for_again(server, target):
    address = server.sequence("/f", lambda e: e.file(CONTENT))
    download(address, target, limits=QUICK)
    target.write_bytes(CONTENT[:100])
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT
    assert server.exchanges[1].headers.get("If-None-Match") is None


def test_500_then_200(server, target):
    address = server.sequence("/f", lambda e: e.answer(500), lambda e: e.file(CONTENT))
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT
    assert server.count("/f") == 2


def test_500_for_ever_gives_up_and_leaves_nothing(server, target):
    address = server.sequence("/f", lambda e: e.answer(500))
    with pytest.raises(SourceError, match="erreur 500"):
        download(address, target, limits=QUICK)
    assert server.count("/f") == QUICK.attempts
    assert left_behind(target) == set()


def test_404_is_not_tried_again(server, target):
    with pytest.raises(SourceError, match="erreur 404"):
        download(server.address + "/nowhere", target, limits=QUICK)
    assert server.count("/nowhere") == 1


def test_429_waits_as_long_as_it_is_asked_to(server, target):
    address = server.sequence(
        "/f", lambda e: e.answer(429, Retry_After="1"), lambda e: e.file(CONTENT)
    )
    begun = time.monotonic()
    download(address, target, limits=QUICK)
    assert time.monotonic() - begun >= 1


def test_429_is_not_waited_for_beyond_the_bound(server, target):
    address = server.sequence("/f", lambda e: e.answer(429, Retry_After="3600"))
    begun = time.monotonic()
    with pytest.raises(SourceError, match="erreur 429"):
        download(address, target, limits=QUICK)
    assert time.monotonic() - begun < 1
    assert server.count("/f") == 1


def test_retry_after_in_seconds_or_as_a_date():
    assert retry_after_s("12") == 12
    assert retry_after_s(formatdate(1_000_060, usegmt=True), now=1_000_000) == 60
    assert retry_after_s(formatdate(999_000, usegmt=True), now=1_000_000) == 0
    assert retry_after_s("demain") is None
    assert retry_after_s(None) is None


@pytest.mark.parametrize(
    "headers", [{"Content_Type": "text/html"}, {"Content_Type": "text/csv"}, {}]
)
def test_a_web_page_with_200_is_refused_and_never_stored(server, target, headers):
    address = server.sequence("/f", lambda e: e.answer(200, PORTAL, **headers))
    with pytest.raises(SourceError, match="page web"):
        download(address, target, limits=QUICK)
    assert left_behind(target) == set()
    assert server.count("/f") == 1


def test_a_web_page_does_not_replace_the_file_at_hand(server, target):
    address = server.sequence("/f", lambda e: e.file(CONTENT), lambda e: e.answer(200, PORTAL))
    download(address, target, limits=QUICK)
    with pytest.raises(SourceError, match="page web"):
        download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT


def test_a_proxys_page_behind_a_redirection_is_refused(server, target):
    portal = server.sequence("/portal", lambda e: e.answer(200, PORTAL, Content_Type="text/html"))
    address = server.sequence("/f", lambda e: e.answer(302, Location=portal))
    with pytest.raises(SourceError, match="page web"):
        download(address, target, limits=QUICK)
    assert left_behind(target) == set()


@pytest.mark.parametrize(
    ("head", "kind", "name", "refused"),
    [
        (b"a;b\n1;2", "text/plain", "x.csv", False),
        (b"\xef\xbb\xbfa;b", "", "x.csv", False),
        (b"", "text/csv", "x.csv", True),
        (b'{"error": 1}', "application/json", "x.csv", True),
        (b"  \n<html>", "text/csv", "x.csv", True),
        (b"<?xml version='1.0'?><!DOCTYPE html><HTML>", "", "x.osm", True),
        (b"<?xml version='1.0'?><osm>", "application/xml", "x.osm", False),
        (b"PK\x03\x04", "application/zip", "x.zip", False),
        (b"a;b", "application/zip", "x.zip", True),
        (b"[1]", "application/json", "x.json", False),
    ],
)
def test_what_is_data(head, kind, name, refused):
    assert bool(not_data(head, kind, name)) is refused


def test_a_dropped_connection_is_resumed_where_it_stopped(server, target):
    address = server.sequence(
        "/f", lambda e: e.file(CONTENT, stop_at=100_000), lambda e: e.file(CONTENT)
    )
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT
    assert server.exchanges[1].headers["Range"] == "bytes=100000-"
    assert server.exchanges[1].headers["If-Range"] == '"v1"'


def test_a_later_run_resumes_what_an_earlier_one_left(server, target):
    address = server.sequence(
        "/f", lambda e: e.file(CONTENT, stop_at=100_000), lambda e: e.file(CONTENT)
    )
    with pytest.raises(SourceError):
        download(address, target, limits=Limits(attempts=1))
    assert left_behind(target) == {"couche.part.csv", "couche.part.csv.json"}
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT
    assert "Range" in server.exchanges[1].headers


def test_a_file_that_changed_meanwhile_is_taken_from_the_start(server, target):
    newer = CONTENT.replace(b"01001", b"01002")
    address = server.sequence(
        "/f",
        lambda e: e.file(CONTENT, stop_at=100_000),
        lambda e: e.file(newer, etag='"v2"'),
    )
    download(address, target, limits=QUICK)
    assert target.read_bytes() == newer


def test_a_resume_at_the_wrong_byte_is_not_glued(server, target):
    def wrong(exchange):
        exchange.answer(206, CONTENT[500:], Content_Range=f"bytes 500-999/{len(CONTENT)}")

    address = server.sequence(
        "/f", lambda e: e.file(CONTENT, stop_at=100_000), wrong, lambda e: e.file(CONTENT)
    )
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT


def test_416_starts_again(server, target):
    address = server.sequence(
        "/f",
        lambda e: e.file(CONTENT, stop_at=100_000),
        lambda e: e.answer(416),
        lambda e: e.file(CONTENT),
    )
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT


def test_a_truncated_body_is_detected(server, target):
    def truncated(exchange):
        exchange.answer(200, CONTENT[:50_000], Content_Length=str(len(CONTENT)))
        exchange.drop()

    address = server.sequence("/f", truncated)
    with pytest.raises(SourceError, match=r"tronquée|ne répond pas"):
        download(address, target, limits=QUICK)
    assert left_behind(target) == set(), "without ETag the part cannot be resumed"


def test_a_stalled_server_is_left(server, target):
    address = server.sequence("/f", server.stall)
    begun = time.monotonic()
    with pytest.raises(SourceError, match="ne répond pas"):
        download(address, target, limits=Limits(read_s=0.3, attempts=2, backoff_s=0.01))
    assert time.monotonic() - begun < 3


def test_a_trickle_is_cut_by_the_total_time(server, target):
    address = server.sequence("/f", lambda e: server.trickle(e, CONTENT, 0.02))
    begun = time.monotonic()
    with pytest.raises(SourceError, match="temps accordé"):
        download(address, target, limits=Limits(read_s=1, total_s=0.6, attempts=5))
    assert time.monotonic() - begun < 2


def drip(exchange, head: bytes) -> None:
    """Send what comes before a body a byte at a time, for as long as the other side listens."""
    try:
        for byte in head:
            exchange.handler.connection.sendall(bytes([byte]))
            time.sleep(0.1)
    except OSError:
        exchange.handler.close_connection = True


def ends_in_time(address: str) -> None:
    begun = time.monotonic()
    with pytest.raises(SourceError, match="temps accordé"):
        ask(address, limits=Limits(read_s=1, total_s=0.6, attempts=5, backoff_s=0.01))
    assert time.monotonic() - begun < 1.5


def test_a_header_that_drips_is_cut_by_the_total_time(server):
    head = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 60
    ends_in_time(server.sequence("/f", lambda e: drip(e, head)))


def test_a_chunk_that_drips_is_cut_by_the_total_time(server):
    def answer(exchange):
        head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        exchange.handler.connection.sendall(head)
        drip(exchange, b"1;" + b"x" * 60)

    ends_in_time(server.sequence("/f", answer))


def test_redirections_share_the_total_time(server):
    def slow(exchange):
        time.sleep(0.25)
        exchange.answer(302, Location="/f")

    ends_in_time(server.sequence("/f", *[slow] * 8))


def test_a_body_without_a_size_that_is_cut_is_not_taken_for_whole(server, target):
    def endless(exchange):
        exchange.handler.connection.sendall(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + CONTENT
        )
        time.sleep(1)

    address = server.sequence("/f", endless)
    with pytest.raises(SourceError, match="temps accordé"):
        download(address, target, limits=Limits(read_s=5, total_s=0.6, attempts=1))
    assert not target.exists()


def test_nobody_listens(closed_address, target):
    with pytest.raises(SourceError, match="ne répond pas"):
        download(closed_address + "/f", target, limits=QUICK)


@pytest.mark.parametrize(
    "address", ["ftp://example.org/x", "file:///etc/passwd", "x.csv", "http://"]
)
def test_only_http(address, target):
    with pytest.raises(SourceError, match="Adresse refusée"):
        download(address, target)


def test_a_redirection_to_another_scheme_is_refused(server, target):
    address = server.sequence("/f", lambda e: e.answer(302, Location="file:///etc/passwd"))
    with pytest.raises(SourceError, match="pas utilisable"):
        download(address, target, limits=QUICK)


def test_endless_redirections(server, target):
    address = server.sequence("/f", lambda e: e.answer(302, Location="/f"))
    with pytest.raises(SourceError, match="redirige sans fin"):
        download(address, target, limits=QUICK)
    assert server.count("/f") == QUICK.redirects + 1


@pytest.mark.parametrize("announced", [True, False])
def test_too_large(server, target, announced):
    def route(exchange):
        if announced:
            exchange.file(CONTENT)
        else:
            exchange.handler.close_connection = True
            exchange.handler.send_response(200)
            exchange.handler.end_headers()
            exchange.handler.wfile.write(CONTENT)

    address = server.sequence("/f", route)
    with pytest.raises(SourceError, match="taille admise"):
        download(address, target, limits=Limits(max_bytes=200_000))
    assert not target.exists()


def test_a_wrong_checksum_is_refused(server, target):
    address = server.sequence("/f", lambda e: e.file(CONTENT))
    with pytest.raises(SourceError, match="empreinte"):
        download(address, target, limits=QUICK, sha256="0" * 64)
    assert left_behind(target) == set()


def test_cancelling_keeps_what_was_received(server, target):
    class CancelledError(Exception):
        pass

    def cancel(done, total):
        if done > 100_000:
            raise CancelledError

    address = server.sequence("/f", lambda e: e.file(CONTENT))
    with pytest.raises(CancelledError):
        download(address, target, limits=QUICK, progress=cancel)
    assert not target.exists()
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT
    assert "Range" in server.exchanges[1].headers


def test_a_full_disk_is_said_and_nothing_stays(server, target, monkeypatch):
    address = server.sequence("/f", lambda e: e.file(CONTENT))

    class FullFile:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *args):
            self.file.close()

        def seek(self, where):
            self.file.seek(where)

        def write(self, piece):
            self.file.write(piece[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

    real_open = Path.open

    def opening(self, mode="r", *args, **kwargs):
        file = real_open(self, mode, *args, **kwargs)
        return FullFile(file) if ".part" in self.name and "b" in mode else file

    monkeypatch.setattr(Path, "open", opening)
    with pytest.raises(CoverageError, match="disque est plein") as raised:
        download(address, target, limits=QUICK)
    assert "GEODATA_CACHE" in raised.value.remedy
    assert left_behind(target) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_really_full_device_is_said(server, tmp_path):
    address = server.sequence("/f", lambda e: e.file(CONTENT))
    target = tmp_path / "couche.csv"
    (tmp_path / "couche.part.csv").symlink_to("/dev/full")
    with pytest.raises(CoverageError, match="disque est plein"):
        download(address, target, limits=QUICK)
    assert not target.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_read_only(server, tmp_path):
    tmp_path.chmod(0o500)
    address = server.sequence("/f", lambda e: e.file(CONTENT))
    with pytest.raises(CoverageError, match="Impossible d'écrire"):
        download(address, tmp_path / "couche.csv", limits=QUICK)


def test_two_downloads_of_one_file_do_not_mix(server, target):
    address = server.sequence("/f", lambda e: e.file(CONTENT))
    with partial_module.only_one(target), pytest.raises(SourceError, match="déjà en cours"):
        download(address, target, limits=QUICK)


def test_post_has_the_same_limits(server, target):
    def echo(exchange):
        exchange.answer(200, b"<osm>" + exchange.body + b"</osm>")

    address = server.sequence("/f", lambda e: e.answer(503), echo)
    assert ask(address, limits=QUICK, body=b"data=x", expect="x.osm") == b"<osm>data=x</osm>"
    assert [e.method for e in server.exchanges] == ["POST", "POST"]
    page = server.sequence("/g", lambda e: e.answer(200, PORTAL))
    with pytest.raises(SourceError, match="page web"):
        ask(page, limits=QUICK, body=b"data=x")
    download(address, target.with_suffix(".osm"), limits=QUICK, body=b"data=y")
    assert target.with_suffix(".osm").read_bytes() == b"<osm>data=y</osm>"


def test_killed_in_the_middle_leaves_no_half_written_file(server, target):
    def slow(exchange):
        exchange.handler.send_response(200)
        exchange.handler.send_header("Content-Length", str(len(CONTENT)))
        exchange.handler.send_header("ETag", '"v1"')
        exchange.handler.end_headers()
        exchange.handler.wfile.write(CONTENT[:200_000])
        server.stopping.wait(30)

    address = server.sequence("/f", slow, lambda e: e.file(CONTENT))
    code = (
        "import sys; from pathlib import Path; from geodata.download import download;"
        "download(sys.argv[1], Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, address, str(target)], cwd=ROOT)
    part = target.with_name("couche.part.csv")
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size > 60_000) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert part.exists()
    assert not target.exists()
    download(address, target, limits=QUICK)
    assert target.read_bytes() == CONTENT
