"""A real server and a real browser for the journeys.

Every page is watched: a request to another host, an error on the console or an uncaught
exception fails the test that opened it.
"""

import os
import shutil
import socket  # noqa: TID251 - finds a free port
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.geodata.conftest import LocalServer

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

expect.set_options(timeout=60_000)  # as long as any other wait of these tests


def pytest_collection_modifyitems(items):
    reason = "Chromium is not installed: apt-get install -y chromium"
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and os.environ.get("CI", "").lower() != "true":
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("Chromium must be installed in CI: apt-get install -y chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.create_server(("localhost", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def serve(
    folder: Path, started: Callable[[int], None] = lambda _pid: None, **settings: str
) -> Iterator[str]:
    """Start the application as a user does, without internet nor official files.

    ``started`` is told the server's process.
    """
    port = int(settings.get("PORT", free_port()))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GEODATA_", "COVERAGE_"))}
    settings = {"COVERAGE_STORE": str(folder / "store"), **settings}
    settings |= {"GEODATA_OFFLINE": "1", "GEODATA_CACHE": str(folder), "PORT": str(port)}
    log = (folder / "server.log").open("w")
    command = [sys.executable, "app.py"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**kept, **settings}, stdout=log, stderr=subprocess.STDOUT
    )
    started(process.pid)
    try:
        _wait_for(port, process, folder / "server.log")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if process.poll() is not None:
            pytest.fail(f"the server stopped:\n{log.read_text()}")
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"no answer on port {port}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def geocoder() -> Iterator[LocalServer]:
    """Stands for the address service; ``exchanges`` are the requests that it received."""
    with LocalServer().running() as running:
        yield running


@pytest.fixture(scope="session")
def public_server(tmp_path_factory, geocoder) -> Iterator[str]:
    """The public's application, whose addresses are asked of our own service."""
    settings = {
        "COVERAGE_AUDIENCE": "public",
        "GEODATA_GEOCODER": geocoder.address,
        "GEODATA_ALLOW_LOCAL": "1",
    }
    with serve(tmp_path_factory.mktemp("public"), **settings) as address:
        yield address


@dataclass
class Watch:
    """What must stay empty."""

    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


@pytest.fixture
def watch() -> Watch:
    """What the pages of the test did that they must not."""
    return Watch()


@pytest.fixture
def open_page(browser, watch):
    """Open pages that are watched until the end of the test."""
    contexts = []

    def open_(address: str, size: dict[str, int] = DESKTOP, allow: str = "") -> Page:
        context = browser.new_context(
            viewport=size, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        host = address.split("/")[2]

        def asked(request) -> None:
            scheme, _, rest = request.url.partition(":")
            if scheme not in ("data", "blob") and rest.removeprefix("//").split("/")[0] != host:
                watch.outside.append(request.url)

        def heard(message) -> None:
            if message.type == "error" and not (allow and allow in message.text):
                watch.console.append(message.text)

        page.on("request", asked)
        page.on(
            "websocket", lambda ws: ws.url.split("/")[2] != host and watch.outside.append(ws.url)
        )
        page.on("console", heard)
        page.on("pageerror", lambda error: watch.console.append(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.outside == []
    assert watch.console == []


def settled(page: Page) -> None:
    """Wait until the page has run to its end."""
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def drawn(page: Page, after: str = "") -> str:
    """Wait until the map shows something else than ``after``; return the key of what it shows."""
    frame = page.wait_for_selector("[class*=st-key-carte-] iframe").content_frame()
    wanted = f"#map_div[data-drawn]:not([data-drawn='{after}'])"
    key = frame.wait_for_selector(wanted).get_attribute("data-drawn")
    settled(page)
    return key


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return page.evaluate(
        """() => Math.max(...["html", "[data-testid=stMain]"]
            .map((name) => document.querySelector(name))
            .map((one) => one.scrollWidth - one.clientWidth))"""
    )


def count_received(page: Page) -> list[int]:
    """Return a list that grows with the sizes, in bytes, of what the server sends from now on."""
    sizes: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def came(event) -> None:
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2  # then in base64
        sizes.append(len(payload) * 3 // 4 if binary else len(payload))

    session.on("Network.webSocketFrameReceived", came)
    return sizes


@contextmanager
def told(page: Page) -> Iterator[None]:
    """Do something, then wait until the browser has told the server of it."""
    frames: list[object] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def went(frame) -> None:
        frames.append(frame)

    session.on("Network.webSocketFrameSent", went)
    yield
    until = time.monotonic() + 60
    while not frames:
        assert time.monotonic() < until, "the browser told the server nothing"
        page.wait_for_timeout(20)
    session.detach()


def painted(page: Page) -> None:
    """Wait until what is laid out is on the screen."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
