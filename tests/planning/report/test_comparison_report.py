import io

from openpyxl import load_workbook
from pypdf import PdfReader

from planning.report.comparison_report import comparison_report, figures_table, summary
from planning.report.pdf import report_pdf
from planning.report.workbook import report_workbook
from tests.planning.report.conftest import ON


def test_it_reads_side_by_side_and_says_which_does_better(allier, fewer):
    report = comparison_report(allier, fewer, ("30 postes", "20 postes"), ON)
    pdf = PdfReader(io.BytesIO(report_pdf(report)))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for words in ("Carte du plan A", "Carte du plan B", "A seulement", "plus loin", "mieux en A"):
        assert words in text
    book = load_workbook(io.BytesIO(report_workbook(report)))
    assert {"Chiffres", "Sites", "Communes", "Sources"} <= set(book.sheetnames)


def test_readings_follow_what_is_better(allier, fewer):
    rows = {row[0]: row for row in figures_table(allier, fewer).rows}
    assert rows["Postes"][4] == "plus en A"
    assert rows["Trajet moyen"][4] == "mieux en A"
    assert {row[4] for row in figures_table(allier, allier).rows} == {"autant"}


def test_equal_plans_are_said_to_be_so(allier):
    assert summary(allier, allier) == ["Les deux plans posent les mêmes postes aux mêmes endroits."]
