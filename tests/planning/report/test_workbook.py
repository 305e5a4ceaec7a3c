import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from planning.report.content import Column, Table
from planning.report.plan_report import plan_report
from planning.report.plan_tables import commune_table
from planning.report.spreadsheet import french_csv, harmless
from planning.report.workbook import report_workbook
from tests.planning.report.conftest import ON


@pytest.fixture(scope="module")
def book(report, allier):
    return load_workbook(io.BytesIO(report_workbook(report, commune_table(allier))))


def test_there_is_a_sheet_a_table_and_every_commune_last(book, report):
    assert book.sheetnames[0] == "À lire"
    assert book.sheetnames[-2:] == ["Sources", "Communes"]
    assert len(book.sheetnames) == len(report.tables()) + 2
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B3"
        assert sheet["A2"].font.bold
        assert sheet.auto_filter.ref


def test_numbers_are_numbers_with_their_format(book, allier):
    sheet = book["Avant et après"]
    row = next(r for r in sheet.iter_rows(min_row=3) if r[0].value == "à 20 min ou moins")
    assert row[2].value == pytest.approx(allier.scorecard.after.share_within[20])
    assert row[2].number_format == "0.0%"
    communes = book["Communes"]
    assert communes.max_row == 2 + len(allier.situation.points)
    assert communes["A3"].value == "03001"
    assert communes["A3"].data_type == "s"


def test_nothing_is_ever_a_formula(crowded):
    book = load_workbook(io.BytesIO(report_workbook(plan_report(crowded, ON))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    hostile = [c for c in cells if str(c.value).startswith("=HYPERLINK")]
    assert hostile
    assert all(cell.quotePrefix for cell in hostile)


def test_sheets_have_names_that_spreadsheets_accept(report):
    long = Table("Tournée de Saint-Germain-des-Fossés : [1/2]" * 2, "x", (Column("a"),), ())
    book = load_workbook(io.BytesIO(report_workbook(report, long, long)))
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)
    assert not any(char in name for name in book.sheetnames for char in "[]:*?/\\")


def test_csv_texts_never_begin_like_a_formula():
    frame = pd.DataFrame({"a": ["=1+1", "-12,5", "@x", "ok", None], "n": [-1.0, 2, 3, 4, 5]})
    safe = harmless(frame)
    assert safe["a"].tolist()[:4] == ["'=1+1", "-12,5", "'@x", "ok"]
    assert safe["n"].tolist() == frame["n"].tolist()


def test_a_table_taken_away_runs_nothing_when_it_is_opened():
    hosts = pd.DataFrame(
        {"structure": ['=HYPERLINK("http://x";"ok")', "Mairie"], "postes": [1.5, 2]}
    )
    text = french_csv(hosts).decode("utf-8-sig")
    assert text.splitlines() == [
        "structure;postes",
        """"'=HYPERLINK(""http://x"";""ok"")";1,5""",
        "Mairie;2,0",
    ]
