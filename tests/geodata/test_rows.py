"""Files as they come: separators, encodings, headers, bad lines, archives, workbooks."""

import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import Workbook

from geodata import catalog
from geodata.errors import DataError
from geodata.readers.rows import number, plain, read_rows
from geodata.readers.sheets import sheet_lines

SOURCE = replace(
    catalog.source("income"),
    columns=("Code_INSEE", "Libellé_du_site|Nom", "Numéro"),
    separators=";,",
    sheet="Feuille",
)
TEXT = "Code_INSEE;Libellé_du_site;Numéro;mail\n01001;Évêché d'Été;1,5;a@b.fr\n01002;;s;c@d.fr\n"


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("GEODATA_CACHE", str(tmp_path / "downloads"))


def read(tmp_path, content, name="f.csv", optional=()):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rows(path, SOURCE, optional)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_marks_and_line_ends(tmp_path, encoding, end):
    rows = read(tmp_path, TEXT.replace("\n", end).encode(encoding))
    assert rows["Libellé_du_site"].tolist()[0] == "Évêché d'Été"
    assert rows.frame.index.tolist() == [2, 3]


def test_commas_are_found_as_well_as_semicolons(tmp_path):
    rows = read(tmp_path, 'code_insee,nom,numero\n01001,"Saint-Jean, l\'Évangéliste",2\n')
    assert rows["Libellé_du_site"].tolist() == ["Saint-Jean, l'Évangéliste"]


def test_only_the_columns_asked_for_are_kept(tmp_path):
    rows = read(tmp_path, TEXT)
    assert list(rows.frame.columns) == ["Code_INSEE", "Libellé_du_site", "Numéro"]
    assert not rows.frame.to_csv().count("@")


def test_an_optional_column_may_be_absent(tmp_path):
    rows = read(tmp_path, TEXT, optional=("site_web",))
    assert rows["site_web"].isna().all()


def test_all_the_missing_columns_are_named(tmp_path):
    with pytest.raises(DataError, match=r"2 colonne\(s\) sur 3 \(Libellé_du_site, Numéro\)"):
        read(tmp_path, "Code_INSEE;autre\n01001;x\n")


@pytest.mark.parametrize("content", ["", "Code_INSEE;Nom;Numéro\n", "Code_INSEE;Nom;Numéro\n\n\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    with pytest.raises(DataError):
        read(tmp_path, content)


def test_bytes_that_are_no_table_are_refused(tmp_path):
    with pytest.raises(DataError, match="manque"):
        read(tmp_path, bytes(range(256)) * 10)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(DataError, match="illisible"):
        read_rows(tmp_path / "absent.csv", SOURCE)


def test_lines_of_another_width_are_set_aside_with_their_number(tmp_path):
    rows = read(tmp_path, "Code_INSEE;Nom;Numéro\n01001;a;1\n01002;b\n\n01003;c;3;4\n")
    rejected = rows.rejected("Code_INSEE", "Code_INSEE")
    assert rejected["row"].tolist() == [3, 5]
    assert rejected["reason"].str.contains("nombre de champs").all()
    assert rows.kept.sum() == 1


def test_a_row_keeps_all_its_reasons(tmp_path):
    rows = read(tmp_path, TEXT)
    rows.set_aside(rows["Libellé_du_site"].isna(), "sans nom")
    rows.set_aside(rows["Numéro"] == "s", "secret")
    rejected = rows.rejected("Code_INSEE", "Code_INSEE")
    assert rejected["reason"].tolist() == ["sans nom ; secret"]


def test_the_overseas_member_of_an_archive_is_left_out(tmp_path):
    path = tmp_path / "base.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("base-2022-COM.csv", TEXT.replace("01001", "97501") * 50)
        archive.writestr("meta_base.csv", "COD_VAR;LIB\n" + "x;y\n" * 500)
        archive.writestr("base_2022_COM.csv", TEXT)
    rows = read_rows(path, SOURCE)
    assert rows["Code_INSEE"].tolist() == ["01001", "01002"]
    assert rows.where == "base.zip/base_2022_COM.csv"


def test_archives_that_are_not(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(DataError, match="illisible"):
        read_rows(tmp_path / "a.zip", SOURCE)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    with pytest.raises(DataError, match="aucun tableau"):
        read_rows(tmp_path / "b.zip", SOURCE)


def test_a_workbook_with_its_header_lower_down(tmp_path):
    frame = pd.DataFrame({"Code_INSEE": ["01001"], "Nom": ["x"], "Numéro": [3]})
    with pd.ExcelWriter(tmp_path / "b.xlsx") as writer:
        pd.DataFrame({"Titre": [1]}).to_excel(writer, sheet_name="Lisez-moi")
        frame.to_excel(writer, sheet_name="Feuille", startrow=4, index=False)
    rows = read_rows(tmp_path / "b.xlsx", SOURCE)
    assert rows["Code_INSEE"].tolist() == ["01001"]
    assert number(rows["Numéro"]).tolist() == [3.0]


def test_a_workbook_is_parsed_once(tmp_path, monkeypatch):
    frame = pd.DataFrame({"Code_INSEE": ["01001"], "Nom": ['l\'été; "x"'], "Numéro": [3]})
    frame.to_excel(tmp_path / "b.xlsx", sheet_name="Feuille", index=False)
    first = read_rows(tmp_path / "b.xlsx", SOURCE)
    monkeypatch.setattr("openpyxl.load_workbook", None)
    (tmp_path / "b.xlsx").rename(tmp_path / "c.xlsx")
    pd.testing.assert_frame_equal(read_rows(tmp_path / "c.xlsx", SOURCE).frame, first.frame)


def test_a_workbook_that_is_not(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(DataError, match="illisible"):
        read_rows(tmp_path / "b.xlsx", SOURCE)


def test_numbers_with_commas_spaces_and_secrecy():
    values = pd.Series(["17,5", "17.5", "1 234,5", "1\u202f234", "s", "nd", None, "-3"])
    out = number(values)
    assert out[:4].tolist() == [17.5, 17.5, 1234.5, 1234.0]
    assert out[4:7].isna().all()
    assert out[7] == -3


def test_plain():
    assert plain("#Identifiant_du_site") == plain("identifiant DU SITE")
    assert plain("total de l’Etat") == plain("Total de l'État")


def test_only_finite_numbers_are_numbers():
    texts = pd.Series(["1,5", "inf", "-inf", "1e400", "nan", "s", None], dtype="str")
    assert number(texts).dropna().tolist() == [1.5]


def test_the_member_of_an_archive_that_has_the_columns_is_read(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("wanted.csv", TEXT)
        archive.writestr("longer.csv", "Code_INSEE;Numéro\n" + "01001;1\n" * 50)
    assert read_rows(path, SOURCE).where == "two.zip/wanted.csv"


def test_sheets_of_one_workbook_are_not_taken_for_each_other(tmp_path):
    book = Workbook()
    book.active.title = "A"
    book.active.append(["un", 1.0, None])
    book.create_sheet("B").append(["deux"])
    book.save(tmp_path / "two.xlsx")
    for _ in range(2):  # read, then kept
        assert sheet_lines(tmp_path / "two.xlsx", "A") == [["un", "1", ""]]
        assert sheet_lines(tmp_path / "two.xlsx", "B") == [["deux"]]


def test_a_damaged_sheet_is_told(tmp_path):
    book = Workbook()
    book.active.append(["un", "deux"])
    book.save(tmp_path / "whole.xlsx")
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(damaged, "w") as out:
        for name in whole.namelist():
            part = whole.read(name)
            out.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    with pytest.raises(DataError, match="illisible"):
        sheet_lines(damaged, "Sheet")
