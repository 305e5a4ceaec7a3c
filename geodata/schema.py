"""What a table must be, and what travels with it.

A :class:`Table` is a frame that passed its contract, the :class:`Provenance` of its
rows and the rows that were set aside.  A :class:`Schema` gathers every fault of a
frame and raises once, so that a user mends a file in one go.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import pandas as pd

from geodata.errors import DataError

Status = Literal["embedded", "imported", "folder", "downloaded", "partial", "missing"]

WHOLE: Final[frozenset[Status]] = frozenset({"imported", "folder", "downloaded"})
"""Of a layer that tells all that its producer knows of the country."""

STATUS_FR: Final[Mapping[Status, str]] = {
    "embedded": "embarqué",
    "imported": "importé",
    "folder": "dossier",
    "downloaded": "téléchargé",
    "partial": "partiel",
    "missing": "absent",
}

REJECTED_COLUMNS: Final = ("row", "id", "commune_code", "reason")


@dataclass(frozen=True)
class Provenance:
    """Where the rows of a table come from.

    Parameters
    ----------
    layer
        Layer id of the catalogue, or name of the table of the snapshot.
    title
        Name of the layer, in French.
    producer, licence
        Who publishes the data, and under which licence.
    vintage
        What the data describes: ``"2020-12"``, ``"2017"``, ``"2024-08-01"``.
    address
        Web address of the source.
    status
        Where the rows were found; ``"partial"`` when they cover only some territories.
    sha256
        Hash of the file read; empty when missing.
    fetched_at
        ISO date and time of the download, in UTC; empty when it was not downloaded.
    rows, set_aside
        Rows kept, and rows set aside with a reason.
    """

    layer: str
    title: str
    producer: str
    licence: str
    vintage: str
    address: str
    status: Status
    sha256: str = ""
    fetched_at: str = ""
    rows: int = 0
    set_aside: int = 0


def no_rejects() -> pd.DataFrame:
    """Return an empty frame of rejected rows (see :class:`Table`)."""
    return pd.DataFrame(
        {
            "row": pd.Series(dtype="int64"),
            "id": pd.Series(dtype="str"),
            "commune_code": pd.Series(dtype="str"),
            "reason": pd.Series(dtype="str"),
        }
    )


@dataclass(frozen=True)
class Table:
    """Rows that passed their contract, their source, and the rows set aside.

    Parameters
    ----------
    frame
        The rows kept; read only: copy before changing.
    provenance
        Their source; ``rows`` and ``set_aside`` are those of the two frames.
    rejected
        Rows set aside: ``row`` (line of the source file, from 1, the header being
        line 1), ``id``, ``commune_code`` as written in the source, ``reason`` (French).
    notes
        What was repaired or left out in rows that are kept (French) → how many rows.
    """

    frame: pd.DataFrame
    provenance: Provenance
    rejected: pd.DataFrame
    notes: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        provenance: Provenance,
        rejected: pd.DataFrame | None = None,
        notes: Mapping[str, int] | None = None,
    ) -> "Table":
        """Return a table whose provenance counts its rows kept and set aside."""
        rejected = no_rejects() if rejected is None else rejected
        counted = replace(provenance, rows=len(frame), set_aside=len(rejected))
        return cls(frame, counted, rejected, dict(notes or {}))


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Parameters
    ----------
    kind
        ``"text"``, ``"number"`` (float), ``"integer"`` or ``"flag"`` (boolean).
    null
        Whether a value may be missing.
    low, high
        Bounds of a number, both included.
    one_of
        Values allowed, for a text.
    unique
        Whether a value may stand once only.
    """

    kind: Literal["text", "number", "integer", "flag"]
    null: bool = False
    low: float | None = None
    high: float | None = None
    one_of: tuple[str, ...] = ()
    unique: bool = False

    def faults(self, name: str, values: pd.Series) -> Iterator[str]:
        """Yield the faults of ``values``, in French."""
        if not self._is_kind(values):
            yield f"« {name} » doit contenir {_KIND_FR[self.kind]} (trouvé : {values.dtype})"
            return
        missing = int(values.isna().sum())
        if missing and not self.null:
            yield f"« {name} » : {missing} valeur(s) manquante(s)"
        yield from self._range_faults(name, values)
        if self.one_of:
            unknown = sorted(set(values.dropna()) - set(self.one_of))
            if unknown:
                yield f"« {name} » : valeur(s) inconnue(s) {', '.join(map(str, unknown[:5]))}"
        if self.unique and values.duplicated().any():
            twice = values[values.duplicated()].astype(str).unique()
            yield f"« {name} » : {len(twice)} valeur(s) en double ({', '.join(twice[:5])})"

    def _range_faults(self, name: str, values: pd.Series) -> Iterator[str]:
        if self.kind == "number" and (count := int(values.abs().eq(float("inf")).sum())):
            yield f"« {name} » : {count} valeur(s) infinie(s)"
        for bound, wrong, word in (
            (self.low, values.lt, "inférieure(s) à"),
            (self.high, values.gt, "supérieure(s) à"),
        ):
            if bound is not None and (count := int(wrong(bound).sum())):
                yield f"« {name} » : {count} valeur(s) {word} {bound:g}"

    def _is_kind(self, values: pd.Series) -> bool:
        if self.kind == "text":
            return pd.api.types.is_string_dtype(values.dtype) or bool(values.isna().all())
        if self.kind == "flag":
            return pd.api.types.is_bool_dtype(values.dtype)
        if self.kind == "integer":
            return pd.api.types.is_integer_dtype(values.dtype)
        return pd.api.types.is_float_dtype(values.dtype)


_KIND_FR: Final = {
    "text": "du texte",
    "number": "des nombres",
    "integer": "des nombres entiers",
    "flag": "oui ou non",
}


@dataclass(frozen=True)
class Schema:
    """The columns that a frame must have.

    Parameters
    ----------
    name
        Name of the table, for messages.
    columns
        Name of each column → what it holds.
    index
        What the index holds; ``None`` when any unique index will do.
    exact
        Whether other columns are refused, and the order of the columns is kept.
    """

    name: str
    columns: Mapping[str, Column]
    index: Column | None = None
    exact: bool = False

    def faults(self, frame: pd.DataFrame) -> list[str]:
        """Return every fault of ``frame``, in French; an empty list when there is none."""
        found = []
        missing = [name for name in self.columns if name not in frame.columns]
        if missing:
            found.append(f"colonne(s) manquante(s) : {', '.join(missing)}")
        if self.exact:
            extra = [str(name) for name in frame.columns if name not in self.columns]
            if extra:
                found.append(f"colonne(s) inattendue(s) : {', '.join(extra)}")
            elif not missing and list(frame.columns) != list(self.columns):
                found.append("colonnes dans un autre ordre que celui attendu")
        for name, column in self.columns.items():
            if name in frame.columns:
                found.extend(column.faults(name, frame[name]))
        if self.index is not None:
            found.extend(self.index.faults(str(frame.index.name), frame.index.to_series()))
        elif not frame.index.is_unique:
            found.append("l'index contient des doublons")
        return found

    def check(self, frame: pd.DataFrame, where: str = "") -> pd.DataFrame:
        """Return ``frame`` when it keeps the contract.

        Parameters
        ----------
        frame
            The table to check.
        where
            File or layer, for the message.

        Raises
        ------
        DataError
            With all the faults, once.
        """
        found = self.faults(frame)
        if found:
            raise DataError(
                f"La table « {self.name} » n'est pas celle attendue : {' ; '.join(found)}",
                where=where,
                remedy="Vérifiez que le fichier est bien celui du producteur, puis rechargez-le.",
            )
        return frame


PLACE_KINDS: Final = (
    "town_hall",
    "library",
    "social_centre",
    "france_services",
    "postal_point",
    "mediation_place",
    "ehpad",
    "ccas",
    "association",
    "third_place",
    "permanence",
    "other",
)

PLACE: Final = Schema(
    "lieux",
    {
        "id": Column("text", unique=True),
        "name": Column("text"),
        "kind": Column("text", one_of=PLACE_KINDS),
        "inferred_kind": Column("flag"),
        "commune_code": Column("text"),
        "lon": Column("number", low=-180, high=180),
        "lat": Column("number", low=-90, high=90),
        "point_source": Column("text", one_of=("source", "commune")),
        "address": Column("text", null=True),
        "postal_code": Column("text", null=True),
        "phone": Column("text", null=True),
        "website": Column("text", null=True),
        "hours": Column("text", null=True),
        "weekly_hours_h": Column("number", null=True, low=0, high=168),
        "record_date": Column("text", null=True),
        "mobile": Column("flag"),
        "layer": Column("text"),
        "services": Column("text", null=True),
        "access": Column("text", null=True),
    },
    exact=True,
)
"""Contract of every table of places: exactly these columns, in this order.

``point_source`` is ``"commune"`` when the place is known to be in its commune and no
better: the source gives no point, or says that its point is the middle of the commune.
"""
