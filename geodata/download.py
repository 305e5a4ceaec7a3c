"""Download a file: resumed where it stopped, checked, and there all at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from geodata.answers import range_start
from geodata.errors import CoverageError
from geodata.fetch import DEFAULT_LIMITS, Answer, Limits, ProgressBytes, Transfer, TryAgainError
from geodata.partial import (
    Fetched,
    Partial,
    disk_errors,
    only_one,
    read_sidecar,
    sha256_of,
    write_sidecar,
)

__all__ = ["Fetched", "Limits", "download"]


def download(
    address: str,
    target: Path,
    *,
    limits: Limits = DEFAULT_LIMITS,
    sha256: str = "",
    body: bytes | None = None,
    progress: ProgressBytes | None = None,
    accept: Callable[[Path], None] | None = None,
) -> Fetched:
    """Download a file, resuming what an earlier try left.

    Parameters
    ----------
    address
        An ``http`` or ``https`` address.
    target
        The file to write; its suffix says how the data must begin.
    limits
        What the transfer may cost.
    sha256
        Checksum expected; not checked when empty.
    body
        Form or query to send by POST; GET when None.
    progress
        Called as bytes come; cancels by raising, and what was received is kept.
    accept
        Called with the file received, before it takes its name; refuses it by raising.

    Raises
    ------
    SourceError
        When the source does not answer with the data; an earlier file stays as it was.
    CoverageError
        When the disk is full or read-only.
    """
    partial = Partial(target, address)
    transfer = Transfer(address, limits, body, progress)
    with disk_errors(partial):
        target.parent.mkdir(parents=True, exist_ok=True)
        with only_one(target):
            return transfer.with_retries(lambda: _one_download(transfer, partial, sha256, accept))


def _one_download(
    transfer: Transfer,
    partial: Partial,
    sha256: str,
    accept: Callable[[Path], None] | None,
) -> Fetched:
    """Try once: ask for what is missing, add it to the part, check it, rename it."""
    known = read_sidecar(partial.target) if transfer.body is None else None
    validator = partial.validator() if transfer.body is None else ""
    with transfer.answer(_conditions(partial, validator, known)) as response:
        if response.status_code == 304 and known is not None:
            return Fetched(**{**vars(known), "renewed": False})
        start = partial.size() if response.status_code == 206 else 0
        if response.status_code in {304, 416} or (start and range_start(response.headers) != start):
            partial.discard()
            raise TryAgainError(transfer.error("La source n'a pas su reprendre"), pause_s=0.0)
        _receive(transfer, response, partial, start)
        headers = response.headers
    digest = sha256_of(partial.path)
    try:
        _check(transfer, digest, sha256)
        if accept is not None:
            accept(partial.path)
    except CoverageError:
        partial.discard()
        raise
    size = partial.size()
    partial.finish()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    fetched = Fetched(partial.target, transfer.address, digest, size, etag, modified, now)
    write_sidecar(fetched)
    return fetched


def _check(transfer: Transfer, digest: str, expected: str) -> None:
    if expected and digest != expected:
        raise transfer.error(
            "Le fichier reçu n'a pas l'empreinte attendue", "Réessayez, ou vérifiez l'adresse."
        )


def _conditions(partial: Partial, validator: str, known: Fetched | None) -> dict[str, str]:
    """Return the headers that ask for what is missing, or for what has changed."""
    if validator:
        return {"Range": f"bytes={partial.size()}-", "If-Range": validator}
    if known is None or known.address != partial.address:
        return {}
    names = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in names.items() if value}


def _receive(transfer: Transfer, response: Answer, partial: Partial, start: int) -> None:
    """Add the body to the part; keep the part on failure when it can be resumed."""
    etag = response.headers.get("ETag", "")
    strong = "" if etag.startswith("W/") else etag
    validator = strong or response.headers.get("Last-Modified", "")
    chunks = transfer.chunks(response, start, partial.target.name)
    first = next(chunks)  # what is not data is refused here, before anything is written
    partial.remember(validator if transfer.body is None else "")
    whole = False
    try:
        with partial.path.open("r+b" if start else "wb") as file:
            file.seek(start)
            for piece in chain((first,), chunks):
                file.write(piece)
        whole = True
    finally:
        if not whole and not partial.validator():
            partial.discard()
