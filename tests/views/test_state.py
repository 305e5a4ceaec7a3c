import pytest
from hypothesis import given
from hypothesis import strategies as some

from views.parts import state

DEPARTMENTS = {"03", "48", "2A", "972"}
LAYERS = ("besoin", "cantons", "sites")
COMMUNES = {"03190", "2A004"}


def read(**parameters):
    return state.read(parameters, DEPARTMENTS, LAYERS, COMMUNES)


def test_no_parameter_is_the_allier():
    assert read() == state.Link()


def test_what_exists_is_kept():
    link = read(dep="2a", couches="sites,besoin", commune="2a004")
    assert link == state.Link("2A", ("besoin", "sites"), "2A004")


@pytest.mark.parametrize(
    "parameters",
    [
        {"dep": "99"},
        {"dep": "../../etc/passwd"},
        {"dep": "<script>alert(1)</script>"},
        {"dep": "03" * 500},
        {"dep": "٠٣"},
        {"commune": "03190'; DROP TABLE communes"},
    ],
)
def test_hostile_parameters_are_left_out(parameters):
    link = read(**parameters)
    assert link.department == "03"
    assert link.commune == ""
    assert set(link.ignored) == set(parameters)


def test_unknown_layers_are_left_out():
    assert read(couches="sites,javascript:1").layers == ("sites",)
    assert read(couches="").layers == ()


@given(
    some.dictionaries(
        some.sampled_from(["dep", "couches", "commune", "autre"]), some.text(max_size=300)
    )
)
def test_any_link_is_read(parameters):
    link = state.read(parameters, DEPARTMENTS, LAYERS, COMMUNES)
    assert link.department in DEPARTMENTS
    assert link.commune in COMMUNES | {""}


@given(
    department=some.sampled_from(sorted(DEPARTMENTS)),
    layers=some.none() | some.sets(some.sampled_from(LAYERS)),
    commune=some.sampled_from(["", *sorted(COMMUNES)]),
)
def test_a_link_written_is_read_back(department, layers, commune):
    kept = None if layers is None else tuple(one for one in LAYERS if one in layers)
    link = state.Link(department, kept, commune)
    assert state.read(state.write(link), DEPARTMENTS, LAYERS, COMMUNES) == link


def test_a_choice_that_does_not_exist_is_left_at_its_default():
    assert state.chosen({"niveau": "cantons"}, "niveau", ("cantons", "communes")) == "cantons"
    hostile = {"niveau": "<script>alert(1)</script>"}
    assert state.chosen(hostile, "niveau", ("cantons", "communes"), "communes") == "communes"


@pytest.mark.parametrize("value", ["", "-1", "0", "13", "4.0", "٣", "1e1", "9" * 400, "<b>"])
def test_a_number_out_of_bounds_is_the_default(value):
    assert state.number_of({"n": value}, "n", (1, 12), 4) == 4
    assert state.number_of({"n": "12"}, "n", (1, 12), 4) == 12
    assert state.number_of({}, "n", (1, 12), 4) == 4


def test_a_reader_names_what_it_leaves_out():
    reader = state.Reader({"n": "99", "m": "3", "niveau": "<b>", "liste": "03,zz,23,03"})
    assert reader.number("n", (1, 12), 4) == 4
    assert reader.number("m", (1, 12), 4) == 3
    assert reader.number("absent", (1, 12), 4) == 4
    assert reader.chosen("niveau", ("cantons",), "cantons") == "cantons"
    assert reader.several("liste", ("03", "23")) == ("03", "23")
    assert reader.ignored == ["n", "niveau", "liste"]
