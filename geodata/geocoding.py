"""Where an address is: asked of the Géoplateforme, for whoever agreed to send it.

The address leaves this machine, and is neither written anywhere nor repeated in an error.
Documentation of the service: https://geoservices.ign.fr/documentation/services/api-et-services-ogc/geocodage
"""

import json
import os
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from geodata.ask import ask
from geodata.errors import SourceError
from geodata.fetch import Limits

SERVICE: Final = "https://data.geopf.fr"
HOST: Final = "data.geopf.fr"
LONGEST: Final = 200
_SHORTEST: Final = 3
_LIMITS: Final = Limits(
    connect_s=2.0, read_s=3.0, total_s=5.0, max_bytes=200_000, attempts=1, redirects=0
)
_LEAST_SCORE: Final = 0.4


@dataclass(frozen=True)
class Address:
    """An address found.

    Parameters
    ----------
    label
        The address as the service writes it.
    commune_code
        INSEE code of its commune, or of its municipal arrondissement.
    lon, lat
        Degrees.
    score
        How sure the service is (0–1).
    """

    label: str
    commune_code: str
    lon: float
    lat: float
    score: float


def service() -> str:
    """Return the address of the service (``GEODATA_GEOCODER``), empty when it is switched off.

    ``GEODATA_OFFLINE`` switches it off, unless a service is named.
    """
    named = os.environ.get("GEODATA_GEOCODER", "").strip().rstrip("/")
    if named:
        return named
    offline = os.environ.get("GEODATA_OFFLINE", "").strip() not in {"", "0"}
    return "" if offline else SERVICE


def geocode(text: str, limit: int = 5, limits: Limits = _LIMITS) -> list[Address]:
    """Return the addresses that a text may mean, the likeliest first; none when nothing fits.

    Parameters
    ----------
    text
        The address as typed.
    limit
        How many to return at most.
    limits
        What the question may cost.

    Raises
    ------
    SourceError
        When the service is switched off, does not answer, or answers something else.
    """
    wanted = " ".join(text.split())[:LONGEST]
    if len(wanted) < _SHORTEST:
        return []
    base = service()
    if not base:
        raise _unavailable("La recherche par adresse est désactivée sur ce serveur")
    question = urlencode({"q": wanted, "limit": limit, "index": "address"})
    try:
        answer = ask(f"{base}/geocodage/search?{question}", limits=limits)
    except SourceError:
        # Neither its text nor its cause is kept: both hold the address that was typed.
        raise _unavailable("Le service d'adresses ne répond pas") from None
    try:
        found = [_address(one) for one in json.loads(answer)["features"]]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, AttributeError):
        raise _unavailable("Le service d'adresses a donné une réponse illisible") from None
    sure = [one for one in found if one.score >= _LEAST_SCORE]
    return sorted(sure, key=lambda one: -one.score)[:limit]


def _unavailable(what: str) -> SourceError:
    return SourceError(
        what, where=HOST, remedy="Cherchez par commune ou par code postal : cela marche toujours."
    )


def _address(feature: Any) -> Address:
    """Return one answer of the service, refusing (ValueError) what is not of its form."""
    properties = feature["properties"]
    lon, lat = (float(value) for value in feature["geometry"]["coordinates"][:2])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("coordinates out of the world")
    code, label = properties["citycode"], properties["label"]
    if not (isinstance(code, str) and isinstance(label, str)):
        raise TypeError("a code and a label are texts")
    score = float(properties["score"])
    return Address(label[:LONGEST], code, lon, lat, score)
