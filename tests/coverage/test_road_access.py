"""Access over a road file: a ladder of roads between two communes of the Allier."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.__main__ import main
from coverage.catchment import Decay
from coverage.network import CommuneNetwork
from coverage.road_access import MOST_CHANGE, RoadAccess, change_of_sharing, measure_on_roads
from coverage.road_files import read_roads
from coverage.roads import RoadGraph
from coverage.roads_command import box_of
from coverage.sites import load_sites
from geodata import tables
from geodata import territory as territories
from geodata.errors import DataError

MOULINS, YZEURE = "03190", "03321"


def road_file(tmp_path, codes=(MOULINS, YZEURE), shift=0.0):
    """A straight two-way road between the points of two communes."""
    points = tables.demand_points().loc[list(codes)]
    lon = np.linspace(*points["lon"], 20) + shift
    lat = np.linspace(*points["lat"], 20)
    nodes = "".join(
        f'<node id="{n}" version="1" lat="{y}" lon="{x}"/>'
        for n, (x, y) in enumerate(zip(lon, lat, strict=True), start=1)
    )
    ways = "".join(
        f'<way id="{n}" version="1"><nd ref="{n}"/><nd ref="{n + 1}"/>'
        f'<tag k="highway" v="primary"/><tag k="maxspeed" v="{50 + n % 2}"/></way>'
        for n in range(1, 20)
    )
    path = tmp_path / "roads.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{nodes}{ways}</osm>')
    return path


def test_the_command_travels_over_a_road_file(bare_machine, tmp_path, capsys):
    out = tmp_path / "access.csv"
    arguments = ["access", "--territory", "03", "--sites", "mediation_places", "--out", str(out)]
    assert main([*arguments, "--roads", str(road_file(tmp_path))]) == 0
    said = capsys.readouterr().out
    assert "Minutes par les routes de roads.osm" in said
    table = pd.read_csv(out, dtype={"commune_code": str}).set_index("commune_code")
    assert len(table) == 317
    assert table.at[MOULINS, "minutes"] < 15
    assert table.at["03185", "reason"].startswith("pas d'accès routier")  # Montluçon
    assert pd.isna(table.at["03185", "minutes"])  # no silent zero


def test_a_road_file_from_elsewhere_is_refused(bare_machine, tmp_path, capsys):
    arguments = ["access", "--territory", "03", "--sites", "mediation_places"]
    arguments += ["--out", str(tmp_path / "access.csv")]
    assert main([*arguments, "--roads", str(road_file(tmp_path, shift=9.0))]) == 2
    assert "ne couvre pas le territoire" in capsys.readouterr().err
    assert main([*arguments, "--roads", str(tmp_path / "none.osm")]) == 2
    assert "introuvable" in capsys.readouterr().err


def test_the_box_of_a_territory_holds_its_communes():
    west, south, east, north = box_of(territories.resolve("03"))
    points = territories.resolve("03").points()
    assert points["lon"].between(west, east).all()
    assert points["lat"].between(south, north).all()
    assert (east - west) * (north - south) < 4


@pytest.mark.official
def test_a_network_of_another_country_is_refused(andorra_roads: RoadGraph, bare_machine):
    sites = load_sites(["mediation_places"])
    allier = territories.resolve("03").points().index
    with pytest.raises(DataError, match="ne couvre pas"):
        measure_on_roads(andorra_roads, tables.demand_points(), allier, sites)


def test_the_command_leaves_shared_time_out_where_the_file_hides_the_neighbours(
    bare_machine, tmp_path, capsys
):
    out = tmp_path / "access.csv"
    arguments = ["access", "--territory", "03", "--sites", "mediation_places", "--out", str(out)]
    assert main([*arguments, "--roads", str(road_file(tmp_path))]) == 0
    assert "weekly_min_per_person est laissé vide" in capsys.readouterr().out
    assert pd.read_csv(out)["weekly_min_per_person"].isna().all()


def test_neighbours_share_the_hours_of_a_territory(bare_machine, tmp_path):
    nevers = "58194"
    graph = read_roads(road_file(tmp_path, codes=(MOULINS, nevers)))
    points, sites = tables.demand_points(), load_sites(["mediation_places"])
    ours = territories.resolve("03").points().index
    found = measure_on_roads(graph, points, ours, sites)
    assert set(ours) | {nevers} <= set(found.access.points.index)
    assert found.joined[found.access.points.index.get_loc(nevers)]
    network = CommuneNetwork.build(points)
    people = points["population"].to_numpy(float)
    assert change_of_sharing(network, found, ours, people, Decay()) > MOST_CHANGE
    whole = RoadAccess(
        replace(found.access, points=points),
        np.ones(len(points), bool),
        np.ones(len(sites.frame), bool),
    )
    assert change_of_sharing(network, whole, ours, people, Decay()) == 0
