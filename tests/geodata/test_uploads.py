"""Files as users bring them: honest, clumsy or hostile."""

import io
import json
import tracemalloc
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from shapely.geometry import Point, Polygon

from geodata import uploads
from geodata.errors import CoverageError, DataError
from geodata.uploads import MOST_BYTES, Reading, read_upload

ROWS = [["code", "nom", "montant"], ["01001", "L'Abergement", "12,5"], ["2A004", "Ajaccio", ""]]


def text(separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(row) for row in ROWS).encode(encoding)


def workbook(rows=ROWS, sheets=("Feuille",)) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def located(crs: int = 4326) -> gpd.GeoDataFrame:
    square = Polygon([(3, 46), (3.2, 46), (3.2, 46.2), (3, 46.2)])
    shapes = gpd.GeoSeries([Point(3.33, 46.56), square, None], crs=4326).to_crs(crs)
    return gpd.GeoDataFrame({"nom": ["Moulins", "carré", "sans"], "n": [1, 2, 3]}, geometry=shapes)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encoding_and_separator_are_guessed_and_told(separator, encoding):
    rows = [[*row[:2], row[2].replace(",", "·")] for row in ROWS]
    content = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    sheet = read_upload("a.csv", content)
    assert list(sheet.frame.columns) == ROWS[0]
    assert sheet.frame["code"].tolist() == ["01001", "2A004"]  # a leading zero stays
    assert sheet.frame["nom"].iloc[0] == "L'Abergement"
    assert sheet.reading.separator == separator
    assert sheet.frame.index.tolist() == [2, 3]
    assert pd.isna(sheet.frame["montant"].iloc[1])


def test_a_wrong_guess_may_be_corrected():
    content = "nom;ville\nÉcole;Évry".encode("cp1252")
    assert read_upload("a.csv", content).reading.encoding == "cp1252"
    with pytest.raises(DataError, match="n'est pas en utf-8"):
        read_upload("a.csv", content, Reading(encoding="utf-8-sig"))
    with pytest.raises(DataError, match="nomme les colonnes"):
        read_upload("a.csv", content, Reading(separator="|"))


def test_lines_above_the_header_and_empty_lines_keep_the_numbering():
    content = b"Source : moi\n\ncode;nom\n01001;A\n\n01002;B\n"
    frame = read_upload("a.csv", content, Reading(separator=";")).frame
    assert frame.index.tolist() == [4, 6]
    assert frame["nom"].tolist() == ["A", "B"]


def test_columns_of_one_name_or_of_none_are_told_apart():
    frame = read_upload("a.csv", b"a;a;;b\n1;2;3;4\n").frame
    assert list(frame.columns) == ["a", "a (2)", "colonne 3", "b"]
    frame = read_upload("a.csv", b"a;a;a (2)\n1;2;3\n").frame
    assert list(frame.columns) == ["a", "a (2)", "a (2) (2)"]


def test_a_row_longer_than_the_header_loses_nothing():
    frame = read_upload("a.csv", b"a;b;;;\n1;2;;;\n1;2;3;;\n").frame
    assert list(frame.columns) == ["a", "b", "colonne 3"]


def worksheet(rows: str, dimension: str = "") -> bytes:
    """Return a workbook whose first sheet is written by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(out, "w", 8) as made:
        for name in whole.namelist():
            sheet = (
                '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                f"{dimension}<sheetData>{rows}</sheetData></worksheet>"
            )
            made.writestr(name, sheet if "sheet1" in name else whole.read(name))
    return out.getvalue()


def far_cells(rows: int) -> str:
    return "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, rows + 1))


def features(count: int) -> bytes:
    """Return features each of which has a property of its own: a column each, on every row."""
    many = [{"type": "Feature", "geometry": None, "properties": {f"p{n}": 1}} for n in range(count)]
    return json.dumps({"type": "FeatureCollection", "features": many}).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"a;b" + b";x" * 1_000 + b"\n" + b"x\n" * 5_000),
        ("a.csv", b"a;a" + b";a" * 300_000 + b"\nx;y\n"),
        ("a.csv", b"a;b\n" + b"\n" * 600_000 + b"1;2\n"),
        ("a.csv", b"a" + b";x" * 390 + b"\n" + b"x\n" * 400_000),
        ("a.csv", b"a;b\n" + b";" * 20_000_000),
        ("a.xlsx", worksheet(far_cells(300))),
        ("a.xlsx", worksheet('<row r="1"/><row r="900000000"><c r="A1"><v>1</v></c></row>')),
        ("a.geojson", features(5_000)),
    ],
    ids=("columns", "names", "lines", "cells", "one line", "far cells", "far row", "properties"),
)
def test_a_small_file_of_a_huge_table_is_refused_before_it_is_built(name, content):
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="dépasse 500000 lignes, 400 colonnes"):
            read_upload(name, content)
        assert tracemalloc.get_traced_memory()[1] < 150e6
    finally:
        tracemalloc.stop()


def test_what_a_workbook_says_of_its_own_size_is_not_believed():
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    rows = cells + cells.replace('"1"', '"2"').replace("1", "3")
    content = worksheet(rows, '<dimension ref="A1:XFD1048576"/>')
    assert read_upload("a.xlsx", content).frame.shape == (1, 2)


def test_a_workbook_and_its_sheets():
    content = workbook([*ROWS[:2], ["01002", "Amb", 12.0]], sheets=("Un", "Deux"))
    sheet = read_upload("a.xlsx", content, Reading(sheet="Deux"))
    assert sheet.sheets == ("Un", "Deux")
    assert sheet.reading.sheet == "Deux"
    assert sheet.frame["montant"].tolist() == ["12,5", "12"]


@pytest.mark.parametrize("crs", [4326, 2154])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_shapes_become_points_in_degrees(tmp_path, suffix, crs):
    path = tmp_path / f"a.{suffix}"
    located(crs if suffix == "gpkg" else 4326).to_file(path)
    sheet = read_upload(path.name, path.read_bytes())
    frame = sheet.frame
    assert float(frame["latitude"].iloc[0]) == pytest.approx(46.56, abs=1e-5)
    assert float(frame["longitude"].iloc[1]) == pytest.approx(3.1, abs=0.01)
    assert pd.isna(frame["latitude"].iloc[2])
    assert frame["n"].tolist() == ["1", "2", "3"]
    assert frame.index.tolist() == [1, 2, 3]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 450_000_000)
    return out.getvalue()


def damaged(name: str) -> bytes:
    return workbook()[:900] if name == "a.xlsx" else b"SQLite format 3\x00" + b"\x01" * 5_000


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"\x00" * 50_000_000, "vide"),
        ("a.csv", b"", "vide"),
        ("a.csv", b" \n ", "vide"),
        ("a.csv", b"code;nom\n" + b"\x00" * 10_000, "pas un texte"),
        ("a.csv", workbook(), "pas un texte"),
        ("a.csv", b"x" * (MOST_BYTES + 1), "dépasse"),
        ("a.csv", b'code;nom\n"' + b"x" * 200_000, "sans fin"),
        ("a.csv", b"une seule colonne\n1\n", "nomme les colonnes"),
        ("a.csv", b"code;nom\n", "aucune ligne"),
        ("a.exe", b"MZ", "pas reconnu"),
        ("a.xlsx", text(), "pas un classeur"),
        ("a.xlsx", damaged("a.xlsx"), "pas un classeur"),
        ("a.xlsx", bomb(), "décompressé"),
        ("a.gpkg", text(), "pas un GeoPackage"),
        ("a.gpkg", damaged("a.gpkg"), "illisible"),
        ("a.geojson", text(), "pas un GeoJSON"),
        ("a.geojson", b"[" * 200_000, "pas un GeoJSON"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": {}}', "pas d'entités"),
        ("a.json", json.dumps({"type": "Point", "coordinates": [1, 2]}).encode(), "pas d'entités"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_file_that_is_something_else_is_refused_with_its_reason(name, content, why):
    with pytest.raises(DataError, match=why):
        read_upload(name, content)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(uploads.SUFFIXES))
def test_whatever_comes_is_a_table_or_a_readable_refusal(content, suffix):
    try:
        sheet = read_upload(f"x{suffix}", content)
    except CoverageError:
        return
    assert len(sheet.frame)


@pytest.mark.official
@pytest.mark.parametrize(
    ("name", "rows"),
    [("laposte_poincont2.csv", 17_716), ("liste-fs-20240801.csv", 2_845)],
)
def test_official_files_are_read_whole(official_folder, name, rows):
    assert len(read_upload(name, (official_folder / name).read_bytes()).frame) == rows
