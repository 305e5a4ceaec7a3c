"""Point location on an icosahedron whose faces are split again and again in four.

The faces, their order and their rotation are those of the grid on which the DEGURBA
classes were published; a triangle's index is ``face · 4**level + path``, the path being
the two-bit digits of the children followed (corner of the first, second and third
vertex, then the middle).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TURN_DEG: Final = 7.3
"""Rotation of the icosahedron eastwards, in degrees."""

_FACES: Final = (
    (0, 11, 5),
    (0, 5, 1),
    (0, 1, 7),
    (0, 7, 10),
    (0, 10, 11),
    (1, 5, 9),
    (5, 11, 4),
    (11, 10, 2),
    (10, 7, 6),
    (7, 1, 8),
    (3, 9, 4),
    (3, 4, 2),
    (3, 2, 6),
    (3, 6, 8),
    (3, 8, 9),
    (4, 9, 5),
    (2, 4, 11),
    (6, 2, 10),
    (8, 6, 7),
    (9, 8, 1),
)


def _corners() -> Floats:
    """Return the unit vectors of the corners of each face, shape (20, 3, 3)."""
    golden = (1 + 5**0.5) / 2
    flat = [(-1, golden), (1, golden), (-1, -golden), (1, -golden)]
    vertices = np.array(
        [(x, y, 0) for x, y in flat]
        + [(0, x, y) for x, y in flat]
        + [(y, 0, x) for x, y in ((-1, golden), (1, golden), (-1, -golden), (1, -golden))]
    )
    vertices = vertices / np.linalg.norm(vertices, axis=1, keepdims=True)
    cos, sin = np.cos(np.radians(_TURN_DEG)), np.sin(np.radians(_TURN_DEG))
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    turned: Floats = (vertices @ turn.T)[np.array(_FACES)]
    return turned


def locate(lon: Floats, lat: Floats, level: int) -> NDArray[np.int64]:
    """Return the index of the triangle that holds each point.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).
    level
        How many times each face is split.
    """
    points = _unit_vectors(lon, lat)
    corners = _corners()
    inside = np.stack([_margin(face[None], points) for face in corners], axis=1)
    face = inside.argmax(axis=1)
    triangle = corners[face]
    index = face.astype("int64")
    for _ in range(level):
        children = _split(triangle)
        margin = np.stack([_margin(children[:, child], points) for child in range(4)], axis=1)
        child = margin.argmax(axis=1)
        triangle = children[np.arange(len(points)), child]
        index = index * 4 + child
    found: NDArray[np.int64] = index
    return found


def _unit_vectors(lon: Floats, lat: Floats) -> Floats:
    east, north = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], 1)


def _margin(triangles: Floats, points: Floats) -> Floats:
    """Return the smallest of the three side tests, shape (n,): positive inside."""
    sides = [
        (np.cross(triangles[:, edge], triangles[:, (edge + 1) % 3]) * points).sum(axis=1)
        for edge in range(3)
    ]
    smallest: Floats = np.min(sides, axis=0)
    return smallest


def _split(triangles: Floats) -> Floats:
    """Return the four children of each triangle, shape (n, 4, 3, 3)."""
    first, second, third = (triangles[:, corner] for corner in range(3))
    side_a, side_b, side_c = (
        middle / np.linalg.norm(middle, axis=1, keepdims=True)
        for middle in (first + second, second + third, third + first)
    )
    return np.stack(
        [
            np.stack([first, side_a, side_c], axis=1),
            np.stack([side_a, second, side_b], axis=1),
            np.stack([side_c, side_b, third], axis=1),
            np.stack([side_a, side_b, side_c], axis=1),
        ],
        axis=1,
    )
