"""Studies on real territories: what is posed, what comes out, what is refused."""

import json
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import DataError, InfeasibleError
from planning.siting.outcome import (
    as_geopackage,
    as_json,
    reached,
    run,
    run_alternatives,
    run_frontier,
    run_waves,
    shared_share,
    sites_frame,
)
from planning.siting.posing import pose
from planning.siting.size import memory_mb, memory_note
from planning.siting.study import Study


@pytest.fixture(autouse=True)
def alone(bare_machine):
    """The snapshot alone."""


def quiet(_):
    pass


@pytest.fixture(scope="module")
def territory():
    return "90"


@pytest.mark.parametrize("model", ["p-median", "max-cover", "set-cover", "p-center", "capacitated"])
def test_every_model_has_a_plan_with_its_proof(territory, model):
    found = run(Study(territory, model, sites=4, threshold_min=25, caseload=6000), quiet)
    plan = found.plan
    assert plan.gap <= 0.05
    assert plan.bound <= plan.objective * (1 + 1e-9) or model == "max-cover"
    frame = sites_frame(found.posed, plan)
    assert len(frame) == len(plan.sites)
    assert frame["persons"].sum() == pytest.approx(
        found.posed.demand["persons"].sum() - plan.persons_unserved
    )
    assert (frame["status"] == "chosen").all()


def test_rules_are_followed_in_the_words_of_a_planner(territory):
    free = run(Study(territory, sites=6), quiet)
    forced = free.posed.candidates["commune_code"].iloc[-1]
    forbidden = sites_frame(free.posed, free.plan)["commune_code"].iloc[0]
    study = Study(
        territory, sites=6, forced=(forced,), forbidden=(forbidden,), group="epci", group_max=4,
        farthest_min=40, budget_eur=120_000,
    )  # fmt: skip
    found = run(study, quiet)
    frame = sites_frame(found.posed, found.plan)
    assert forced in set(frame["commune_code"])
    assert frame.set_index("commune_code").at[forced, "status"] == "forced"
    assert forbidden not in set(frame["commune_code"])
    assert np.nanmax(found.plan.minutes) <= 40
    assert found.plan.objective >= free.plan.objective


def test_conflicting_rules_are_told_in_words(territory):
    with pytest.raises(InfeasibleError, match="budget de 30"):
        run(Study(territory, sites=6, budget_eur=30_000), quiet)


def test_a_cost_by_kind_changes_what_a_budget_allows(territory):
    study = Study(territory, sites=6, budget_eur=30_000)
    kinds = pose(Study(territory)).candidates["kind"].unique()
    cheap = Study(territory, sites=6, budget_eur=30_000, cost_eur=dict.fromkeys(kinds, 5_000.0))
    with pytest.raises(InfeasibleError):
        run(study, quiet)
    assert len(run(cheap, quiet).plan.sites) == 6


def test_priorities_draw_the_plan_to_them(territory):
    plain = run(Study(territory, sites=2), quiet)
    rural = run(Study(territory, sites=2, priority="rural", priority_factor=10), quiet)
    assert rural.posed.problem.weights.sum() > plain.posed.problem.weights.sum()
    own = tuple(plain.posed.demand.index[:3])
    raised = pose(Study(territory, priority="own", own_priority=own, priority_factor=2))
    assert raised.problem.weights[:3] == pytest.approx(2 * plain.posed.problem.weights[:3])


@pytest.mark.parametrize("model", ["p-median", "max-cover"])
def test_a_priority_never_inflates_the_persons_told(territory, model):
    found = run(Study(territory, model, sites=3, priority="rural", priority_factor=3), quiet)
    people = found.posed.demand["persons"].to_numpy()
    plan = found.plan
    told = sites_frame(found.posed, plan)["persons"].sum() + plan.persons_unserved
    assert told == pytest.approx(people.sum())
    here = np.isfinite(plan.minutes)
    assert plan.mean_min == pytest.approx(np.average(plan.minutes[here], weights=people[here]))
    assert any("300 %" in note for note in found.posed.notes)


def test_a_run_that_is_stopped_keeps_its_best_plan(territory):
    found = run(Study("63", sites=20), quiet, enough=lambda: True)
    assert len(found.plan.sites) == 20
    assert found.plan.gap >= 0
    assert found.plan.bound <= found.plan.objective


def test_alternatives_compromises_and_waves(territory):
    study = Study(territory, sites=6, threshold_min=15)
    told = []
    plans = run_alternatives(study, told.append)
    assert len(plans) == 4
    assert all(shared_share(plans[0], plan) <= 2 / 3 + 1e-9 for plan in plans[1:])
    assert [one.done_share for one in told] == sorted(one.done_share for one in told)
    compromises = run_frontier(study, quiet)
    assert compromises[0].mean_min <= compromises[-1].mean_min
    up, down = run_waves(study, (2, 4, 6), quiet)
    assert [wave.sites for wave in up] == [2, 4, 6]
    assert set(up[0].nested.codes) <= set(up[2].nested.codes)
    assert [wave.sites for wave in down] == [6, 4, 2]
    assert len(run_alternatives(study, quiet, enough=lambda: True)) == 1
    assert run_waves(study, (2, 4), quiet, enough=lambda: True)[1] == ()


def test_the_files_hold_the_plan(territory, tmp_path):
    found = run(Study(territory, sites=3), quiet)
    content = json.loads(json.dumps(as_json(found.posed, found.plan)))
    assert [one["code"] for one in content["sites"]] == list(found.plan.codes)
    assert content["bound"] == content["objective"]
    path = tmp_path / "plan.gpkg"
    path.write_bytes(as_geopackage(found.posed, found.plan))
    with sqlite3.connect(path) as base:
        assert base.execute("select count(*) from sites").fetchone() == (3,)
        rows = base.execute("select count(*) from besoins").fetchone()
    assert rows == (len(found.posed.demand),)
    assert 0 < reached(found.posed, found.plan, 20) <= 1


def test_the_country_is_posed_on_points_and_refuses_what_it_cannot_solve():
    small = pose(Study("FR", sites=400))
    assert not small.road
    assert len(small.demand) > 34_000
    assert small.demand["persons"].notna().all()
    whole = replace(small, problem=small.problem.with_sites(4000))
    assert memory_note(whole.problem) == ""
    assert "par canton" in memory_note(small.problem)
    coarse = pose(Study("FR", sites=400, grain="canton"))
    assert len(coarse.demand) < 2_200
    assert memory_note(coarse.problem) == ""
    assert coarse.demand["persons"].sum() == pytest.approx(small.demand["persons"].sum())
    assert memory_mb(pose(Study("90")).problem) == 0
    for study in (Study("FR", "p-center"), Study("FR", farthest_min=30)):
        with pytest.raises(DataError):
            pose(study)


def test_unknown_communes_are_refused(territory):
    with pytest.raises(DataError, match="imposés"):
        pose(Study(territory, forced=("99999",)))
    with pytest.raises(DataError, match="par commune"):
        pose(Study("FR", sites=400, grain="canton", priority="rural"))
    with pytest.raises(DataError):
        Study(territory, seconds=0)


@pytest.mark.official
def test_existing_places_are_ignored_movable_or_kept(official_dir):
    ignored = pose(Study("90", sites=3))
    assert not ignored.problem.kept.any()
    movable = pose(Study("90", sites=3, existing="movable"))
    assert movable.candidates["existing"].any()
    assert not movable.problem.kept.any()
    kept = run(Study("90", sites=3, existing="kept"), quiet)
    assert kept.posed.problem.kept.sum() == kept.posed.candidates["existing"].sum() > 0
    assert len(kept.plan.sites) == kept.posed.problem.kept.sum() + 3
    frame = sites_frame(kept.posed, kept.plan)
    assert (frame["status"] == "kept").sum() == kept.posed.problem.kept.sum()


@pytest.mark.official
def test_a_minimum_by_canton_is_asked_of_our_own_cantons_alone(official_dir):
    study = Study("03", sites=10, group="canton", group_min=1, existing="kept")
    posed = pose(study)
    ours = posed.candidates["commune_code"].isin(posed.demand.index).to_numpy()
    assert len(posed.problem.rules.groups) == posed.demand["canton"].nunique()
    assert not any(group.members[~ours].any() for group in posed.problem.rules.groups)
    with pytest.raises(InfeasibleError, match="Montluçon-2"):
        pose(replace(study, group_min=2))


@pytest.mark.official
def test_a_budget_pays_for_positions_added_to_a_place_that_is_kept(official_dir):
    plain = pose(Study("90", "capacitated", sites=2, caseload=9000, existing="kept"))
    paid = pose(replace(plain.study, budget_eur=50_000.0))
    kept = plain.problem.kept
    assert kept.any()
    assert (paid.problem.rules.cost_eur == 20_000.0).all()
    assert paid.problem.rules.budget_eur == 50_000.0 + 20_000.0 * kept.sum()
