"""What every test may use: the official files, and no network but this machine's."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# No test asks anything of the official sources, not even the application at its start.
os.environ["GEODATA_OFFLINE"] = "1"
# The servers of the tests stand on this machine.
os.environ["GEODATA_ALLOW_LOCAL"] = "1"


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
