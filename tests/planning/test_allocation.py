"""The cascade on the real country: exact sums, floors, caps, positions there, bonus."""

import pytest

from geodata import tables
from geodata.errors import DataError, InfeasibleError
from planning.allocation import Bounds, Choices, allocate, rural_communes, unit_of
from planning.sharing import METHODS


@pytest.fixture(autouse=True)
def alone(bare_machine):
    """The snapshot alone."""


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", ["region", "department", "canton"])
def test_every_step_sums_to_what_it_shares(method, level):
    found = allocate(Choices(4000, level, method))
    above = {"": 4000}
    for one in found.choices.path:
        rows = found.at(one)
        sums = rows.groupby("parent")["positions"].sum()
        assert sums.to_dict() == {parent: above[parent] for parent in sums.index}
        above = rows["positions"].to_dict()
    assert found.units["positions"].sum() == 4000
    assert found.units["why"].str.len().min() > 20


def test_each_person_is_counted_once_at_each_level():
    found = allocate(Choices(4000, "canton"))
    population = tables.demand_points()["population"].sum()
    persons = [found.at(level)["persons"].sum() for level in found.choices.path]
    assert persons == pytest.approx([persons[0]] * 3)
    for level in found.choices.path:
        assert found.at(level)["population"].sum() == population


def test_where_need_is_not_estimated_inhabitants_count_and_it_is_said():
    units = allocate(Choices(4000)).units
    assert units.index[~units["estimated"]].tolist() == ["976"]
    assert units.at["976", "positions"] >= 1
    assert units.at["976", "persons"] != units.at["976", "persons"]
    assert units.at["976", "per_1000"] != units.at["976", "per_1000"]


def test_where_there_is_no_canton_the_intercommunality_takes_its_place():
    units = allocate(Choices(4000, "canton")).units
    assert not unit_of("canton").isna().any()
    assert "Métropole de Lyon" in units.at["200046977", "name"]
    assert units.at["200046977", "parent"] == "69"


@pytest.mark.parametrize("method", METHODS)
def test_floors_caps_and_positions_there_hold(method):
    bounds = {"48": Bounds(floor=9), "75": Bounds(cap=40), "03": Bounds(existing=52)}
    found = allocate(Choices(4000, "department", method, floor=6, cap=100, bounds=bounds))
    units = found.units
    assert units["positions"].between(6, 100).all()
    assert units.at["48", "positions"] >= 9
    assert units.at["75", "positions"] == 40
    assert units.at["03", "positions"] >= 52
    assert units.at["03", "new"] == units.at["03", "positions"] - 52
    region = found.at("region").loc["84"]
    assert region["floor"] == 11 * 6 + 52
    assert region["existing"] == 52
    assert "plafond de 40" in units.at["75", "why"]


def test_a_bonus_moves_positions_to_priority_communes():
    plain = allocate(Choices(4000)).units
    raised = allocate(Choices(4000, bonus=0.5, priority=rural_communes())).units
    assert raised["positions"].sum() == plain["positions"].sum()
    assert raised.at["48", "positions"] > plain.at["48", "positions"]
    assert raised.at["75", "positions"] < plain.at["75", "positions"]
    assert 0 < raised.at["03", "priority_share"] < 1


def test_without_cascade_the_units_share_at_once():
    found = allocate(Choices(500, "department", "largest-remainder", cascade=False))
    assert found.steps["level"].unique().tolist() == ["department"]
    assert (abs(found.units["positions"] - found.units["exact"]) < 1).all()


def test_max_min_serves_every_department_first():
    found = allocate(Choices(101, "department", "max-min", cascade=False)).units
    assert (found["positions"] == 1).all()


def test_what_cannot_be_is_refused():
    with pytest.raises(InfeasibleError, match="demandent 505"):
        allocate(Choices(500, floor=5))
    with pytest.raises(InfeasibleError, match="Allier"):
        allocate(Choices(4000, cap=50, bounds={"03": Bounds(existing=60)}))
    with pytest.raises(DataError, match="99"):
        allocate(Choices(500, bounds={"99": Bounds(1)}))
    with pytest.raises(DataError):
        Choices(0)
    with pytest.raises(DataError):
        Choices(10, bonus=-1)
    with pytest.raises(DataError):
        Choices(10, floor=-1)


def test_the_order_of_bounds_changes_nothing():
    one = {"03": Bounds(40), "48": Bounds(10)}
    two = dict(reversed(one.items()))
    a, b = (allocate(Choices(900, bounds=bounds)).steps for bounds in (one, two))
    assert a.equals(b)
