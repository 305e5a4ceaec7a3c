"""The graph of communes that a road may join: those that share a border, less what is closed."""

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from coverage.arrays import FloatArray, IntArray
from geodata.distance import arc_km, chord_of, on_sphere
from geodata.links import RoadLinks


def contiguity_graph(
    points: pd.DataFrame, neighbours: pd.DataFrame, links: RoadLinks
) -> "sparse.csr_array[np.float64]":
    """Return the graph of neighbouring communes, edge lengths in km, shape (n_point, n_point).

    Parameters
    ----------
    points
        Communes indexed by code, with ``lon`` and ``lat``.
    neighbours
        Pairs ``code_a``, ``code_b`` that share a land border.
    links
        Bridges to add, and borders and communes that no road crosses.
    """
    pairs = pd.concat(
        [
            neighbours[["code_a", "code_b"]],
            pd.DataFrame(links.bridges, columns=["code_a", "code_b"]),
        ]
    )
    closed = {frozenset(pair) for pair in links.closed}
    a = points.index.get_indexer(pd.Index(pairs["code_a"]))
    b = points.index.get_indexer(pd.Index(pairs["code_b"]))
    shut = pairs["code_a"].isin(links.without_road) | pairs["code_b"].isin(links.without_road)
    if closed:
        ends = zip(pairs["code_a"], pairs["code_b"], strict=True)
        shut |= np.fromiter((frozenset(pair) in closed for pair in ends), bool, len(pairs))
    open_ = (a >= 0) & (b >= 0) & ~shut.to_numpy()
    a, b = a[open_], b[open_]
    sphere = on_sphere(points["lon"].to_numpy(), points["lat"].to_numpy())
    # Two points may coincide; a stored zero would read as "no edge" to the path finder.
    km = np.maximum(arc_km(sphere[a], sphere[b]), 1e-6)
    n = len(points)
    graph = sparse.coo_array((np.r_[km, km], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    return sparse.csr_array(graph)


def path_km(
    graph: "sparse.csr_array[np.float64]", sphere: FloatArray, starts: IntArray, limit_km: float
) -> tuple[FloatArray, IntArray]:
    """Return path lengths over the graph from some communes to those around.

    Parameters
    ----------
    graph
        Edge lengths in km, shape (n_point, n_point).
    sphere
        Unit-sphere points, shape (n_point, 3).
    starts
        Positions of communes near each other: only the part of the graph around them is used.
    limit_km
        Beyond it, lengths are infinite.

    Returns
    -------
    tuple
        Lengths in km, shape (n_start, n_near); and the column of each point of the graph, −1
        where it is not near, shape (n_point,).
    """
    centre = sphere[starts].mean(axis=0)
    centre /= np.linalg.norm(centre)
    spread = float(np.linalg.norm(sphere[starts] - centre, axis=1).max())
    near = np.flatnonzero(np.linalg.norm(sphere - centre, axis=1) <= spread + chord_of(limit_km))
    column = np.full(len(sphere), -1, dtype=np.intp)
    column[near] = np.arange(near.size)
    part = graph[near][:, near]
    lengths: FloatArray = dijkstra(part, directed=False, indices=column[starts], limit=limit_km)
    return lengths, column
