"""The newest file of a data set of data.gouv.fr, when it has no stable resource."""

import json
from typing import Any
from urllib.parse import quote

from geodata.ask import ask
from geodata.catalog import DATA_GOUV
from geodata.errors import SourceError
from geodata.fetch import DEFAULT_LIMITS, Limits


def newest_file(
    dataset: str, kind: str, *, base: str = DATA_GOUV, limits: Limits = DEFAULT_LIMITS
) -> str:
    """Return the address of the file of some kind that a data set changed last.

    Parameters
    ----------
    dataset
        Slug or identifier of the data set.
    kind
        Format as the portal names it: ``"csv"``, ``"parquet"``.
    base
        Address of the portal.
    limits
        What the question may cost.

    Raises
    ------
    SourceError
        When the portal does not answer, or has no such file in this data set.
    """
    address = f"{base}/api/1/datasets/{quote(dataset, safe='')}/"
    answer = ask(address, limits=limits)
    try:
        resources = json.loads(answer)["resources"]
        files = [r for r in resources if _is(kind, r)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            "Le portail data.gouv.fr a répondu autre chose qu'un jeu de données", where=address
        ) from error
    if not files:
        raise SourceError(
            f"Ce jeu de données n'a pas de fichier {kind.upper()}",
            where=address,
            remedy="Déposez le fichier du producteur dans GEODATA_DIR.",
        )
    newest = max(files, key=lambda r: (str(r.get("last_modified", "")), str(r["url"])))
    return str(newest["url"])


def _is(kind: str, resource: dict[str, Any]) -> bool:
    is_main = resource.get("type", "main") in {"main", "update"}
    return is_main and str(resource["format"]).lower() == kind and bool(resource["url"])
