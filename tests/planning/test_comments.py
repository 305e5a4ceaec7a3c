from datetime import UTC, datetime, timedelta

import pytest

from geodata.errors import DataError
from planning import comments
from planning.events import Author
from planning.store import Store

ANNE = Author("Anne", True, "sub-1")
BEN = Author("Ben", True, "sub-2")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "registre.sqlite3")


def test_comments_are_read_in_order_and_whole(store):
    hostile = "<script>alert(1)</script>\n**gras** [lien](javascript:alert(1))"
    comments.add(store, "p1", hostile, ANNE)
    comments.add(store, "p1", "x" * 4000, BEN)
    comments.add(store, "p2", "ailleurs", BEN)
    assert [(one.text, one.author) for one in comments.on(store, "p1")] == [
        (hostile, ANNE), ("x" * 4000, BEN),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 4001, "\u200b\u202e"])
def test_empty_or_endless_comments_are_refused(store, text):
    with pytest.raises(DataError, match="commentaire"):
        comments.add(store, "p1", text, ANNE)


def test_what_is_never_seen_is_left_out(store):
    comments.add(store, "p1", "a\x00b\u202ec\nd", ANNE)
    assert comments.on(store, "p1")[0].text == "abc\nd"


def test_only_its_author_deletes_a_comment(store):
    comments.add(store, "p1", "le mien", ANNE)
    for other in (BEN, Author("Anne", False), Author("Anne", True, "sub-9")):
        with pytest.raises(DataError, match="Seul son auteur"):
            comments.delete(store, "p1", 1, other)
    comments.delete(store, "p1", 1, Author("Anne Martin", True, "sub-1"))
    (gone,) = comments.on(store, "p1")
    assert (gone.text, gone.author.name) == (None, "")
    with pytest.raises(DataError):
        comments.delete(store, "p1", 1, ANNE)


def test_comments_go_at_the_end_of_their_time(tmp_path, monkeypatch):
    monkeypatch.setenv("COVERAGE_COMMENT_DAYS", "10")
    now = [NOW]
    store = Store(tmp_path / "registre.sqlite3", clock=lambda: now[0])
    comments.add(store, "p1", "bref", ANNE)
    assert comments.on(store, "p1")[0].keep_until == NOW + timedelta(days=10)
    now[0] = NOW + timedelta(days=11)
    assert comments.on(store, "p1")[0].text is None
    comments.add(store, "p2", "nouveau", BEN)  # any new comment is the occasion
    assert b"bref" not in store.path.read_bytes()


@pytest.mark.parametrize("text", ["0", "-3", "deux ans", "1e3", "99999999"])
def test_a_setting_that_is_no_number_of_days_is_refused(monkeypatch, text):
    monkeypatch.setenv("COVERAGE_COMMENT_DAYS", text)
    with pytest.raises(DataError, match="nombre de jours"):
        comments.keep_days()
