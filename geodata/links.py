"""Fixed links, and borders that no road crosses: what a map of borders cannot tell."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CLOSED = ("no_pass", "winter_pass", "no_crossing")
_FILE = Path(__file__).with_name("road_links.toml")


@dataclass(frozen=True)
class RoadLinks:
    """Corrections to "neighbours are joined by a road".

    ``bridges`` and ``closed`` hold pairs of commune codes; ``without_road`` the codes of
    communes that no public road joins to a neighbour.
    """

    bridges: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, str], ...]
    without_road: frozenset[str]


@cache
def road_links() -> RoadLinks:
    """Return the table of ``road_links.toml``, where each entry names its source."""
    with _FILE.open("rb") as file:
        table = tomllib.load(file)
    return RoadLinks(
        bridges=tuple((row["a"], row["b"]) for row in table["bridge"]),
        closed=tuple((a, b) for kind in _CLOSED for row in table[kind] for a, b in row["pairs"]),
        without_road=frozenset(row["code"] for row in table["no_road"]),
    )
