"""Layers of the explorer as plain values."""

import json

import numpy as np
import pandas as pd
import pytest

from views.parts import legend, points
from views.parts import map as maps
from views.parts.explorer import drawing, overlays
from views.parts.explorer.measures import INDEX, MEASURES, PERSONS, RATE
from views.parts.explorer.view import View

CODES = ["03190", "03185", "03001", "03002"]


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "name": ["Moulins", "Montluçon", "Abrest", "Vide"],
            "population": [19_206.0, 33_147.0, 60.0, 0.0],
            "rate": [0.199, 0.154, 0.25, np.nan],
            "low_rate": [0.159, 0.11, 0.15, np.nan],
            "high_rate": [0.246, 0.21, 0.38, np.nan],
            "persons": [3235.0, 5110.0, 12.4, 0.0],
            "low": [2586.0, 3674.0, 7.0, 0.0],
            "high": [3999.0, 6947.0, 18.0, 0.0],
            "tier": [2, 2, 1, 0],
            "poorer_share": [0.0, 0.02, 1.0, 0.0],
            "score": [7.2, 5.0, 3.0, np.nan],
            "n_indicators": [4, 4, 3, 0],
        },
        index=pd.Index(CODES, name="code"),
    )


VIEW = View(zone="03", level="communes", method="libres", bounds=(16.0, 20.0))


def test_an_area_says_its_rate_with_the_interval_and_the_tier(table):
    layer = drawing.areas(VIEW, table, RATE).layer
    rank, *parts = layer["values"]["03190"]
    text = layer["template"].format(*parts)
    assert rank == 1
    assert "19,9\u00a0%" in text
    assert "15,9 à 24,6" in text
    assert "3\u202f235 personnes (entre 2\u202f586 et 3\u202f999)" in text
    assert "Niveau d'information : 2" in text
    assert "03002" not in layer["values"]  # nobody lives there: no rate
    assert layer["pick"]


def test_few_people_are_shown_rounded(table):
    parts = drawing.areas(VIEW, table, PERSONS).layer["values"]["03001"]
    assert any("environ 10 personnes (entre 7 et 18)" in str(part) for part in parts)


def test_a_poorer_tier_is_told_by_lines_and_by_the_legend(table):
    drawn = drawing.areas(VIEW, table, RATE)
    styles = drawn.layer["styles"]
    of = {code: styles[value[0]] for code, value in drawn.layer["values"].items()}
    assert of["03001"]["hatch"] == "lines"
    assert "hatch" not in of["03190"]
    assert "hatch" not in of["03185"]  # 2 % of its people: below what is marked
    assert "moins bien informée" in drawn.legend
    plain = drawing.areas(VIEW, table.assign(poorer_share=0.0), RATE)
    assert "moins bien informée" not in plain.legend


def test_an_index_on_fewer_indicators_is_marked(table):
    drawn = drawing.areas(VIEW, table, INDEX)
    assert "moins de 4 indicateurs" in drawn.legend
    assert drawn.layer["values"]["03001"][0] >= 3


@pytest.mark.parametrize("number", [3, 5, 7])
def test_classes_go_from_pale_to_dark(number):
    colours = legend.ramp(number)
    light = [sum(int(colour[k : k + 2], 16) for k in (1, 3, 5)) for colour in colours]
    assert len(set(colours)) == number
    assert light == sorted(light, reverse=True)


def test_own_bounds_are_those_of_the_legend(table):
    drawn = drawing.areas(VIEW, table, RATE)
    for text in ("moins de 16", "16 à 20", "20\u00a0% et plus"):
        assert text in drawn.legend


def test_a_region_draws_its_units_only(table):
    view = View(zone="REG-84", level="cantons")
    layer = drawing.areas(view, table, RATE).layer
    assert layer["only"] == ["03002"]
    assert "cantons-" in layer["url"]


def test_the_choice_of_a_unit_draws_nothing_again(table):
    towns = pd.DataFrame({"name": [], "lat": [], "lon": [], "population": []})
    drawn = drawing.areas(VIEW, table, RATE)
    plain = drawing.specification(VIEW, drawn, (), towns)
    view = View(zone="03", level="communes", unit="03190", other="03185")
    chosen = drawing.specification(view, drawn, (), towns)
    assert chosen["key"] == plain["key"]
    assert chosen["selected"] == ["03190", "03185"]
    # What holds a unit is no outline of the map.
    view = View(zone="03", level="communes", unit="03190", other="FR")
    assert drawing.specification(view, drawn, (), towns)["selected"] == ["03190"]


def test_thousands_of_points_are_one_file_that_browsers_keep():
    draw = np.random.default_rng(0)
    where = list(zip(draw.uniform(42, 51, 17_000), draw.uniform(-4, 8, 17_000), strict=True))
    mark = legend.Mark("point de contact", "triangle", "#7a5c00", 4)
    layer = maps.dots([(*at, "La Poste") for at in where], mark)
    assert layer["type"] == "dots"
    assert len(json.dumps(layer)) < 300
    path = points.FOLDER / layer["url"].removeprefix(f"{points.FROM_FRAME}/")
    rows = json.loads(path.read_text())
    assert len(rows) == 17_000
    assert rows[0] == [round(where[0][0], 4), round(where[0][1], 4), "La Poste"]
    assert path.stat().st_size < 600_000
    again = maps.dots([(*at, "La Poste") for at in where], mark)
    assert again == layer  # the same content has the same name


def test_every_type_differs_by_more_than_its_colour():
    fills = {(style.get("hatch", ""), style["fill"]) for style in drawing.TYPE_STYLES}
    assert len(fills) == len(drawing.TYPE_STYLES)
    plain = [s["fill"] for s in drawing.TYPE_STYLES if "hatch" not in s]
    light = sorted(sum(int(one[k : k + 2], 16) for k in (1, 3, 5)) for one in plain)
    assert min(np.diff(light)) > 15  # told apart without colours


def test_borders_of_a_region_come_from_the_national_file():
    (line,) = overlays.layers("REG-94", ("epci",))
    assert "epcis-" in line["url"]
    assert 10 < len(line["only"]) < 30
    (whole,) = overlays.layers("FR", ("departements",))
    assert "only" not in whole


def test_measures_show_their_unit_and_their_gap():
    assert RATE.shown(0.199) == "19,9\u00a0%"
    assert RATE.gap(0.021) == "+2,1\u00a0points"
    assert INDEX.gap(-1.5) == "−1,5\u00a0points"
    assert MEASURES["acces-fs"].shown(float("nan")) == "non connu"
