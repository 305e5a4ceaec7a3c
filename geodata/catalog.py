"""The catalogue of sources, and where the file of each one is on this machine.

The catalogue itself is ``catalog.toml``.  A file is looked for among those that users brought
on the data page (:mod:`geodata.kept`), in the user's folder (``GEODATA_DIR``), among the
downloads (``GEODATA_CACHE``, ``var/data`` by default), then in the embedded snapshot.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from geodata import kept
from geodata.errors import DataError
from geodata.partial import read_sidecar
from geodata.schema import Provenance, Status

Content = Literal["places", "communes", "positions", "outlines", "travel", "roads"]

DATA_GOUV: Final = "https://www.data.gouv.fr"
_ROOT: Final = Path(__file__).parents[1]
_DATE_IN_NAME: Final = re.compile(r"(?<!\d)(20\d{2})(?:-?([01]\d)-?([0-3]\d))?(?!\d)")


@dataclass(frozen=True)
class Source:
    """One source of the catalogue; see the head of ``catalog.toml`` for each field."""

    id: str
    title: str
    producer: str
    licence: str
    vintage: str
    files: tuple[str, ...]
    save_as: str
    content: Content
    size_mb: float
    resource: str = ""
    dataset: str = ""
    format: str = "csv"
    addresses: tuple[str, ...] = ()
    landing: str = ""
    columns: tuple[str, ...] = ()
    separators: str = ",;"
    sheet: str = ""
    reader: str = ""
    embedded: str = ""
    offer: bool = False
    candidate: bool = False
    share_alike: bool = False

    @property
    def address(self) -> str:
        """The address to cite; empty when there is none."""
        if self.resource:
            return resource_address(self.resource)
        if self.addresses:
            return self.addresses[0]
        return f"{DATA_GOUV}/fr/datasets/{self.dataset}/" if self.dataset else self.landing

    @property
    def can_fetch(self) -> bool:
        """Whether a file can be downloaded without the user's help."""
        return bool(self.resource or self.dataset or self.addresses)

    def provenance(self, found: "Found | None" = None) -> Provenance:
        """Return the provenance of the file found; rows are counted by the reader."""
        return Provenance(
            layer=self.id,
            title=self.title,
            producer=self.producer,
            licence=self.licence,
            vintage=self.vintage if found is None else found.vintage or self.vintage,
            address=self.address,
            status="missing" if found is None else found.status,
            sha256="" if found is None else found.sha256,
            fetched_at="" if found is None else found.fetched_at,
        )


@dataclass(frozen=True)
class Found:
    """A file of a source.

    Parameters
    ----------
    path
        The file; None when it is embedded.
    status
        Where it was found.
    vintage
        What its name or its server says of its date; empty when neither does.
    sha256, fetched_at
        Of a download; empty otherwise.
    """

    path: Path | None
    status: Status
    vintage: str = ""
    sha256: str = field(default="", compare=False)
    fetched_at: str = ""


def resource_address(resource: str, base: str = DATA_GOUV) -> str:
    """Return the stable address of a resource of data.gouv.fr."""
    return f"{base}/fr/datasets/r/{resource}"


@cache
def sources() -> Mapping[str, Source]:
    """Return every source, by layer id."""
    values = tomllib.loads(Path(__file__).with_name("catalog.toml").read_text("utf-8"))
    return {layer: _source(layer, value) for layer, value in values.items()}


def _source(layer: str, value: dict[str, Any]) -> Source:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in value.items()}
    return Source(id=layer, **fields)


def source(layer: str) -> Source:
    """Return one source.

    Raises
    ------
    DataError
        When the catalogue does not know the layer.
    """
    try:
        return sources()[layer]
    except KeyError:
        raise DataError(
            f"Couche inconnue : « {layer} »", remedy=f"Les couches sont : {', '.join(sources())}."
        ) from None


def offers() -> tuple[str, ...]:
    """Return the layers whose places help people in person (« lieux d'accompagnement »)."""
    return tuple(layer for layer, s in sources().items() if s.offer)


def candidates() -> tuple[str, ...]:
    """Return the layers whose places may host a counsellor, offers included."""
    return tuple(layer for layer, s in sources().items() if s.offer or s.candidate)


def folder() -> Path | None:
    """Return the user's folder of data (``GEODATA_DIR``), or None when none is named.

    Raises
    ------
    DataError
        When the folder named does not exist.
    """
    named = os.environ.get("GEODATA_DIR", "").strip()
    if not named:
        return None
    path = Path(named).expanduser()
    if not path.is_dir():
        raise DataError(
            "Le dossier des données n'existe pas",
            where=f"GEODATA_DIR={named}",
            remedy="Corrigez GEODATA_DIR, ou supprimez ce réglage.",
        )
    return path


def cache_folder() -> Path:
    """Return the folder of downloads (``GEODATA_CACHE``, else ``var/data`` of the project)."""
    named = os.environ.get("GEODATA_CACHE", "").strip()
    return Path(named).expanduser() if named else _ROOT / "var" / "data"


def imports_folder() -> Path:
    """Return the folder of the files that users brought (see :mod:`geodata.kept`)."""
    return cache_folder() / "imports"


def parsed_folder() -> Path:
    """Return the folder of what is slow to read, kept by content hash (``var/cache``)."""
    named = os.environ.get("GEODATA_CACHE", "").strip()
    return Path(named).expanduser() / "parsed" if named else _ROOT / "var" / "cache"


def locate(layer: str) -> Found | None:
    """Return the file of a layer, or None when this machine has none."""
    wanted = source(layer)
    brought = kept.find(imports_folder(), layer)
    if brought is not None:
        about, path = brought
        status: Status = "partial" if about.departments else "imported"
        return Found(path, status, about.vintage, about.sha256, about.kept_at)
    named = folder()
    if named is not None:
        matches = sorted(p for pattern in wanted.files for p in named.glob(pattern) if p.is_file())
        if matches:
            return Found(matches[-1], "folder", _date_in(matches[-1].name))
    downloaded = cache_folder() / wanted.save_as
    if downloaded.is_file():
        known = read_sidecar(downloaded)
        if known is not None:
            # A file of a given year keeps that year; a living list is as old as its last change.
            vintage = _date_in(wanted.save_as) or known.modified_on
            return Found(downloaded, "downloaded", vintage, known.sha256, known.fetched_at)
    if wanted.embedded:
        return Found(None, "partial")
    return None


def _date_in(name: str) -> str:
    match = _DATE_IN_NAME.search(name)
    return "-".join(part for part in match.groups() if part) if match else ""
