"""Files written whole or not at all."""

import pytest

from geodata.errors import DataError
from planning.report.whole import write_whole


def test_a_file_is_written_with_its_folder_and_can_be_read_by_all(tmp_path):
    path = write_whole(tmp_path / "new" / "a.csv", "été\n")
    assert path.read_text(encoding="utf-8") == "été\n"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(DataError) as refused:
        write_whole(tmp_path / "a.csv", b"x")
    assert refused.value.where
    assert refused.value.remedy
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DataError, match="dossier"):
        write_whole(tmp_path / "out" / "a.csv", "x")
