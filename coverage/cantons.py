"""Cantons and the sites that they hold: the programme promised a France Services to each."""

from collections.abc import Iterable

import pandas as pd

from geodata import tables


def canton_sites(commune_codes: Iterable[str]) -> pd.DataFrame:
    """Return each canton with its number of sites.

    Parameters
    ----------
    commune_codes
        Commune of each site, buses included: they are registered in a canton.

    Returns
    -------
    DataFrame
        Index ``code``: name, department, population, sites (how many stand in it).  The
        cantons of INSEE ("canton ou ville"): a large commune that a canton cuts counts as
        one of its own.  Lyon, Martinique and Guyane have none.
    """
    canton = tables.communes()["canton"].reindex(list(commune_codes))
    held = canton.value_counts()
    cantons = tables.cantons()
    return cantons.assign(sites=held.reindex(cantons.index).fillna(0).astype(int))
