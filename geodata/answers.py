"""Whether an answer is data: proxies, captive portals and error pages often say 200.

Everything here is pure; :mod:`geodata.fetch` asks it before it stores a byte.
"""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import Final

HEAD_BYTES: Final = 1024
"""How many first bytes :func:`not_data` needs."""

_HTML_STARTS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<!--")
_MAGIC: Final[Mapping[str, tuple[bytes, ...]]] = {
    ".zip": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".gz": (b"\x1f\x8b",),
    ".parquet": (b"PAR1",),
    ".json": (b"{", b"["),
    ".geojson": (b"{",),
}


def not_data(head: bytes, content_type: str, file_name: str, *, is_start: bool = True) -> str:
    """Say why an answer is not the file expected; an empty text when it may be.

    Parameters
    ----------
    head
        The first bytes of the body (:data:`HEAD_BYTES` or fewer).
    content_type
        Its ``Content-Type`` header.
    file_name
        Name of the file expected: its suffix says how it must begin.
    is_start
        False when ``head`` continues a file received in part.
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = content_type.partition(";")[0].strip().lower()
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in {".html", ".htm"} and (
        kind in {"text/html", "application/xhtml+xml"}
        or start[:32].lower().startswith(_HTML_STARTS)
        or (start.startswith(b"<?xml") and b"<html" in start.lower())
    ):
        return "une page web au lieu des données"
    if not is_start:
        return ""
    if not start:
        return "une réponse vide"
    magic = _MAGIC.get(suffix)
    if magic and not start.startswith(magic):
        return f"un contenu qui n'est pas un fichier {suffix}"
    if suffix == ".csv" and start.startswith((b"<", b"{", b"PK\x03\x04")):
        return "un contenu qui n'est pas un tableau CSV"
    return ""


def retry_after_s(header: str | None, now: float | None = None) -> float | None:
    """Return the seconds asked for by a ``Retry-After`` header, or None when it has none.

    Parameters
    ----------
    header
        Seconds, or an HTTP date.
    now
        Seconds since the epoch; the present when None.
    """
    if not header:
        return None
    text = header.strip()
    if text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(0.0, date.timestamp() - (time.time() if now is None else now))


def whole_size(headers: Mapping[str, str]) -> int | None:
    """Return the size of the whole file in bytes, from ``Content-Range`` or ``Content-Length``."""
    total = headers.get("Content-Range", "").rpartition("/")[2]
    if total.isdigit():
        return int(total)
    length = headers.get("Content-Length", "")
    return int(length) if length.isdigit() and "Content-Range" not in headers else None


def range_start(headers: Mapping[str, str]) -> int | None:
    """Return the first byte of a ``206`` answer, or None when it does not say."""
    unit, _, span = headers.get("Content-Range", "").partition(" ")
    first = span.partition("-")[0]
    return int(first) if unit == "bytes" and first.isdigit() else None
