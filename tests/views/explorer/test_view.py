import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.indicators import IDS
from views.parts.explorer import zones
from views.parts.explorer.view import PARAMETERS, View, comparable, read, write

FULL = View(
    zone="REG-84",
    level="cantons",
    measure="indice",
    method="libres",
    number=5,
    bounds=(2.5, 5.0, 7.0),
    layers=("epci", "poste"),
    result="scenario-0123456789abcdef",
    unit="0301",
    other="DEP-03",
    weights=(1.0, 0.0, 2.0, 1.0, 1.0, 0.5),
)


def test_a_link_restores_the_whole_view():
    assert read(write(FULL), View()) == (FULL, ())


def test_the_view_by_default_has_an_empty_link():
    assert write(View()) == {}
    assert read({}, View()) == (View(), ())


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(list(zones.zones())),
    st.sampled_from(list(zones.LEVELS)),
    st.sampled_from(["taux", "personnes", "types", "acces-fs"]),
    st.integers(3, 7),
)
def test_every_coherent_view_survives_its_link(zone, level, measure, number):
    view = View(zone=zone, level=level, measure=measure, number=number).coherent()
    assert view.level in zones.levels(zone)
    assert read(write(view), View()) == (view, ())


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from([*PARAMETERS, "dep"]), st.text(max_size=40)))
def test_no_link_breaks_the_view(parameters):
    view, _ = read(parameters, View())
    assert view == view.coherent()
    assert view.zone in zones.zones()


@pytest.mark.parametrize(
    "parameters",
    [
        {"zone": "<script>"},
        {"zone": "999"},
        {"mesure": "../../etc"},
        {"maille": "iris"},
        {"nombre": "50"},
        {"bornes": "3;1"},
        {"couches": "poste,wifi"},
        {"resultats": "scenario-../x"},
        {"poids": "1,1,1"},
        {"poids": "0,0,0,0,0,0"},
        {"poids": "1e9,1,1,1,1,1"},
        {"unite": "' OR 1=1"},
        {"unite": "03190"},  # a commune is no unit of the map of départements
        {"unite": "03", "avec": "97"},
        {"bornes": "1" * 500},
    ],
)
def test_what_makes_no_sense_is_left_out_and_told(parameters):
    view, ignored = read(parameters, View())
    assert list(parameters)[-1] in ignored
    assert view == View(unit=view.unit)


def test_the_links_of_other_pages_are_understood():
    assert read({"dep": "48"}, View())[0] == View(zone="48", level="communes")


def test_a_unit_that_the_zone_does_not_hold_is_forgotten():
    view = View(zone="32", level="communes", unit="03190").coherent()
    assert view.unit == ""


def test_levels_follow_the_zone():
    assert zones.levels("FR") == ("departements", "cantons", "epci")
    assert zones.levels("REG-84") == ("cantons", "epci")
    assert zones.levels("03") == ("communes", "cantons", "epci")
    assert "cantons" not in zones.levels("972")  # Martinique has none
    assert View(zone="972", measure="types").coherent().measure == "taux"


def test_a_unit_is_compared_with_what_holds_it_first():
    found = comparable("03", "communes", "03190")
    assert list(found)[:3] == ["DEP-03", "REG-84", "FR"]
    assert "03185" in found
    assert "03190" not in found


def test_an_epci_over_two_departments_is_in_both():
    vichy = "200071363"
    assert vichy in zones.units("03", "epci")
    assert len([code for code in zones.around("epci", vichy) if code.startswith("DEP-")]) >= 1


def test_weights_stand_in_the_order_of_the_indicators():
    view, _ = read({"poids": ",".join("1" for _ in IDS)}, View())
    assert view.weights == (1.0,) * len(IDS)
