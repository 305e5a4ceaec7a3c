"""The communes of today, to which the readers bring the codes and points of the sources."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.distance import great_circle_km, on_sphere

PARENTS: Final = ("75056", "13055", "69123")
"""Paris, Marseille, Lyon: the communes whose arrondissements have codes of their own."""

REESTABLISHED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "14666": "14712",
        **dict.fromkeys(("15031", "15035", "15047", "15171"), "15141"),
        "60694": "60054",
        **dict.fromkeys(("85165", "85212"), "85084"),
    }
)
"""Communes that left another one since 2019 → the one that counted them before."""

_ARRONDISSEMENT_OF_POSTAL: Final = {
    **{f"750{n:02d}": f"751{n:02d}" for n in range(1, 21)},
    "75116": "75116",
    **{f"130{n:02d}": f"132{n:02d}" for n in range(1, 17)},
    **{f"690{n:02d}": f"6938{n}" for n in range(1, 10)},
}
_SAINT: Final = re.compile(r"\bste?\b")
_CEDEX: Final = re.compile(r" cedex\b.*")
_WORDS: Final = re.compile(r"[^a-z0-9]+")


def plain_name(text: str) -> str:
    """Return the name of a commune in small letters, words apart, ``st`` written in full.

    For example ``"St-Étienne"`` → ``"saint etienne"``.
    """
    # OE and AE are letters of their own for Unicode: they do not decompose.
    text = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", " ")
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    words = _WORDS.sub(" ", bare).strip()
    return _SAINT.sub(lambda m: "sainte" if m.group() == "ste" else "saint", words)


@dataclass(frozen=True, eq=False)
class Reference:
    """What the readers need to know of the communes.

    Parameters
    ----------
    communes
        ``tables.communes()``: the communes and the 45 arrondissements, by code.
    former
        ``tables.former_codes()``: ``former``, ``current``, ``share``.
    arrondissements
        Returns the outlines of the 45 arrondissements, by code (EPSG:4326).
    region_names
        Names of the regions, by code.
    """

    communes: pd.DataFrame
    former: pd.DataFrame
    arrondissements: Callable[[], gpd.GeoSeries]
    region_names: pd.Series

    @classmethod
    @cache
    def of_snapshot(cls) -> "Reference":
        """Return the communes of the embedded snapshot."""
        from geodata import tables

        names = tables.regions()["name"]
        return cls(tables.communes(), tables.former_codes(), _arrondissements, names)

    @cached_property
    def _successors(self) -> pd.DataFrame:
        """Former codes with one row per current code, the largest share first."""
        known = self.former[self.knows(self.former["current"])]
        known = known[~self.knows(known["former"])]
        return known.sort_values(["former", "share", "current"], ascending=[True, False, True])

    @cached_property
    def _postal(self) -> pd.DataFrame:
        """One row per postal code and commune: ``postal_code``, ``code``, ``name``."""
        whole = self.communes[self.communes["kind"] == "commune"]
        pairs = whole["postal_codes"].dropna().str.split(";").explode()
        return pd.DataFrame(
            {
                "postal_code": pairs.to_numpy(),
                "code": pairs.index.astype("str"),
                "name": whole["name"].map(plain_name).loc[pairs.index].to_numpy(),
            }
        ).query("postal_code != ''")

    def current(self, codes: pd.Series, lon: pd.Series, lat: pd.Series) -> pd.Series:
        """Return the code of today of each commune; missing where it is unknown.

        A code of four digits is one that lost its leading zero.  A former code that has
        several successors takes the nearest to the point, the largest without a point.

        Parameters
        ----------
        codes
            Codes as written in the source.
        lon, lat
            Points in degrees, aligned with ``codes``; may be missing.
        """
        padded = padded_codes(codes)
        main = self._successors.drop_duplicates("former").set_index("former")["current"]
        found = padded.where(self.knows(padded), padded.map(main))
        split = self._successors[self._successors["former"].duplicated(keep=False)]
        if split.empty:
            return found
        rows = pd.DataFrame({"former": padded, "lon": lon, "lat": lat}).dropna()
        pairs = rows.reset_index(names="row").merge(split, on="former")
        return self._nearest(pairs, "current").combine_first(found).reindex(codes.index)

    def knows(self, codes: pd.Series) -> pd.Series:
        """Return which codes are those of a commune or arrondissement of today."""
        # get_indexer: isin is some ten times slower on codes.
        return pd.Series(self.communes.index.get_indexer(pd.Index(codes)) >= 0, codes.index)

    def located(
        self, names: pd.Series, postal: pd.Series, lon: pd.Series, lat: pd.Series
    ) -> pd.Series:
        """Return the commune of places that have no commune code; missing where unknown.

        Tried in this order: the arrondissement that the postal code names; the commune
        of that name in that postal code; the only commune of the postal code, or the
        nearest to the point among them; the only commune of that name in the département.

        Parameters
        ----------
        names, postal
            Name of the commune and postal code as written in the source.
        lon, lat
            Points in degrees; may be missing.
        """
        rows = pd.DataFrame({"name": names, "postal_code": postal, "lon": lon, "lat": lat})
        rows["name"] = (
            rows["name"]
            .map(plain_name, na_action="ignore")
            .astype("str")
            .replace(_CEDEX, "", regex=True)
        )
        rows["department"] = department_of_postal(rows["postal_code"])
        rows = rows.reset_index(names="row")
        by_name = _only(rows.merge(self._postal, on=["postal_code", "name"]))
        same_postal = rows.merge(self._postal[["postal_code", "code"]], on="postal_code")
        alone = _only(same_postal)
        nearest = self._nearest(same_postal.dropna(subset=["lon", "lat"]), "code")
        towns = self._postal[["code", "name"]].drop_duplicates()
        towns["department"] = self.communes["department"].loc[towns["code"]].to_numpy()
        by_department = _only(rows.merge(towns, on=["department", "name"]))
        found = postal.map(_ARRONDISSEMENT_OF_POSTAL)
        for other in (by_name, alone, nearest, by_department):
            found = found.combine_first(other)
        return found.reindex(names.index)

    def refined(
        self, codes: pd.Series, postal: pd.Series, lon: pd.Series, lat: pd.Series
    ) -> pd.Series:
        """Return the arrondissement instead of Paris, Lyon or Marseille, where it can be told.

        By the postal code (``75011`` → ``75111``), else by the outline that holds the point.
        """
        whole = codes.isin(PARENTS)
        if not whole.any():
            return codes
        by_postal = postal[whole].map(_ARRONDISSEMENT_OF_POSTAL)
        found = by_postal.where(by_postal.map(self.communes["parent"]) == codes[whole])
        if found.notna().all():
            return found.combine_first(codes)
        points = shapely.points(lon[whole].to_numpy(float), lat[whole].to_numpy(float))
        outlines = self.arrondissements()
        which, outline = shapely.STRtree(outlines.to_numpy()).query(points, predicate="within")
        by_point = pd.Series(outlines.index[outline], codes.index[whole][which], dtype="str")
        by_point = by_point[~by_point.index.duplicated()]
        return found.combine_first(by_point).reindex(codes.index).combine_first(codes)

    def distance_km(self, codes: pd.Series, lon: pd.Series, lat: pd.Series) -> pd.Series:
        """Return how far points are from their commune, in kilometres.

        The distance is to the commune's point, less the radius of the disc of the same
        area: about the distance to its outline, and never far below it.
        """
        town = self.communes.reindex(codes)
        to_point = great_circle_km(
            lon.to_numpy(float),
            lat.to_numpy(float),
            town["lon"].to_numpy(float),
            town["lat"].to_numpy(float),
        )
        radius = np.sqrt(town["area_km2"].fillna(0).to_numpy(float) / np.pi)
        return pd.Series(np.maximum(to_point - radius, 0.0), index=codes.index)

    def region_at(self, lon: pd.Series, lat: pd.Series) -> pd.Series:
        """Return the name of the region of the nearest commune; for messages only."""
        from scipy.spatial import KDTree

        towns = self.communes[["lon", "lat"]].to_numpy(float)
        tree = KDTree(on_sphere(towns[:, 0], towns[:, 1]))
        _, nearest = tree.query(on_sphere(lon.to_numpy(float), lat.to_numpy(float)))
        regions = pd.Series(self.communes["region"].to_numpy()[nearest], index=lon.index)
        return regions.map(self.region_names)

    def _nearest(self, pairs: pd.DataFrame, column: str) -> pd.Series:
        """Return the candidate code nearest to the point of each ``row``, ties by code."""
        town = self.communes.loc[pairs[column]]
        away = great_circle_km(
            pairs["lon"].to_numpy(float),
            pairs["lat"].to_numpy(float),
            town["lon"].to_numpy(float),
            town["lat"].to_numpy(float),
        )
        ordered = pairs.assign(away=away).sort_values(["row", "away", column])
        return ordered.drop_duplicates("row").set_index("row")[column]


def _arrondissements() -> gpd.GeoSeries:
    from geodata import tables

    cities = tables.communes().loc[list(PARENTS), "department"]
    outlines = pd.concat([tables.outlines(department).geometry for department in cities])
    codes = tables.communes().index[tables.communes()["kind"] == "arrondissement"]
    return outlines[outlines.index.isin(codes)]


def padded_codes(codes: pd.Series) -> pd.Series:
    """Return commune codes in capitals, with the leading zero that some lost."""
    codes = codes.str.upper()
    return codes.where(~codes.str.fullmatch(r"\d{4}").fillna(False).astype(bool), "0" + codes)


def department_of_postal(postal: pd.Series) -> pd.Series:
    """Return the département of postal codes; missing for Corsica's, which do not tell."""
    overseas = postal.str.startswith("97").fillna(False).astype(bool)
    return postal.str[:2].where(~overseas, postal.str[:3]).replace("20", None)


def _only(pairs: pd.DataFrame) -> pd.Series:
    """Return the code of each ``row`` that has one candidate only."""
    single = pairs[~pairs["row"].duplicated(keep=False)]
    return single.set_index("row")["code"]
