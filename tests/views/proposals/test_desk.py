from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from planning import proposals
from planning.adjust import adjust
from planning.events import Author
from planning.store import Store
from tests.pages.conftest import quick_scenario
from views.parts import cached
from views.parts.proposals import adjust as adjust_view
from views.parts.proposals import cantons as canton_view
from views.parts.proposals import effect as effect_view
from views.parts.proposals.desk import Desk, Work, content_of, open_desk, plan_positions, possible

ANNE = Author("Anne", True)
CODES = some.sampled_from(["a", "b", "c"])
WORKS = some.builds(
    lambda positions, locked: Work({k: n for k, n in positions.items() if n}, frozenset(locked)),
    some.dictionaries(CODES, some.integers(0, 4)),
    some.sets(CODES),
)


@pytest.fixture(autouse=True)
def snapshot_alone(bare_machine):
    """The plan shared by these tests is made on the snapshot alone."""


@cache
def plan():
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(60)
    return job.result()


def desk():
    return open_desk("key", plan(), None)


@given(some.lists(WORKS, max_size=6))
def test_undoing_all_comes_back_to_the_start(works):
    one = Desk("key", Work({"a": 1}), Work({"a": 1}), Work({"a": 1}))
    seen = [one.now]
    for work in works:
        one.put(work)
        if work != seen[-1]:
            seen.append(work)
    for work in reversed(seen[:-1]):
        one.undo()
        assert one.now == one.shown == work
    one.undo()  # nothing left
    assert one.now == seen[0]
    for work in seen[1:]:
        one.redo()
        assert one.now == work


def test_typing_does_not_fill_the_table_again():
    one = desk()
    filling = one.filling
    one.edit(Work({}))
    assert one.filling == filling
    one.undo()
    assert one.filling == filling + 1
    one.edit(Work({}))
    assert one.future == []  # a new branch: what was undone is gone


@settings(max_examples=50)
@given(WORKS, CODES, CODES, some.integers(1, 6))
def test_moving_keeps_the_number_of_positions(work, origin, target, count):
    moved = work.moved(origin, target, count)
    assert sum(moved.positions.values()) == sum(work.positions.values())
    assert all(n > 0 for n in moved.positions.values())
    assert moved.locked == work.locked


def test_the_table_starts_from_the_plan_and_is_read_back():
    table = adjust_view.places_table(plan(), desk())
    assert table["positions"].sum() == plan().fixed.positions.sum()
    assert table["positions"].iloc[0] > 0
    assert table.index.is_unique
    assert adjust_view.read_work(table) == desk().now


def test_an_edited_table_is_read_with_care():
    table = adjust_view.places_table(plan(), desk()).head(4)
    table = table.assign(positions=[None, -2, 4, 1e9], locked=[True, None, False, False])
    work = adjust_view.read_work(table)
    assert list(work.positions.values()) == [4, adjust_view.MOST]
    assert work.locked == {table.index[0]}


def test_a_proposal_is_taken_up_where_it_was_left(tmp_path):
    store = Store(tmp_path / "registre.sqlite3")
    one = desk()
    origin = next(iter(one.now.positions))
    target = next(code for code in adjust_view.places_table(plan(), one).index
                  if code not in one.now.positions)  # fmt: skip
    one.put(replace(one.now.moved(origin, target, 1), locked=frozenset({target})))
    kept = proposals.save(store, content_of(one, plan()), ANNE)
    again = open_desk("key", plan(), kept)
    assert again.now == one.now
    assert again.saved
    assert again.start == Work(plan_positions(plan()))
    assert possible(plan(), Work({**one.now.positions, "99999": 2})).positions == one.now.positions


def test_what_is_moved_is_told_with_its_reason():

    start = desk().now.positions
    gone = next(iter(start))
    added = next(code for code in adjust_view.places_table(plan(), desk()).index
                 if code not in start)  # fmt: skip
    moved = desk().now.moved(gone, added, start[gone])
    now, then = adjust(plan(), moved.positions), adjust(plan(), start)
    whys = [row[-1] for row in canton_view.site_rows(plan(), now)]
    assert any(why.startswith("Ajouté à la main") for why in whys)
    assert any(why.startswith("Retiré à la main. Le plan en disait") for why in whys)
    assert all(row[-1] for row in canton_view.site_rows(plan(), then))
    facts = {fact.title: fact for fact in effect_view.facts(plan(), now, then)}
    assert facts["Postes fixes placés"].value == str(sum(start.values()))
    more = adjust(plan(), {**start, added: 1})
    dearer = {fact.title: fact for fact in effect_view.facts(plan(), more, then)}
    aid = next(title for title in facts if title.startswith("Aide de l'État"))
    assert dearer[aid].value != facts[aid].value
    assert dearer[aid].strong
    rows = canton_view.canton_rows(plan(), more)
    assert len(rows) == canton_view.canton_names(plan()).nunique()


@pytest.mark.parametrize(
    ("more", "said"), [(0, "autant que le plan"), (-1, "1 poste encore"), (2, "2 postes de plus")]
)
def test_how_many_positions_remain_is_said(more, said):
    one = desk()
    code = next(iter(one.now.positions))
    counts = one.now.positions[code] + more
    one.put(Work({**one.now.positions, code: counts} if counts else
                 {k: n for k, n in one.now.positions.items() if k != code}))  # fmt: skip
    assert said in adjust_view.balance_text(one)


def test_what_was_moved_by_hand_is_decided_and_what_the_solver_placed_is_not():
    one = desk()
    origin, other, *_ = one.now.positions
    one.put(one.now.moved(origin, "90004", 1))
    assert one.decided == {origin, "90004"}
    found = {**one.now.positions, other: one.now.positions[other] + 1}
    one.replace(found, one.decided)
    assert one.decided == one.now.locked == {origin, "90004"}
    one.undo()
    assert one.now.locked == frozenset()
    assert one.decided == {origin, "90004"}  # not what the solver had placed


def test_what_changes_for_the_communes_is_named():
    start = adjust(plan(), plan_positions(plan()))
    assert "Aucun poste" in effect_view.changed_text(plan(), start, start)
    none = adjust(plan(), {})
    said = effect_view.changed_text(plan(), none, start)
    assert "→ 0" in said
    assert "au-delà de" in said
    back = effect_view.changed_text(plan(), start, none)
    assert "en deçà de" in back
