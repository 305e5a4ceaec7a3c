"""Roads of OpenStreetMap for a box, asked of an Overpass server and kept as an ``.osm`` file.

A server that is busy answers 429 or 504 and is asked again, as long as it allows; one that runs
out of time answers 200 with a remark in the middle of half the data: that is refused.
"""

from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from geodata.download import Fetched, download
from geodata.errors import DataError
from geodata.fetch import DEFAULT_LIMITS, Limits, ProgressBytes

ADDRESS: Final = "https://overpass-api.de/api/interpreter"
"""The public server run by FOSSGIS; any other takes the same query."""

LICENCE: Final = "ODbL 1.0, contributeurs d'OpenStreetMap"

CLASSES: Final = (
    *("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified"),
    *("residential", "road", "living_street", "service"),
)
"""Values of ``highway`` asked for, with their slip roads: those that a car drives on."""

LARGEST_DEG2: Final = 5.0
"""Square degrees beyond which a public server refuses: about a region."""

_TIMEOUT_S: Final = 300
_TAIL_BYTES: Final = 4096


def query(box: tuple[float, float, float, float]) -> str:
    """Return the query for the roads of a box (west, south, east, north), in degrees.

    Raises
    ------
    DataError
        When the box makes no sense, or is larger than a public server accepts.
    """
    west, south, east, north = box
    sound = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not sound or (east - west) * (north - south) > LARGEST_DEG2:
        raise DataError(
            "Cadre trop grand ou mal formé pour demander des routes",
            where=f"ouest {west:g}, sud {south:g}, est {east:g}, nord {north:g}",
            remedy="Demandez un département, ou téléchargez un fichier .osm.pbf de Geofabrik.",
        )
    frame = f"({south:.5f},{west:.5f},{north:.5f},{east:.5f})"
    return (
        f'[out:xml][timeout:{_TIMEOUT_S}];way["highway"~"^({"|".join(CLASSES)})(_link)?$"]{frame};'
        "(._;>;);out body;"
    )


def fetch_roads(
    box: tuple[float, float, float, float],
    target: Path,
    *,
    address: str = ADDRESS,
    limits: Limits = DEFAULT_LIMITS,
    progress: ProgressBytes | None = None,
) -> Fetched:
    """Ask for the roads of a box and write them to an ``.osm`` file.

    Parameters
    ----------
    box
        West, south, east, north, in degrees.
    target
        The file to write; it appears whole or not at all.
    address
        Of the Overpass server.
    limits, progress
        As in :func:`geodata.download.download`.

    Raises
    ------
    SourceError
        When the server does not answer, or not with data.
    DataError
        When it answers with half the data, or none.
    """
    body = urlencode({"data": query(box)}).encode()
    return download(
        address, target, limits=limits, body=body, progress=progress, accept=check_answer
    )


def check_answer(path: Path) -> None:
    """Refuse an answer that is not whole.

    Raises
    ------
    DataError
        When the file is not OpenStreetMap data, stops in the middle, or holds no way.
    """
    with path.open("rb") as file:
        head = file.read(_TAIL_BYTES)
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        tail = file.read()
    if b"<osm" not in head:
        raise _refused(path, "La réponse n'est pas un fichier OpenStreetMap")
    if b"<remark" in head or b"<remark" in tail:
        raise _refused(path, "Le serveur s'est arrêté en route : la réponse est incomplète")
    if not tail.rstrip().endswith(b"</osm>"):
        raise _refused(path, "La réponse est tronquée")
    if not _holds(path, b"<way "):
        raise _refused(path, "La réponse ne contient aucune route")


def _holds(path: Path, wanted: bytes) -> bool:
    """Tell whether a file holds some bytes, read piece by piece."""
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if wanted in kept + piece:
                return True
            kept = piece[-len(wanted) :]
    return False


def _refused(path: Path, what: str) -> DataError:
    return DataError(
        what,
        where=path.name,
        remedy="Relancez plus tard, demandez un territoire plus petit, ou donnez un fichier local.",
    )
