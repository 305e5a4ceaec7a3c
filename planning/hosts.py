"""Where a position could be hosted, and which places already receive people."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from planning.french import host_name

MINIMUM_TOWN_HALL_HOURS: Final = 15.0
"""Hours a week below which a town hall cannot host a full-time counsellor (an assumption)."""

SHOP_COUNTER: Final = "Relais poste commerçant"
"""La Poste's name for a counter in a shop: it has no room for a counsellor."""

HOST_COLUMNS: Final = (
    "id",
    "name",
    "kind",
    "commune_code",
    "lon",
    "lat",
    "weekly_hours_h",
    "hours",
)

UNLISTED_KIND_MIN: Final = 3.0
"""Preference in minutes of a kind that the user's table leaves out."""


def candidate_hosts(
    places: pd.DataFrame, town_halls: pd.DataFrame, preference_min: Mapping[str, float]
) -> pd.DataFrame:
    """Return the places that could host a position, the best of each commune first.

    A town hall is a candidate only where its commune has no better host and it opens at
    least :data:`MINIMUM_TOWN_HALL_HOURS` a week.  Places on wheels and counters in shops are
    never candidates.

    Parameters
    ----------
    places
        Places in the contract of :data:`geodata.schema.PLACE`.
    town_halls
        ``commune_code``, ``name``, ``lon``, ``lat``, ``hours``, ``weekly_hours_h``.
    preference_min
        Kind of host → minutes of travel that it costs against the best kind.

    Returns
    -------
    DataFrame
        :data:`HOST_COLUMNS`, ``preference_min`` and ``rank`` (0 is the commune's best),
        sorted by commune, then rank; unique index from 0.
    """
    unfit = places["mobile"] | (places["services"] == SHOP_COUNTER)
    fixed = places.loc[~unfit, list(HOST_COLUMNS)].assign(
        name=lambda table: [
            host_name(name, kind) for name, kind in zip(table["name"], table["kind"], strict=True)
        ]
    )
    halls = town_halls.loc[town_halls["weekly_hours_h"] >= MINIMUM_TOWN_HALL_HOURS]
    halls = halls.loc[~halls["commune_code"].isin(fixed["commune_code"])].assign(
        id=lambda table: "mairie-" + table["commune_code"], kind="town_hall"
    )
    hosts = pd.concat([fixed, halls[list(HOST_COLUMNS)]], ignore_index=True)
    hosts["preference_min"] = (
        hosts["kind"].map(dict(preference_min)).astype(float).fillna(UNLISTED_KIND_MIN)
    )
    # Longer opening hours first among hosts of one kind; unknown hours last; then by identifier.
    hosts["_closed"] = -hosts["weekly_hours_h"].fillna(-1.0)
    hosts = hosts.sort_values(["commune_code", "preference_min", "_closed", "id"])
    hosts = hosts.drop(columns="_closed").reset_index(drop=True)
    hosts["rank"] = hosts.groupby("commune_code").cumcount()
    return hosts
