"""Wherever minutes of travel are shown, it is said that they are modelled, and how well."""

import html
import json
import re
from datetime import UTC, datetime

import pytest

from coverage import accuracy
from geodata import tables
from planning import proposals
from planning.events import Author
from planning.report.comparison_report import comparison_report
from planning.report.files import plan_geojson
from planning.report.page import report_page
from planning.report.plan_json import plan_dict
from planning.report.plan_report import plan_report
from planning.store import Store, store_path
from tests.pages.conftest import quick_scenario, texts
from views import main
from views.parts import cached
from views.parts.proposals.desk import content_of, open_desk
from views.parts.public.sheet import sheet_html
from views.parts.tours import form as tours_form

MINUTES = re.compile(r"\d ?min\b")

# What to open so that a page shows minutes.  A page of the menu that is in neither table is
# opened bare, and must tell how good its minutes are as soon as it shows some.
OPENED = {
    "planner/plan.py": {"dep": "90"},
    "prefect/department.py": {"dep": "90"},
    "planner/explorer.py": {"zone": "90", "mesure": "acces-fs", "unite": "90010"},
    "planner/access.py": {"dep": "90"},
    "planner/siting.py": {"territoire": "90", "sites": "2"},
    "planner/tours.py": {"dep": "90", "vehicules": "1", "semaines": "2", "seuil": "10",
                         "effort": "rapide"},
    "planner/compare.py": {"a_dep": "90", "a_postes": "2", "a_tournees": "non",
                           "b_dep": "90", "b_postes": "3", "b_tournees": "non"},
    "planner/proposals.py": {},
    "public/search.py": {"commune": "90010"},
}  # fmt: skip
PRESSED = {"planner/siting.py": "Calculer"}


def plain(text: str) -> str:
    """Return a text of a page without entities, all its spaces alike."""
    return re.sub(r"\s+", " ", html.unescape(text)).replace(" :", ":").replace(" ;", ";")


NOTES = tuple(
    map(plain, (accuracy.NOTE, accuracy.SHORT_NOTE, accuracy.PLAIN_NOTE, accuracy.COARSE_NOTE))
)


@pytest.fixture
def a_proposal(official_dir, monkeypatch, tmp_path):
    """A proposal that waits for an answer; tours that are quick to find."""
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "store"))
    monkeypatch.setitem(tours_form.EFFORTS, "rapide", 40)
    monkeypatch.setattr(cached, "LOOK_EVERY_S", 0.0)  # a test before had other files
    cached.notice_changes()
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(120)
    plan = job.result()
    content = content_of(open_desk("key", plan, None), plan)
    proposals.submit(Store(store_path()), content, Author("Préfète", True, "sub-1"))


@pytest.mark.official
def test_every_page_that_shows_minutes_says_how_good_they_are(a_proposal, open_page):
    silent, without_minutes = [], []
    for entry in main.ENTRIES:
        page = open_page(entry.script, **OPENED.get(entry.script, {}))
        if entry.script in PRESSED:
            label = PRESSED[entry.script]
            next(one for one in page.button if one.label == label).click()
            page.run()
        assert not page.exception, entry.script
        assert not page.error, entry.script
        said = plain(texts(page))
        shown = MINUTES.search(re.sub("|".join(map(re.escape, NOTES)), "", said))
        if shown and not any(note in said for note in NOTES):
            silent.append((entry.script, said[max(0, shown.start() - 60) : shown.end()]))
        if not shown and entry.script in OPENED:
            without_minutes.append(entry.script)
    assert not silent
    assert not without_minutes  # else the test would prove nothing of them


def test_every_file_that_holds_minutes_says_how_good_they_are():
    job = cached.plan_job(quick_scenario("90"))
    assert job.wait(120)
    plan = job.result()
    paris = tables.communes().loc["75056"]
    files = {
        "plan.json": str(plan_dict(plan)["minutes_note"]),
        "plan.geojson": json.loads(plan_geojson(plan))["minutes_note"],
        "plan.html": report_page(plan_report(plan)),
        "comparison.html": report_page(comparison_report(plan, plan, ("A", "B"))),
        "sheet.html": sheet_html(paris, [], datetime.now(UTC)),
    }
    assert not [name for name, text in files.items() if not any(n in plain(text) for n in NOTES)]
