import json
import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from views.parts import assets, legend, map_frame
from views.parts import map as maps

SCALE = legend.fixed_scale("Minutes", [10, 20], "min", "", hatch_last=True)
MARK = legend.Mark("lieu", "square", "#000091")


def test_areas_carry_classes_and_never_geometry():
    values = pd.Series([5.0, 25.0, float("nan")], index=["03001", "03002", "03003"])
    parts = pd.DataFrame({"minutes": ["5 min", "25 min", ""]})
    layer = maps.areas("communes-03", values, SCALE, ("{0} d'ici", parts), "inconnu")
    assert layer["values"] == {"03001": [0, "5 min"], "03002": [2, "25 min"]}
    assert layer["unknown"] == "inconnu"
    assert layer["styles"][2]["hatch"] == "dots"
    assert layer["missing"]["hatch"] == "lines"
    assert len(json.dumps(layer)) < 800


def test_points_are_light_and_in_order():
    layer = maps.points([(46.123456789, 3.1, "1", "Titre", "ligne")], MARK)
    assert layer["rows"] == [[46.1235, 3.1, "1", "Titre", "ligne"]]
    assert layer["shape"] == "square"


def test_tours_differ_by_colour_and_dashes():
    pairs = {(maps.tour_colour(k), maps.tour_dash(k)) for k in range(30)}
    assert len(pairs) == 30
    assert all(maps.tour_dash(k) != maps.tour_dash(k + 6) for k in range(24))


def test_labels_put_the_largest_towns_first():
    towns = pd.DataFrame(
        {
            "name": ["Petit", "Grand", "Moyen"],
            "lat": [46.0, 46.1, 46.2],
            "lon": [3.0, 3.1, 3.2],
            "population": [300, 40_000, 9_000],
        }
    )
    rows = maps.labels(towns, limit=2)["rows"]
    assert [row[2:] for row in rows] == [["Grand", 0], ["Moyen", 1]]


def test_the_key_follows_what_is_shown():
    layers = [maps.lines("cantons-03")]
    one = maps.specification("03", "Carte", layers)
    assert one["key"] == maps.specification("03", "Carte", layers)["key"]
    assert one["key"] != maps.specification("03", "Carte", [])["key"]


def test_the_script_given_to_the_browser_holds_no_outside_address_and_no_markup():
    point = maps.points([(46.1, 3.1, "", "</script><b>", "x")], MARK)
    spec = maps.specification("03", "Carte", [point])
    base = map_frame.BaseMap({"urls": [], "credit": map_frame.CREDIT})
    layers = map_frame.Layers(spec)
    layers.add_to(base)
    script = base.get_root().render()
    assert "</script><b>" not in script
    assert not re.search(r"https?://(?!www\.w3\.org)", script)


def test_only_files_of_ours_are_loaded():
    links = [link for _, link in [*map_frame.BaseMap.default_js, *map_frame.BaseMap.default_css]]
    assert all(link.startswith(assets.FROM_FRAME) for link in links)
    assert not any(name in link for link in links for name in ("jquery", "bootstrap"))


@pytest.mark.parametrize("shape", ["circle", "square", "diamond", "triangle", "star", "cross"])
def test_every_mark_is_drawn_by_the_map_and_by_the_legend(shape):
    assert f"{shape}:" in (assets.STATIC_DIR / "map.js").read_text(encoding="utf-8")
    assert "data:image/svg+xml" in legend.mark_image(legend.Mark("x", shape, "#000091"))


def test_every_department_has_its_outlines():
    from geodata import tables

    found = assets.outlines()
    for department in tables.departments().index:
        address = found[f"communes-{department}"].removeprefix(assets.FROM_FRAME + "/")
        assert (assets.STATIC_DIR / address).is_file()


def test_the_frame_is_served_wherever_it_was_imported_first(monkeypatch):
    """The framework registers a component within a page's run alone; the warm-up is none."""
    from streamlit.components.lib.local_component_registry import (  # noqa: TID251 - its own
        LocalComponentRegistry,
    )

    registry = LocalComponentRegistry()
    monkeypatch.setattr(map_frame.runtime, "exists", lambda: True)
    monkeypatch.setattr(
        map_frame.runtime, "get_instance", lambda: SimpleNamespace(component_registry=registry)
    )
    map_frame._register()
    map_frame._register()
    found = registry.get_component_path("streamlit_folium.st_folium")
    assert (Path(found) / "index.html").is_file()
