"""French names for types of territory, made of what sets each one apart."""

from collections.abc import Sequence
from typing import Final

from coverage.arrays import FloatArray
from coverage.features import Feature

LANDSCAPES: Final = (
    (40.0, "Rural très peu dense"),
    (100.0, "Rural"),
    (300.0, "Bourgs et campagnes périurbaines"),
    (1500.0, "Villes et banlieues"),
    (float("inf"), "Grandes villes"),
)
"""Median inhabitants for a km² of the type's cantons, below which it is called so."""

CLEARLY: Final = 0.5
"""Standard deviations from all cantons beyond which a feature names a type."""

_MOST_WORDS = 2


def landscape(density_km2: float) -> str:
    """Return what a density is called."""
    return next(name for limit, name in LANDSCAPES if density_km2 < limit)


def names_of(
    features: Sequence[Feature], apart: FloatArray, density_km2: FloatArray | None
) -> list[str]:
    """Return one French name a type, all different.

    Parameters
    ----------
    features
        Features, in the order of the columns of ``apart``.
    apart
        Standard deviations between each type and all cantons, shape (n_type, n_feature).
    density_km2
        Median density of each type, shape (n_type,); ``None`` where it is unknown.
    """
    bases = (
        [landscape(d) for d in density_km2]
        if density_km2 is not None
        else ["Territoires"] * len(apart)
    )
    # The landscape already says how dense a type is.
    said = [
        c for c, f in enumerate(features) if not (density_km2 is not None and f.id == "density_km2")
    ]
    order = [sorted(said, key=lambda c: (-abs(float(row[c])), c)) for row in apart]
    clear = [[c for c in row if abs(apart[t, c]) >= CLEARLY] for t, row in enumerate(order)]
    count = [min(len(words), _MOST_WORDS) for words in clear]

    def name(t: int) -> str:
        words = [
            features[c].high if apart[t, c] > 0 else features[c].low for c in order[t][: count[t]]
        ]
        return f"{bases[t]} : {', '.join(words)}" if words else f"{bases[t]} : dans la moyenne"

    # Types that would be called the same each say one thing more, until they differ.
    for _ in said:
        names = [name(t) for t in range(len(apart))]
        same = [t for t in range(len(apart)) if names.count(names[t]) > 1]
        for t in same:
            count[t] = min(count[t] + 1, len(said))
    names = [name(t) for t in range(len(apart))]
    return [
        f"{text} ({names[: t + 1].count(text)})" if names.count(text) > 1 else text
        for t, text in enumerate(names)
    ]
