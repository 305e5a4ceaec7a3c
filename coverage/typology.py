"""Types of territory: cantons that resemble each other, and what sets each type apart.

Each feature (its logarithm where it spreads over orders of magnitude) is brought to mean 0
and standard deviation 1 over the cantons, each canton counting once; k-means then makes k
types (Lloyd's algorithm, ten starts).  The number of types is **the largest k of 3 to 8**

    (1)  whose mean silhouette is at least 90 % of the best of these k, and
    (2)  whose types come back when cantons are drawn again: mean adjusted Rand index, over
         ten bootstrap samples, of at least 0.8 between the types of all cantons and those
         that the sample would give them;

or, when no k passes both, the one of the best silhouette.  Silhouette: Rousseeuw, 1987,
https://doi.org/10.1016/0377-0427(87)90125-7 ; adjusted Rand index: Hubert and Arabie, 1985,
https://doi.org/10.1007/BF01908075 .  Both tables are kept with the result: a silhouette
around 0.2–0.3 says that territories vary without clear frontiers, and the types are only a
way to speak of them.

A feature unknown for more than a tenth of the cantons is dropped and told, a canton that
lacks a feature kept gets no type; nothing is imputed.  Same cantons and seed give the same
types, whatever the order of rows.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from coverage.arrays import FloatArray, IntArray
from coverage.features import FEATURES, Feature
from coverage.naming import names_of
from geodata.errors import DataError

FEWEST, MOST = 3, 8
MOST_UNKNOWN_SHARE: Final = 0.1
SILHOUETTE_SHARE: Final = 0.9
STABLE_RAND: Final = 0.8
RESAMPLES: Final = 10
FEWEST_CANTONS: Final = 10 * FEWEST
_STARTS, _RESAMPLE_STARTS = 10, 3


@dataclass(frozen=True)
class TerritoryType:
    """A type of territory.

    Parameters
    ----------
    name
        French words, unique in a typology.
    cantons, people
        How many cantons, and inhabitants.
    profile
        Feature → median of its cantons, in its own unit.
    apart
        Feature → standard deviations between the type and all cantons.
    sentence
        French sentence: what sets it apart, with figures against the median canton.
    """

    name: str
    cantons: int
    people: float
    profile: dict[str, float]
    apart: dict[str, float]
    sentence: str


@dataclass(frozen=True)
class Typology:
    """Cantons and their types, those of most need first.

    Parameters
    ----------
    codes
        Codes of the cantons, sorted.
    label
        Position in ``types`` of each canton; -1 where it has none; shape (n_canton,).
    types
        The types.
    features
        Features used.
    notes
        French sentences: what was dropped, and who has no type.
    silhouette, stability
        k → mean silhouette; k → mean adjusted Rand index under resampling.
    seed
        Of the draws.
    """

    codes: tuple[str, ...]
    label: IntArray
    types: tuple[TerritoryType, ...]
    features: tuple[str, ...]
    notes: tuple[str, ...]
    silhouette: dict[int, float]
    stability: dict[int, float]
    seed: int

    def frame(self) -> pd.DataFrame:
        """Return a table indexed by canton: ``type`` (-1 where none) and ``name`` (or None)."""
        names = np.array([*(kind.name for kind in self.types), None], dtype=object)
        return pd.DataFrame(
            {"type": self.label, "name": names[self.label]},
            index=pd.Index(self.codes, name="code"),
        )


def typology(cantons: pd.DataFrame, *, seed: int = 0) -> Typology:
    """Make types of territory.

    Parameters
    ----------
    cantons
        Features of the cantons (:func:`coverage.features.canton_features`), indexed by code.
    seed
        Of the starts and of the resamples.

    Raises
    ------
    DataError
        When too few cantons, or no feature, are known.
    """
    cantons = cantons.sort_index()
    features, notes = _usable(cantons)
    whole = cantons[[f.id for f in features]].notna().all(axis=1).to_numpy()
    if not features or whole.sum() < FEWEST_CANTONS:
        raise DataError(
            "Trop peu de cantons sont connus pour en faire des types",
            where=f"{int(whole.sum()) if features else 0} cantons, {len(features)} critères",
            remedy=f"Il faut au moins {FEWEST_CANTONS} cantons : prenez la France entière.",
        )
    if (~whole).any():
        notes.append(f"{int((~whole).sum())} cantons n'ont pas de type : un critère y est inconnu.")
    known = cantons[whole]
    scaled = _standardised(known, features)
    with threadpool_limits(1):  # sums in one order: the same types on every machine
        silhouette, stability, labels = _tried(scaled, seed)
    k = _chosen(silhouette, stability)
    member = _ordered(labels[k], known.get("need_rate"))
    label = np.full(len(cantons), -1, dtype=np.intp)
    label[whole] = member
    return Typology(
        codes=tuple(map(str, cantons.index)),
        label=label,
        types=_types(known, features, scaled, member),
        features=tuple(f.id for f in features),
        notes=tuple(notes),
        silhouette=silhouette,
        stability=stability,
        seed=seed,
    )


def _usable(cantons: pd.DataFrame) -> tuple[list[Feature], list[str]]:
    """Return the features known and varied enough, and a French note on each other one."""
    features, notes = [], []
    for feature in FEATURES:
        values = cantons.get(feature.id, pd.Series(np.nan, index=cantons.index))
        unknown = float(values.isna().mean()) if len(cantons) else 1.0
        if unknown > MOST_UNKNOWN_SHARE:
            share = f"{100 * unknown:.0f} % des cantons"
            notes.append(f"Critère écarté, inconnu pour {share} : {feature.title}.")
        elif values.nunique() < 2:
            notes.append(f"Critère écarté, le même partout : {feature.title}.")
        else:
            features.append(feature)
    return features, notes


def _standardised(known: pd.DataFrame, features: list[Feature]) -> FloatArray:
    """Return features of mean 0 and standard deviation 1, shape (n_canton, n_feature)."""
    columns = []
    for feature in features:
        values = known[feature.id].to_numpy(dtype=float)
        values = np.log1p(values) if feature.logarithm else values
        columns.append((values - values.mean()) / values.std())
    return np.column_stack(columns)


def _tried(
    scaled: FloatArray, seed: int
) -> tuple[dict[int, float], dict[int, float], dict[int, IntArray]]:
    """Return silhouette, stability and the type of each canton, for each number of types."""
    silhouette, stability, labels = {}, {}, {}
    for k in range(FEWEST, MOST + 1):
        labels[k] = _fit(scaled, k, _STARTS, seed).labels_.astype(np.intp)
        silhouette[k] = float(silhouette_score(scaled, labels[k]))
        draw = np.random.default_rng(seed)
        found = []
        for _ in range(RESAMPLES):
            sample = scaled[draw.integers(0, len(scaled), len(scaled))]
            again = _fit(sample, k, _RESAMPLE_STARTS, seed).predict(scaled)
            found.append(float(adjusted_rand_score(labels[k], again)))
        stability[k] = float(np.mean(found))
    return silhouette, stability, labels


def _fit(scaled: FloatArray, k: int, starts: int, seed: int) -> Any:
    return KMeans(k, n_init=starts, random_state=seed).fit(scaled)


def _chosen(silhouette: dict[int, float], stability: dict[int, float]) -> int:
    """Return the number of types: see the module."""
    best = max(silhouette.values())
    good = [
        k
        for k in silhouette
        if silhouette[k] >= SILHOUETTE_SHARE * best and stability[k] >= STABLE_RAND
    ]
    return max(good) if good else max(silhouette, key=lambda k: (silhouette[k], -k))


def _ordered(member: IntArray, need_rate: pd.Series | None) -> IntArray:
    """Return types numbered by falling need, else by their first canton."""
    k = int(member.max()) + 1
    first = [int(np.flatnonzero(member == t)[0]) for t in range(k)]
    rates = np.zeros(len(member)) if need_rate is None else need_rate.to_numpy(dtype=float)
    order = sorted(range(k), key=lambda t: (-float(rates[member == t].mean()), first[t]))
    number = np.empty(k, dtype=np.intp)
    number[order] = np.arange(k)
    return number[member]


def _types(
    known: pd.DataFrame, features: list[Feature], scaled: FloatArray, member: IntArray
) -> tuple[TerritoryType, ...]:
    k = int(member.max()) + 1
    apart = np.array([scaled[member == t].mean(axis=0) for t in range(k)])
    values = known[[f.id for f in features]].to_numpy(dtype=float)
    middle = np.array([np.median(values[member == t], axis=0) for t in range(k)])
    ids = [f.id for f in features]
    density = middle[:, ids.index("density_km2")] if "density_km2" in ids else None
    names = names_of(features, apart, density)
    everywhere = np.median(values, axis=0)
    people = known["population"].to_numpy() if "population" in known else np.full(len(known), 0.0)
    return tuple(
        TerritoryType(
            name=names[t],
            cantons=int((member == t).sum()),
            people=float(people[member == t].sum()),
            profile={f.id: float(middle[t, c]) for c, f in enumerate(features)},
            apart={f.id: float(apart[t, c]) for c, f in enumerate(features)},
            sentence=_sentence(features, middle[t], everywhere, apart[t]),
        )
        for t in range(k)
    )


def _sentence(
    features: list[Feature], middle: FloatArray, everywhere: FloatArray, apart: FloatArray
) -> str:
    """Return the three figures that set a type most apart, against the median canton."""
    order = sorted(range(len(features)), key=lambda c: (-abs(float(apart[c])), c))[:3]
    parts = [
        f"{features[c].title} : {features[c].shown(middle[c])} "
        f"(canton médian : {features[c].shown(everywhere[c])})"
        for c in order
    ]
    text = " ; ".join(parts)
    return text[0].upper() + text[1:] + "."
