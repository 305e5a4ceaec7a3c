"""What every test may use: the official files, and no network but this machine's."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parents[1]

# A busy machine is no fault of what is tested.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# No test asks anything of the official sources, not even the application at its start.
os.environ["GEODATA_OFFLINE"] = "1"
# The servers of the tests stand on this machine.
os.environ["GEODATA_ALLOW_LOCAL"] = "1"


LONGEST_FIRST = ("browser", "notebooks", "planning", "pages")
"""Folders whose files take longest: a long file that comes last keeps one worker alone."""


class ByServer(LoadFileScheduling):
    """Give each worker whole files, and all those of the common server to one worker.

    Two workers would start two servers and two browsers, each with its own first plan.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "the common server" if self._uses_the_common_server(file) else file

    @staticmethod
    def _uses_the_common_server(file: str) -> bool:
        own = ("test_import.py", "test_proposals.py", "test_public.py")
        return file.startswith("tests/browser/") and not file.endswith(own)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # else files of few tests come last, however long
    return ByServer(config, log)


def pytest_collection_modifyitems(items):
    def rank(item) -> int:
        folder = Path(item.path).relative_to(ROOT / "tests").parts[0]
        return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=rank)


def _official_folder() -> Path:
    named = os.environ.get("GEODATA_DIR", "").strip()
    return Path(named).expanduser() if named else ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def own_register(tmp_path_factory):
    """No test writes in the register of this machine."""
    os.environ["COVERAGE_STORE"] = str(tmp_path_factory.mktemp("register"))


@pytest.fixture(scope="session")
def official_folder() -> Path:
    """The folder of the official files; skips the test where they are missing."""
    folder = _official_folder()
    if not (folder / "laposte_poincont2.csv").is_file():
        pytest.skip(f"the official files are not in {folder}: name their folder by GEODATA_DIR")
    return folder


@pytest.fixture
def official_dir(official_folder, monkeypatch, tmp_path) -> Path:
    """The folder of the official files, in use: ``GEODATA_DIR`` names it, no download is seen."""
    monkeypatch.setenv("GEODATA_DIR", str(official_folder))
    monkeypatch.setenv("GEODATA_CACHE", str(tmp_path / "downloads"))
    return official_folder


@pytest.fixture
def bare_machine(monkeypatch, tmp_path) -> Path:
    """A machine with the snapshot alone; returns its (empty) folder of downloads."""
    monkeypatch.delenv("GEODATA_DIR", raising=False)
    monkeypatch.setenv("GEODATA_CACHE", str(tmp_path / "downloads"))
    return tmp_path / "downloads"
