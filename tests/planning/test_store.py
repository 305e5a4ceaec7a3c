import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from geodata.errors import DataError
from planning import store_file
from planning.events import NOBODY, Author, ConflictError, Stream
from planning.store import Store, store_path

ROOT = Path(__file__).parents[2]
ANNE = Author("Anne", True, "sub-1")
BEN = Author("Ben", False)
DRAFT = Stream("proposal", "p1")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

# A writer as a process of its own: appends to one stream, telling each number once it is kept.
WRITER = """
import sys
from pathlib import Path
from planning.events import Author, ConflictError, Stream
from planning.store import Store
store, name = Store(Path(sys.argv[1])), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
stream, left = Stream("proposal", "shared"), int(sys.argv[3])
while left:
    last = store.latest(stream)
    after = last.number if last else 0
    try:
        event = store.append(stream, "saved", Author(name, False), {"left": left}, after=after)
    except ConflictError as conflict:
        assert conflict.newer
        continue
    print(event.number, flush=True)
    left -= 1
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "made" / "registre.sqlite3"


def start(path, name, count):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def test_what_is_written_is_read_again(path):
    written = [
        Store(path).append(DRAFT, "saved", ANNE, {"texte": "« é » 🙂", "n": n}, after=n)
        for n in range(3)
    ]
    read = Store(path).read(DRAFT)
    assert [event.payload for event in read] == [event.payload for event in written]
    assert [event.number for event in read] == [1, 2, 3]
    assert read[0].author == ANNE
    assert abs(read[0].at - datetime.now(UTC)) < timedelta(minutes=1)
    assert Store(path).read(DRAFT, after=2) == read[2:]
    assert Store(path).latest(DRAFT) == read[2]
    assert Store(path).latest(Stream("proposal", "nothing")) is None


def test_streams_are_listed_by_kind(path):
    store = Store(path)
    for kind, name in (("proposal", "b"), ("scenario", "a"), ("proposal", "a")):
        store.append(Stream(kind, name), "saved", ANNE, {"of": name})
    assert store.streams("proposal") == (Stream("proposal", "b"), Stream("proposal", "a"))
    every = store.read_all("proposal")
    assert {name: [one.payload for one in events] for name, events in every.items()} == {
        "b": [{"of": "b"}],
        "a": [{"of": "a"}],
    }


def test_who_comes_second_is_told_what_the_first_wrote(path):
    store = Store(path)
    store.append(DRAFT, "saved", ANNE, {"v": 1}, after=0)
    store.append(DRAFT, "saved", BEN, {"v": 2}, after=1)
    with pytest.raises(ConflictError, match="rien n'a été écrasé") as refused:
        store.append(DRAFT, "saved", ANNE, {"v": 3}, after=1)
    assert [(one.author, one.payload) for one in refused.value.newer] == [(BEN, {"v": 2})]
    assert len(store.read(DRAFT)) == 2
    with pytest.raises(ConflictError):  # a number from the future is no better
        store.append(DRAFT, "saved", ANNE, {"v": 3}, after=7)
    store.append(DRAFT, "saved", ANNE, {"v": 3})
    assert store.latest(DRAFT).number == 3


def test_two_processes_never_write_the_same_number(path):
    writers = [start(path, name, 40) for name in ("anne", "ben")]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [[int(line) for line in writer.communicate(timeout=60)[0].split()] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert sorted(told[0] + told[1]) == list(range(1, 81))
    events = Store(path).read(Stream("proposal", "shared"))
    assert [event.number for event in events] == list(range(1, 81))
    for name, numbers in zip(("anne", "ben"), told, strict=True):
        assert [one.number for one in events if one.author.name == name] == numbers


@pytest.mark.parametrize("delay_s", [0.01, 0.05, 0.15])
def test_a_killed_writer_loses_nothing_that_it_told(path, delay_s):
    stream = Stream("proposal", "shared")
    writer = start(path, "anne", 100_000)
    writer.stdin.write("go\n")
    writer.stdin.flush()
    writer.stdout.readline()  # it is writing
    time.sleep(delay_s)
    os.kill(writer.pid, signal.SIGKILL)
    told = [1, *(int(line) for line in writer.stdout.read().splitlines() if line)]
    writer.wait(10)
    store = Store(path)
    kept = [event.number for event in store.read(stream)]
    assert kept == list(range(1, len(kept) + 1))
    # What was told is kept; at most one more was kept and not told yet.
    assert len(told) <= len(kept) <= len(told) + 1
    assert store.append(stream, "saved", BEN, {}, after=len(kept)).number == len(kept) + 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_may_make_the_file_at_once(path):
    script = (
        "import sys; from pathlib import Path; from planning.store import *\n"
        "from planning.events import *\n"
        "store = Store(Path(sys.argv[1]))\n"
        "print(store.append(Stream('a', 'b'), 'c', Author('d', False), {}).number)"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    told = sorted(int(maker.communicate(timeout=60)[0]) for maker in makers)
    assert told == [1, 2, 3]


def test_readers_do_not_wait_for_a_writer(path):
    store = Store(path)
    store.append(DRAFT, "saved", ANNE, {"v": 1})
    writer = store_file.connect(path)
    writer.execute("BEGIN IMMEDIATE")
    started = time.perf_counter()
    assert len(store.read(DRAFT)) == 1
    assert time.perf_counter() - started < 1
    writer.execute("ROLLBACK")
    writer.close()


def test_a_writer_that_waits_in_vain_says_so(path, monkeypatch):
    store = Store(path)
    monkeypatch.setattr(store_file, "BUSY_S", 0.1)
    writer = store_file.connect(path)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(DataError, match="occupé") as busy:
        store.append(DRAFT, "saved", ANNE, {})
    assert busy.value.remedy
    writer.execute("ROLLBACK")
    writer.close()
    assert store.append(DRAFT, "saved", ANNE, {}).number == 1


@pytest.mark.parametrize("statement", [
    "DELETE FROM events",
    "UPDATE events SET payload = '{}'",
    "UPDATE events SET kind = 'accepted'",
    "UPDATE events SET author = 'Ben'",
    "UPDATE events SET payload = NULL, author = '', at = '2000'",
    "INSERT INTO events SELECT 99, stream_kind, stream, number, kind, author, 1, '', at, payload, "
    "NULL FROM events",
    "INSERT OR REPLACE INTO events SELECT id, stream_kind, stream, number, kind, 'Ben', 1, '', at, "
    "payload, NULL FROM events",
    "REPLACE INTO events SELECT NULL, stream_kind, stream, number, kind, 'Ben', 1, '', at, "
    "payload, NULL FROM events",
    "UPDATE OR REPLACE events SET author = 'Ben'",
    "UPDATE events SET payload = NULL, author = '', authenticated = 0, author_id = ''",
])  # fmt: skip
def test_the_file_itself_refuses_to_be_changed(path, statement):
    Store(path).append(DRAFT, "saved", ANNE, {"v": 1})
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


def test_what_is_erased_is_nowhere_on_the_disk(path):
    store = Store(path)
    store.append(
        DRAFT,
        "commented",
        Author("Camille Secret", True, "sub-42"),
        {"text": "mot confidentiel"},
        keep_days=30,
    )
    store.append(DRAFT, "commented", BEN, {"text": "autre"})
    store.erase(DRAFT, 1, BEN, "owner")
    store.erase(DRAFT, 1, BEN, "owner")  # again: nothing more
    first, second, tombstone = store.read(DRAFT)
    assert first.payload is None
    assert first.author.name == ""
    assert second.payload == {"text": "autre"}
    assert (tombstone.kind, tombstone.payload) == ("erased", {"number": 1, "why": "owner"})
    on_disk = b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert b"confidentiel" not in on_disk
    assert b"Secret" not in on_disk
    assert b"sub-42" not in on_disk
    with pytest.raises(DataError):
        store.erase(DRAFT, 9, BEN, "owner")


def test_what_is_erased_under_a_reader_leaves_the_disk_at_the_next_use(path):
    store = Store(path)
    store.append(DRAFT, "commented", ANNE, {"text": "mot confidentiel"}, keep_days=30)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    store.erase(DRAFT, 1, ANNE, "owner")
    assert store.read(DRAFT)[0].payload is None
    reader.execute("COMMIT")
    reader.close()
    store.append(DRAFT, "saved", BEN, {})
    assert b"confidentiel" not in b"".join(one.read_bytes() for one in path.parent.iterdir())


def test_a_step_is_never_erased(path):
    store = Store(path)
    store.append(DRAFT, "submitted", ANNE, {"v": 1})
    with pytest.raises(DataError, match="historique"):
        store.erase(DRAFT, 1, ANNE, "owner")
    assert store.read(DRAFT)[0].payload == {"v": 1}


def test_a_register_of_the_first_version_learns_to_refuse(path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(store_file, "_MIGRATIONS", store_file._MIGRATIONS[:1])
        patched.setattr(store_file, "VERSION", 1)
        Store(path).append(DRAFT, "saved", ANNE, {"v": 1})
    Store(path)
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT OR REPLACE INTO events SELECT * FROM events")
    assert Store(path).read(DRAFT)[0].payload == {"v": 1}


def test_what_is_past_its_time_is_erased(path):
    now = [NOW]
    store = Store(path, clock=lambda: now[0])
    store.append(DRAFT, "commented", ANNE, {"text": "bientôt passé"}, keep_days=30)
    store.append(DRAFT, "saved", ANNE, {"text": "gardé"})
    now[0] = NOW + timedelta(days=29)
    assert store.erase_expired() == 0
    now[0] = NOW + timedelta(days=31)
    assert store.read(DRAFT)[0].payload is None  # hidden at once, erased at the next occasion
    Store(path, clock=lambda: now[0])
    assert "passé".encode() not in path.read_bytes()
    kept = store.read(DRAFT)
    assert [event.kind for event in kept] == ["commented", "saved", "erased"]
    assert kept[2].payload == {"number": 1, "why": "retention"}


@pytest.mark.parametrize("content", [b"just a text", b"%PDF-1.7 ...", b"\x00" * 5000])
def test_a_foreign_file_is_left_alone(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(DataError, match="n'est pas un registre") as refused:
        Store(path)
    assert str(path) in refused.value.where
    assert path.read_bytes() == content


def test_the_database_of_another_application_is_left_alone(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DataError, match="n'est pas un registre"):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("how", ["cut", "scribbled"])
def test_a_damaged_file_is_left_alone(path, how):
    store = Store(path)
    for n in range(200):
        store.append(DRAFT, "saved", ANNE, {"v": "x" * 200, "n": n})
    content = path.read_bytes()
    damaged = content[: len(content) // 2]
    if how == "scribbled":
        damaged = content[:4096] + b"\xa5" * 8192 + content[12288:]
    path.write_bytes(damaged)
    with pytest.raises(DataError, match="endommagé") as refused:
        Store(path)
    assert "sauvegarde" in refused.value.remedy
    assert path.read_bytes() == damaged
    with pytest.raises(DataError, match="endommagé"):  # one that was already open says it too
        store.read(DRAFT)


def test_a_later_version_is_refused(path):
    Store(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DataError, match="plus récente"):
        Store(path)


def test_a_version_without_a_table_is_brought_up_to_date(path):
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:  # as left by a maker that was killed at once
        connection.execute(f"PRAGMA application_id = {store_file.APPLICATION_ID}")
    connection.close()
    assert Store(path).append(DRAFT, "saved", ANNE, {}).number == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError, match="ne peut pas être écrit") as refused:
        Store(tmp_path / "file" / "registre.sqlite3")
    assert "COVERAGE_STORE" in refused.value.remedy


def test_a_file_that_went_away_is_not_made_again(path):
    store = Store(path)
    for one in path.parent.iterdir():
        one.unlink()
    with pytest.raises(DataError, match="ne peut pas être ouvert"):
        store.append(DRAFT, "saved", ANNE, {})
    assert not path.exists()


def test_a_full_disk_is_named_and_changes_nothing(path, monkeypatch):
    store = Store(path)
    store.append(DRAFT, "saved", ANNE, {"v": 1})
    plain = store_file.connect

    def narrow(one):
        connection = plain(one)
        connection.execute("PRAGMA max_page_count = 1")  # SQLite never goes below what is used
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(store_file, "connect", narrow)
        with pytest.raises(DataError, match="plein"):
            store.append(DRAFT, "saved", ANNE, {"v": "x" * 100_000})
    assert len(store.read(DRAFT)) == 1
    assert store.append(DRAFT, "saved", ANNE, {"v": 2}, after=1).number == 2


def test_a_payload_without_end_is_refused(path):
    store = Store(path)
    with pytest.raises(DataError, match="trop long"):
        store.append(DRAFT, "saved", ANNE, {"v": "x" * 1_000_001})
    assert store.read(DRAFT) == ()


@settings(max_examples=25, deadline=None)
@given(
    some.dictionaries(some.text(), some.text() | some.integers() | some.none() | some.booleans())
)
def test_any_text_comes_back_as_it_was(tmp_path_factory, payload):
    try:
        "".join([*payload, *(str(v) for v in payload.values())]).encode()
    except UnicodeEncodeError:
        return  # lone surrogates are no text
    store = Store(tmp_path_factory.mktemp("any") / "registre.sqlite3")
    store.append(DRAFT, "saved", ANNE, payload)
    assert store.read(DRAFT)[0].payload == payload


def test_its_folder_is_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path))
    assert store_path() == tmp_path / "registre.sqlite3"
    monkeypatch.delenv("COVERAGE_STORE")
    assert store_path() == ROOT / "var" / "store" / "registre.sqlite3"


def test_who_is_the_same_person():
    assert ANNE.same_as(Author("Anne Martin", True, "sub-1"))  # renamed since
    assert not ANNE.same_as(Author("Anne", True, "sub-2"))
    assert not ANNE.same_as(Author("Anne", True))
    assert BEN.same_as(Author("Ben", False))
    assert not BEN.same_as(Author("Ben", True))
    assert not Author("x", True).same_as(Author("Bob", True, "x"))  # a name is no identifier
    assert not NOBODY.same_as(NOBODY)
