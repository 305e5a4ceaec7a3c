"""The layers: found on this machine, read once, or fetched from their sources."""

import importlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from geodata import catalog
from geodata.catalog import DATA_GOUV, Found, Source
from geodata.data_gouv import newest_file
from geodata.download import Fetched, download
from geodata.errors import DataError, SourceError
from geodata.fetch import DEFAULT_LIMITS, Limits, ProgressBytes
from geodata.partial import sha256_of
from geodata.readers.reference import Reference
from geodata.schema import PLACE, Provenance, Table

logger = logging.getLogger(__name__)

_KEPT_TABLES: Final = 32
_ATTEMPTS: Final = 5
"""Times that a file replaced or erased while it is read is looked for again."""


def load(layer: str) -> Table:
    """Return a layer, read from this machine: the folder, the downloads or the snapshot.

    The table is kept in memory as long as its file does not change; it is shared, so
    callers copy the frame before changing it.

    Raises
    ------
    DataError
        When the layer is unknown, or its file is not of the layout expected.
    SourceError
        When this machine does not have it, or this version does not read it.
    """
    source = catalog.source(layer)
    if not source.reader:
        raise SourceError(
            f"La couche « {source.title} » n'est pas encore lue par cette version", where=layer
        )
    for _ in range(_ATTEMPTS):
        found = catalog.locate(layer)
        if found is None:
            raise SourceError(
                f"La couche « {source.title} » est absente",
                where=layer,
                remedy=_how_to_get(source),
            )
        if found.path is None:
            return _embedded(source, found)
        try:
            stat = found.path.stat()
            return _read(source, found, stat.st_mtime_ns, stat.st_size)
        except (FileNotFoundError, DataError):
            if found.path.exists():
                raise
    raise SourceError(
        f"La couche « {source.title} » a changé pendant sa lecture",
        where=layer,
        remedy="Recommencez dans un instant.",
    )


def version(layers: Iterable[str]) -> tuple[str, ...]:
    """Return what changes when one of these layers does: a key for what is computed from them."""
    keys = []
    for layer in layers:
        found = catalog.locate(layer)
        key = "missing" if found is None else str(found.status)
        if found is not None and found.path is not None:
            try:
                stat = found.path.stat()
                key = f"{found.path}:{stat.st_mtime_ns}:{stat.st_size}"
            except FileNotFoundError:
                key = f"{found.path}:replaced"  # the next call finds what took its place
        keys.append(f"{layer}:{key}")
    return tuple(keys)


def _how_to_get(source: Source) -> str:
    names = " ou ".join(f"« {name} »" for name in source.files)
    by_hand = f"déposez son fichier ({names}) dans un dossier et nommez-le par GEODATA_DIR"
    if source.can_fetch:
        return f"Lancez « python -m geodata fetch {source.id} », ou {by_hand}."
    return by_hand[0].upper() + by_hand[1:] + "."


@lru_cache(maxsize=_KEPT_TABLES)
def _read(source: Source, found: Found, _mtime_ns: int, _size_bytes: int) -> Table:
    if found.path is None:
        raise ValueError("an embedded layer has no file")
    table = reader(source)(found.path, Reference.of_snapshot())
    provenance = replace(
        source.provenance(found),
        sha256=found.sha256 or sha256_of(found.path),
        rows=table.provenance.rows,
        set_aside=table.provenance.set_aside,
    )
    return replace(table, provenance=provenance)


@lru_cache(maxsize=_KEPT_TABLES)
def _embedded(source: Source, found: Found) -> Table:
    from geodata import tables

    provenance = tables.provenance("places")
    frame: pd.DataFrame = getattr(tables, source.embedded)()
    return Table.of(
        frame, replace(provenance, layer=source.id, title=source.title, status=found.status)
    )


def reader(source: Source) -> Callable[[Path, Reference], Table]:
    """Return the function that reads the file of a source."""
    module, _, function = source.reader.partition(".")
    function_of: Callable[[Path, Reference], Table] = getattr(
        importlib.import_module(f"geodata.readers.{module}"), function
    )
    return function_of


@dataclass(frozen=True)
class Places:
    """Places of several layers.

    Parameters
    ----------
    frame
        Columns of ``PLACE``; ids are unique within a layer only.
    provenances
        Of the layers loaded, in the order asked for.
    missing
        Layers that this machine does not have.
    """

    frame: pd.DataFrame
    provenances: tuple[Provenance, ...]
    missing: tuple[str, ...]


def places(layers: Iterable[str], departments: Iterable[str] | None = None) -> Places:
    """Return the places of several layers, in some départements or everywhere.

    Parameters
    ----------
    layers
        Layer ids; one that is absent is named in ``missing``.
    departments
        Codes of départements; all of them when None.

    Raises
    ------
    DataError
        When a layer is unknown, or a file is not of the layout expected.
    """
    frames, provenances, missing = [], [], []
    for layer in dict.fromkeys(layers):
        try:
            table = load(layer)
        except SourceError:
            missing.append(layer)
            continue
        frames.append(table.frame)
        provenances.append(table.provenance)
    empty = pd.DataFrame(columns=list(PLACE.columns))
    frame = pd.concat(frames, ignore_index=True) if frames else empty
    if departments is not None:
        of_place = frame["commune_code"].map(Reference.of_snapshot().communes["department"])
        frame = frame[of_place.isin(list(departments))].reset_index(drop=True)
    return Places(frame, tuple(provenances), tuple(missing))


def fetch(
    layer: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: ProgressBytes | None = None,
    base: str = DATA_GOUV,
) -> Fetched:
    """Download a layer from the first of its addresses that gives the file expected.

    A file that its reader refuses is never kept.

    Parameters
    ----------
    layer
        Layer id.
    limits
        What each address may cost.
    progress
        Called as bytes come; cancels by raising.
    base
        Address of the data.gouv.fr portal.

    Raises
    ------
    SourceError
        When no address answers with the data, or the layer has none.
    DataError
        When the only answers are files of another layout.
    CoverageError
        When the disk is full or read-only.
    """
    source = catalog.source(layer)
    target = catalog.cache_folder() / source.save_as
    last: SourceError | DataError = SourceError(
        f"Aucune adresse n'est connue pour « {source.title} »",
        where=layer,
        remedy=_how_to_get(source),
    )

    def accept(path: Path) -> None:
        if source.reader:
            reader(source)(path, Reference.of_snapshot())

    for address_of in _addresses(source, base, limits):
        try:
            return download(address_of(), target, limits=limits, progress=progress, accept=accept)
        except (SourceError, DataError) as error:
            logger.info("%s: %s", layer, error)
            last = error
    raise last


def _addresses(source: Source, base: str, limits: Limits) -> list[Callable[[], str]]:
    """Return how to get each address: that of a data set is looked up only when needed."""
    ways: list[Callable[[], str]] = []
    if source.resource:
        ways.append(lambda: catalog.resource_address(source.resource, base))
    if source.dataset:
        ways.append(lambda: newest_file(source.dataset, source.format, base=base, limits=limits))
    ways.extend(lambda address=address: address for address in source.addresses)  # type: ignore[misc]
    return ways
