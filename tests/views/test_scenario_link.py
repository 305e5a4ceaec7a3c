from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from planning.scenario import PROGRAMME_POSITIONS, Scenario
from views.parts import scenario_link

DEFAULT = Scenario(territory="03", positions=30)

scenarios = some.builds(
    lambda positions, share, **rest: Scenario(
        "03", positions, mobile=None if share is None else int(share * (positions - 1)), **rest
    ),
    positions=some.integers(1, PROGRAMME_POSITIONS),
    share=some.none() | some.floats(0, 1),
    model=some.sampled_from(["p-median", "max-cover"]),
    threshold_min=some.integers(1, 60),
    isolated_min=some.integers(1, 600).map(lambda n: n / 10),
    max_load_ratio=some.integers(10, 90).map(lambda n: n / 10),
    min_load_ratio=some.integers(0, 10).map(lambda n: n / 10),
    tours=some.booleans(),
    tour_weeks=some.sampled_from([2, 4]),
    seed=some.integers(0, 999_999_999),
)


@given(scenarios, some.sampled_from(["", "a_", "b_"]))
def test_a_scenario_written_is_read_back_whole(scenario, prefix):
    link = scenario_link.write(scenario, DEFAULT, prefix)
    assert scenario_link.read(link, DEFAULT, prefix) == (scenario, ())
    assert all(len(value) < 12 for value in link.values())
    assert scenario_link.present(link, prefix)


@given(
    some.dictionaries(
        some.sampled_from([*scenario_link.PARAMETERS, "autre"]),
        some.text("0123456789.-+eEinfa٣²<>'\x00 ", max_size=12)
        | some.sampled_from(["0", "-1", "1e9", "60.00001", "٣", "auto", "9" * 5_000]),
    )
)
def test_any_link_gives_a_scenario_that_makes_sense(parameters):
    scenario, ignored = scenario_link.read(parameters, DEFAULT)
    assert replace(scenario) == scenario
    assert set(ignored) <= set(parameters)


@pytest.mark.parametrize(
    "parameters",
    [
        {"postes": "0"},
        {"postes": "4001"},
        {"postes": "٣"},
        {"mobiles": "30"},
        {"recherche": "<script>"},
        {"seuil": "61"},
        {"isolement": "nan"},
        {"isolement": "1.25"},
        {"isolement": "1e1"},
        {"charge": "0.5"},
        {"tournees": "True"},
        {"semaines": "3"},
        {"graine": "-1"},
    ],
)
def test_what_makes_no_sense_is_left_out_and_named(parameters):
    assert scenario_link.read(parameters, DEFAULT) == (DEFAULT, tuple(parameters))


def test_only_what_differs_is_written():
    assert scenario_link.write(DEFAULT, DEFAULT) == {"postes": "30"}
    assert not scenario_link.present({"dep": "48", "a_postes": "12"})
    other = replace(DEFAULT, mobile=2, model="max-cover")
    found = scenario_link.write(other, DEFAULT, "b_")
    assert found == {"b_postes": "30", "b_mobiles": "2", "b_recherche": "seuil"}
