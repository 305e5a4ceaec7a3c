"""Large distant files read by pieces: an fsspec file system over :mod:`geodata.fetch`.

pyarrow asks for the footer of a Parquet file, then for the columns of the row groups that it
needs; each piece is one ranged request, under the limits of every other transfer.
"""

from typing import Any, Final

from fsspec import AbstractFileSystem
from fsspec.spec import AbstractBufferedFile

from geodata.ask import ask_part
from geodata.errors import SourceError
from geodata.fetch import DEFAULT_LIMITS, Limits

_HEAD: Final = 16
_BLOCK: Final = 1 << 20


class RangedFile(AbstractBufferedFile):  # type: ignore[misc]
    """A distant file; what is read twice in a row is asked for once."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        files: RangedFileSystem = self.fs
        return files.part(self.path, start, end)


class RangedFileSystem(AbstractFileSystem):  # type: ignore[misc]
    """Read-only access to files whose path is their web address.

    Parameters
    ----------
    limits
        What each request may cost.
    """

    protocol = "ranged"
    cachable = False

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__()
        self.limits = limits

    def part(self, address: str, start: int, end: int) -> bytes:
        """Return some bytes of a file."""
        content, _ = ask_part(address, start, end, limits=self.limits)
        if len(content) != end - start:
            raise SourceError(
                "La source a envoyé une autre partie que celle demandée", where=address
            )
        return content

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Return the size of a file, learnt by asking for its first bytes."""
        size = ask_part(path, 0, _HEAD, limits=self.limits)[1]
        return {"name": path, "size": size, "type": "file"}

    def _open(self, path: str, mode: str = "rb", **_: Any) -> RangedFile:
        if mode != "rb":
            raise ValueError("distant files are read only")
        return RangedFile(self, path, mode, block_size=_BLOCK, cache_type="readahead")

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path
