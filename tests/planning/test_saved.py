import pytest

from geodata.errors import DataError
from geodata.schema import Provenance
from planning import saved
from planning.events import Author, ConflictError, Stream
from planning.scenario import Scenario
from planning.store import Store

ANNE = Author("Anne", True)
BEN = Author("Ben", False)
ALLIER = Scenario(territory="03", positions=30, mobile=2, seed=7, threshold_min=25)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "registre.sqlite3")


def test_choices_come_back_whole(store):
    made = saved.save(store, "  Allier,\n30 postes ", ALLIER, {"communes": "2026 ab"}, ANNE)
    found = saved.reopen(store, made.id)
    assert found == made
    assert found.scenario == ALLIER
    assert found.name == "Allier, 30 postes"
    assert found.data_versions == {"communes": "2026 ab"}
    assert found.author == ANNE
    assert saved.list_saved(store) == [found]
    payload = store.read(found.stream)[0].payload
    assert set(payload) == {"name", "choices", "data_versions"}  # choices, never results


def test_a_scenario_is_renamed_changed_copied_and_deleted(store):
    first = saved.save(store, "Un", ALLIER, {}, ANNE)
    renamed = saved.rename(store, first, "Deux", BEN)
    assert (renamed.name, renamed.author) == ("Deux", ANNE)  # the choices are still Anne's
    changed = saved.change(store, renamed, ALLIER.with_choices(positions=12), {}, BEN)
    assert (changed.scenario.positions, changed.author, changed.name) == (12, BEN, "Deux")
    twin = saved.copy(store, changed, "Trois", ANNE)
    assert twin.scenario == changed.scenario
    assert twin.id != changed.id
    assert [one.name for one in saved.list_saved(store)] == ["Trois", "Deux"]
    saved.delete(store, changed, ANNE)
    assert [one.name for one in saved.list_saved(store)] == ["Trois"]
    with pytest.raises(DataError, match="n'existe pas"):
        saved.reopen(store, changed.id)


def test_two_changes_at_once_do_not_overwrite_each_other(store):
    first = saved.save(store, "Un", ALLIER, {}, ANNE)
    saved.rename(store, first, "Deux", BEN)
    for late in (
        lambda: saved.rename(store, first, "Trois", ANNE),
        lambda: saved.change(store, first, ALLIER, {}, ANNE),
        lambda: saved.delete(store, first, ANNE),
    ):
        with pytest.raises(ConflictError):
            late()
    assert saved.reopen(store, first.id).name == "Deux"


@pytest.mark.parametrize("name", ["", "  \n", "x" * 121])
def test_a_name_is_needed(store, name):
    with pytest.raises(DataError, match="nom"):
        saved.save(store, name, ALLIER, {}, ANNE)
    assert saved.list_saved(store) == []


@pytest.mark.parametrize("choices", [
    {"territory": "03"},
    {"territory": "03", "positions": 3, "moon": 1},
    {"territory": "03", "positions": "many"},
    {"territory": "03", "positions": 0},
])  # fmt: skip
def test_choices_of_another_version_are_refused_in_words(store, choices):
    payload = {"name": "Un", "choices": choices, "data_versions": {}}
    store.append(Stream("scenario", "old"), "saved", ANNE, payload)
    torn = {"name": "Un", "choices": ALLIER.to_dict()}  # of no data
    store.append(Stream("scenario", "torn"), "saved", ANNE, torn)
    good = saved.save(store, "Deux", ALLIER, {}, ANNE)
    assert saved.list_saved(store) == [good]
    for name in ("old", "torn"):
        with pytest.raises(DataError):
            saved.reopen(store, name)


def test_what_data_it_was_made_with_is_compared():
    here = Provenance("a", "A", "", "", "2020", "", "folder", sha256="f" * 64)
    gone = Provenance("b", "B", "", "", "2021", "", "missing")
    versions = saved.data_versions([(here, True), (gone, False)])
    assert versions == {"a": "2020 ffffffffffff"}
    assert saved.changed_layers(versions, versions) == []
    assert saved.changed_layers(versions, {"a": "2024 eeeeeeeeeeee", "c": "1"}) == ["a", "c"]
