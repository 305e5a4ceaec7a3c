"""Cities and countryside: which communes a published figure by kind of city speaks of.

INSEE publishes illectronism by zoning of the areas of attraction of cities (2020).  Its table
of membership gives each commune's area and urban unit, not its place in the zoning, which is
rebuilt here: the size of an area is the sum of its inhabitants, its pole the largest of its
urban units.  A rebuilt pole may differ from INSEE's by a commune at its edge.
"""

from typing import Final

import pandas as pd

from coverage.need import OVERSEAS_REGIONS

OUTSIDE_AREA: Final = "000"
"""Code of the communes outside the attraction of cities."""

RURAL_UNIT_END: Final = "000"
"""How the code of the communes outside any urban unit ends, after the département."""

LARGEST_FROM: Final = 700_000
SMALL_BELOW: Final = 50_000
"""Inhabitants of the largest and of the small areas, as INSEE sorts them."""

KINDS: Final = {
    "largest": "Aires de 700 000 habitants ou plus",
    "small_pole": "Pôles des aires de moins de 50 000",
    "outside": "Hors attraction des villes",
}


def urban_kind(points: pd.DataFrame, membership: pd.DataFrame) -> pd.Series:
    """Return the kind of each metropolitan commune, one of :data:`KINDS` or null.

    Parameters
    ----------
    points
        Communes and arrondissements indexed by code, with ``population`` and ``region``.
    membership
        ``attraction_area`` and ``urban_unit``, indexed by code.
    """
    area = membership["attraction_area"].reindex(points.index)
    unit = membership["urban_unit"].reindex(points.index)
    people = points["population"].astype(float)
    size = area.map(people.groupby(area).sum())
    urban = unit.notna() & ~unit.astype("str").str.endswith(RURAL_UNIT_END)
    units = people[urban].groupby([area[urban], unit[urban]]).sum().rename("people").reset_index()
    units = units.sort_values(["people", "urban_unit"], ascending=[True, False])
    pole = area.map(units.groupby("attraction_area")["urban_unit"].last())
    inside = area.notna() & (area != OUTSIDE_AREA)
    kind = pd.Series(None, index=points.index, dtype="object")
    kind[area == OUTSIDE_AREA] = "outside"
    kind[inside & (size >= LARGEST_FROM)] = "largest"
    kind[inside & (size < SMALL_BELOW) & urban & (unit == pole)] = "small_pole"
    return kind.where(~points["region"].astype("str").isin(OVERSEAS_REGIONS), None)
