import gc
import socket  # noqa: TID251 - holds a port
from pathlib import Path

import pytest
import streamlit as st  # noqa: TID251 - reads the settings of the server
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from views import server
from views.parts import assets

FRAMEWORK = '<html lang="en"><head><title>Streamlit</title><script></script></head><body></body>'
PAGE = '<!DOCTYPE html><html lang="en"><body>« français »</body></html>'


@pytest.fixture(scope="module")
def client():
    app = Starlette(
        routes=[
            Mount("/app/static", StaticFiles(directory=assets.STATIC_DIR)),
            Route("/component/carte/index.html", lambda _: HTMLResponse(PAGE)),
            Route("/", lambda _: HTMLResponse(PAGE)),
            Route("/carte/{name:path}", lambda _: HTMLResponse(FRAMEWORK)),
        ]
    )
    return TestClient(server.Door(app, "/carte", ["trouver"]))


@pytest.mark.parametrize("path", ["/", "/component/carte/index.html"])
def test_pages_are_in_french_and_whole(client, path):
    answer = client.get(path)
    assert '<html lang="fr">' in answer.text
    assert "« français »" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("path", ["/carte/", "/carte/trouver", "/carte/trouver/"])
def test_an_address_of_the_menu_opens_the_application(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Inclusion numérique" in answer.text
    assert 'src="/carte/app/static/french.js?v=' in answer.text
    assert 'location.origin + "/carte/"' in answer.text


@pytest.mark.parametrize("path", ["plan", "trouver/plan", "plan/trouver", "index.html", "%2e%2e/x"])
def test_any_other_address_has_no_page(client, path):
    answer = client.get(f"/carte/{path}")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text
    assert 'href="/carte/"' in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("path", "uploads", "status"),
    [
        ("/carte/_stcore/metrics", True, 404),
        ("/carte/_stcore/agent/mcp", True, 404),
        ("/carte/_stcore/upload_file/a/b", False, 404),
        ("/carte/_stcore/upload_file/a/b", True, 200),
        ("/carte/_stcore/health", False, 200),
    ],
)
def test_doors_of_the_framework_that_nothing_uses_are_closed(path, uploads, status):
    behind = Starlette(routes=[Route("/{any:path}", lambda _: HTMLResponse(PAGE), methods=["PUT"])])
    client = TestClient(server.Door(behind, "/carte", uploads=uploads))
    assert client.put(path, content=b"x").status_code == status


def test_every_answer_carries_the_policy(client):
    for path in ("/", "/app/static/map.css", "/absent"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http:" not in policy
        assert "https:" not in policy


def test_browsers_keep_what_never_changes(client):
    lasting = ["/app/static/vendor/leaflet-1.9.4/leaflet.js", "/app/static/map.js?v=0123abcd"]
    for path in lasting:
        assert "immutable" in client.get(path).headers["cache-control"]
    for path in ["/", "/app/static/map.js", "/app/static/vendor/absent.js"]:
        assert "immutable" not in client.get(path).headers.get("cache-control", "")


def test_vendored_files_are_those_of_the_pinned_packages():
    assert assets.mismatches() == []


def test_vendored_libraries_carry_their_licence():
    for library in assets.LIBRARIES:
        assert list((assets.VENDOR_DIR / library.folder).glob("LICENSE*"))


def test_addresses_lead_to_files():
    for address in (assets.vendored("leaflet", "leaflet.js"), assets.own("map.js")):
        path = address.removeprefix(assets.FROM_FRAME + "/").split("?")[0]
        assert (assets.STATIC_DIR / path).is_file()


def test_static_files_name_no_outside_host():
    for path in [*assets.STATIC_DIR.glob("*.js"), *assets.STATIC_DIR.glob("*.css")]:
        assert "://" not in path.read_text(encoding="utf-8"), path
    for path in Path(server.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import requests" not in text
        assert "urllib.request" not in text


def test_a_busy_port_is_named_with_the_remedy(capsys):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as left:
            server.chosen_port(str(port))
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert str(port) in said
    assert "make run PORT=" in said


@pytest.mark.parametrize("text", ["0", "70000", "abc", "-1", ""])
def test_a_port_that_makes_no_sense_is_refused(text):
    with pytest.raises(SystemExit) as left:
        server.chosen_port(text)
    assert left.value.code == 2


def test_a_free_port_is_kept():
    with socket.create_server(("localhost", 0)) as probe:
        port = probe.getsockname()[1]
    assert server.chosen_port(str(port)) == port


def test_what_is_read_for_good_is_left_out_of_collections():
    """Each run of a page collects: it must not look again at all that was read."""
    try:
        server._spare_the_collector()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < 10_000
    finally:
        gc.unfreeze()


def test_no_visitor_makes_the_server_look_at_its_own_sources():
    assert st.get_option("server.fileWatcherType") == "none"
