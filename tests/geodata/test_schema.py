"""Contracts: every fault is found, and told once."""

import pandas as pd
import pytest

from geodata.errors import DataError
from geodata.schema import PLACE, Column, Provenance, Schema, Table, no_rejects

PROVENANCE = Provenance("x", "Titre", "P", "L", "2024", "https://example.org", "folder")


def place(**changes):
    row = {
        "id": "1",
        "name": "Médiathèque",
        "kind": "library",
        "inferred_kind": False,
        "commune_code": "03190",
        "lon": 3.3,
        "lat": 46.5,
        "point_source": "source",
        "address": None,
        "postal_code": None,
        "phone": None,
        "website": None,
        "hours": None,
        "weekly_hours_h": float("nan"),
        "record_date": None,
        "mobile": False,
        "layer": "libraries",
        "services": None,
        "access": None,
    }
    return row | changes


def test_a_good_table_of_places_passes_as_it_is():
    frame = pd.DataFrame([place(), place(id="2")])
    assert PLACE.check(frame) is frame


def test_an_empty_table_of_places_passes():
    assert len(PLACE.check(pd.DataFrame([place()]).iloc[:0])) == 0


def test_missing_columns_are_all_named_at_once():
    frame = pd.DataFrame([place()]).drop(columns=["lon", "hours", "layer"])
    with pytest.raises(DataError, match="lon, hours, layer") as raised:
        PLACE.check(frame, "fichier.csv")
    assert raised.value.where == "fichier.csv"
    assert raised.value.remedy


def test_every_fault_is_told_in_one_error():
    frame = pd.DataFrame([place(kind="palace", lat=95.0, name=None), place(kind="library")])
    with pytest.raises(DataError) as raised:
        PLACE.check(frame)
    text = str(raised.value)
    for part in ("« kind »", "palace", "« lat »", "supérieure(s) à 90", "« name »", "« id »"):
        assert part in text


def test_extra_columns_and_another_order_are_refused_when_exact():
    frame = pd.DataFrame([place()])
    with pytest.raises(DataError, match="inattendue"):
        PLACE.check(frame.assign(mail="a"))
    with pytest.raises(DataError, match="ordre"):
        PLACE.check(frame[frame.columns[::-1]])


def test_kinds_of_columns():
    schema = Schema("t", {"n": Column("integer", low=1), "f": Column("flag")})
    schema.check(pd.DataFrame({"n": [1, 2], "f": [True, False]}))
    with pytest.raises(DataError, match="nombres entiers"):
        schema.check(pd.DataFrame({"n": [1.5], "f": [True]}))
    with pytest.raises(DataError, match="oui ou non"):
        schema.check(pd.DataFrame({"n": [1], "f": ["oui"]}))


def test_the_index_is_checked_too():
    schema = Schema("t", {"n": Column("number")}, index=Column("text", unique=True))
    good = pd.DataFrame({"n": [1.0]}, index=pd.Index(["01001"], name="code"))
    schema.check(good)
    with pytest.raises(DataError, match="« code » : 1 valeur"):
        schema.check(pd.concat([good, good]))


def test_a_table_counts_its_rows():
    rejected = no_rejects()
    rejected.loc[0] = [3, "x", "01001", "sans nom"]
    table = Table.of(pd.DataFrame({"a": [1, 2]}), PROVENANCE, rejected, {"réparé": 1})
    assert (table.provenance.rows, table.provenance.set_aside) == (2, 1)
    assert table.notes == {"réparé": 1}
