"""Which column of a user's file is which: proposed by likeness of names, then corrected."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from geodata.catalog import Source
from geodata.readers import indicators, mediation
from geodata.readers.rows import plain

SURE: Final = 100.0
LEAST_LIKENESS: Final = 75.0

# Columns that a reader uses where they are there.
_OPTIONAL: Final[Mapping[str, Sequence[str]]] = {
    "mediation_places": mediation.OPTIONAL,
    "permanences": mediation.OPTIONAL,
    "digital_indicators": indicators.SHARES,
}

# Names under which producers write the same thing.
_CONCEPTS: Final = (
    ("id", "identifiant", "id_fs", "code_bib", "identifiant_du_site", "identifiant_a", "uid"),
    ("nom", "name", "libelle", "libelle1", "lib_fs", "libelle_du_site", "raison sociale",
     "structure", "intitule"),
    ("commune", "ville", "localite", "lib_com", "nom_commune", "libcom", "city"),
    ("code_insee", "insee", "codgeo", "code commune", "code commune insee", "depcom", "insee_com",
     "code_commune", "codecommune", "code_commune_insee", "citycode"),
    ("code_postal", "cp", "postal", "codepostal", "postcode", "code postal"),
    ("latitude", "lat", "y_wgs84", "coord_y"),
    ("longitude", "lon", "lng", "long", "x_wgs84", "coord_x"),
    ("coordonnees_finales", "latlong", "geo_point_2d", "latitude,longitude", "coordonnees_ban"),
    ("adresse", "voie", "address", "rue", "adresse_complete", "localisation"),
    ("telephone", "tel", "phone", "numero_de_telephone"),
    ("site_web", "site", "url", "website", "site internet"),
    ("horaires", "opening_hours", "heures", "horaires_ouverture"),
    ("date_maj", "date", "maj", "updated_at", "date_mise_a_jour"),
    ("no_4g_share", "4g", "taux_4g", "part_4g", "couverture_4g", "sans_4g"),
    ("no_fast_broadband_share", "thd", "taux_thd", "part_thd", "tres_haut_debit", "raccordable",
     "taux_raccordable", "part_raccordable", "sans_thd", "fibre", "taux_fibre"),
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column that a layer reads.

    Parameters
    ----------
    name
        Its first name in the catalogue.
    names
        All the names that its producer gives it.
    """

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A column of the file that may be a field: how alike their names are (0–100)."""

    header: str
    likeness: float


def fields(source: Source) -> tuple[Field, ...]:
    """Return the columns that the reader of a source asks for, then those that it can use."""
    every = (*source.columns, *_OPTIONAL.get(source.id, ()))
    found = {names.partition("|")[0]: tuple(names.split("|")) for names in reversed(every)}
    return tuple(Field(name, names) for name, names in reversed(found.items()))


def propose(wanted: Sequence[Field], headers: Sequence[str]) -> dict[str, Proposal]:
    """Return the column proposed for each field; a field that nothing resembles is left out.

    A column is proposed once, for the field that it resembles most.
    """
    pairs = [
        (likeness(one, header), -rank, -place, one.name, header)
        for rank, one in enumerate(wanted)
        for place, header in enumerate(headers)
    ]
    found: dict[str, Proposal] = {}
    taken: set[str] = set()
    for alike, _, _, name, header in sorted(pairs, reverse=True):
        if alike >= LEAST_LIKENESS and name not in found and header not in taken:
            found[name] = Proposal(header, alike)
            taken.add(header)
    return found


def likeness(field: Field, header: str) -> float:
    """Return how alike a field and a column are: the same name, the same thing, or nearly."""
    key = plain(header)
    names = [plain(name) for name in field.names]
    if not key:
        return 0.0
    if key in names:
        return SURE
    for concept in _PLAIN_CONCEPTS:
        if key in concept and any(name in concept for name in names):
            return 95.0
    # A short name resembles everything: it must be found among the known ones.
    long = [name for name in names if min(len(name), len(key)) > 3]
    return max((0.9 * fuzz.ratio(name, key) for name in long), default=0.0)


_PLAIN_CONCEPTS: Final = tuple(frozenset(map(plain, names)) for names in _CONCEPTS)


def valid(
    matching: Mapping[str, str], wanted: Sequence[Field], headers: Sequence[str]
) -> dict[str, str]:
    """Return a matching without the fields and columns that do not exist."""
    names = {one.name for one in wanted}
    return {
        name: header for name, header in matching.items() if name in names and header in headers
    }


def title(field: Field) -> str:
    """Return how a field is shown: its name without underscores."""
    return re.sub(r"[_\s]+", " ", field.name).strip()
