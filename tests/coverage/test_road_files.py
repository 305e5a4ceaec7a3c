import gzip

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from shapely import LineString, MultiLineString, set_srid, to_wkb

from coverage.road_files import read_graphml, read_roads
from coverage.road_segments import read_ign_sql, read_segments
from geodata.errors import DataError

NODES = {1: (3.00, 46.00), 2: (3.01, 46.00), 3: (3.02, 46.00), 4: (3.01, 46.01), 5: (3.5, 46.5)}
WAYS = [
    ((1, 2, 3), {"highway": "primary"}),
    ((2, 4), {"highway": "residential", "oneway": "yes"}),
    ((4, 1), {"highway": "residential"}),
    ((3, 5), {"highway": "footway"}),
    ((1, 2, 3, 1), {"building": "yes"}),
]


def osm_text() -> str:
    nodes = "".join(
        f'<node id="{n}" lat="{y}" lon="{x}" version="1"/>' for n, (x, y) in NODES.items()
    )
    ways = "".join(
        f'<way id="{rank}" version="1">'
        + "".join(f'<nd ref="{n}"/>' for n in refs)
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        + "</way>"
        for rank, (refs, tags) in enumerate(WAYS, start=1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{nodes}{ways}</osm>'


@pytest.fixture
def osm_file(tmp_path):
    path = tmp_path / "small.osm"
    path.write_text(osm_text())
    return path


def test_openstreetmap_in_plain_and_packed_text(osm_file, tmp_path):
    packed = tmp_path / "small.osm.gz"
    packed.write_bytes(gzip.compress(osm_text().encode()))
    plain, unpacked = read_roads(osm_file), read_roads(packed)
    assert len(plain.lon) == len(unpacked.lon)
    assert plain.lon.max() < 3.1  # the footway's end is out
    # One way: from 2 to 4 straight, from 4 to 2 only round by 1.
    two = int(np.argmin(np.hypot(plain.lon - 3.01, plain.lat - 46.00)))
    four = int(np.argmin(np.hypot(plain.lon - 3.01, plain.lat - 46.01)))
    away = plain.table(np.array([two, four]), kilometres=True)
    assert away[0, 1] == pytest.approx(1.112, abs=0.005)
    assert away[1, 0] == pytest.approx(1.354 + 0.772, abs=0.005)


def test_a_graph_saved_by_osmnx(osm_file, tmp_path):
    import osmnx

    graph = osmnx.graph_from_xml(osm_file, retain_all=True)
    osmnx.save_graphml(graph, tmp_path / "small.graphml")
    assert len(read_roads(tmp_path / "small.graphml").lon) >= 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("roads.pdf", b"%PDF-1.7", "genre de fichier"),
        ("roads.osm.pbf", b"<html>not found</html>", "OpenStreetMap lisible"),
        ("roads.osm", b"<osm version='0.6'><node id='1'", "OpenStreetMap lisible"),
        ("roads.osm.gz", b"not gzip at all", "OpenStreetMap lisible"),
        ("empty.osm", b"<osm version='0.6'></osm>", "aucune route"),
        ("roads.graphml", b"<graphml", "GraphML lisible"),
        ("roads.sql", b"CREATE TABLE batiment (\n    fid bigint\n);\n", "troncon_de_route"),
        ("roads.sql", b"CREATE TABLE troncon_de_route (\n    fid bigint,\n    geom x\n);\n",
         "vitesse_moyenne_vl, sens_de_circulation"),
        ("roads.sql", b"\xff\xfe\x00binary", "UTF-8"),
        ("roads.geojson", b"{}", "lisible"),
        ("roads.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
         b'{"a":1},"geometry":{"type":"Point","coordinates":[3,46]}}]}', "vitesse_moyenne_vl"),
    ],
)  # fmt: skip
def test_a_file_of_the_wrong_kind_is_refused_by_name(name, content, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=said) as refused:
        read_roads(path)
    assert name in str(refused.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="introuvable"):
        read_roads(tmp_path / "none.osm")


def test_a_graph_without_coordinates_is_refused(tmp_path):
    path = tmp_path / "bare.graphml"
    nx.write_graphml(nx.path_graph(3, create_using=nx.MultiDiGraph), path)
    with pytest.raises(DataError):
        read_graphml(path)


def sql(rows: list[str]) -> str:
    columns = "fid bigint,\n    geom x,\n    sens_de_circulation v,\n    vitesse_moyenne_vl i"
    lines = "\n".join(f"INSERT INTO troncon_de_route VALUES ({row});" for row in rows)
    return f"CREATE TABLE troncon_de_route (\n    {columns}\n);\n{lines}\n"


def test_segments_with_direction_and_speed(tmp_path):
    def row(fid: int, ends: list[tuple[float, float]], way: str, speed: str) -> str:
        line = to_wkb(LineString([(700_000 + x, 6_600_000 + y, 0) for x, y in ends]), hex=True)
        return f"{fid}, '{line}', '{way}', {speed}"

    path = tmp_path / "t.sql"
    rows = [
        row(1, [(0, 0), (1000, 0)], "Sens direct", "50"),
        row(2, [(0, 0), (500, 900), (1000, 0)], "Sens inverse", "30"),
        row(3, [(1000, 0), (2000, 0)], "Sans objet", "50"),
        row(4, [(1000, 0), (2000, 500)], "Double sens", "0"),
        row(5, [(1000, 0), (2000, -500)], "Double sens", "NULL"),
    ]
    path.write_text(sql(rows))
    graph = read_ign_sql(path)
    assert len(graph.lon) == 2
    west = int(np.argmin(graph.lon))
    away = graph.table(np.array([west, 1 - west]))
    assert away[0, 1] == pytest.approx(1.2, rel=1e-3)  # 1 km at 50 km/h
    assert away[1, 0] == pytest.approx(60 * 2 * np.hypot(0.5, 0.9) / 30, rel=1e-3)


def segments(epsg: int | None, lines: list) -> gpd.GeoDataFrame:
    values = {"vitesse_moyenne_vl": 50, "sens_de_circulation": "Double sens"}
    return gpd.GeoDataFrame(values, index=range(len(lines)), geometry=lines, crs=epsg)


@pytest.mark.parametrize(
    ("epsg", "east", "north"),
    [(2975, 340_000, 7_650_000), (5490, 655_000, 1_795_000), (2154, 725_000, 6_600_000)],
)
def test_segments_are_measured_in_the_projection_of_their_territory(epsg, east, north, tmp_path):
    roads = [
        LineString([(east, north), (east + 5_000, north)]),
        # A line in two parts that do not touch: each is a road.
        MultiLineString(
            [
                [(east + 5_000, north), (east + 7_000, north)],
                [(east + 7_000, north), (east + 7_000, north + 3_000)],
                [(east + 7_000, north + 3_000), (east, north + 3_000), (east, north)],
            ]
        ),
    ]
    for name in ("roads.geojson", "roads.gpkg"):  # in degrees, and in metres
        frame = segments(epsg, roads)
        written = frame.to_crs(4326) if name.endswith("json") else frame
        written.to_file(tmp_path / name)
        graph = read_segments(tmp_path / name)
        assert graph.km.sum() == pytest.approx(2 * (5 + 2 + 3 + 10), rel=1e-3)
        assert graph.minutes.sum() == pytest.approx(60 * 40 / 50, rel=1e-3)


def test_the_projection_of_a_dump_is_the_one_it_says(tmp_path):
    line = LineString([(340_000, 7_650_000), (345_000, 7_650_000)])
    path = tmp_path / "reunion.sql"
    said = to_wkb(set_srid(line, 2975), hex=True, include_srid=True)
    path.write_text(sql([f"1, '{said}', 'Double sens', 50"]))
    graph = read_ign_sql(path)
    assert graph.km.sum() == pytest.approx(10, rel=1e-3)
    assert graph.lon.mean() == pytest.approx(55.4, abs=0.2)
    path.write_text(
        sql([f"1, '{to_wkb(set_srid(line, 99), hex=True, include_srid=True)}', '', 50"])
    )
    with pytest.raises(DataError, match="SRID 99"):
        read_ign_sql(path)


def test_segments_without_a_projection_are_refused(tmp_path):
    path = tmp_path / "bare.gpkg"
    segments(None, [LineString([(0, 0), (1_000, 0)])]).to_file(path)
    with pytest.raises(DataError, match="projection"):
        read_segments(path)


@pytest.mark.official
def test_the_real_network_of_marseille(official_folder):
    graph = read_roads(official_folder / "ign_troncon_route_marseille10.sql")
    assert 1500 <= len(graph.lon) <= 2000
    assert 200 <= graph.km.sum() <= 300
    assert 15 <= np.median(60 * graph.km.data / graph.minutes.data) <= 40


@pytest.mark.official
def test_the_real_network_of_andorra_against_networkx(andorra_roads):
    graph = andorra_roads
    assert 2500 <= len(graph.lon) <= 3500
    assert 800 <= graph.km.sum() <= 1100
    coo = graph.minutes.tocoo()
    peer = nx.DiGraph()
    peer.add_weighted_edges_from(zip(*coo.coords, coo.data, strict=True))
    nodes = np.random.default_rng(0).choice(len(graph.lon), 12, replace=False)
    ours = graph.table(nodes)
    for row, node in enumerate(nodes):
        theirs = nx.single_source_dijkstra_path_length(peer, node, weight="weight")
        np.testing.assert_allclose(ours[row], [theirs[n] for n in nodes], rtol=1e-9, atol=1e-9)
