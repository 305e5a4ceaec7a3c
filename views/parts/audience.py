"""Whom this server is for: ``COVERAGE_AUDIENCE``."""

import os
from typing import Final

from geodata.errors import DataError

AUDIENCES: Final = ("", "planner", "prefect", "public")


def audience() -> str:
    """Return the audience served, empty for all of them.

    Raises
    ------
    DataError
        When the setting names no audience.
    """
    name = os.environ.get("COVERAGE_AUDIENCE", "").strip().lower()
    if name not in AUDIENCES:
        raise DataError(
            f"Public inconnu : « {name} »",
            where="COVERAGE_AUDIENCE",
            remedy="Donnez public, prefect ou planner, ou ne donnez rien pour tout ouvrir.",
        )
    return name
