"""Records of several layers that describe one place: a counsellor's hours at a France Services."""

from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz.fuzz import token_set_ratio
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from coverage.arrays import IntArray
from geodata.distance import chord_of, on_sphere
from geodata.readers.reference import plain_name

NEAR_KM: Final = 0.1
ALIKE: Final = 80.0
"""Likeness of names, 0 to 100, from which near records of two layers are one place."""


def same_place(sites: pd.DataFrame) -> IntArray:
    """Return the group of each record, numbered from 0: those of one place share it.

    Two records are one place when they are of different layers and of one commune, at most
    :data:`NEAR_KM` apart, and when their names are alike.

    Parameters
    ----------
    sites
        ``layer``, ``name``, ``commune_code``, ``lon`` and ``lat`` (degrees), none missing.
    """
    n = len(sites)
    place = on_sphere(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    a, b = cKDTree(place).query_pairs(chord_of(NEAR_KM), output_type="ndarray").T
    layer, commune = sites["layer"].to_numpy(), sites["commune_code"].to_numpy()
    possible = (layer[a] != layer[b]) & (commune[a] == commune[b])
    a, b = a[possible], b[possible]
    names = {k: plain_name(sites["name"].iloc[k]) for k in np.unique(np.concatenate([a, b]))}
    alike = [token_set_ratio(names[i], names[j]) >= ALIKE for i, j in zip(a, b, strict=True)]
    a, b = a[alike], b[alike]
    links = sparse.coo_array((np.ones(a.size), (a, b)), shape=(n, n))
    group: IntArray = connected_components(links, directed=False)[1]
    return group
