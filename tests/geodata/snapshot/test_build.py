"""The whole build, from the packages: some minutes, so only when it is asked for."""

import filecmp
import os

import pytest

from geodata import tables
from geodata.snapshot.build import STATIC_FOLDER, build


@pytest.mark.slow
@pytest.mark.skipif("GEODATA_REBUILD" not in os.environ, reason="GEODATA_REBUILD=1 rebuilds it all")
def test_the_same_packages_give_the_same_bytes(tmp_path):
    done: list[float] = []
    build(
        lambda share, _message: done.append(share),
        folder=tmp_path / "tables",
        static_folder=tmp_path / "static",
    )
    assert done == sorted(done)
    assert done[-1] == 1
    for name in tables.NAMES:
        assert filecmp.cmp(
            tmp_path / "tables" / f"{name}.parquet", tables.path(name), shallow=False
        )
    written = sorted(path.name for path in (tmp_path / "static").iterdir())
    assert written == sorted(path.name for path in STATIC_FOLDER.iterdir())


def test_nothing_is_written_when_the_build_is_cancelled(tmp_path):
    class CancelledError(Exception):
        pass

    def cancel(share: float, message: str) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        build(cancel, folder=tmp_path / "tables", static_folder=tmp_path / "static")
    assert not list(tmp_path.iterdir())
