import json
import re

import pytest

from geodata.errors import DataError
from planning.scenario import Scenario


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"positions": 0}, "compris entre 1 et 4000"),
        ({"positions": 10_000}, "10000 demandé"),
        ({"mobile": 30}, "compris entre 0 et 29"),
        ({"mobile": -1}, "conseillers mobiles"),
        ({"model": "p-center"}, "Modèle inconnu"),
        ({"threshold_min": 0}, "seuils"),
        ({"isolated_min": 61.0}, "seuils"),
        ({"max_load_ratio": 0.5}, "rapport de charge"),
        ({"min_load_ratio": 1.2}, "charge minimale"),
        ({"tour_weeks": 3}, "2 ou 4 semaines"),
        ({"positions": 30.5}, "n'ont pas de sens (positions = 30.5"),
        ({"positions": True}, "positions = True"),
        ({"territory": 3}, "territory = 3"),
        ({"seed": "x"}, "seed"),
        ({"max_load_ratio": float("inf")}, "max_load_ratio"),
        ({"isolated_min": "15"}, "isolated_min"),
        ({"tours": "oui"}, "tours"),
        ({"host_preference_min": [1]}, "host_preference_min"),
        ({"host_preference_min": {"library": -50.0}}, "host_preference_min"),
        ({"tour_iterations": 10**12}, "tour_iterations"),
    ],
)
def test_a_choice_without_sense_is_refused_with_its_value(choices, said):
    with pytest.raises(DataError, match=re.escape(said)):
        Scenario(**{"territory": "03", "positions": 30, **choices})


def test_a_scenario_is_plain_json():
    scenario = Scenario(territory="03", positions=30)
    again = json.loads(json.dumps(scenario.to_dict()))
    assert Scenario(**again) == scenario


def test_seconds_replace_iterations_as_the_stop_of_the_tours():
    by_count = Scenario(territory="03", positions=30).tour_stop()
    by_clock = Scenario(territory="03", positions=30, tour_seconds=2.0).tour_stop()
    assert (by_count.kind, by_clock.kind, by_clock.value) == ("iterations", "seconds", 2.0)
